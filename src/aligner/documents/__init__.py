"""Source documents in, `Document` values out: reading, separating two languages, segmenting.

`read` picks a reader by suffix, or by content where the suffix has none, and refuses what a suffix only
pretends to be. A new format is one module with `read_content` (see `content.Reader`) and its suffixes in
`READERS`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import cast

import regex

from aligner.documents.bilingual import is_bilingual, separate
from aligner.documents.content import Content, Reader
from aligner.documents.limits import Limits, limited
from aligner.documents.loading import decode, load, refuse_binary
from aligner.documents.recognition import reader_of
from aligner.documents.segments import segment
from aligner.language.script import detect_language
from aligner.language.sentences import trim
from aligner.model import Block, Document, Lang, Origin, Segment

__all__ = ["READERS", "Limits", "is_bilingual", "read", "read_data", "segment", "segmented", "separate"]

_SUFFIXES = {
    "text": ".txt .text",
    "markdown": ".md .markdown",
    "html": ".html .htm .xhtml",
    "docx": ".docx .docm .dotx",
    "odt": ".odt .ott",
    "rtf": ".rtf",
    "epub": ".epub",
    "pdf": ".pdf",
    "sheets": ".xlsx .xlsm .csv .tsv",
    "subtitles": ".srt .vtt",
    "po": ".po .pot",
}
READERS = {suffix: module for module, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}
"""Suffix → module of this package. What other files are is told by their content."""

# Enough to know a language by; a novel need not be read to its end for that.
_SAMPLE = 50_000


def read(
    path: Path | str, *, lang: Lang | None = None, encoding: str | None = None, limits: Limits | None = None
) -> Document:
    """A source document.

    Args:
        path: the file; `-` is standard input.
        lang: its language; found out where not given, and None where it holds both languages.
        encoding: how its bytes are read, where the format leaves that open; see `loading.decode`.
        limits: how much of it is too much; None for those that hold already.

    Returns:
        Its text and its paragraphs as blocks. Of plain text and Markdown the text is the file, character
        for character; of other formats it is what the reader made of them, one block a line.

    Raises:
        InputError: it is missing, empty, beyond the limits, or not of a kind we read.
        EncodingError: its bytes are not in the encoding.
        MissingBackend: its format needs an extra that is not installed.
    """
    with limited(limits):
        return read_data(load(path), str(path), lang=lang, encoding=encoding)


def read_data(
    data: bytes, path: str, *, lang: Lang | None = None, encoding: str | None = None, kind: str | None = None
) -> Document:
    """A source document whose bytes are at hand: from an archive, a table or another machine.

    Args:
        data: the bytes of the file.
        path: what to call it; its suffix says how it is read, or else its content does.
        lang: see `read`.
        encoding: see `read`.
        kind: the reader, a module of this package, where neither suffix nor content is to be asked.

    Raises:
        InputError: see `read`.
    """
    name = kind or reader_of(path, data, READERS)
    reader = cast(Reader, import_module(f"aligner.documents.{name}"))
    content = reader.read_content(data, path=path, encoding=encoding)
    document = _document(path, data, content, lang)
    if lang is None and not is_bilingual(document):
        return _document(path, data, content, detect_language(document.text[:_SAMPLE]))
    return document


def segmented(
    path: Path | str, *, lang: Lang | None = None, encoding: str | None = None
) -> tuple[Document, tuple[Segment, ...]]:
    r"""A text file that is segmented already: one segment a line, kept as it is.

    Lines end at `\n` or `\r\n` only. A segment's id is its line number from 0; an empty line is a
    segment with the text '', so that ids of other programs agree. White space at a line's ends is not
    part of its segment.

    Args:
        path: the file; `-` is standard input.
        lang: its language; found out where not given.
        encoding: see `read`.

    Raises:
        InputError: as `read`.
    """
    data = load(path)
    refuse_binary(data, str(path))
    text, notes = decode(data, str(path), encoding)
    segments = tuple(_line_segments(text))
    blocks = tuple([Block(s.start, s.end, s.kind, s.origin) for s in segments])
    if regex.search("\r(?!\n)", text):
        notes = (*notes, "carriage returns without a line feed end no segment here")
    content = Content(text, blocks, notes)
    return _document(path, data, content, lang or detect_language(text[:_SAMPLE])), segments


def _document(path: Path | str, data: bytes, content: Content, lang: Lang | None) -> Document:
    digest = hashlib.sha256(data).hexdigest()
    return Document(lang, str(path), digest, content.text, content.blocks, content.notes)


def _line_segments(text: str) -> Iterator[Segment]:
    """A segment for each line, empty ones included; a line end at the very end begins no further line."""
    at = 0
    for number, line in enumerate(text.removesuffix("\n").split("\n")):
        start, end = trim(line, 0, len(line)) or (0, 0)
        yield Segment(number, line[start:end], at + start, at + end, "text", Origin(None, number))
        at += len(line) + 1
