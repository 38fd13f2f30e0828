from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.align.reference_lattice import all_paths

from aligner.align.lattice import BEAD_TYPES, Edge, Lattice, best_paths
from aligner.align.shares import posteriors

pytestmark = pytest.mark.usefixtures("twins")


def random_lattice(seed: int, sizes: list[tuple[int, int]]) -> Lattice:
    rng = np.random.default_rng(seed)
    n, m = max(s[0] for s in sizes), max(s[1] for s in sizes)
    beads = {}
    for a, b in BEAD_TYPES:
        weight = rng.normal(0, 4, (len(sizes), n + 1, m + 1)) - 3 * (a + b - 2)
        weight[:, :a] = weight[:, :, :b] = -np.inf
        for k, (nk, mk) in enumerate(sizes):
            weight[k, nk + 1 :] = -np.inf
            weight[k, :, mk + 1 :] = -np.inf
        beads[a, b] = weight
    return Lattice(
        beads=beads,
        src_null=rng.normal(-3, 1, (len(sizes), n)),
        tgt_null=rng.normal(-3, 1, (len(sizes), m)),
        null_open=float(rng.normal(-2, 1)),
        sizes=np.array(sizes),
    )


SIZES = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=3)


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10**6), sizes=SIZES)
def test_best_path_is_the_heaviest_of_all(seed: int, sizes: list[tuple[int, int]]) -> None:
    lattice = random_lattice(seed, sizes)
    paths, totals = best_paths(lattice)
    for b, path in enumerate(paths):
        want, weight = max(all_paths(lattice, b), key=lambda way: way[1])
        assert totals[b] == pytest.approx(weight)
        assert path == want


@settings(deadline=None, max_examples=40)
@given(seed=st.integers(0, 10**6), sizes=SIZES)
def test_posteriors_are_shares_of_all_paths(seed: int, sizes: list[tuple[int, int]]) -> None:
    lattice = random_lattice(seed, sizes)
    found = posteriors(lattice)
    for b in range(len(sizes)):
        share: Counter[Edge] = Counter()
        ways = list(all_paths(lattice, b))
        total = sum(2.0**weight for _, weight in ways)
        opens = 0.0
        for path, weight in ways:
            for edge in path:
                share[edge] += 2.0**weight / total
            opens += runs(path) * 2.0**weight / total
        assert found.log_total[b] == pytest.approx(np.log2(total))
        assert found.opens[b] == pytest.approx(opens)
        for (a, c), posterior in found.beads.items():
            for i, j in np.ndindex(*posterior.shape[1:]):
                want = sum(p for e, p in share.items() if (e.i0, e.i1, e.j0, e.j1) == (i - a, i, j - c, j))
                assert posterior[b, i, j] == pytest.approx(want, abs=1e-12)
        for i in range(sizes[b][0]):
            want = sum(p for e, p in share.items() if (e.i0, e.i1) == (i, i + 1) and e.j0 == e.j1)
            assert found.src_null[b, i] == pytest.approx(want, abs=1e-12)
        for j in range(sizes[b][1]):
            want = sum(p for e, p in share.items() if (e.j0, e.j1) == (j, j + 1) and e.i0 == e.i1)
            assert found.tgt_null[b, j] == pytest.approx(want, abs=1e-12)


def runs(path: list[Edge]) -> int:
    """Runs of nulls in a path: maximal stretches of nulls of one side."""
    sides = ["x" if e.j0 == e.j1 else "y" if e.i0 == e.i1 else "m" for e in path]
    return sum(side not in ("m", before) for before, side in zip(["m", *sides], sides, strict=False))


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 10**6), sizes=SIZES)
def test_swapping_the_sides_mirrors_the_path(seed: int, sizes: list[tuple[int, int]]) -> None:
    lattice = random_lattice(seed, sizes)
    mirrored = Lattice(
        beads={(b, a): weight.swapaxes(1, 2) for (a, b), weight in lattice.beads.items()},
        src_null=lattice.tgt_null,
        tgt_null=lattice.src_null,
        null_open=lattice.null_open,
        sizes=lattice.sizes[:, ::-1],
    )
    here, there = best_paths(lattice), best_paths(mirrored)
    assert here[1] == pytest.approx(there[1])
    for path, mirror in zip(here[0], there[0], strict=True):
        assert {(e.i0, e.i1, e.j0, e.j1) for e in path if e.i0 < e.i1 and e.j0 < e.j1} == {
            (e.j0, e.j1, e.i0, e.i1) for e in mirror if e.i0 < e.i1 and e.j0 < e.j1
        }


def test_ways_without_number_overflow_nothing() -> None:
    """Where all ways weigh the same there are more of them than a float holds."""
    n = 550
    nothing, every = np.zeros((1, n)), np.zeros((1, n + 1, n + 1))
    lattice = Lattice({(1, 1): every}, nothing, nothing, 0.0, np.array([[n, n]]))
    found = posteriors(lattice)
    assert found.log_total[0] > 1024
    either = found.src_null[0] + found.beads[1, 1][0].sum(axis=1)[1:]
    assert either == pytest.approx(np.ones(n))
    assert found.src_null[0] == pytest.approx(found.src_null[0, ::-1], abs=1e-6)
