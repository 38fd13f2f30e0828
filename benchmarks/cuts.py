"""Scoring where ids mean nothing: by cut points, whatever the two sides were segmented into.

A bead ends at a point of the zh text and a point of the vi text; the pair of both is its cut. Points are
counted in letters and digits only (NFKC, lower case), so that spaces, marks and markup do not matter. It
is the convention of the scorer beside the development data; a test holds the two together.

Where the gold knows only some of the text (the paragraphs of a page without its navigation and its code), no
cut can be called wrong; then it is asked how many gold beads begin and end at a cut: `beads_kept`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import accumulate
from typing import NamedTuple

from aligner.model import Bitext

TextPair = tuple[str, str]
Cut = tuple[int, int]

_OTHER = re.compile(r"[\W_]")


class CutCounts(NamedTuple):
    """What cut scores are made of; the counts of several documents add up.

    Attributes:
        both: cuts in both.
        hyp: cuts of the hypothesis; the end of the text is no cut.
        gold: cuts of the gold.
    """

    both: int = 0
    hyp: int = 0
    gold: int = 0

    @property
    def precision(self) -> float:
        """Share of the hypothesis' cuts that are right; of none, whether none was wanted."""
        return self.both / self.hyp if self.hyp else float(not self.gold)

    @property
    def recall(self) -> float:
        """Share of the gold's cuts that were found."""
        return self.both / self.gold if self.gold else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def text_pairs(bitext: Bitext) -> list[TextPair]:
    """The texts of the beads."""
    return [(bead.src_text, bead.tgt_text) for bead in bitext.beads]


def cut_counts(hyp: Sequence[TextPair], gold: Sequence[TextPair]) -> CutCounts:
    """Compare the cuts of two alignments of the same texts."""
    found, wanted = set(cuts(hyp)[:-1]), set(cuts(gold)[:-1])
    return CutCounts(len(found & wanted), len(found), len(wanted))


def cuts(pairs: Iterable[TextPair]) -> list[Cut]:
    """Where each bead ends, in letters and digits from the start."""
    zh = vi = 0
    points = []
    for src, tgt in pairs:
        zh, vi = zh + len(skeleton(src)), vi + len(skeleton(tgt))
        points.append((zh, vi))
    return points


def skeleton(text: str) -> str:
    """The letters and digits of a text, in compatibility form and lower case."""
    return _OTHER.sub("", unicodedata.normalize("NFKC", text)).lower()


def texts_differ(hyp: Sequence[TextPair], gold: Sequence[TextPair]) -> list[str]:
    """The languages whose texts are not the same, so that points of the two drift apart."""
    return [
        lang
        for side, lang in enumerate(("zh", "vi"))
        if "".join(skeleton(pair[side]) for pair in hyp) != "".join(skeleton(pair[side]) for pair in gold)
    ]


def beads_kept(
    hyp: Sequence[TextPair], gold: Sequence[TextPair], blocks: tuple[Sequence[str], Sequence[str]]
) -> tuple[int, int]:
    """How many gold beads begin and end at a cut of the hypothesis, and how many there are.

    Args:
        hyp: beads that cover all blocks.
        gold: beads whose sides are blocks, some of them; one that is no block counts as lost.
        blocks: the zh and the vi document as blocks of text.
    """
    points = {(0, 0), *cuts(hyp)}
    spans = [_spans([pair[side] for pair in gold], blocks[side]) for side in (0, 1)]
    kept = sum(
        zh is not None and vi is not None and {(zh[0], vi[0]), (zh[1], vi[1])} <= points
        for zh, vi in zip(*spans, strict=True)
    )
    return kept, len(gold)


def _spans(texts: Sequence[str], blocks: Sequence[str]) -> list[Cut | None]:
    """Where each text stands as a block, in letters and digits from the start; in order, most of them."""
    wanted, given = [skeleton(text) for text in texts], [skeleton(block) for block in blocks]
    ends = list(accumulate(map(len, given)))
    found: list[Cut | None] = [None] * len(wanted)
    for i, j, size in SequenceMatcher(None, wanted, given, autojunk=False).get_matching_blocks():
        for k in range(size):
            found[i + k] = (ends[j + k] - len(given[j + k]), ends[j + k])
    return found
