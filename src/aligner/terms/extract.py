"""Terms of bitexts: the whole extraction on one page.

bitexts ──texts──▶ Text… ──gather──▶ sightings ──score──▶ candidates ──level──▶ TermEntry…
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePath

from aligner.evidence.lexicon import Lexicon, load_lexicon
from aligner.model import Bitext
from aligner.terms.entries import entry
from aligner.terms.gather import Gathered, Sighting, Text, ZhFacts, gather
from aligner.terms.model import Level, TermEntry
from aligner.terms.scoring import score
from aligner.terms.weights import PairWeights

THRESHOLDS: dict[Level, float] = {"strict": 0.5, "balanced": 0.25, "wide": 0.08}
"""Confidence from which an entry belongs to a level: more likely right than not, one in four, one in twelve.
Assumed."""
_BLOCK = 2000
"""Beads with a translation table in common: about a long document."""
_SUFFIXES = (".bitext.jsonl", ".jsonl", ".tmx.gz", ".tmx", ".tsv", ".csv", ".txt", ".xliff", ".parquet")


def extract(
    bitexts: Iterable[Bitext], level: Level = "balanced", *, lexicon: Lexicon | None = None
) -> tuple[TermEntry, ...]:
    """The terms of some bitexts, the most confident first.

    Args:
        bitexts: the bitexts; null and rejected beads say nothing.
        level: how sure an entry has to be.
        lexicon: the general translation table; the shipped one by default.
    """
    texts = texts_of(bitexts)
    lexicon, weights = lexicon or load_lexicon(), PairWeights()
    sightings: list[Sighting] = []
    facts: dict[str, ZhFacts] = {}
    for first in range(0, len(texts), _BLOCK):
        found = gather(texts[first : first + _BLOCK], lexicon, weights, first)
        sightings += found.sightings
        facts |= found.facts
    scored = score(Gathered(sightings, facts), texts, weights)
    return tuple(entry(s, texts) for s in scored if s.confidence >= THRESHOLDS[level])


def texts_of(bitexts: Iterable[Bitext]) -> list[Text]:
    """The beads that have a text on both sides and that nobody rejected."""
    return [
        Text(name, bead.id, bead.src_text, bead.tgt_text, bead.confidence)
        for bitext in bitexts
        for name in [bitext_name(bitext)]
        for bead in bitext.beads
        if not bead.is_null and bead.status != "rejected"
    ]


def bitext_name(bitext: Bitext) -> str:
    """What the `beads` column calls a bitext: its zh document's name without folder, suffix and language."""
    name = PurePath(bitext.src.path).name
    for suffix in _SUFFIXES:
        name = name.removesuffix(suffix)
    return name.removesuffix(".zh").removesuffix("_zh") or name
