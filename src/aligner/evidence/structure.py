"""Structure: paragraphs and kinds of block, where the document has them.

Two facts count, both weak, so that text decides where it speaks:

- a bead rarely reaches across a paragraph boundary. This is asked only of a side where some paragraph
  holds several segments: in a file of one sentence a line the lines are no paragraphs;
- a heading is translated by a heading, a caption by a caption.

The two weights are assumed, not fitted, because the development data has no structure to fit them on.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aligner.model import Segment

Floats = NDArray[np.float64]
_KIND_GROUPS = {"text": 0, "list": 0, "cell": 0, "heading": 1, "title": 1, "caption": 2, "byline": 3}


@dataclass(frozen=True, slots=True)
class SideStructure:
    """The structure of one side as numbers.

    Attributes:
        breaks: (segments,) 1 where a segment begins another paragraph than the one before it; all 0
            where the side has no paragraphs.
        kinds: (segments,) number of the segment's group of kinds; 0 is running text.
    """

    breaks: Floats
    kinds: NDArray[np.int64]


def side_structure(segments: Sequence[Segment]) -> SideStructure:
    """Read paragraph boundaries and kinds off the segments, O(n)."""
    paragraphs = [s.origin.paragraph for s in segments]
    starts = np.array([i > 0 and p != paragraphs[i - 1] for i, p in enumerate(paragraphs)], dtype=float)
    grouped = any(p is not None and p == q for p, q in itertools.pairwise(paragraphs))
    kinds = np.array([_KIND_GROUPS[s.kind] for s in segments], dtype=np.int64)
    return SideStructure(starts if grouped else np.zeros(len(segments)), kinds)


def inner_breaks(breaks: Floats, span: int) -> Floats:
    """Paragraph boundaries strictly inside each span of `span` segments: (n − span + 1,)."""
    total = np.concatenate([[0.0], np.cumsum(breaks)])
    return np.asarray(total[span:] - total[1 : len(total) - span + 1])


def kind_agreement(src: SideStructure, tgt: SideStructure) -> tuple[Floats, Floats]:
    """For first segments (i, j): 1 where both are the same special kind; 1 where the kinds differ.

    Absent (0 everywhere) where one side knows no kinds at all, as in plain lists of segments.
    """
    shape = (len(src.kinds), len(tgt.kinds))
    if not (src.kinds.any() and tgt.kinds.any()):
        return np.zeros(shape), np.zeros(shape)
    left, right = src.kinds[:, None], tgt.kinds[None, :]
    return ((left == right) & (left > 0)).astype(float), (left != right).astype(float)
