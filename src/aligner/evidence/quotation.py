"""Quotation: a bead that opens or closes a quotation on one side does so on the other.

A text of an odd number of quotation marks begins or ends inside a quotation. Where a dialogue is cut into
sentences, a bead with such a text on one side only is rarely right: a sentence too many was taken in, or
one too few. Counted is whether the two sides of a bead differ in that; marks are counted whatever their
form, since “ ” and " and 「」 stand for each other, single ones are not, for an apostrophe is one too.

Where one side writes dialogue with dashes, or without marks, it says that a bead holds a quotation of the
other side whole, which is true less often, but often enough: the novel's chapters that the weight was fitted
on are such texts. It fails where a quotation of several paragraphs opens each of them anew in one language
only. Absent where there is no mark at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aligner.evidence.lexical import windows
from aligner.evidence.parameters import BeadType
from aligner.evidence.rectangles import Rectangles

Floats = NDArray[np.float64]

_MARKS = '“”„‟"＂«»「」『』'


@dataclass(frozen=True, slots=True)
class PairQuotation:
    """Quotation marks of both sides.

    Attributes:
        src, tgt: (segments,) how many marks each segment has.
    """

    src: Floats
    tgt: Floats

    @property
    def is_absent(self) -> bool:
        """Whether there is no mark."""
        return not (self.src.any() or self.tgt.any())

    def within(self, where: Rectangles) -> LocalQuotation | None:
        """That of rectangles; None where there is no mark in the document."""
        return None if self.is_absent else LocalQuotation(where.zh.of(self.src), where.vi.of(self.tgt))


@dataclass(frozen=True, slots=True)
class LocalQuotation:
    """Quotation marks of B rectangles.

    Attributes:
        src, tgt: (B, width) how many marks each segment has.
    """

    src: Floats
    tgt: Floats

    def differs(self, bead_type: BeadType) -> Floats:
        """1 where one side alone of a bead has an odd number of marks, (B, …) by first segments."""
        a, b = bead_type
        src = windows(self.src, a, axis=1)[:, :, None] % 2
        tgt = windows(self.tgt, b, axis=1)[:, None, :] % 2
        return np.asarray(src != tgt, np.float64)


def pair_quotation(src: Sequence[str], tgt: Sequence[str]) -> PairQuotation:
    """Count the quotation marks of the texts, O(their length)."""
    return PairQuotation(_marks(src), _marks(tgt))


def _marks(texts: Sequence[str]) -> Floats:
    """How many quotation marks each text has; looked for are those that occur at all."""
    counts = np.zeros(len(texts))
    whole = "\n".join(texts)
    for mark in filter(whole.__contains__, _MARKS):
        counts += np.fromiter((text.count(mark) for text in texts), np.float64, len(texts))
    return counts
