"""From a user's memories to a lexicon of their own: which pairs are learned from, and how much each counts.

What a person accepted or edited counts fully, what the program aligned by its confidence, what a person
rejected not at all. A unit of a translation memory somebody made; it counts fully where it states no
confidence. A pair that stands several times is learned from once: memories repeat what is easy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from aligner.errors import InputError
from aligner.evidence.learning import Corpus, learn
from aligner.evidence.lexicon import Lexicon, load_lexicon
from aligner.evidence.parameters import shipped_parameters
from aligner.formats import load_bitexts
from aligner.language.script import is_han
from aligner.language.tokens import token_keys
from aligner.model import Bead

LONGEST = 500
"""Tokens of a text beyond which a pair is passed over: links grow with the square, and whole pages teach
little."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Trained:
    """A lexicon and what it was learned from.

    Attributes:
        lexicon: to be used beside the shipped one.
        pairs: how many pairs were learned from.
        weight: the sum of their weights.
        passed_over: how many were not, by reason.
    """

    lexicon: Lexicon
    pairs: int
    weight: float
    passed_over: Counter[str]

    @property
    def units(self) -> tuple[int, int]:
        """How many zh and vi tokens and words it says something of."""
        tables = (self.lexicon.forward, self.lexicon.backward)
        zh, vi = (int((np.diff(table.indptr) > 0).sum()) for table in tables)
        return zh, vi


def train(paths: Sequence[Path], *, say: Say = lambda _: None) -> Trained:
    """Learn a lexicon from bitexts, memories and tables, with the shipped one as what is known before.

    Args:
        paths: files of any format that can be read, with the decisions beside them.
        say: is told what is being done.

    Raises:
        InputError: a file cannot be read, or there is no pair to learn from.
    """
    found = train_on(_beads(paths, say), load_lexicon(), say=say)
    if not found.pairs:
        reasons = ", ".join(f"{count} {reason}" for reason, count in found.passed_over.items())
        names = ", ".join(map(str, paths))
        problem = f"nothing to learn from in {names} ({reasons or 'they hold no beads'})"
        raise InputError(problem, "name bitexts or memories with pairs")
    return found


def train_on(beads: Iterable[Bead], known: Lexicon, *, say: Say = lambda _: None) -> Trained:
    """Learn a lexicon from beads; where there is no pair among them, it is what was known.

    Args:
        beads: of any documents, each counted as `weight_of` says.
        known: what is known before. It weighs as much as the table does against a document's own counts,
            which was fitted.
        say: is told what is being done.
    """
    corpus, passed_over = corpus_of(beads)
    if not len(corpus.weights):
        return Trained(known, 0, 0.0, passed_over)
    lexicon = learn(corpus, known, strength=shipped_parameters().own_counts, say=say)
    return Trained(lexicon, len(corpus.weights), float(corpus.weights.sum()), passed_over)


def _beads(paths: Iterable[Path], say: Say) -> Iterator[Bead]:
    for path in paths:
        say(f"reading {path}")
        for bitext in load_bitexts(path):
            yield from bitext.beads


def corpus_of(beads: Iterable[Bead]) -> tuple[Corpus, Counter[str]]:
    """The pairs worth learning from, in order, and how many others were passed over, by reason.

    Of pairs that repeat the one that counts most is taken.
    """
    passed_over: Counter[str] = Counter()
    weights: dict[tuple[tuple[str, ...], tuple[str, ...]], float] = {}
    for bead in beads:
        weight = weight_of(bead)
        if bead.is_null or not weight:
            reason = "rejected" if bead.status == "rejected" else "of no confidence"
            passed_over["without counterpart" if bead.is_null else reason] += 1
            continue
        pair = tuple(token_keys(bead.src_text, "zh")), tuple(token_keys(bead.tgt_text, "vi"))
        if reason := _unfit(*pair):
            passed_over[reason] += 1
            continue
        if pair in weights:
            passed_over["repeated"] += 1
        weights[pair] = max(weight, weights.get(pair, 0.0))
    zh, vi = ([pair[side] for pair in weights] for side in (0, 1))
    return Corpus(zh, vi, np.array(list(weights.values()), np.float64)), passed_over


def weight_of(bead: Bead) -> float:
    """How much a bead counts, 0 to 1."""
    if bead.status == "rejected":
        return 0.0
    return bead.confidence if bead.status == "auto" else 1.0


def _unfit(zh: Sequence[str], vi: Sequence[str]) -> str:
    """Why nothing is to be learned from a pair; empty where something is."""
    if not any(len(key) == 1 and is_han(key) for key in zh):
        return "without Chinese"
    if not any(key not in zh and not key.startswith("#") for key in vi):
        return "without Vietnamese"
    return "too long" if max(len(zh), len(vi)) > LONGEST else ""
