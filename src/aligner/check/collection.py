"""What is checked: the segments of bitexts and of texts in one language, together.

Rules look at all of it at once, for a spelling is odd only beside the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from aligner.check.words import word_keys
from aligner.documents import is_bilingual, segment, separate
from aligner.errors import InputError
from aligner.model import Bead, Bitext, Document, Segment, Term
from aligner.model import Side as BitextSide

Side = Literal["zh", "vi"]

# Below this it is more likely that the bead is wrong than that its translation is.
_TRUSTED = 0.5


@dataclass(frozen=True, slots=True)
class Passage:
    """A segment, as rules see it.

    Attributes:
        document: path of the document.
        bead: id of the bead it stands in; None in a text that is not aligned.
        side: its language.
        segment: the segment itself.
        located: whether `segment.start` is an offset in the document; not so in an imported memory.
        edited: a person changed the text, so that places within it have no offset of their own.
    """

    document: str
    bead: int | None
    side: Side
    segment: Segment
    located: bool = True
    edited: bool = False

    @property
    def text(self) -> str:
        """The text of the segment."""
        return self.segment.text

    def locate(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the document of `text[start:end]`."""
        if not self.located:
            return start, end
        if self.edited:
            return self.segment.start, self.segment.end
        return self.segment.start + start, self.segment.start + end


@dataclass(frozen=True, slots=True)
class Pair:
    """A bead that is not rejected.

    Attributes:
        zh: its zh passages.
        vi: its vi passages.
        trusted: whether its sides may be compared: neither is empty, and it is likely right.
    """

    zh: tuple[Passage, ...]
    vi: tuple[Passage, ...]
    trusted: bool


@dataclass(frozen=True)
class Collection:
    """All that is checked together.

    Attributes:
        passages: every segment, by document and in order; a bead's zh before its vi.
        pairs: every bead of the bitexts that is not rejected, in order.
        terms: the entries of the glossary.
    """

    passages: tuple[Passage, ...]
    pairs: tuple[Pair, ...] = ()
    terms: tuple[Term, ...] = ()

    @cached_property
    def vietnamese(self) -> tuple[Passage, ...]:
        """The vi passages."""
        return tuple(passage for passage in self.passages if passage.side == "vi")

    @cached_property
    def word_keys(self) -> tuple[tuple[str, ...], ...]:
        """Keys of the words of every vi passage; see `words.word_keys`."""
        return tuple(word_keys(passage.text) for passage in self.vietnamese)

    @cached_property
    def documents(self) -> dict[tuple[str, Side], tuple[Passage, ...]]:
        """The passages by path and side of their document, each group in the document's order."""
        groups: dict[tuple[str, Side], list[Passage]] = {}
        for passage in self.passages:
            groups.setdefault((passage.document, passage.side), []).append(passage)
        return {name: tuple(sorted(group, key=_place)) for name, group in groups.items()}


def collect(
    bitexts: Iterable[Bitext], texts: Iterable[Document] = (), terms: Iterable[Term] = ()
) -> Collection:
    """The collection of these bitexts and texts.

    Args:
        bitexts: with their decisions applied.
        texts: documents in one language or both; the halves of a bilingual one are not aligned. A text
            that a bitext holds already is passed over.
        terms: entries of a glossary.

    Raises:
        InputError: the language of a text is not known.
    """
    passages: list[Passage] = []
    pairs: list[Pair] = []
    seen: set[str] = set()
    for bitext in bitexts:
        seen |= {bitext.src.sha256, bitext.tgt.sha256} - {""}
        for bead in bitext.beads:
            zh, vi = _passages(bead, bitext.src, "zh"), _passages(bead, bitext.tgt, "vi")
            passages += zh + vi
            if bead.status != "rejected":
                likely = bead.status != "auto" or bead.pinned or bead.confidence >= _TRUSTED
                pairs.append(Pair(zh, vi, likely and bool(zh and vi)))
    for document in texts:
        if document.sha256 not in seen:
            passages += _unaligned(document)
    return Collection(tuple(passages), tuple(pairs), tuple(terms))


def _place(passage: Passage) -> int:
    """Where it stands; a moved bead stands elsewhere in the bitext than in the document."""
    return passage.segment.start


def _passages(bead: Bead, side: BitextSide, name: Side) -> tuple[Passage, ...]:
    """The segments of a bead's side; those without text are none."""
    found = bead.src if name == "zh" else bead.tgt
    return tuple(
        Passage(side.path, bead.id, name, one, located=bool(side.sha256), edited=bead.original is not None)
        for one in found
        if one.text.strip()
    )


def _unaligned(document: Document) -> Iterator[Passage]:
    """The segments of a text."""
    if document.lang is None and not is_bilingual(document):
        raise InputError(f"{document.path}: neither Chinese nor Vietnamese", "leave it out")
    halves = (document,) if document.lang else separate(document)
    for half in halves:
        side: Side = "vi" if half.lang == "vi" else "zh"
        for one in segment(half):
            yield Passage(document.path, None, side, one)
