"""Reading a source document of any kind: by its suffix, or by its content where the suffix has no reader.

What a suffix only pretends to be is refused. A new format is one module with `read_content` (see
`content.Reader`) and its suffixes in `READERS`.
"""

from __future__ import annotations

import hashlib
from importlib import import_module
from pathlib import Path
from typing import cast

from aligner.documents.bilingual import is_bilingual
from aligner.documents.content import Content, Reader
from aligner.documents.limits import Limits, limited
from aligner.documents.loading import load
from aligner.documents.recognition import reader_of
from aligner.language.script import ENOUGH, detect_language
from aligner.model import Document, Lang

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
        return _document(path, data, content, detect_language(document.text[:ENOUGH]))
    return document


def _document(path: Path | str, data: bytes, content: Content, lang: Lang | None) -> Document:
    digest = hashlib.sha256(data).hexdigest()
    return Document(lang, str(path), digest, content.text, content.blocks, content.notes)
