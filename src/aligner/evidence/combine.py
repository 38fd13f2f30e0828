"""All evidence of a rectangle of segments, added up to the weight of every bead in it.

The score of a translation bead is

    translation (forward and backward) + length + structure + prior

and that of a null bead is its prior alone: text that matches nothing is at home there, since the
likelihood ratio of a wrong bead is negative. Named parts are kept, so that the sum can be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aligner.evidence.length import length_weight
from aligner.evidence.lexical import EncodedSide, LexicalTable, lexical_cells
from aligner.evidence.parameters import BeadType, Parameters
from aligner.evidence.structure import SideStructure, inner_breaks, kind_agreement, side_structure
from aligner.model import Segment

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a document pair before it is aligned.

    Attributes:
        src, tgt: the two sides as numbers.
        table: the translation table.
        src_structure, tgt_structure: paragraphs and kinds.
        length_mean: μ of the length evidence for this document.
        parameters: the weights.
    """

    src: EncodedSide
    tgt: EncodedSide
    table: LexicalTable
    src_structure: SideStructure
    tgt_structure: SideStructure
    length_mean: float
    parameters: Parameters

    @property
    def shape(self) -> tuple[int, int]:
        """Number of zh and of vi segments."""
        return self.src.targets.rows, self.tgt.targets.rows


@dataclass(frozen=True, slots=True)
class BlockWeights:
    """The weights of all beads of zh segments i0 … i1−1 and vi segments j0 … j1−1.

    Attributes:
        block: (i0, i1, j0, j1).
        parts: by bead type (a, b) and name of evidence: array (n−a+1, m−b+1) by first segments, counted
            within the block.
        src_null, tgt_null: (n,) and (m,).
    """

    block: tuple[int, int, int, int]
    parts: Mapping[BeadType, Mapping[str, Floats]]
    src_null: Floats
    tgt_null: Floats

    def total(self, bead_type: BeadType) -> Floats:
        """The score of every bead of a type."""
        return np.asarray(sum(self.parts[bead_type].values()))


def gather_evidence(
    src: Sequence[Segment],
    tgt: Sequence[Segment],
    encoded: tuple[EncodedSide, EncodedSide, LexicalTable],
    parameters: Parameters,
) -> Evidence:
    """Everything the aligner knows of a pair before its first pass."""
    return Evidence(
        src=encoded[0],
        tgt=encoded[1],
        table=encoded[2],
        src_structure=side_structure(src),
        tgt_structure=side_structure(tgt),
        length_mean=parameters.length_model.mean,
        parameters=parameters,
    )


def block_weights(
    evidence: Evidence, block: tuple[int, int, int, int], bead_types: Iterable[BeadType]
) -> BlockWeights:
    """Score every bead in a rectangle; the cost is that of `lexical_cells`."""
    i0, i1, j0, j1 = block
    parameters = evidence.parameters
    types = [(a, b) for a, b in bead_types if a <= i1 - i0 and b <= j1 - j0]
    cells = lexical_cells(
        evidence.src,
        evidence.tgt,
        evidence.table,
        block,
        max_span=max((max(t) for t in types), default=1),
        smoothing=parameters.smoothing,
    )
    src_lengths, tgt_lengths = evidence.src.lengths[i0:i1], evidence.tgt.lengths[j0:j1]
    src_sums, tgt_sums = _prefix(src_lengths), _prefix(tgt_lengths)
    structure = _BlockStructure(evidence, block)
    parts: dict[BeadType, dict[str, Floats]] = {}
    for a, b in types:
        forward, backward = cells.bead(a, b)
        x = (src_sums[a:] - src_sums[:-a])[:, None]
        y = (tgt_sums[b:] - tgt_sums[:-b])[None, :]
        parts[a, b] = {
            "translation": parameters.forward * forward + parameters.backward * backward,
            "length": parameters.length * length_weight(x, y, evidence.length_mean, parameters.length_model),
            "prior": parameters.priors[a, b] + parameters.size * (x + y) / 10,
            **structure.weights(a, b),
        }
    return BlockWeights(
        block=block,
        parts=parts,
        src_null=parameters.null_src + parameters.null_src_size * src_lengths / 10,
        tgt_null=parameters.null_tgt + parameters.null_tgt_size * tgt_lengths / 10,
    )


class _BlockStructure:
    """Structure weights within a block; empty where the documents have no structure."""

    def __init__(self, evidence: Evidence, block: tuple[int, int, int, int]) -> None:
        i0, i1, j0, j1 = block
        src, tgt = evidence.src_structure, evidence.tgt_structure
        self._src = SideStructure(src.breaks[i0:i1], src.kinds[i0:i1])
        self._tgt = SideStructure(tgt.breaks[j0:j1], tgt.kinds[j0:j1])
        self._parameters = evidence.parameters
        same, differs = kind_agreement(self._src, self._tgt)
        self._kinds = self._parameters.kind_same * same + self._parameters.kind_differs * differs
        self._absent = not (src.breaks.any() or tgt.breaks.any() or (src.kinds.any() and tgt.kinds.any()))

    def weights(self, a: int, b: int) -> dict[str, Floats]:
        """The structure weight of every a–b bead, under its name."""
        if self._absent:
            return {}
        crossed = inner_breaks(self._src.breaks, a)[:, None] + inner_breaks(self._tgt.breaks, b)[None, :]
        n, m = crossed.shape
        return {"structure": self._parameters.paragraph * crossed + self._kinds[:n, :m]}


def _prefix(values: Floats) -> Floats:
    return np.concatenate([[0.0], np.cumsum(values)])
