"""The values of the terms room: where a term stands, and the entry of a concept in the glossary."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from aligner.language.normal import key

EntryStatus = Literal["candidate", "approved", "deprecated", "rejected"]
Category = Literal[
    "person", "place", "organisation", "event", "document", "title", "diplomacy", "economy", "law",
    "technology", "slogan", "general",
]  # fmt: skip
Level = Literal["strict", "balanced", "wide"]
Key: TypeAlias = tuple[str, str]
"""What names an entry: the normal form of its zh and that of its vi."""

ENTRY_STATUSES: tuple[EntryStatus, ...] = ("candidate", "approved", "deprecated", "rejected")
CATEGORIES: tuple[Category, ...] = (
    "person", "place", "organisation", "event", "document", "title", "diplomacy", "economy", "law",
    "technology", "slogan", "general",
)  # fmt: skip
LEVELS: tuple[Level, ...] = ("strict", "balanced", "wide")


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A place where a term stands with its translation.

    Attributes:
        document: the bitext's name.
        bead: id of the bead.
        src: start and end in the bead's zh text (`Bead.src_text`).
        tgt: start and end in the bead's vi text (`Bead.tgt_text`).
    """

    document: str
    bead: int
    src: tuple[int, int]
    tgt: tuple[int, int]


@dataclass(frozen=True, slots=True)
class TermEntry:
    """A concept of the glossary: its preferred form in each language, and all that is known of it.

    Attributes:
        zh, vi: the preferred forms, as written.
        zh_variants, vi_variants: other spellings and synonyms, the commonest first.
        category: what kind of thing it names.
        status: what a person said of it; `candidate` where nobody did.
        confidence: probability that it is a term and its translation right, 0 to 1.
        frequency: how often it stands in the bitexts together with its translation.
        context_zh, context_vi: the best sentence for it, in both languages.
        beads: where it stands: `NAME:3,14`, several documents separated by a space.
        note: a person's remark.
        id: names the entry when its forms are edited; by default made from them.
        evidence: weight in log2 odds by name; they add up to the confidence's log odds.
        occurrences: where it stands, in order.
    """

    zh: str
    vi: str
    zh_variants: tuple[str, ...] = ()
    vi_variants: tuple[str, ...] = ()
    category: Category = "general"
    status: EntryStatus = "candidate"
    confidence: float = 0.0
    frequency: int = 0
    context_zh: str = ""
    context_vi: str = ""
    beads: str = ""
    note: str = ""
    id: str = ""
    evidence: Mapping[str, float] = field(default_factory=dict)
    occurrences: tuple[Occurrence, ...] = ()

    @property
    def key(self) -> Key:
        """What names it: two entries with one key are the same."""
        return key(self.zh), key(self.vi)

    @property
    def keys(self) -> tuple[frozenset[str], frozenset[str]]:
        """The normal forms of everything it is called, zh and vi."""
        return (
            frozenset(map(key, (self.zh, *self.zh_variants))),
            frozenset(map(key, (self.vi, *self.vi_variants))),
        )

    def replace(self, **changes: Any) -> TermEntry:
        """A copy with some attributes changed."""
        return dataclasses.replace(self, **changes)


def entry_id(zh: str, vi: str) -> str:
    """Names an entry by its forms, whatever their spelling: `t` and eight hex digits, the same in every run.

    The letter keeps spreadsheets from taking it for a number.
    """
    return "t" + hashlib.sha256("\x1f".join((key(zh), key(vi))).encode()).hexdigest()[:8]
