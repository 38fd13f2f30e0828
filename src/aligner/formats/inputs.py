"""Which format a file is in, by its name and its content."""

from __future__ import annotations

import codecs
import re
import shlex
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import cast

from aligner.errors import FormatError, InputError
from aligner.formats.csv import header_cells
from aligner.formats.rows import is_bitext, is_glossary
from aligner.output import is_stdout

SUFFIXES: dict[str, str] = {
    ".tmx": "tmx",
    ".tmx.gz": "tmx",
    ".tsv": "tsv",
    ".csv": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".xlf": "xliff",
    ".xliff": "xliff",
    ".sdlxliff": "xliff",
    ".mqxliff": "xliff",
    ".mxliff": "xliff",
    ".html": "html",
    ".htm": "html",
    ".jsonl": "jsonl",
    ".parquet": "parquet",
    ".beads": "beads",
    ".srx": "srx",
}
"""Formats by the end of a file's name; JSONL files and workbooks are looked into."""

_BITEXT = re.compile(rb'"format"\s*:\s*"aligner-bitext"')
_XLIFF = re.compile(rb"<(?:[A-Za-z0-9]+:)?xliff[\s>]")
_BEAD = re.compile(r"\s*\[[\d,\s]*\]\s*:\s*\[")
# How much of a file is looked at.
_HEAD = 1 << 16
_PLAIN = frozenset({".txt", ".text", ".md", ".markdown"})
"""Ends of documents' names that a list of beads or a table may have too."""


def name_of(path: str | Path) -> str:
    """What errors and units call a file."""
    return "standard input" if is_stdout(path) else str(path)


@contextmanager
def open_input(path: str | Path) -> Iterator[BufferedReader]:
    """A file opened for reading bytes; `-` is stdin.

    Raises:
        InputError: it cannot be opened.
    """
    if is_stdout(path):
        yield cast("BufferedReader", sys.stdin.buffer)
        return
    try:
        file = cast("BufferedReader", Path(path).open("rb", buffering=_HEAD))  # noqa: SIM115 - closed below
    except OSError as error:
        raise InputError(f"{path} cannot be read ({(error.strerror or '').lower()})") from None
    with file:
        yield file


def is_document(path: str | Path) -> bool:
    """Whether a file's name says that it is a text to align: Word, PDF, HTML, plain text and so on."""
    suffix = Path(path).suffix.lower()
    if not suffix or SUFFIXES.get(suffix, "html") != "html":
        return False
    from aligner.documents import READERS  # slow to load, and seldom needed

    return suffix in READERS


def is_bitext_file(path: str | Path) -> bool:
    """Whether a file is a bitext or memory by its format; a table or workbook may be something else too."""
    try:
        with open_input(path) as file:
            return detect_format(file, path) not in {"tsv", "csv", "xlsx", "glossary"}
    except FormatError:
        return False


def no_bitext(path: str | Path, found: str = "") -> FormatError:
    """What is said where a bitext is asked for and something else comes: a document, mostly.

    Args:
        path: the file.
        found: the name of its format, where it is known.
    """
    name = name_of(path)
    if is_document(path):
        made = f"{Path(name).stem}.bitext.jsonl"
        command = shlex.join(["aligner", "align", name, "-o", made])
        return FormatError(f"{name} is a document, not a bitext", f"align it first: {command}")
    if found == "glossary":
        return FormatError(f"{name} is a glossary, not a bitext", "name a bitext or a memory")
    return FormatError(f"{name} holds {found}, and no texts", "name a bitext, TMX, XLIFF, TSV or JSONL")


def detect_format(file: BufferedReader, path: str | Path) -> str:
    """The name of a file's format: a key of `FORMATS`, or `glossary`; nothing is read away.

    The name's suffix decides, but for what it leaves open: `.jsonl` holds a bitext or units, a table or
    workbook holds a bitext or a glossary, and any other name can hold any format.

    Raises:
        FormatError: it is empty, looks like none of them, or is a document.
    """
    head = file.peek(_HEAD)
    if not head:
        raise FormatError(f"{name_of(path)} is empty", "check that it was saved")
    if is_document(path) and Path(path).suffix.lower() not in _PLAIN:
        raise no_bitext(path)
    known = next((name for suffix, name in SUFFIXES.items() if str(path).lower().endswith(suffix)), None)
    first = _first_line(head)
    if known in {"tsv", "csv"} and is_glossary(header_cells(first)):
        return "glossary"
    if known == "xlsx" or (known is None and head.startswith(b"PK")):
        return _workbook(file, path)
    if known is not None and known != "jsonl":
        return known
    if first.lstrip().startswith("{") or known:
        return "bitext" if _BITEXT.search(head.split(b"\n")[0]) else "jsonl"
    return _by_content(first, head, path)


def _by_content(first: str, head: bytes, path: str | Path) -> str:
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"\x1f\x8b") or first.lstrip().startswith("<"):
        return "xliff" if _XLIFF.search(head) else "tmx"
    if _BEAD.match(first):
        return "beads"
    for name, header in (("tsv", first.split("\t")), ("csv", header_cells(first))):
        if is_glossary(header):
            return "glossary"
        if is_bitext(header):
            return name
    if is_document(path):
        raise no_bitext(path)
    raise FormatError(
        f"{name_of(path)} is in no format that can be read",
        "bitext, TMX, XLIFF, and TSV, CSV, XLSX, JSONL or Parquet with the fields src and tgt can",
    )


def _workbook(file: BufferedReader, path: str | Path) -> str:
    """Whether a workbook holds beads or terms; one that cannot be wound back is taken for beads."""
    from aligner.formats.xlsx import has_glossary

    if not file.seekable():
        return "xlsx"
    found = has_glossary(file.read(), name_of(path))
    file.seek(0)
    return "glossary" if found else "xlsx"


def _first_line(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = head[: len(head) // 2 * 2].decode("utf-16", "replace")
    else:
        text = head.removeprefix(codecs.BOM_UTF8).decode("utf-8", "replace")
    return text.split("\n", 1)[0].removesuffix("\r")
