"""The band: rectangles from corner to corner, cut only where the way is beyond doubt.

The weight of a band is that of the best alignment that passes through the corners of all its rectangles,
which is the sum of their best paths. The full programme is the band of one rectangle.
"""

import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.align.generated import Made, made

from aligner.align.band import FULL_AREA, anchors, blocks
from aligner.align.coarse import corridor
from aligner.align.lattice import BEAD_TYPES, best_paths
from aligner.align.weigh import lattice_of
from aligner.config import AlignOptions
from aligner.evidence.combine import Evidence, batch_weights
from aligner.evidence.rectangles import Block
from aligner.pipeline import evidence_of

pytestmark = pytest.mark.usefixtures("twins")

Edges = list[tuple[int, int, int, int]]


def evidence_for(pair: Made) -> Evidence:
    return evidence_of(*pair.segments(), AlignOptions())


def check_shape(rectangles: Sequence[Block], n: int, m: int) -> None:
    """Each rectangle begins where the one before it ends."""
    corners = [(0, 0), *((i1, j1) for _, i1, _, j1 in rectangles)]
    assert corners[-1] == (n, m)
    for (i0, i1, j0, j1), corner in zip(rectangles, corners, strict=False):
        assert (i0, j0) == corner
        assert i0 <= i1
        assert j0 <= j1


def best(evidence: Evidence, rectangles: Sequence[Block]) -> tuple[Edges, float]:
    """The best path through the rectangles, in segments of the document, and its weight."""
    edges: Edges = []
    weight = 0.0
    for block in rectangles:
        paths, totals = best_paths(lattice_of(batch_weights(evidence, [block], BEAD_TYPES)))
        edges += [(e.i0 + block[0], e.i1 + block[0], e.j0 + block[2], e.j1 + block[2]) for e in paths[0]]
        weight += float(totals[0])
    return edges, weight


def crossed(rectangles: Sequence[Block], pair: Made) -> list[tuple[int, int]]:
    """Cuts that part the two sides of a gold bead, or go through it."""
    wrong = []
    for _, i, _, j in rectangles[:-1]:
        for src, tgt in pair.gold:
            before = {k < i for k in src} | {k < j for k in tgt}
            if len(before) > 1:
                wrong.append((i, j))
    return wrong


def test_a_short_document_is_one_rectangle() -> None:
    pair = made(40, 30)
    n, m = len(pair.zh), len(pair.vi)
    assert n * m < FULL_AREA
    assert blocks(evidence_for(pair)) == ((0, n, 0, m),)
    assert blocks(evidence_for(Made())) == ((0, 0, 0, 0),)
    assert blocks(evidence_for(Made(pair.zh)), full_area=0) == ((0, n, 0, 0),)


@settings(deadline=None, max_examples=10)
@given(zh=st.integers(1, 120), vi=st.integers(1, 120), seed=st.integers(0, 99), related=st.integers(0, 1))
def test_rectangles_go_from_corner_to_corner(zh: int, vi: int, seed: int, related: int) -> None:
    pair, other = made(seed, 120, nulls=0, size=6), made(seed + 1, 120, nulls=0, size=6)
    cut = Made(pair.zh[:zh], (pair if related else other).vi[:vi])
    check_shape(blocks(evidence_for(cut), full_area=0), len(cut.zh), len(cut.vi))


@pytest.mark.parametrize(("noise", "least"), [(0.3, 60), (0.45, 10)])
def test_anchors_are_true_pairs_in_order(noise: float, least: int) -> None:
    pair = made(41, 250, noise=noise)
    evidence = evidence_for(pair)
    found = anchors(evidence, corridor(evidence.encoding))
    assert len(found) > least
    for (i, j), (k, q) in itertools.pairwise(found):
        assert i < k
        assert j < q
    true = {(i, j) for src, tgt in pair.gold for i in src for j in tgt}
    assert set(found) <= true


def test_what_stands_twice_or_nearly_is_no_anchor() -> None:
    pair = made(45, 60, merges=0, nulls=0, noise=0.1, size=30)
    zh, vi = list(pair.zh), list(pair.vi)
    zh[11] = zh[10]  # twice in zh, once in vi
    vi[21] = vi[20]  # once in zh, twice in vi
    zh[31], vi[31] = zh[30], vi[30]  # twice in both
    zh[41] = f"{zh[40][:-4]}{zh[41][:3]}。"  # three words of some thirty differ
    vi[41] = " ".join([*vi[40].split()[:-3], *vi[41].lower().split()[:3]])
    evidence = evidence_for(Made(zh, vi))
    found = set(anchors(evidence, corridor(evidence.encoding)))
    doubtful = {10, 11, 20, 21, 30, 31, 40, 41}
    assert found <= {(k, k) for k in range(60) if k not in doubtful}
    assert len(found) > 40


@pytest.mark.parametrize("seed", [42, 43])
def test_cuts_never_part_a_bead(seed: int) -> None:
    pair = Made()
    for part in range(4):  # chapters of one document, some with passages of one side between them
        pair.extend(made(seed * 100 + part, 50, merges=0.25, nulls=0.04, noise=0.3))
        alone = made(seed * 100 + 50 + part, 20, nulls=0, merges=0)
        pair.add(*([([], alone.vi), (alone.zh, []), ([], [])][part % 3]))
    rectangles = blocks(evidence_for(pair), full_area=0)
    check_shape(rectangles, len(pair.zh), len(pair.vi))
    assert len(rectangles) > 3
    assert crossed(rectangles, pair) == []


def test_a_wider_band_never_weighs_less() -> None:
    pair = made(44, 110, noise=0.2, merges=0.2)
    evidence = evidence_for(pair)
    n, m = len(pair.zh), len(pair.vi)
    band = list(blocks(evidence, full_area=0))
    assert len(band) >= 3
    weights = [best(evidence, band)[1]]
    while len(band) > 1:  # wider: every second cut is given up
        joined = [
            (band[k][0], band[min(k + 1, len(band) - 1)][1], band[k][2], band[min(k + 1, len(band) - 1)][3])
            for k in range(0, len(band), 2)
        ]
        band = joined
        weights.append(best(evidence, band)[1])
    assert band == [(0, n, 0, m)]
    for narrow, wide in itertools.pairwise(weights):
        assert wide >= narrow - 1e-3


def test_the_band_finds_what_the_full_programme_finds() -> None:
    same = total = 0
    for seed in range(2):
        pair = made(50 + seed, 150, noise=0.3, merges=0.15, nulls=0.03)
        evidence = evidence_for(pair)
        banded, weight = best(evidence, band := blocks(evidence, full_area=0))
        full, most = best(evidence, [(0, len(pair.zh), 0, len(pair.vi))])
        assert len(band) > 2
        assert weight <= most + 0.01
        same += len(set(banded) & set(full))
        total += len(full)
    assert total > 280
    assert same >= 0.999 * total


def test_a_document_inside_one_ten_times_as_long() -> None:
    pair = Made()
    inner, around = made(60, 60, noise=0.3, merges=0.05, nulls=0), made(61, 600, nulls=0, merges=0)
    pair.add([], around.vi[:250])
    pair.extend(inner)
    pair.add([], around.vi[250:])
    evidence = evidence_for(pair)
    rectangles = blocks(evidence, full_area=0)
    check_shape(rectangles, len(pair.zh), len(pair.vi))
    assert crossed(rectangles, pair) == []
    found = set(best(evidence, rectangles)[0])
    gold = {(a[0], a[-1] + 1, b[0], b[-1] + 1) for a, b in pair.gold if a and b}
    assert len(found & gold) >= 0.95 * len(gold)
