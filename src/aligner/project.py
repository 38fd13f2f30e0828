"""The project folder: `seeds/` as they came, `corpus/` made from them, `glossary/` drawn from that.

Also how files of a folder belong together: two files of one document are paired by their names.
"""

from __future__ import annotations

import os
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath

from aligner.errors import UsageError

FOLDERS = ("seeds", "corpus", "glossary")
BITEXT = ".bitext.jsonl"
DECISIONS = ".decisions.jsonl"

# Language tags in file and folder names: codes of ISO 639 and BCP 47, and the country codes often put there.
_ZH = r"zh(?:[-_](?:cn|tw|hk|sg|hans|hant))?|zho|chi|cmn|cn"
_VI = r"vi(?:[-_]vn)?|vie|vn"
_TAG = re.compile(rf"(?:(?P<zh>{_ZH})|(?P<vi>{_VI}))", re.IGNORECASE)
_TAGGED_STEM = re.compile(rf"(?:(?P<rest>.+?)[._-])??(?P<tag>{_ZH}|{_VI})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with seeds/, corpus/ and glossary/.

    Attributes:
        root: the folder, absolute.
    """

    root: Path

    @property
    def seeds(self) -> Path:
        """Where the source documents lie; never written to."""
        return self.root / "seeds"

    @property
    def corpus(self) -> Path:
        """Where bitexts and decisions lie."""
        return self.root / "corpus"

    @property
    def glossary(self) -> Path:
        """Where the term base lies."""
        return self.root / "glossary"

    @property
    def term_base(self) -> Path | None:
        """The term base that a person edits, if there is one yet."""
        path = self.glossary / "glossary.tsv"
        return path if path.is_file() else None

    def relative(self, path: Path) -> str:
        """The path as a bitext names it: from the project's root, with slashes; absolute if outside."""
        path = path.resolve()
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.as_posix()

    def bitexts(self) -> tuple[Path, ...]:
        """The bitexts of the corpus by name; gold ones are not part of it."""
        gold = self.corpus / "gold"
        found = self.corpus.rglob(f"*{BITEXT}")
        return tuple(sorted(path for path in found if gold not in path.parents))

    def bitext(self, source: Source) -> Path:
        """Where the alignment of a source lies."""
        return self.corpus / f"{source.name}{BITEXT}"


def is_project(folder: Path) -> bool:
    """Whether all three folders are there."""
    return all((folder / name).is_dir() for name in FOLDERS)


def find(start: Path | None = None) -> Project | None:
    """The project that a folder or file lies in, the nearest one above; the working folder by default."""
    start = (start or Path.cwd()).resolve()
    return next((Project(folder) for folder in (start, *start.parents) if is_project(folder)), None)


def require(start: Path | None = None) -> Project:
    """`find`, where there must be one.

    Raises:
        UsageError: there is no project here.
    """
    project = find(start)
    if project is None:
        raise UsageError(
            f"no project in {(start or Path.cwd()).resolve()} or above it",
            "name files, or make the folders seeds, corpus and glossary",
        )
    return project


@dataclass(frozen=True, slots=True)
class Source:
    """One document to align: a bilingual file, or a file for each language.

    Attributes:
        name: without language tag and suffix; with slashes where it lies in a folder below.
        paths: one path, or the zh path and the vi path.
    """

    name: str
    paths: tuple[Path] | tuple[Path, Path]


def sources(folder: Path) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """The documents of a folder and those below it, by name; and remarks on what could not be paired.

    Two files are paired where their paths differ in nothing but a language tag and perhaps the suffix:
    `x.zh.txt` and `x.vi.txt`, `x_zh.txt` and `x_vi.docx`, `zh/x.txt` and `vi/x.txt`, `zh.txt` and `vi.txt`.
    A tag without its counterpart is part of an ordinary name (`hanh-vi.txt`). Hidden files, READMEs and
    the files this program writes are no documents.
    """
    return paired([path for path in _files(folder) if is_source(path)], folder)


def paired(files: Sequence[Path], folder: Path) -> tuple[tuple[Source, ...], tuple[str, ...]]:
    """`sources` for a list of files, all below the folder; nothing is read from the disk."""
    tagged: defaultdict[tuple[str, ...], defaultdict[str, list[Path]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for path in files:
        lang, key = _tag(path.relative_to(folder))
        if lang:
            tagged[key][lang].append(path)
    found: dict[Path, Source] = {}
    notes: list[str] = []
    for key, sides in tagged.items():
        if not (sides["zh"] and sides["vi"]):
            continue
        name = "/".join(key) or folder.resolve().name
        several = [path for side in sides.values() if len(side) > 1 for path in side]
        if several:
            listed = ", ".join(path.relative_to(folder).as_posix() for path in several)
            notes.append(f"{name} has more than one file in a language ({listed}): none of them is paired")
            continue
        found[sides["zh"][0]] = Source(name, (sides["zh"][0], sides["vi"][0]))
    paired = {path for source in found.values() for path in source.paths}
    alone = _named([path for path in files if path not in paired], folder, {s.name for s in found.values()})
    return tuple(sorted([*found.values(), *alone], key=lambda source: source.name)), tuple(notes)


def _files(folder: Path) -> Iterable[Path]:
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            yield Path(parent) / name


def is_source(path: PurePath) -> bool:
    """Whether a file can be a document, by its name: not hidden, no README, not written by this program."""
    own = path.name.endswith((BITEXT, DECISIONS))
    return not (own or path.name.startswith((".", "~$")) or path.stem.upper() == "README")


def _tag(path: PurePath) -> tuple[str | None, tuple[str, ...]]:
    """The language in a path, and the path without it and without its suffix: what makes two files a pair."""
    stem = path.stem
    match = _TAGGED_STEM.fullmatch(stem)
    if match:
        rest = (match["rest"],) if match["rest"] else ()
        return _language(match["tag"]), (*path.parent.parts, *rest)
    for place, part in enumerate(path.parent.parts):
        if lang := _language(part):
            return lang, (*path.parts[:place], *path.parts[place + 1 : -1], stem)
    return None, ()


def _language(tag: str) -> str | None:
    match = _TAG.fullmatch(tag)
    return match.lastgroup if match else None


def _named(paths: list[Path], folder: Path, taken: set[str]) -> list[Source]:
    """Single files, named by path without suffix; with it where two would be called the same."""
    short = [path.relative_to(folder).with_suffix("").as_posix() for path in paths]
    return [
        Source(
            path.relative_to(folder).as_posix() if short.count(name) > 1 or name in taken else name, (path,)
        )
        for path, name in zip(paths, short, strict=True)
    ]
