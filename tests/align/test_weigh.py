"""Blocks as padded lattices."""

import numpy as np
import pytest
from tests.align.generated import made

from aligner.align.lattice import BEAD_TYPES, best_paths
from aligner.align.weigh import lattice_of
from aligner.config import AlignOptions
from aligner.evidence.combine import batch_weights, block_weights
from aligner.evidence.rectangles import Block
from aligner.pipeline import evidence_of

pytestmark = pytest.mark.usefixtures("twins")

HALF_A_STEP = 1 / 512
BLOCKS: list[Block] = [(0, 6, 0, 5), (2, 4, 1, 4), (1, 1, 0, 3), (3, 4, 2, 2), (0, 0, 0, 0)]


def test_each_block_stands_in_its_corner() -> None:
    evidence = evidence_of(*made(3, 6, nulls=0).segments(), AlignOptions())
    lattice = lattice_of(batch_weights(evidence, BLOCKS, BEAD_TYPES))
    blocks = [block_weights(evidence, block, BEAD_TYPES) for block in BLOCKS]
    assert lattice.shape == (len(BLOCKS), 6, 5)
    assert lattice.sizes.tolist() == [list(block.size) for block in blocks]
    for k, block in enumerate(blocks):
        n, m = block.size
        assert lattice.src_null[k, :n] == pytest.approx(sum(block.src_null.values()), abs=HALF_A_STEP)
        assert lattice.tgt_null[k, :m] == pytest.approx(sum(block.tgt_null.values()), abs=HALF_A_STEP)
        for a, b in BEAD_TYPES:
            for i, j in np.ndindex(7, 6):
                inside = a <= i <= n and b <= j <= m
                want = block.total((a, b))[i - a, j - b] if inside else -np.inf
                assert lattice.beads[a, b][k, i, j] == pytest.approx(want, abs=HALF_A_STEP + 1e-4)


def test_sums_of_weights_are_exact() -> None:
    evidence = evidence_of(*made(3, 6, nulls=0).segments(), AlignOptions())
    lattice = lattice_of(batch_weights(evidence, BLOCKS, BEAD_TYPES))
    for weights in (*lattice.beads.values(), lattice.src_null, lattice.tgt_null, np.array(lattice.null_open)):
        finite = weights[np.isfinite(weights)]
        assert (finite * 256 == np.rint(finite * 256)).all()


def test_padding_changes_no_path() -> None:
    evidence = evidence_of(*made(3, 6, nulls=0).segments(), AlignOptions())
    together, totals = best_paths(lattice_of(batch_weights(evidence, BLOCKS, BEAD_TYPES)))
    for k, block in enumerate(BLOCKS):
        alone, total = best_paths(lattice_of(batch_weights(evidence, [block], BEAD_TYPES)))
        assert alone[0] == together[k]
        assert total[0] == pytest.approx(totals[k])


def test_no_blocks() -> None:
    evidence = evidence_of([], [], AlignOptions())
    assert lattice_of(batch_weights(evidence, [], BEAD_TYPES)).shape == (0, 0, 0)
