"""Beads weighed each as if it stood alone, all of them at once: what might be, not what a document holds.

A stretch of a line, beside each of several groups of sentences, is a bead of no document; its neighbours
here are other ways to cut the same text. So of what the beads are made of, each different stretch is encoded
once, in any order, and all beads are rectangles of that one evidence, which must know of no document: the
background of a token is that of general text, and no foreign names are looked for by their sound (in a few
words some pair always sounds alike, and the more ways to cut a line are tried, the more of them). Structure
is that of the bead by itself.

One thing is shared after all, and makes the beads of one question the easier to compare: the table says once
for all of them how sure a link is. By itself, a bead knows nothing of the number that the next one holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from aligner.evidence.combine import Evidence, batch_weights
from aligner.evidence.parameters import BeadType
from aligner.evidence.rectangles import Block
from aligner.evidence.structure import bead_structure
from aligner.model import Segment

_TOGETHER = 512
"""Beads weighed at once: memory grows with them times the tokens of all."""

Segments = tuple[Segment, ...]
"""One side of a bead."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What the beads of one side are made of, one after the other.

    Attributes:
        segments: of all different stretches.
        first: where each stretch begins among them.
    """

    segments: list[Segment]
    first: dict[Segments, int]


def rows_of(stretches: Iterable[Segments]) -> Rows:
    """Stretches of segments laid out, each once."""
    rows = Rows([], {})
    for stretch in stretches:
        if stretch not in rows.first:
            rows.first[stretch] = len(rows.segments)
            rows.segments.extend(stretch)
    return rows


def weights_apart(
    evidence: Evidence, zh: Rows, vi: Rows, beads: Sequence[tuple[Segments, Segments]]
) -> list[float]:
    """The score of each bead, in log2 odds.

    Args:
        evidence: of the segments of both rows, as lines of no document.
        zh: the src sides of the beads.
        vi: their tgt sides.
        beads: of types that have a prior.

    Cost: that of `lexical_cells`; a few milliseconds more for every bead type.
    """
    by_type: dict[BeadType, list[int]] = {}
    for k, (src, tgt) in enumerate(beads):
        by_type.setdefault((len(src), len(tgt)), []).append(k)
    weights = np.array([bead_structure(*bead, evidence.parameters) for bead in beads])
    for bead_type, all_of_it in by_type.items():
        for start in range(0, len(all_of_it), _TOGETHER):
            some = all_of_it[start : start + _TOGETHER]
            blocks = [_block(zh, vi, *beads[k]) for k in some]
            weights[some] += batch_weights(evidence, blocks, [bead_type]).total(bead_type)[:, 0, 0]
    return [float(weight) for weight in weights]


def _block(zh: Rows, vi: Rows, src: Segments, tgt: Segments) -> Block:
    i, j = zh.first[src], vi.first[tgt]
    return i, i + len(src), j, j + len(tgt)
