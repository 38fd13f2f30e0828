"""All evidence of a rectangle of segments, added up to the weight of every bead in it.

The score of a translation bead is

    translation (forward and backward) + length + structure + quotation + prior

and that of a null bead is prior and structure: text that matches nothing is at home there, since the
likelihood ratio of a wrong bead is negative. Named parts are kept, so that the sum can be shown.

Weights are linear in the fitted parameters; `block_features` has what they multiply, which is also
what they are fitted on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aligner.evidence.encode import Encoding
from aligner.evidence.encoder import Meaning
from aligner.evidence.habits import Habits
from aligner.evidence.length import length_weight
from aligner.evidence.lexical import lexical_cells, windows
from aligner.evidence.parameters import BeadType, Parameters
from aligner.evidence.quotation import PairQuotation
from aligner.evidence.rectangles import Block, Rectangles, rectangles
from aligner.evidence.structure import PairStructure

Floats = NDArray[np.float64]

Weights = NDArray[np.floating[Any]]

_TOKENS = 10  # unit of the size features


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a document pair before a pass.

    Attributes:
        encoding: the texts as numbers, and the translation table.
        structure: paragraphs and kinds.
        quotation: quotation marks.
        habits: what is special to the document, as far as it is known.
        parameters: the weights.
        meaning: what an encoder makes of the texts; None without one.
    """

    encoding: Encoding
    structure: PairStructure
    quotation: PairQuotation
    habits: Habits
    parameters: Parameters
    meaning: Meaning | None = None

    @property
    def shape(self) -> tuple[int, int]:
        """Number of zh and of vi segments."""
        return self.encoding.src.targets.rows, self.encoding.tgt.targets.rows


@dataclass(frozen=True, slots=True)
class BlockFeatures:
    """What the parameters multiply, for a rectangle of n zh and m vi segments.

    Attributes:
        beads: by bead type (a, b): array (6, n−a+1, m−b+1) by first segments: forward, backward, length,
            size, merge, quotation.
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
        return np.asarray(reduce(np.add, self.parts[bead_type].values()))


@dataclass(frozen=True, slots=True)
class BatchWeights:
    """The weights of all beads of several rectangles, padded to the size of the largest.

    Attributes:
        blocks: which rectangles.
        parts: by bead type (a, b) and name of evidence: array (B, n−a+1, m−b+1) by first segments,
            meaningless beyond a rectangle's own size.
        src_null, tgt_null: by name of evidence, (B, n) and (B, m).
        null_open: of a run of nulls.
    """

    blocks: tuple[Block, ...]
    parts: Mapping[BeadType, Mapping[str, Floats]]
    src_null: Mapping[str, Floats]
    tgt_null: Mapping[str, Floats]
    null_open: float

    @property
    def sizes(self) -> NDArray[np.int64]:
        """(B, 2): zh and vi segments of each rectangle."""
        return np.array([(i1 - i0, j1 - j0) for i0, i1, j0, j1 in self.blocks], np.int64).reshape(-1, 2)

    def total(self, bead_type: BeadType) -> Floats:
        """The score of every bead of a type."""
        return np.asarray(reduce(np.add, self.parts[bead_type].values()))

    def block(self, k: int) -> BlockWeights:
        """One of the rectangles."""
        i0, i1, j0, j1 = self.blocks[k]
        n, m = i1 - i0, j1 - j0
        return BlockWeights(
            block=self.blocks[k],
            parts={
                (a, b): {name: part[k, : n - a + 1, : m - b + 1] for name, part in parts.items()}
                for (a, b), parts in self.parts.items()
                if a <= n and b <= m
            },
            src_null={name: part[k, :n] for name, part in self.src_null.items()},
            tgt_null={name: part[k, :m] for name, part in self.tgt_null.items()},
            null_open=self.null_open,
        )


def block_features(evidence: Evidence, block: Block, bead_types: Iterable[BeadType]) -> BlockFeatures:
    """Measure every bead in a rectangle; the cost is that of `lexical_cells`."""
    zh, vi = rectangles([block])
    habits = evidence.habits
    return BlockFeatures(
        beads={
            bead_type: np.stack([np.broadcast_to(x, found[0].shape)[0] for x in found])
            for bead_type, found in _bead_features(evidence, Rectangles(zh, vi), bead_types)
        },
        src_null=_null_features(zh.of(evidence.encoding.src.lengths), habits)[0],
        tgt_null=_null_features(vi.of(evidence.encoding.tgt.lengths), habits)[0],
        null_open=_open_features(habits),
    )


def block_weights(evidence: Evidence, block: Block, bead_types: Iterable[BeadType]) -> BlockWeights:
    """Score every bead in a rectangle."""
    return batch_weights(evidence, [block], bead_types).block(0)


def batch_weights(
    evidence: Evidence, blocks: Sequence[Block], bead_types: Iterable[BeadType]
) -> BatchWeights:
    """Score every bead in some rectangles; the cost is that of `lexical_cells`."""
    p, meaning = evidence.parameters, evidence.meaning
    quoted = not evidence.quotation.is_absent
    where = rectangles(blocks)
    structure = evidence.structure.within(where)
    parts: dict[BeadType, dict[str, Floats]] = {}
    for (a, b), features in _bead_features(evidence, where, bead_types):
        forward, backward, length, size, merge, quotation = features
        parts[a, b] = {
            "translation": p.forward * forward + p.backward * backward,
            "length": p.length * length,
            **({"structure": structure.weights((a, b), p)} if structure else {}),
            **({"quotation": p.quotation * quotation + 0.0} if quoted else {}),
            **({"meaning": meaning.weights(where, (a, b))} if meaning else {}),
            "prior": p.priors[a, b] + p.size * size + p.merge * merge,
        }
    return BatchWeights(  # adding 0 makes no -0 of a weight that does not apply
        blocks=tuple(blocks),
        parts=parts,
        src_null=_null_parts(
            _null_features(where.zh.of(evidence.encoding.src.lengths), evidence.habits),
            (p.null_src, p.null_src_size, p.null_src_habit),
            p.null_inside * where.zh.of(evidence.structure.src_inside) + 0.0 if structure else None,
        ),
        tgt_null=_null_parts(
            _null_features(where.vi.of(evidence.encoding.tgt.lengths), evidence.habits),
            (p.null_tgt, p.null_tgt_size, p.null_tgt_habit),
            p.null_inside * where.vi.of(evidence.structure.tgt_inside) + 0.0 if structure else None,
        ),
        null_open=float(_open_features(evidence.habits) @ np.array([p.null_open, p.null_open_habit])),
    )


def _null_parts(
    features: Floats, weights: tuple[float, float, float], structure: Floats | None
) -> dict[str, Floats]:
    """Weights of nulls by name."""
    parts = {"prior": np.asarray(features @ np.array(weights))}
    return parts if structure is None else {**parts, "structure": structure}


def _bead_features(
    evidence: Evidence, where: Rectangles, bead_types: Iterable[BeadType]
) -> Iterator[tuple[BeadType, tuple[Weights, Weights, Floats, Floats, Floats, Floats]]]:
    """For each type that fits its features, in the order of `BlockFeatures`, (B, n−a+1, m−b+1) or less."""
    zh, vi = where
    encoding, p = evidence.encoding, evidence.parameters
    types = [(a, b) for a, b in bead_types if a <= zh.width and b <= vi.width]
    if not types:
        return
    cells = lexical_cells(
        encoding.src,
        encoding.tgt,
        encoding.table,
        where,
        max_span=max(max(t) for t in types),
        smoothing=p.smoothing,
        dilution=p.dilution,
    )
    quotation = evidence.quotation.within(where)
    src_lengths, tgt_lengths = zh.of(encoding.src.lengths), vi.of(encoding.tgt.lengths)
    longer = {a: windows(src_lengths, a, axis=1)[:, :, None] for a in {a for a, _ in types}}
    wider = {b: windows(tgt_lengths, b, axis=1)[:, None, :] for b in {b for _, b in types}}
    for a, b in types:
        x, y = longer[a], wider[b]
        length = length_weight(x, y, evidence.habits.length_mean, p.length_model)
        merge = np.array(evidence.habits.merges if a + b > 2 else 0.0)  # noqa: PLR2004
        quoted = quotation.differs((a, b)) if quotation else np.zeros((1, 1, 1))
        yield (a, b), (*cells.bead(a, b), length, (x + y) / _TOKENS, merge, quoted)


def _null_features(lengths: Floats, habits: Habits) -> Floats:
    ones = np.ones_like(lengths)
    return np.stack([ones, lengths / _TOKENS, habits.nulls * ones], axis=-1)


def _open_features(habits: Habits) -> Floats:
    return np.array([1.0, habits.runs])
