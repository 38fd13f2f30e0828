"""The values that cross a stage: documents, segments, beads, bitexts, decisions.

All are frozen. A stage takes one and returns another; nothing is changed in place. The Chinese side
is always `src` and the Vietnamese side `tgt`, whatever order the files came in; the direction of a
translation memory is chosen when it is exported.

    Document ──segment──▶ Segment…  ──align──▶ Bead… = Bitext  ◀── Decision…
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

Lang = Literal["zh-Hans", "zh-Hant", "vi"]
Kind = Literal["text", "heading", "title", "caption", "list", "cell", "byline"]
Status = Literal["auto", "accepted", "edited", "rejected"]

KINDS: tuple[Kind, ...] = ("text", "heading", "title", "caption", "list", "cell", "byline")
STATUSES: tuple[Status, ...] = ("auto", "accepted", "edited", "rejected")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a block stood in its source document; only what the format knows is set.

    Attributes:
        page: page number, from 1.
        paragraph: paragraph number, from 0, in the document as it was read (both languages counted).
        cell: a table or sheet cell such as `B12`, or `row:column`.
        time: start and end of a subtitle, `HH:MM:SS.mmm-HH:MM:SS.mmm`.
    """

    page: int | None = None
    paragraph: int | None = None
    cell: str | None = None
    time: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list item or cell of a document: `text[start:end]`, one language."""

    start: int
    end: int
    kind: Kind = "text"
    origin: Origin = Origin()


@dataclass(frozen=True, slots=True)
class Document:
    """A source document as read: its text, and the blocks of one language in it.

    The two halves of a bilingual document share path, sha256 and text and differ in lang and blocks.

    Attributes:
        lang: its language, or None before it is known.
        path: as the user named it, or relative to the project.
        sha256: hex digest of the file's bytes.
        text: the decoded file, character for character; offsets refer to it.
        blocks: in order, not overlapping; what lies between them is white space, markup or the
            other language.
        notes: remarks on what was assumed while reading (an encoding, say), one sentence each.
    """

    lang: Lang | None
    path: str
    sha256: str
    text: str
    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Segment:
    """The unit that is aligned, usually a sentence: `document.text[start:end]`, never blank at its ends.

    Attributes:
        id: 0-based, counted per side.
        text: exactly as in the document.
        start: offset of its first character in the decoded file.
        end: offset after its last character.
        kind: kind of the block it stands in.
        origin: place of the block it stands in.
    """

    id: int
    text: str
    start: int
    end: int
    kind: Kind = "text"
    origin: Origin = Origin()


@dataclass(frozen=True, slots=True)
class Bead:
    """A minimal group of segments that translate each other; one side empty makes it a null bead.

    Attributes:
        id: 0-based; stays the same when a neighbour is edited.
        src: zh segments, consecutive.
        tgt: vi segments, consecutive.
        score: log2 odds; the sum of `evidence`.
        evidence: weight in log2 odds by name, prior included; a kind of evidence that had nothing
            to say is absent.
        confidence: calibrated probability that the bead is right, 0 to 1.
        status: what a person said of it; `auto` where nobody did.
        pinned: a person fixed its boundaries; re-alignment goes around it.
        moved: it stands out of order, in a block that was moved.
        original: the texts of the src and of the tgt segments before a person edited them; None where
            nobody did. In an edited bead the segments hold the edited text.
        note: a person's remark.
    """

    id: int
    src: tuple[Segment, ...]
    tgt: tuple[Segment, ...]
    score: float = 0.0
    evidence: Mapping[str, float] = field(default_factory=dict)
    confidence: float = 0.0
    status: Status = "auto"
    pinned: bool = False
    moved: bool = False
    original: tuple[tuple[str, ...], tuple[str, ...]] | None = None
    note: str = ""

    @property
    def is_null(self) -> bool:
        """Whether one side is empty: text that has no counterpart."""
        return not self.src or not self.tgt

    @property
    def src_text(self) -> str:
        """The zh text as exported: the segments joined without a space."""
        return "".join(s.text for s in self.src)

    @property
    def tgt_text(self) -> str:
        """The vi text as exported: the segments joined with a space, those without text aside."""
        return " ".join([s.text for s in self.tgt if s.text])

    @property
    def hash(self) -> str:
        """Names the bead by its content as aligned: an edit does not change it."""
        src, tgt = self.original or ([s.text for s in self.src], [s.text for s in self.tgt])
        return bead_hash(src, tgt)

    def replace(self, **changes: Any) -> Bead:
        """A copy with some attributes changed."""
        return dataclasses.replace(self, **changes)


def bead_hash(src: Sequence[str], tgt: Sequence[str]) -> str:
    """16 hex digits that name a bead by the texts of its segments.

    A bead whose texts occur twice in a bitext is told from its twin by its occurrence number,
    counted from 0 in document order; see `Target`.
    """
    packed = "\x1e".join("\x1f".join(side) for side in (src, tgt))
    return hashlib.sha256(packed.encode("utf-8", "surrogatepass")).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a bitext: which document it came from."""

    lang: Lang
    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Bitext:
    """The alignment of one document pair: beads that cover every segment of both sides once, in order.

    Attributes:
        src: the zh document.
        tgt: the vi document; the same file as `src` where it was bilingual.
        beads: in document order; a null bead stands where its text does.
        signature: version, settings and data hashes that made it, as `name:value|name:value`.
        notes: remarks made while reading the documents and applying decisions; not stored.
    """

    src: Side
    tgt: Side
    beads: tuple[Bead, ...]
    signature: str = ""
    notes: tuple[str, ...] = ()

    def replace(self, **changes: Any) -> Bitext:
        """A copy with some attributes changed."""
        return dataclasses.replace(self, **changes)


Action = Literal[
    "accept", "reject", "reset", "edit", "note", "pin", "unpin", "regroup", "cut", "realign", "undo"
]


class Term(Protocol):
    """What is asked of a glossary entry: its forms in both languages, and what a person said of it."""

    @property
    def zh(self) -> str:
        """The preferred zh form."""

    @property
    def vi(self) -> str:
        """The preferred vi form."""

    @property
    def zh_variants(self) -> tuple[str, ...]:
        """Other zh forms."""

    @property
    def vi_variants(self) -> tuple[str, ...]:
        """Other vi forms."""

    @property
    def status(self) -> str:
        """The word candidate, approved, deprecated or rejected."""


@dataclass(frozen=True, slots=True)
class Target:
    """A bead named by content, so that the name survives re-alignment.

    Attributes:
        hash: `Bead.hash`.
        occurrence: which of the beads with this hash, from 0 in document order.
    """

    hash: str
    occurrence: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about a bead, or about how a run of beads is divided.

    `regroup` is the structural action: merging, splitting, moving a segment to the neighbour and
    setting null are all a run of beads replaced by another run over the same segments. `realign` is the
    same for one or several runs, where a person asked the machine to divide them anew. `cut` makes two beads
    of one, cutting a segment of it in two.

    Attributes:
        time: UTC, `2026-01-31T12:00:00Z`.
        author: who, as the system knows them.
        action: what.
        targets: the beads decided on; several only for `regroup` and `realign`.
        before: the beads as they were: per bead the src texts and the tgt texts.
        after: the same afterwards: new groups for `regroup`, `cut` and `realign`, new texts for `edit`; empty
            otherwise.
        value: the note's text for `note`; the time of the decision taken back for `undo`; for `realign` the
            confidence of each new group, separated by spaces; for `cut` which segments are cut, and where.
    """

    time: str
    author: str
    action: Action
    targets: tuple[Target, ...]
    before: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    after: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    value: str = ""
