"""A document's blocks into segments: the unit that is aligned."""

from __future__ import annotations

from itertools import count

from aligner.errors import InputError
from aligner.language.sentences import Base, split_sentences
from aligner.model import Document, Segment


def segment(document: Document) -> tuple[Segment, ...]:
    """The sentences of a document, in order; ids count from 0, kind and origin are the block's.

    Args:
        document: in one language; the half of a bilingual one, after `separate`.

    Raises:
        InputError: its language is not known.

    Linear in the length of the text.
    """
    if document.lang is None:
        raise InputError(f"{document.path}: its language is not known", "name it with --lang zh or --lang vi")
    base: Base = "vi" if document.lang == "vi" else "zh"
    numbers = count()
    return tuple(
        Segment(
            next(numbers),
            document.text[block.start + start : block.start + end],
            block.start + start,
            block.start + end,
            block.kind,
            block.origin,
        )
        for block in document.blocks
        for start, end in split_sentences(document.text[block.start : block.end], base)
    )
