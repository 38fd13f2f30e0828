"""A text file that is segmented already, one segment a line, kept as it is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from aligner.documents.loading import decode, load, refuse_binary
from aligner.language.blanks import trim
from aligner.language.script import ENOUGH, detect_language
from aligner.model import Block, Document, Lang, Origin, Segment

_LONE_RETURN = re.compile("\r(?!\n)")


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
    if _LONE_RETURN.search(text):
        notes = (*notes, "carriage returns without a line feed end no segment here")
    lang = lang or detect_language(text[:ENOUGH])
    digest = hashlib.sha256(data).hexdigest()
    return Document(lang, str(path), digest, text, blocks, notes), segments


def _line_segments(text: str) -> Iterator[Segment]:
    """A segment for each line, empty ones included; a line end at the very end begins no further line."""
    at = 0
    for number, line in enumerate(text.removesuffix("\n").split("\n")):
        start, end = trim(line, 0, len(line)) or (0, 0)
        yield Segment(number, line[start:end], at + start, at + end, "text", Origin(None, number))
        at += len(line) + 1
