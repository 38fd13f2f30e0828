"""Which reader a file is for: by its suffix, else by its content; and what is refused, with the remedy.

A suffix that has a reader is believed. Others tell little: a `.doc` is often RTF or HTML inside, and a file
from the web or standard input has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

import regex

from aligner.documents.archive import Archive
from aligner.errors import InputError

_SAVE_AS = {
    "save it as .docx, or as text in UTF-8": "doc dot wps wpt wpd pages hwp sxw abw one",
    "save it as .xlsx or .csv": "xls ods numbers et sxc xlsb",
    "save its text as .docx, or as text in UTF-8": "ppt pptx pps ppsx odp key dps sxi",
    "convert it to .epub": "mobi azw azw3 kfx chm lit prc",
    "recognise its text (OCR) and save that": "djvu djv tif tiff jpg jpeg png gif bmp webp ps",
    "save it as .srt": "ass ssa sub idx smi sbv",
    "turn it into a .po with msgunfmt": "mo",
    "unpack it, and name a document in it": "zip rar 7z gz bz2 xz tar tgz",
}
_REMEDIES = {f".{suffix}": remedy for remedy, suffixes in _SAVE_AS.items() for suffix in suffixes.split()}

# What comes out of an alignment does not go into one.
_ALIGNED = {
    ".tmx": "a translation memory",
    **dict.fromkeys((".xlf", ".xliff", ".sdlxliff", ".mqxliff", ".mxliff"), "an XLIFF file"),
    ".tbx": "a glossary",
}
_BITEXT = regex.compile(rb'\s*\{\s*"format"\s*:\s*"aligner-bitext"')
_USE = "give it to aligner export, check or terms"
_MARKUP = regex.compile(
    rb"\s*(?:<!--.*?-->\s*|<\?xml[^>]*>\s*)*<(?:!doctype\s+html|html)\b", regex.I | regex.S
)
_HEAD = 4096
# A part that only documents of one format have.
_PARTS = {
    "word/document.xml": "docx",
    "xl/workbook.xml": "sheets",
    "META-INF/container.xml": "epub",
}
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument.text"


def reader_of(path: str, data: bytes, readers: Mapping[str, str]) -> str:
    """The name of the reader for a file.

    Args:
        path: the file's name; `-` is standard input.
        data: its bytes.
        readers: reader by suffix.

    Raises:
        InputError: no reader is for it; says as what to save it.
    """
    suffix = PurePath(path).suffix.lower()
    if suffix in _ALIGNED or _BITEXT.match(data[:_HEAD]):
        raise InputError(f"{path}: {_ALIGNED.get(suffix, 'a bitext')}, aligned already", _USE)
    if suffix in readers:
        return readers[suffix]
    if found := _by_content(data):
        return found
    if suffix in _REMEDIES:
        raise InputError(f"{path}: {suffix} documents cannot be read", _REMEDIES[suffix])
    return "text"


def _by_content(data: bytes) -> str | None:
    """The reader for what a file's first bytes show it to be; None for text, and for what has no reader."""
    if data.startswith(b"PK\x03\x04"):
        return _by_parts(data)
    head = data[:_HEAD]
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.lstrip().startswith(b"{\\rtf"):
        return "rtf"
    return "html" if _MARKUP.match(head.removeprefix(b"\xef\xbb\xbf")) else None


def _by_parts(data: bytes) -> str | None:
    try:
        archive = Archive(data, "")
        kind = archive.read("mimetype") if "mimetype" in archive else b""
    except InputError:
        return None
    if kind.startswith(_OPEN_DOCUMENT):
        return "odt"
    return next((reader for part, reader in _PARTS.items() if part in archive), None)
