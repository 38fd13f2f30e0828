"""Translation units: what a bead becomes on its way out of the toolkit, and an imported row on its way in.

A unit has the columns of the bead TSV, in that order, and its texts in the direction of the export. Every
format but the bitext file and the beads format is written from units and read into them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from hashlib import sha256
from typing import NamedTuple

from aligner.errors import FormatError
from aligner.formats.options import ExportOptions
from aligner.language.line_ends import unbroken
from aligner.lines import shown
from aligner.model import STATUSES, Bitext, Lang, Status


class Unit(NamedTuple):
    """A bead as a row: the columns of the bead TSV, then what no column shows.

    Attributes:
        id: `Bead.id`; for imported units their number from 0.
        src: source text, the segments joined; empty in a null bead.
        tgt: target text.
        confidence: `Bead.confidence`; 1 for imported units that state none: somebody made them.
        status: `Bead.status`.
        document: the document's path; `zh path | vi path` where there are two.
        note: `Bead.note`.
        src_ids: ids of the source segments; empty where they are not known.
        tgt_ids: ids of the target segments.
        hash: `Bead.hash`, which does not depend on the direction.
        lang: language of the Chinese side.
        context: the source texts before and after, empty at the ends; None where they are not known.
        line: number of the line or row it was read from, from 1; 0 where it was not read from a table.
    """

    id: int
    src: str
    tgt: str
    confidence: float = 1.0
    status: Status = "auto"
    document: str = ""
    note: str = ""
    src_ids: tuple[int, ...] = ()
    tgt_ids: tuple[int, ...] = ()
    hash: str = ""
    lang: Lang = "zh-Hans"
    context: tuple[str, str] | None = None
    line: int = 0

    def turned(self) -> Unit:
        """The unit in the other direction; its context, which belongs to the source, is lost."""
        return self._replace(
            src=self.tgt, tgt=self.src, src_ids=self.tgt_ids, tgt_ids=self.src_ids, context=None
        )


COLUMNS: tuple[str, ...] = Unit._fields[:10]
"""Of the bead TSV, JSONL and Parquet, in this order."""


def document_name(bitext: Bitext) -> str:
    """What the document column says: the path, or `zh path | vi path` where there are two files."""
    src, tgt = bitext.src.path, bitext.tgt.path
    return src if src == tgt else f"{src} | {tgt}"


def units_of(bitext: Bitext, options: ExportOptions | None = None) -> Iterator[Unit]:
    """The beads of a bitext as units, null beads included, in the direction asked for."""
    options = options or ExportOptions()
    document, lang = document_name(bitext), bitext.src.lang
    turn = options.direction == "vi-zh"
    contexts = _contexts(bitext, turn=turn) if options.context else None
    for bead in bitext.beads:
        src, tgt = bead.src_text, bead.tgt_text
        src_ids, tgt_ids = tuple([s.id for s in bead.src]), tuple([s.id for s in bead.tgt])
        if turn:
            src, tgt, src_ids, tgt_ids = tgt, src, tgt_ids, src_ids
        yield Unit(
            bead.id,
            src,
            tgt,
            bead.confidence,
            bead.status,
            document,
            bead.note,
            src_ids,
            tgt_ids,
            bead.hash,
            lang,
            next(contexts) if contexts else None,
        )


def _contexts(bitext: Bitext, *, turn: bool) -> Iterator[tuple[str, str]]:
    """For each bead the source texts before and after it, cleaned; beads without one are passed over."""
    texts = [clean(bead.tgt_text if turn else bead.src_text) for bead in bitext.beads]
    after = [""] * len(texts)
    following = ""
    for i in range(len(texts) - 1, -1, -1):
        after[i] = following
        following = texts[i] or following
    before = ""
    for i, text in enumerate(texts):
        yield before, after[i]
        before = text or before


# Where a line of text could end for some program: the separators of str.splitlines, and TAB.
_BREAKS = re.compile("[\t\v\f\x1c-\x1e\x85\u2028\u2029]")
# What XML 1.0 cannot hold, production [2] of its specification, TAB and line ends aside.
_ILLEGAL = "[^\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"


def clean(text: str) -> str:
    """A text fit for one line and for XML: breaks and TAB become spaces, no blanks at its ends.

    A line end goes with the blanks around it, so that a paragraph broken at a fixed width is whole again:
    one space, or none between two Chinese characters and beside Chinese punctuation.
    Characters that XML 1.0 cannot hold (controls, lone surrogates, U+FFFE, U+FFFF) are removed. Nothing
    else is touched: a CAT tool compares with its document as it is, so the text stays unnormalised.
    A clean text is returned as the same object.
    """
    # Printable text has neither; this settles most texts at once.
    if not text.isprintable():
        text = re.sub(_ILLEGAL, "", _BREAKS.sub(" ", unbroken(text)))
    return text.strip()


_HASH = re.compile("[0-9a-f]{16}")


def stated_status(text: str, where: str) -> Status:
    """The status a file states, whatever its case and the blanks around it.

    Raises:
        FormatError: it is none; the message begins with `where`.
    """
    said = text.strip().lower()
    if said not in STATUSES:
        raise FormatError(f"{where}: {no_status(text)}")
    return said


def no_status(text: str) -> str:
    """That a text is no status, as a sentence."""
    return f"the status {shown(text)} is none of {', '.join(STATUSES)}"


def row_status(text: str, where: str, line: int, unknown: dict[int, str] | None) -> Status:
    """The status of a row; `auto` where it is none and somebody keeps a list of such.

    Args:
        text: the cell; empty for `auto`.
        where: file and row, for errors.
        line: of the row.
        unknown: takes what is no status, by line; None where that is an error.

    Raises:
        FormatError: it is no status, and nobody keeps a list.
    """
    if unknown is not None and text.strip().lower() not in {"", *STATUSES}:
        unknown[line] = text
        return "auto"
    return stated_status(text, where) if text.strip() else "auto"


def stated_hash(text: str) -> str:
    """The text if it can be a `Bead.hash`, else nothing: a foreign file may have any text in its place."""
    return text if len(text) == 16 and _HASH.match(text) else ""  # noqa: PLR2004 - the pattern's length


def imported_hash(zh: str, vi: str) -> str:
    """`Bead.hash` of an imported unit that states none: `bead_hash` of one text a side, made at once.

    >>> from aligner.model import bead_hash
    >>> imported_hash("河", "sông") == bead_hash(["河"], ["sông"])
    True
    >>> imported_hash("", "a") == bead_hash([], ["a"])
    True
    """
    return sha256(f"{zh}\x1e{vi}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
