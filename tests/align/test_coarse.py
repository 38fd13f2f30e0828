"""The corridor of a long document: it divides zh, covers vi, and holds the true alignment."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.align.generated import Made, made, segments

from aligner.align.coarse import corridor
from aligner.config import AlignOptions
from aligner.evidence.rectangles import Block
from aligner.pipeline import evidence_of


def corridor_of(pair: Made) -> list[Block]:
    return corridor(evidence_of(*pair.segments(), AlignOptions()).encoding)


def check_shape(path: list[Block], n: int, m: int) -> None:
    """zh ranges follow each other or hold nothing; vi ranges overlap, never go back, cover the document."""
    assert path[0][0] == path[0][2] == 0
    assert (path[-1][1], path[-1][3]) == (n, m)
    for (_, i1, j0, j1), (k0, _, l0, l1) in itertools.pairwise(path):
        assert i1 == k0
        assert j0 <= l0 <= j1 <= l1
    assert all(i0 <= i1 and j0 < j1 for i0, i1, j0, j1 in path)


@settings(deadline=None, max_examples=15)
@given(zh=st.integers(1, 110), vi=st.integers(1, 110), seed=st.integers(0, 99), related=st.booleans())
def test_any_sizes(zh: int, vi: int, seed: int, related: bool) -> None:  # noqa: FBT001 - drawn by Hypothesis
    pair = made(seed, 110, nulls=0, merges=0, size=5)
    other = pair if related else made(seed + 1, 110, nulls=0, merges=0, size=5)
    check_shape(corridor_of(Made(pair.zh[:zh], other.vi[:vi])), zh, vi)


def held(pair: Made, path: list[Block]) -> float:
    """The share of translation beads that lie inside the corridor."""
    beads = [(s, t) for s, t in pair.gold if s and t]
    inside = [any(i0 <= s[0] < i1 and j0 <= t[0] and t[-1] < j1 for i0, i1, j0, j1 in path) for s, t in beads]
    return sum(inside) / len(beads)


@pytest.mark.parametrize("noise", [0.3, 0.6])
def test_the_true_alignment_lies_inside(noise: float) -> None:
    pair = made(31, 400, noise=noise, nulls=0.05)
    path = corridor_of(pair)
    check_shape(path, len(pair.zh), len(pair.vi))
    assert held(pair, path) == 1.0
    cells = sum((i1 - i0) * (j1 - j0) for i0, i1, j0, j1 in path)
    assert cells < len(pair.zh) * len(pair.vi) / 2


def test_a_passage_of_one_side_is_gone_around() -> None:
    pair = Made()
    first, second, alone = made(32, 150), made(33, 150), made(34, 200, nulls=0, merges=0)
    pair.extend(first)
    pair.add([], alone.vi)
    pair.extend(second)
    path = corridor_of(pair)
    check_shape(path, len(pair.zh), len(pair.vi))
    assert held(pair, path) > 0.98  # a chunk that lies across the edge of the passage goes to one side of it
    alone_in_path = [j1 - j0 for i0, i1, j0, j1 in path if i0 == i1]
    assert len(alone_in_path) == 1


def numbered_text(number: int) -> Made:
    """A text that says the same each time but for a few numbers."""
    pair = Made()
    for k, (zh, vi) in enumerate(zip((text := made(36, 150, nulls=0, merges=0)).zh, text.vi, strict=True)):
        figure = 1000 * number + k
        pair.add([f"{figure}{zh}" if k % 8 == 0 else zh], [f"{figure} {vi}" if k % 8 == 0 else vi])
    return pair


@pytest.mark.parametrize("side", ["zh", "vi"])
def test_one_of_many_texts_told_apart_by_a_few_numbers(side: str) -> None:
    texts = [numbered_text(number) for number in range(1, 9)]
    whole = Made()
    for text in texts:
        whole.extend(text)
    inner = texts[4]
    pair = Made(inner.zh, whole.vi) if side == "zh" else Made(whole.zh, inner.vi)
    first = 4 * 150
    for k in range(150):
        pair.gold.append(((k,), (first + k,)) if side == "zh" else ((first + k,), (k,)))
    path = corridor_of(pair)
    check_shape(path, len(pair.zh), len(pair.vi))
    assert held(pair, path) == 1.0


def test_texts_without_anything_in_common() -> None:
    zh, vi = segments(["……"] * 70), segments(["—"] * 200)
    check_shape(corridor(evidence_of(zh, vi, AlignOptions()).encoding), 70, 200)
