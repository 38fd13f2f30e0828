"""What a pass finds out, against all alignments enumerated; what it teaches, against a slow count."""

import dataclasses
from collections import Counter, defaultdict

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.align.generated import made, segments
from tests.align.reference_lattice import all_paths

from aligner.align.lattice import BEAD_TYPES, Edge
from aligner.align.passes import Survey, learn, survey, weigh
from aligner.align.weigh import lattice_of
from aligner.config import AlignOptions
from aligner.evidence.combine import Evidence, batch_weights
from aligner.evidence.lexical import EncodedSide, choices
from aligner.evidence.sparse import Floats, Sparse
from aligner.pipeline import evidence_of

pytestmark = pytest.mark.usefixtures("twins")

Table = dict[tuple[int, int], float]
FAINT = 0.02
"""Links that are too faint to count."""


def evidence_for(zh: list[str], vi: list[str]) -> Evidence:
    return evidence_of(segments(zh), segments(vi), AlignOptions())


def sure(beads: list[tuple[int, int, int, int, float]]) -> Survey:
    """A survey that found these beads: i0, i1, j0, j1, posterior."""
    return Survey(np.array(beads, float).reshape(-1, 5), 0.0, 0.0, float(len(beads)), 0.0, 2 * len(beads))


@settings(deadline=None, max_examples=8)
@given(seed=st.integers(0, 999), sizes=st.tuples(st.integers(0, 4), st.integers(0, 4)))
def test_expected_counts_are_those_of_all_alignments(seed: int, sizes: tuple[int, int]) -> None:
    pair = made(seed, 5, noise=0.9, size=6)
    evidence = evidence_for(pair.zh[: sizes[0]], pair.vi[: sizes[1]])
    n, m = evidence.shape
    lattice = lattice_of(batch_weights(evidence, [(0, n, 0, m)], BEAD_TYPES))
    share: Counter[Edge] = Counter()
    ways = list(all_paths(lattice, 0))
    scale = sum(2.0**weight for _, weight in ways)
    runs = 0.0
    for path, weight in ways:
        sides = ["x" if e.j0 == e.j1 else "y" if e.i0 == e.i1 else "m" for e in path]
        runs += sum(k not in ("m", b) for b, k in zip(["m", *sides], sides, strict=False)) * 2**weight / scale
        for edge in path:
            share[edge] += 2**weight / scale
    beads = {e: p for e, p in share.items() if e.i0 < e.i1 and e.j0 < e.j1}
    found = survey(evidence, [(0, n, 0, m)])
    assert found.translated == pytest.approx(sum(beads.values()), abs=1e-6)
    assert found.nulls == pytest.approx(share.total() - sum(beads.values()), abs=1e-6)
    assert found.runs == pytest.approx(runs, abs=1e-6)
    merged = {e: p for e, p in beads.items() if (e.i1 - e.i0, e.j1 - e.j0) != (1, 1)}
    assert found.merged == pytest.approx(sum(merged.values()), abs=1e-6)
    likely = sorted((e.i0, e.i1, e.j0, e.j1, p) for e, p in beads.items() if p > 0.5)
    assert sorted(map(tuple, found.beads.tolist())) == [pytest.approx(bead) for bead in likely]


def test_many_blocks_are_as_each_alone() -> None:
    evidence = evidence_for(made(5, 30).zh, made(5, 30).vi)
    n, m = evidence.shape
    blocks = [(0, 4, 0, 5), (4, 9, 5, 7), (9, 9, 7, 12), (9, n, 12, m)]
    together, alone = survey(evidence, blocks), [survey(evidence, [block]) for block in blocks]
    for name in ("nulls", "runs", "translated", "merged"):
        assert getattr(together, name) == pytest.approx(sum(getattr(one, name) for one in alone))
    beads = np.concatenate([one.beads for one in alone])
    order = np.argsort(beads[:, 0])
    assert together.beads[np.argsort(together.beads[:, 0])] == pytest.approx(beads[order], abs=1e-6)
    weighed = [block for batch in weigh(evidence, blocks) for block in batch.weights.blocks]
    assert sorted(weighed) == sorted(blocks)


# A made-up stem that no table knows, so that only the document can teach it.
ZH = ["甪里很大。", "我们去甪里。", "他们在山上。", "天很蓝。"]
VI = ["Qwert rất lớn.", "Chúng tôi đi qwert.", "Họ ở trên núi.", "Bầu trời xanh."]


def t_of(evidence: Evidence, zh: str, vi: str) -> float:
    encoding = evidence.encoding
    row = np.array([encoding.src_units.index(zh)])
    return float(encoding.table.forward.dense(row, np.array([encoding.tgt_targets.index(vi)]))[0, 0])


def test_what_recurs_is_learned_and_what_stands_once_is_not() -> None:
    evidence = evidence_for(ZH, VI)
    assert t_of(evidence, "里", "qwert") == 0
    twice = learn(evidence, sure([(0, 1, 0, 1, 1.0), (1, 2, 1, 2, 1.0)]))
    assert t_of(twice, "里", "qwert") > 0.005
    for k in (0, 1):
        once = learn(evidence, sure([(k, k + 1, k, k + 1, 1.0)]))
        assert t_of(once, "里", "qwert") == 0
    for other in ("đi", "râtˊ"):
        assert t_of(twice, "里", other) <= t_of(evidence, "里", other)


def test_nothing_is_learned_from_nothing() -> None:
    evidence = evidence_for(ZH, VI)
    assert same_tables(evidence, learn(evidence, sure([])))


def test_what_has_no_repetition_keeps_its_t() -> None:
    evidence = evidence_for(ZH, VI)
    assert same_tables(evidence, learn(evidence, sure([(2, 3, 2, 3, 1.0), (3, 4, 3, 4, 1.0)])))


def same_tables(one: Evidence, other: Evidence) -> bool:
    return all(
        cells(getattr(one.encoding.table, name)) == pytest.approx(cells(getattr(other.encoding.table, name)))
        for name in ("forward", "backward")
    )


def test_own_counts_do_not_depend_on_the_order_of_beads() -> None:
    pair = made(8, 40, nulls=0, merges=0)
    evidence = evidence_for(pair.zh, pair.vi)
    beads = [(k, k + 1, k, k + 1, 0.6 + 0.01 * (k % 40)) for k in range(len(pair.zh))]
    one, other = learn(evidence, sure(beads)), learn(evidence, sure(beads[::-1]))
    assert cells(one.encoding.table.forward) == pytest.approx(cells(other.encoding.table.forward))
    assert cells(one.encoding.table.backward) == pytest.approx(cells(other.encoding.table.backward))


def cells(table: Sparse) -> Table:
    rows = np.repeat(np.arange(table.rows), np.diff(table.indptr))
    return dict(
        zip(zip(rows.tolist(), table.indices.tolist(), strict=True), table.data.tolist(), strict=True)
    )


def tokens(matrix: Sparse, first: int, last: int) -> Counter[int]:
    """How often each column stands in a run of rows."""
    found: Counter[int] = Counter()
    for row in range(first, last):
        for entry in range(int(matrix.indptr[row]), int(matrix.indptr[row + 1])):
            found[int(matrix.indices[entry])] += int(matrix.data[entry])
    return found


def slow_recount(
    evidence: Evidence, giver: EncodedSide, taker: EncodedSide, table: Sparse, beads: Floats
) -> Table:
    """(τ · t + expected links) / (τ + occurrences); the bead that says most is left out of both.

    The share of a token that nothing explains is λ/2 · p(w); as much is open to be learned.
    """
    smoothing, tau, old = evidence.parameters.smoothing, evidence.parameters.own_counts, cells(table)
    dilution = evidence.parameters.dilution
    links: defaultdict[tuple[int, int], list[float]] = defaultdict(list)
    stands: defaultdict[int, list[float]] = defaultdict(list)
    for g0, g1, t0, t1, p in beads.tolist():
        units, targets = tokens(giver.units, int(g0), int(g1)), tokens(taker.targets, int(t0), int(t1))
        for w, times in targets.items():
            null = smoothing / 2 * float(taker.chance[w])
            joint = {
                u: count
                / float(choices(np.array(units.total(), np.float32), dilution))
                * ((1 - smoothing) * old.get((u, w), 0.0) + null)
                for u, count in units.items()
            }
            for u, weight in joint.items():
                link = p * times * weight / (sum(joint.values()) + null)
                if link >= FAINT:
                    links[u, w].append(link)
        if targets:
            for u, count in units.items():
                stands[u].append(p * count)
    new: defaultdict[tuple[int, int], float] = defaultdict(float)
    for (u, w), t in old.items():
        new[u, w] += tau * t
    for (u, w), found in links.items():
        if len(found) > 1:
            new[u, w] += sum(found) - max(found)
    return {
        (u, w): value / (tau + sum(stands[u]) - max(stands[u], default=0.0)) for (u, w), value in new.items()
    }


@settings(deadline=None, max_examples=6)
@given(seed=st.integers(0, 999))
def test_own_counts_are_the_slow_ones(seed: int) -> None:
    pair = made(seed, 25, noise=0.3, size=8)
    evidence = evidence_for(pair.zh, pair.vi)
    rng = np.random.default_rng(seed)
    gold = [(s[0], s[-1] + 1, t[0], t[-1] + 1, rng.uniform(0.5, 1)) for s, t in pair.gold if s and t]
    found = learn(evidence, sure(gold)).encoding
    beads = np.array(gold)
    for table, giver, taker, old, rows in [
        (found.table.forward, found.src, found.tgt, evidence.encoding.table.forward, beads),
        (
            found.table.backward,
            found.tgt,
            found.src,
            evidence.encoding.table.backward,
            beads[:, [2, 3, 0, 1, 4]],
        ),
    ]:
        assert cells(table) == pytest.approx(slow_recount(evidence, giver, taker, old, rows), rel=1e-4)


def test_habits_are_learned() -> None:
    pair = made(21, 40, merges=0.5, nulls=0.0, noise=0.2)
    evidence = evidence_for(pair.zh, pair.vi)
    n, m = evidence.shape
    found = survey(evidence, [(0, n, 0, m)])
    many = learn(evidence, found).habits
    assert many.merges > 0
    few = learn(evidence, dataclasses.replace(found, merged=0.0)).habits
    assert few.merges < 0
    left_out = learn(evidence, dataclasses.replace(found, nulls=n / 2, runs=n / 10)).habits
    assert left_out.nulls > many.nulls
    assert left_out.runs > many.runs


def test_the_mean_length_ratio_is_learned() -> None:
    pair = made(22, 60, merges=0, nulls=0, noise=0.2)
    doubled = [f"{vi[:-1].lower()} {vi}" for vi in pair.vi]
    evidence = evidence_for(pair.zh, doubled)
    found = sure([(k, k + 1, k, k + 1, 1.0) for k in range(len(pair.zh))])
    mean, prior = learn(evidence, found).habits.length_mean, evidence.habits.length_mean
    assert prior < mean < np.log(2)
    assert mean > np.log(2) / 2
