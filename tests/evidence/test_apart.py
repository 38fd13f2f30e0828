"""Beads weighed all at once, each as if it stood alone: against one at a time."""

import dataclasses
import itertools
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.align.generated import made

from aligner.config import AlignOptions
from aligner.evidence.apart import Segments, rows_of, weights_apart
from aligner.evidence.combine import block_weights
from aligner.evidence.structure import pair_structure
from aligner.model import Origin, Segment
from aligner.pipeline import evidence_of

OPTIONS = AlignOptions()
Beads = Sequence[tuple[Segments, Segments]]


def together(beads: Beads) -> list[float]:
    zh, vi = rows_of(src for src, _ in beads), rows_of(tgt for _, tgt in beads)
    evidence = evidence_of(zh.segments, vi.segments, OPTIONS, one_document=False)
    return weights_apart(evidence, zh, vi, beads)


def alone(bead: tuple[Segments, Segments]) -> float:
    """The slow way: everything anew for the bead, its structure with it."""
    (src, tgt), bead_type = bead, (len(bead[0]), len(bead[1]))
    evidence = evidence_of(src, tgt, OPTIONS, one_document=False)
    evidence = dataclasses.replace(evidence, structure=pair_structure(src, tgt))
    return float(block_weights(evidence, (0, len(src), 0, len(tgt)), [bead_type]).total(bead_type)[0, 0])


@settings(deadline=None, max_examples=25)
@given(
    seed=st.integers(0, 99),
    paragraphs=st.lists(st.integers(0, 3), min_size=8, max_size=8).map(sorted),
    heading=st.integers(0, 7),
)
def test_all_at_once_is_as_one_at_a_time(*, seed: int, paragraphs: list[int], heading: int) -> None:
    src, tgt = (
        [
            dataclasses.replace(s, origin=Origin(paragraph=p), kind="heading" if k == heading else "text")
            for k, (s, p) in enumerate(zip(side, paragraphs, strict=False))
        ]
        for side in made(seed, 5, nulls=0).segments()
    )
    beads = [
        (tuple(src[i : i + a]), tuple(tgt[j : j + b]))
        for i, j, (a, b) in itertools.product(
            range(len(src) - 3), range(len(tgt) - 3), [(1, 1), (1, 2), (3, 1), (2, 2), (4, 1)]
        )
    ]
    assert together(beads) == pytest.approx([alone(bead) for bead in beads], abs=1e-3)


def test_a_number_that_stands_in_another_bead_is_known_to_all() -> None:
    """What is shared, and why weights of texts with numbers are only nearly those by themselves."""
    (ten, other), (ten_vi, other_vi) = (
        [Segment(k, text, 0, len(text)) for k, text in enumerate(texts)]
        for texts in (["十分好", "十月"], ["thập phần tốt", "tháng 10"])
    )
    first, second = ((ten,), (ten_vi,)), ((other,), (other_vi,))
    assert together([first])[0] == pytest.approx(alone(first), abs=1e-3)
    assert together([first, second])[0] < alone(first) - 0.1


def test_the_order_of_beads_and_their_number_are_kept() -> None:
    src, tgt = made(2, 6, nulls=0).segments()
    beads = [((s,), (t,)) for s, t in itertools.product(src, tgt)]
    weights = together(beads)
    assert together(beads[::-1]) == pytest.approx(weights[::-1], abs=1e-3)
    assert together([beads[3], beads[3]]) == pytest.approx([weights[3]] * 2, abs=1e-3)
    assert together([]) == []


def test_more_beads_than_are_worked_at_once() -> None:
    src, tgt = made(4, 30, nulls=0).segments()
    beads = [((s,), (t,)) for s, t in itertools.product(src, tgt)]
    weights = together(beads)
    assert len(weights) > 600
    some = range(0, len(beads), 97)
    assert [weights[k] for k in some] == pytest.approx(together([beads[k] for k in some]), abs=1e-3)
