"""All evidence of a rectangle of segments, added up to the weight of every bead in it.

The score of a translation bead is

    translation (forward and backward) + length + structure + prior

and that of a null bead is prior and structure: text that matches nothing is at home there, since the
likelihood ratio of a wrong bead is negative. Named parts are kept, so that the sum can be shown.

Weights are linear in the fitted parameters; `block_features` has what they multiply, which is also
what they are fitted on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from aligner.evidence.encode import Encoding
from aligner.evidence.habits import Habits
from aligner.evidence.length import length_weight
from aligner.evidence.lexical import LexicalCells, lexical_cells
from aligner.evidence.parameters import BeadType, Parameters
from aligner.evidence.structure import PairStructure

Floats = NDArray[np.float64]
Block = tuple[int, int, int, int]
"""(i0, i1, j0, j1): zh segments i0 … i1−1 against vi segments j0 … j1−1."""

_TOKENS = 10  # unit of the size features


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a document pair before a pass.

    Attributes:
        encoding: the texts as numbers, and the translation table.
        structure: paragraphs and kinds.
        habits: what is special to the document, as far as it is known.
        parameters: the weights.
    """

    encoding: Encoding
    structure: PairStructure
    habits: Habits
    parameters: Parameters

    @property
    def shape(self) -> tuple[int, int]:
        """Number of zh and of vi segments."""
        return self.encoding.src.targets.rows, self.encoding.tgt.targets.rows


@dataclass(frozen=True, slots=True)
class BlockFeatures:
    """What the parameters multiply, for a rectangle of n zh and m vi segments.

    Attributes:
        beads: by bead type (a, b): array (5, n−a+1, m−b+1) by first segments: forward, backward, length,
            size, merge.
        src_null: (n, 3): one, size, habit.
        tgt_null: (m, 3).
        null_open: (2,): one, habit.
    """

    beads: Mapping[BeadType, Floats]
    src_null: Floats
    tgt_null: Floats
    null_open: Floats


@dataclass(frozen=True, slots=True)
class BlockWeights:
    """The weights of all beads of a rectangle.

    Attributes:
        block: which rectangle.
        parts: by bead type (a, b) and name of evidence: array (n−a+1, m−b+1) by first segments, counted
            within the block.
        src_null, tgt_null: by name of evidence, (n,) and (m,).
        null_open: of a run of nulls.
    """

    block: Block
    parts: Mapping[BeadType, Mapping[str, Floats]]
    src_null: Mapping[str, Floats]
    tgt_null: Mapping[str, Floats]
    null_open: float

    @property
    def size(self) -> tuple[int, int]:
        """(n, m)."""
        i0, i1, j0, j1 = self.block
        return i1 - i0, j1 - j0

    def total(self, bead_type: BeadType) -> Floats:
        """The score of every bead of a type."""
        return np.asarray(sum(self.parts[bead_type].values()))


def block_features(evidence: Evidence, block: Block, bead_types: Iterable[BeadType]) -> BlockFeatures:
    """Measure every bead in a rectangle; the cost is that of `lexical_cells`."""
    i0, i1, j0, j1 = block
    types = [(a, b) for a, b in bead_types if a <= i1 - i0 and b <= j1 - j0]
    cells = lexical_cells(
        evidence.encoding.src,
        evidence.encoding.tgt,
        evidence.encoding.table,
        block,
        max_span=max((max(t) for t in types), default=1),
        smoothing=evidence.parameters.smoothing,
        dilution=evidence.parameters.dilution,
    )
    src_lengths = evidence.encoding.src.lengths[i0:i1]
    tgt_lengths = evidence.encoding.tgt.lengths[j0:j1]
    habits = evidence.habits
    return BlockFeatures(
        beads=_bead_features(evidence, cells, types, src_lengths, tgt_lengths),
        src_null=_null_features(src_lengths, habits),
        tgt_null=_null_features(tgt_lengths, habits),
        null_open=np.array([1.0, habits.runs]),
    )


def block_weights(evidence: Evidence, block: Block, bead_types: Iterable[BeadType]) -> BlockWeights:
    """Score every bead in a rectangle."""
    features = block_features(evidence, block, bead_types)
    i0, i1, j0, j1 = block
    p = evidence.parameters
    parts: dict[BeadType, dict[str, Floats]] = {}
    for (a, b), (forward, backward, length, size, merge) in features.beads.items():
        parts[a, b] = {
            "translation": p.forward * forward + p.backward * backward,
            "length": p.length * length,
            **evidence.structure.weights(block, (a, b), p),
            "prior": p.priors[a, b] + p.size * size + p.merge * merge,
        }
    absent = evidence.structure.is_absent  # adding 0 makes no -0 of a weight that does not apply
    src_inside, tgt_inside = evidence.structure.src_inside, evidence.structure.tgt_inside
    return BlockWeights(
        block=block,
        parts=parts,
        src_null=_null_parts(
            features.src_null,
            (p.null_src, p.null_src_size, p.null_src_habit),
            None if absent else p.null_inside * src_inside[i0:i1] + 0.0,
        ),
        tgt_null=_null_parts(
            features.tgt_null,
            (p.null_tgt, p.null_tgt_size, p.null_tgt_habit),
            None if absent else p.null_inside * tgt_inside[j0:j1] + 0.0,
        ),
        null_open=float(features.null_open @ np.array([p.null_open, p.null_open_habit])),
    )


def _null_parts(
    features: Floats, weights: tuple[float, float, float], structure: Floats | None
) -> dict[str, Floats]:
    parts = {"prior": np.asarray(features @ np.array(weights))}
    return parts if structure is None else {**parts, "structure": structure}


def _bead_features(
    evidence: Evidence,
    cells: LexicalCells,
    types: Iterable[BeadType],
    src_lengths: Floats,
    tgt_lengths: Floats,
) -> dict[BeadType, Floats]:
    src_sums, tgt_sums = _prefix(src_lengths), _prefix(tgt_lengths)
    model, mean = evidence.parameters.length_model, evidence.habits.length_mean
    features = {}
    for a, b in types:
        x = (src_sums[a:] - src_sums[:-a])[:, None]
        y = (tgt_sums[b:] - tgt_sums[:-b])[None, :]
        merge = np.full((len(x), y.shape[1]), evidence.habits.merges if a + b > 2 else 0.0)  # noqa: PLR2004
        features[a, b] = np.stack(
            [*cells.bead(a, b), length_weight(x, y, mean, model), (x + y) / _TOKENS, merge]
        )
    return features


def _null_features(lengths: Floats, habits: Habits) -> Floats:
    ones = np.ones(len(lengths))
    return np.stack([ones, lengths / _TOKENS, habits.nulls * ones], axis=1)


def _prefix(values: Floats) -> Floats:
    return np.concatenate([[0.0], np.cumsum(values)])
