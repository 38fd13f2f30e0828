"""The best alignment with a bead and the best without it, against every alignment there is."""

from __future__ import annotations

import itertools
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.align.reference_lattice import all_paths

from aligner.align.alternative import WeighedEdge, alternative
from aligner.align.lattice import BEAD_TYPES, Edge
from aligner.align.weigh import lattice_of
from aligner.config import AlignOptions
from aligner.evidence.combine import Evidence, batch_weights, block_weights
from aligner.evidence.rectangles import Block
from aligner.model import Segment
from aligner.pipeline import evidence_of

ZH = ["河内是首都。", "他买了三本书。", "我们明天去图书馆。", "谢谢!"]
VI = ["Hà Nội là thủ đô.", "Anh ấy mua ba quyển sách.", "Ngày mai chúng tôi đi thư viện.", "Cảm ơn!"]


def evidence(zh: list[str], vi: list[str]) -> Evidence:
    def segments(texts: list[str]) -> list[Segment]:
        return [Segment(k, text, 0, len(text)) for k, text in enumerate(texts)]

    return evidence_of(segments(zh), segments(vi), AlignOptions())


def total(path: tuple[WeighedEdge, ...] | None) -> float:
    assert path is not None
    return sum(sum(weighed.weights.values()) for weighed in path)


def edges(n: int, m: int) -> list[Edge]:
    """Every bead there can be."""
    starts = list(itertools.product(range(n + 1), range(m + 1)))
    found = [Edge(i, i + a, j, j + b) for a, b in BEAD_TYPES for i, j in starts if i + a <= n and j + b <= m]
    return [*found, *(Edge(i, i + 1, 0, 0) for i in range(n)), *(Edge(0, 0, j, j + 1) for j in range(m))]


def holds(path: list[Edge], bead: Edge) -> bool:
    """Whether a path has the bead; a null stands where it may."""
    if bead.j0 == bead.j1:
        return any(e.j0 == e.j1 and e.i0 == bead.i0 for e in path)
    if bead.i0 == bead.i1:
        return any(e.i0 == e.i1 and e.j0 == bead.j0 for e in path)
    return bead in path


ROUNDING = 7 / 512
"""Bits that half a step of each of seven weights, those of six nulls and their runs, can add up to."""
TEXTS = st.tuples(st.permutations(ZH), st.permutations(VI), st.integers(1, 3), st.integers(1, 3))


@settings(deadline=None, max_examples=40)
@given(TEXTS, st.randoms(use_true_random=False))
def test_it_is_what_enumerating_finds(texts: tuple[list[str], list[str], int, int], random: Random) -> None:
    zh, vi, n, m = texts
    known, block = evidence(zh[:n], vi[:m]), (0, n, 0, m)
    lattice = lattice_of(batch_weights(known, [block], BEAD_TYPES))
    ways = list(all_paths(lattice, 0))
    bead = random.choice(edges(n, m))
    found = alternative(known, block, [bead])
    best = max(weight for path, weight in ways if holds(path, bead))
    # Ways are chosen by rounded weights, and shown with those that add up.
    assert total(found.chosen) == pytest.approx(best, abs=ROUNDING)
    assert holds([weighed.edge for weighed in found.chosen], bead)
    others = [weight for path, weight in ways if not holds(path, bead)]
    assert total(found.instead) == pytest.approx(max(others), abs=ROUNDING)
    assert not holds([weighed.edge for weighed in found.instead or ()], bead)
    share = sum(2.0**weight for path, weight in ways if holds(path, bead)) / sum(2.0**w for _, w in ways)
    assert found.probability == pytest.approx(share, rel=1e-3, abs=1e-9)


def test_a_block_inside_a_document_counts_from_its_corner() -> None:
    known = evidence(ZH, VI)
    inner: Block = (1, 3, 1, 3)
    found = alternative(known, inner, [Edge(0, 1, 0, 1)])
    weights = block_weights(known, (1, 2, 1, 2), [(1, 1)]).parts[1, 1]
    assert found.chosen[0].weights == pytest.approx({n: float(w[0, 0]) for n, w in weights.items()}, rel=1e-4)


def test_a_bead_that_alignment_never_makes_counts_as_the_rarest() -> None:
    known = evidence(["你", "好", "吗", "我", "很好"], ["Bạn có khỏe không, tôi rất khỏe"])
    found = alternative(known, (0, 5, 0, 1), [Edge(0, 5, 0, 1)])
    assert [weighed.edge for weighed in found.chosen] == [Edge(0, 5, 0, 1)]
    p = known.parameters
    tokens = sum(known.encoding.src.lengths) + sum(known.encoding.tgt.lengths)
    prior = found.chosen[0].weights["prior"]
    assert prior == pytest.approx(min(p.priors.values()) + p.size * tokens / 10, abs=1e-4)
    assert found.probability < 0.5


def test_where_nothing_else_is_possible_there_is_no_alternative() -> None:
    found = alternative(evidence(["谢谢!"], []), (0, 1, 0, 0), [Edge(0, 1, 0, 0)])
    assert found.instead is None
    assert found.probability == pytest.approx(1.0)


def test_a_run_of_nulls_is_forbidden_as_a_whole() -> None:
    known = evidence(ZH, VI)
    run = [Edge(1, 2, 0, 0), Edge(2, 3, 0, 0)]
    found = alternative(known, (0, 4, 0, 4), run)
    nulls = {weighed.edge.i0 for weighed in found.chosen if weighed.edge.j0 == weighed.edge.j1}
    assert nulls == {1, 2}
    assert not {1, 2} & {w.edge.i0 for w in found.instead or () if w.edge.j0 == w.edge.j1}
