"""Plain text: a paragraph a line, or paragraphs broken into lines of a fixed width.

The text is the file, character for character: a block that was broken spans the line ends.
"""

from __future__ import annotations

import regex

from aligner.documents.content import Content
from aligner.documents.kinds import kinds_of
from aligner.documents.loading import decode, refuse_binary
from aligner.documents.wrapping import paragraphs
from aligner.errors import InputError
from aligner.model import Block, Origin

_MARKUP = regex.compile(r"\s*<(?:\?xml|!doctype|html)\b", regex.I)


def read_content(data: bytes, *, path: str, encoding: str | None) -> Content:
    """A plain text file; see `content.Reader`."""
    refuse_binary(data, path)
    text, notes = decode(data, path, encoding)
    if _MARKUP.match(text):
        raise InputError(
            f"{path}: seems to be HTML or XML, not plain text",
            "give it the suffix .html if it is a page, else save it as text",
        )
    spans, joined = paragraphs(text)
    kinds = kinds_of([text[start:end] for start, end in spans])
    blocks = tuple(
        Block(start, end, kind, Origin(paragraph=number))
        for number, ((start, end), kind) in enumerate(zip(spans, kinds, strict=True))
    )
    if joined:
        notes += (f"{joined} lines that were broken at a fixed width were joined to paragraphs",)
    return Content(text, blocks, notes)
