"""The documentation says what is true: its console sessions are run, its links and commands exist.

A fenced block marked `console` is a session: lines after `$ ` are typed into a shell, the lines below
are what it prints. A line `...` stands for any lines, `...` within a line for any text. Where a session
prints something else by now, `ALIGNER_WRITE_DOCS=1 pytest tests/test_docs.py` writes that into the page.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from aligner.cli.group import COMMANDS

ROOT = Path(__file__).parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("*/README.md")])
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_PYTHON = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\((?!https?://|#)([^)#]+)")


def sessions() -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """(page, [(command, lines printed)…]) of every page that has console blocks, in reading order."""
    result = []
    for page in PAGES:
        steps: list[tuple[str, list[str]]] = []
        for block in _BLOCK.findall(page.read_text("utf-8")):
            for line in block.splitlines():
                if line.startswith("$ "):
                    steps.append((line[2:], []))
                else:
                    steps[-1][1].append(line)
        if steps:
            result.append((page.relative_to(ROOT).as_posix(), steps))
    return result


def pattern(lines: list[str]) -> re.Pattern[str]:
    """What the printed lines must match, trailing blanks aside."""
    parts = []
    for line in lines:
        if line.strip() == "...":
            parts.append(r"(?:.*\n)*?")
        else:
            parts.append(r".*?".join(re.escape(part) for part in line.rstrip().split("...")) + r"\n")
    return re.compile("".join(parts))


def programs() -> list[tuple[str, str]]:
    """(page, code) of every block marked `python`."""
    found = [(page, block) for page in PAGES for block in _PYTHON.findall(page.read_text("utf-8"))]
    return [(page.relative_to(ROOT).as_posix(), block) for page, block in found]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of what a newcomer has, without what was made in it."""
    for name in ("seeds", "corpus", "glossary"):
        shutil.copytree(ROOT / name, tmp_path / name)
    for made in (tmp_path / "corpus").glob("*.jsonl"):
        made.unlink()
    return tmp_path


@pytest.fixture(scope="session")
def bin_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the command `aligner` that belongs to the interpreter running the tests."""
    folder = tmp_path_factory.mktemp("bin")
    script = folder / "aligner"
    script.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m aligner "$@"\n', "utf-8")
    script.chmod(0o755)
    return folder


@pytest.mark.skipif(os.name == "nt", reason="the sessions are for a Unix shell")
@pytest.mark.parametrize(("page", "steps"), sessions(), ids=[page for page, _ in sessions()])
def test_console_sessions(
    page: str, steps: list[tuple[str, list[str]]], copy: Path, bin_folder: Path
) -> None:
    environment = {**os.environ, "PATH": f"{bin_folder}{os.pathsep}{os.environ['PATH']}", "LC_ALL": "C.UTF-8"}
    for command, expected in steps:
        result = subprocess.run(
            ["sh", "-c", command],
            cwd=copy,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        printed = "".join(f"{line.rstrip()}\n" for line in result.stdout.splitlines())
        if "ALIGNER_WRITE_DOCS" in os.environ and not pattern(expected).fullmatch(printed):
            rewrite(ROOT / page, command, expected, printed.splitlines())
        else:
            assert pattern(expected).fullmatch(printed), f"{page}: $ {command}\nprints\n{printed}"


def rewrite(page: Path, command: str, expected: list[str], printed: list[str]) -> None:
    """Puts what a command prints into its session; of a session with a line `...` as much as it shows."""
    if "..." in expected:
        before = expected.index("...")
        after = len(expected) - 1 - before
        printed = [*printed[:before], "...", *printed[len(printed) - after :]]
    old, new = ("\n".join([f"$ {command}", *lines]) for lines in (expected, printed))
    text = page.read_text("utf-8")
    assert text.count(old) == 1
    page.write_text(text.replace(old, new), "utf-8")


@pytest.mark.parametrize(("page", "code"), programs())
def test_python_blocks(page: str, code: str, copy: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        cwd=copy,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert result.returncode == 0, f"{page}: {result.stderr}"
    assert result.stdout


def test_the_readme_has_a_session() -> None:
    assert "README.md" in [page for page, _ in sessions()]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    links = _LINK.findall(page.read_text("utf-8"))
    assert not [link for link in links if not (page.parent / link).exists()]


def test_the_readme_names_every_command() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert not [name for name in COMMANDS if f"aligner {name}" not in text]


def test_make_demo_uses_the_command_as_documented() -> None:
    """What `make demo` runs, is what the README explains: the same files appear in both."""
    makefile, readme = ((ROOT / name).read_text("utf-8") for name in ("Makefile", "README.md"))
    seed = re.search(r"^SEED := (\S+)$", makefile, re.MULTILINE)
    demo = re.search(r"^DEMO := (\S+)$", makefile, re.MULTILINE)
    assert seed
    assert demo
    assert (ROOT / seed[1]).exists()
    assert all(f"{demo[1]}.{kind}" in readme for kind in ("bitext.jsonl", "tmx", "tsv"))
