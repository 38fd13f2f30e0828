"""The text that a reader makes of a format that is not itself text: its blocks, with a line end between.

What is lost in the same way everywhere is said here: control characters, white space at a block's ends,
blocks that say nothing. What a format loses is said in `docs/documents.md`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import regex

from aligner.documents.content import Content
from aligner.documents.encodings import font_encoding
from aligner.documents.kinds import kind_of, kinds_of
from aligner.documents.legacy import CONVERTERS
from aligner.documents.wrapping import paragraphs
from aligner.errors import InputError
from aligner.language.blanks import trim
from aligner.model import Block, Kind, Origin

# Control characters but TAB and line end, soft hyphens, lone surrogates, and what is no character at all.
_UNSEEN = regex.compile(
    r"[\u0000-\u0008\u000b-\u001f\u007f-\u0084\u0086-\u009f\u00ad\ud800-\udfff\ufffe\uffff]"
)
_LINE_END = regex.compile(r"\r\n?|[\u000b\u000c\u0085\u2028\u2029]")
_WORD = regex.compile(r"[\p{L}\p{N}]")
_NOWHERE = Origin()
_HEADS: tuple[Kind, ...] = ("heading", "title")
_SHAPES: tuple[Kind, ...] = ("caption", "byline")


@dataclass(frozen=True, slots=True)
class Piece:
    """A block before it has a place in the text.

    Attributes:
        text: what it says; line ends inside are kept.
        kind: what it is.
        origin: where it stood; without a paragraph number it gets its own, counted from 0.
    """

    text: str
    kind: Kind = "text"
    origin: Origin = _NOWHERE


def assemble(pieces: Iterable[Piece], path: str, notes: tuple[str, ...] = ()) -> Content:
    """The text of some pieces, a line end after each, and their blocks.

    Pieces without a letter or digit are left out. The first block is the title where it is a heading. Text
    that is still in the code of a font for TCVN3 or VNI is converted, and a note says so.

    Raises:
        InputError: no piece says anything.
    """
    lines: list[str] = []
    blocks: list[Block] = []
    position = 0
    pieces = list(pieces)
    found = font_encoding(" ".join(piece.text for piece in pieces))
    if found:
        notes += (f"the text made sense as {found} only, and was converted from that to Unicode",)
    for piece in pieces:
        text = clean(CONVERTERS[found](piece.text) if found else piece.text)
        span = trim(text, 0, len(text))
        if span is None or not _WORD.search(text):
            continue
        line = text[span[0] : span[1]]
        kind: Kind = "title" if piece.kind == "heading" and not blocks else piece.kind
        origin = piece.origin
        if origin.paragraph is None:
            origin = dataclasses.replace(origin, paragraph=len(blocks))
        blocks.append(Block(position, position + len(line), kind, origin))
        lines.append(line)
        position += len(line) + 1
    if not blocks:
        raise InputError(f"{path}: holds no text", "check that it was saved, and that it is no scan")
    return Content("".join(f"{line}\n" for line in lines), tuple(blocks), notes)


def shaped(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces whose lines are told apart, and whose kinds are told by their shape where they are only text.

    A line end inside a piece ends it as in plain text, but not in a heading. Headings and titles are told by
    shape only where no piece is one already; captions and bylines always.
    """
    lines = [dataclasses.replace(piece, text=line) for piece in pieces for line in _lines(piece)]
    kinds = [kind_of(piece.text) for piece in lines]
    if not any(piece.kind in _HEADS for piece in lines):
        kinds = kinds_of([piece.text for piece in lines])
        wanted: tuple[Kind, ...] = (*_HEADS, *_SHAPES)
    else:
        wanted = _SHAPES
    return [
        dataclasses.replace(piece, kind=kind) if piece.kind == "text" and kind in wanted else piece
        for piece, kind in zip(lines, kinds, strict=True)
    ]


def _lines(piece: Piece) -> list[str]:
    text = clean(piece.text)
    if "\n" not in text:
        return [text] if text.strip() else []
    if piece.kind in _HEADS:
        return [" ".join(text.split("\n"))]
    return [text[start:end] for start, end in paragraphs(text)[0]]


def clean(text: str) -> str:
    r"""The text without what cannot be seen; every kind of line end becomes `\n`."""
    return _UNSEEN.sub("", _LINE_END.sub("\n", text))
