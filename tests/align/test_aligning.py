"""From segments to beads: nothing lost, and every bead's score shown in full."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.align.generated import made, segments

from aligner.align.aligning import align
from aligner.align.drafts import calibrated
from aligner.align.lattice import BEAD_TYPES, best_paths
from aligner.align.passes import learn, survey
from aligner.align.shares import posteriors
from aligner.align.weigh import lattice_of
from aligner.config import AlignOptions
from aligner.evidence.combine import batch_weights
from aligner.model import Bead
from aligner.pipeline import evidence_of

pytestmark = pytest.mark.usefixtures("twins")

# Bits of which random segments are made: both languages, numbers, names, marks alone, nothing known.
ZH_BITS = [
    "中国",
    "越南",
    "会谈",
    "十六",
    "2024",
    "GDP",
    "。",
    "，",
    "……",
    "国家",
    "一",
    "😀",
    "ア",
    "\u0301",
    "鿿",
]
VI_BITS = [
    "Trung Quốc",
    "Việt Nam",
    "hội đàm",
    "16",
    "mười sáu",
    "GDP",
    ".",
    ",",
    "…",
    "nước",
    "xyz",
    "😀",
    "đđđ",
]


def random_side(bits: list[str], joint: str) -> st.SearchStrategy[list[str]]:
    text = st.lists(st.sampled_from(bits), min_size=1, max_size=6).map(joint.join)
    return st.lists(text, max_size=7)


def ids(beads: Sequence[Bead]) -> tuple[list[int], list[int]]:
    return [s.id for bead in beads for s in bead.src], [s.id for bead in beads for s in bead.tgt]


@settings(deadline=None, max_examples=25)
@given(zh=random_side(ZH_BITS, ""), vi=random_side(VI_BITS, " "), passes=st.integers(1, 2))
def test_every_segment_stands_in_one_bead_in_order(zh: list[str], vi: list[str], passes: int) -> None:
    src, tgt = segments(zh), segments(vi)
    beads = align(src, tgt, evidence_of(src, tgt, AlignOptions()), second_pass=passes > 1)
    src_ids, tgt_ids = ids(beads)
    assert src_ids == list(range(len(zh)))
    assert sorted(tgt_ids) == list(range(len(vi)))
    _, unmoved = ids([bead for bead in beads if not bead.moved])  # a few such words can be two moved blocks
    assert unmoved == sorted(unmoved)
    assert [bead.id for bead in beads] == list(range(len(beads)))
    for bead in beads:
        assert (len(bead.src), len(bead.tgt)) in {*BEAD_TYPES, (1, 0), (0, 1)}
        assert 0 <= bead.confidence <= 1
        assert math.isfinite(bead.score)
        assert bead.score == pytest.approx(sum(bead.evidence.values()), abs=1e-9)


def test_scores_add_up_to_the_best_path() -> None:
    pair = made(11, 20, nulls=0.1)
    src, tgt = pair.segments()
    first = evidence_of(src, tgt, AlignOptions())
    block = (0, len(src), 0, len(tgt))
    for second_pass, evidence in [(False, first), (True, learn(first, survey(first, [block])))]:
        beads = align(src, tgt, first, second_pass=second_pass)
        _, totals = best_paths(lattice_of(batch_weights(evidence, [block], BEAD_TYPES)))
        assert sum(bead.score for bead in beads) == pytest.approx(totals[0], abs=0.002 * len(beads))


def test_the_first_null_of_a_run_pays_for_opening_it() -> None:
    pair, alone = made(12, 8, nulls=0), made(99, 1, size=25).zh[0]
    src, tgt = segments([*pair.zh[:4], alone, alone, alone, *pair.zh[4:]]), segments(pair.vi)
    evidence = evidence_of(src, tgt, AlignOptions())
    beads = align(src, tgt, evidence, second_pass=False)
    nulls = [bead for bead in beads if bead.is_null]
    assert [bead.src_text for bead in nulls] == [alone] * 3
    opening = evidence.parameters.null_open + evidence.habits.runs * evidence.parameters.null_open_habit
    assert nulls[0].score - nulls[1].score == pytest.approx(opening, abs=0.002)
    assert nulls[1].score == nulls[2].score


def test_confidence_is_the_calibrated_posterior() -> None:
    src, tgt = made(13, 12, noise=0.7).segments()
    evidence = evidence_of(src, tgt, AlignOptions())
    found = posteriors(lattice_of(batch_weights(evidence, [(0, len(src), 0, len(tgt))], BEAD_TYPES)))
    slope, intercept = evidence.parameters.calibration
    for bead in align(src, tgt, evidence, second_pass=False):
        if bead.is_null:
            continue
        a, b = len(bead.src), len(bead.tgt)
        posterior = float(found.beads[a, b][0, bead.src[-1].id + 1, bead.tgt[-1].id + 1])
        assert bead.confidence == pytest.approx(calibrated(posterior, slope, intercept), abs=1e-4)


@given(p=st.floats(0, 1), q=st.floats(0, 1), slope=st.floats(0.1, 5), intercept=st.floats(-3, 3))
def test_calibration_keeps_the_order_and_stays_a_probability(
    p: float, q: float, slope: float, intercept: float
) -> None:
    low, high = (calibrated(x, slope, intercept) for x in sorted((p, q)))
    assert 0 <= low <= high <= 1
    assert calibrated(p, 1.0, 0.0) == pytest.approx(min(max(p, 1e-6), 1 - 1e-6))


def test_swapping_beads_of_one_side_only_lowers_the_score() -> None:
    """A document aligned with itself in another order is worse than in its own."""
    pair = made(14, 12, merges=0, nulls=0, noise=0.2)
    rng = np.random.default_rng(0)
    shuffled = [pair.vi[k] for k in rng.permutation(len(pair.vi))]
    totals = []
    for vi in (pair.vi, shuffled):
        src, tgt = segments(pair.zh), segments(vi)
        totals.append(sum(bead.score for bead in align(src, tgt, evidence_of(src, tgt, AlignOptions()))))
    assert totals[0] > totals[1] + 20
