"""From weighed blocks to lattices: padding, so that blocks of one size class go in lockstep."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from aligner.align.lattice import BEAD_TYPES, Lattice
from aligner.evidence.combine import BlockWeights


def lattice_of(blocks: Sequence[BlockWeights]) -> Lattice:
    """One lattice a block of one document, padded to the largest; memory O(len(blocks) · n · m)."""
    sizes = np.array([w.size for w in blocks], dtype=np.int64).reshape(-1, 2)
    n, m = (int(k) for k in sizes.max(axis=0)) if len(blocks) else (0, 0)
    beads = {t: np.full((len(blocks), n + 1, m + 1), -np.inf) for t in BEAD_TYPES}
    src_null, tgt_null = np.zeros((len(blocks), n)), np.zeros((len(blocks), m))
    for k, block in enumerate(blocks):
        src_null[k, : sizes[k, 0]] = sum(block.src_null.values())
        tgt_null[k, : sizes[k, 1]] = sum(block.tgt_null.values())
        for a, b in block.parts:
            total = block.total((a, b))
            beads[a, b][k, a : a + total.shape[0], b : b + total.shape[1]] = total
    null_open = blocks[0].null_open if blocks else 0.0
    return Lattice(beads, src_null, tgt_null, null_open, sizes)
