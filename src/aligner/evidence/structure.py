"""Structure: paragraphs and kinds of block, where the document has them.

Three facts count, all weak, so that text decides where it speaks:

- a bead rarely reaches across a paragraph boundary. This is asked only of a side where some paragraph
  holds several segments: in a file of one sentence a line the lines are no paragraphs;
- a heading is translated by a heading, a caption by a caption;
- what is left untranslated is a whole paragraph (a caption, a box, an advertisement) more often than a
  sentence out of the middle of one.

The weights are assumed, not fitted, because the development data has no structure to fit them on.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from aligner.evidence.parameters import BeadType, Parameters
from aligner.evidence.rectangles import Rectangles
from aligner.model import Segment

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
_KIND_GROUPS = {"text": 0, "list": 0, "cell": 0, "heading": 1, "title": 1, "caption": 2, "byline": 3}


@dataclass(frozen=True, slots=True)
class PairStructure:
    """The structure of both sides as numbers.

    Attributes:
        src_breaks, tgt_breaks: (segments,) 1 where a segment begins another paragraph than the one before
            it; all 0 where the side has no paragraphs.
        src_kinds, tgt_kinds: (segments,) number of the segment's group of kinds; 0 is running text. All 0
            where one of the sides knows no kinds, as in plain lists of segments.
        src_inside, tgt_inside: (segments,) 1 where a segment shares its paragraph with others.
        is_absent: whether there is no structure to speak of.
    """

    src_breaks: Floats
    tgt_breaks: Floats
    src_kinds: Ints
    tgt_kinds: Ints
    src_inside: Floats
    tgt_inside: Floats
    is_absent: bool = field(init=False)

    def __post_init__(self) -> None:
        facts = (self.src_breaks, self.tgt_breaks, self.src_kinds, self.src_inside, self.tgt_inside)
        object.__setattr__(self, "is_absent", not any(fact.any() for fact in facts))

    def within(self, where: Rectangles) -> LocalStructure | None:
        """That of rectangles; None where there is none: an absent evidence is not an evidence of 0."""
        if self.is_absent:
            return None
        (zh, vi), knows = where, bool(self.src_kinds.any())
        return LocalStructure(
            _begun(zh.of(self.src_breaks)),
            _begun(vi.of(self.tgt_breaks)),
            (zh.of(self.src_kinds), vi.of(self.tgt_kinds)) if knows else None,
        )


@dataclass(frozen=True, slots=True)
class LocalStructure:
    """The structure of B rectangles.

    Attributes:
        src_begun, tgt_begun: (B, width + 1) paragraphs begun before each segment.
        kinds: (B, width) groups of kinds of either side; None where no kinds are known.
    """

    src_begun: Floats
    tgt_begun: Floats
    kinds: tuple[Ints, Ints] | None

    def weights(self, bead_type: BeadType, parameters: Parameters) -> Floats:
        """The structure weight of every bead of a type, (B, …) by first segments."""
        a, b = bead_type
        src = _inner_breaks(self.src_begun, a)[:, :, None]
        tgt = _inner_breaks(self.tgt_begun, b)[:, None, :]
        weight: Floats = parameters.paragraph * (src + tgt) + 0.0  # no −0 where there is none
        if self.kinds is None:
            return weight
        left, right = self.kinds[0][:, : src.shape[1], None], self.kinds[1][:, None, : tgt.shape[2]]
        same, differs = (left == right) & (left > 0), left != right
        return np.asarray(weight + parameters.kind_same * same + parameters.kind_differs * differs)


def pair_structure(src: Sequence[Segment], tgt: Sequence[Segment]) -> PairStructure:
    """Read paragraph boundaries and kinds off the segments, O(n + m)."""
    src_kinds, tgt_kinds = _kinds(src), _kinds(tgt)
    if not (src_kinds.any() and tgt_kinds.any()):
        src_kinds, tgt_kinds = np.zeros_like(src_kinds), np.zeros_like(tgt_kinds)
    return PairStructure(_breaks(src), _breaks(tgt), src_kinds, tgt_kinds, _inside(src), _inside(tgt))


def no_structure(src: int, tgt: int) -> PairStructure:
    """Of so many segments about which nothing is known."""
    zh, vi = np.zeros(src), np.zeros(tgt)
    return PairStructure(zh, vi, zh.astype(np.int64), vi.astype(np.int64), zh, vi)


def bead_structure(src: Sequence[Segment], tgt: Sequence[Segment], parameters: Parameters) -> float:
    """The structure weight of a bead whose segments are all there is; 0 where nothing is known of them."""
    kinds = [[_KIND_GROUPS[s.kind] for s in side] for side in (src, tgt)]
    left, right = (side[0] for side in kinds) if all(map(any, kinds)) else (0, 0)
    return (
        parameters.paragraph * (sum(_begins(src)) + sum(_begins(tgt)))
        + parameters.kind_same * (left == right > 0)
        + parameters.kind_differs * (left != right)
    )


def _breaks(segments: Sequence[Segment]) -> Floats:
    return np.array(_begins(segments), dtype=float)


def _begins(segments: Sequence[Segment]) -> list[bool]:
    """Which segments begin another paragraph than the one before them; none if no two of them share one."""
    paragraphs = [s.origin.paragraph for s in segments]
    if not any(p is not None and p == q for p, q in itertools.pairwise(paragraphs)):
        return [False] * len(paragraphs)
    return [i > 0 and p != paragraphs[i - 1] for i, p in enumerate(paragraphs)]


def _inside(segments: Sequence[Segment]) -> Floats:
    sizes = Counter(s.origin.paragraph for s in segments)
    paragraphs = [s.origin.paragraph for s in segments]
    return np.array([p is not None and sizes[p] > 1 for p in paragraphs], dtype=float)


def _kinds(segments: Sequence[Segment]) -> Ints:
    return np.array([_KIND_GROUPS[s.kind] for s in segments], dtype=np.int64)


def _begun(breaks: Floats) -> Floats:
    """Paragraphs begun before each segment, and before the end."""
    return np.concatenate([np.zeros_like(breaks[:, :1]), np.cumsum(breaks, axis=1)], axis=1)


def _inner_breaks(begun: Floats, span: int) -> Floats:
    """Paragraph boundaries strictly inside each span of `span` segments: (B, n − span + 1)."""
    return np.asarray(begun[:, span:] - begun[:, 1 : begun.shape[1] - span + 1])
