"""Paragraphs and kinds as evidence."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.evidence.parameters import BeadType, shipped_parameters
from aligner.evidence.rectangles import Block, rectangles
from aligner.evidence.sparse import Floats
from aligner.evidence.structure import PairStructure, bead_structure, no_structure, pair_structure
from aligner.model import KINDS, Kind, Origin, Segment

P = shipped_parameters()
RUNNING = {"text", "list", "cell"}
HEADS = {"heading", "title"}


def side(paragraphs: list[int | None], kinds: list[Kind] | None = None) -> list[Segment]:
    """Segments that stand in these paragraphs."""
    kinds = kinds or ["text"] * len(paragraphs)
    return [
        Segment(k, "x", k, k + 1, kind, Origin(paragraph=paragraph))
        for k, (paragraph, kind) in enumerate(zip(paragraphs, kinds, strict=True))
    ]


def weighed(structure: PairStructure, block: Block, bead_type: BeadType) -> dict[str, Floats]:
    """The weights in one rectangle."""
    local = structure.within(rectangles([block]))
    return {"structure": local.weights(bead_type, P)[0]} if local else {}


@settings(deadline=None, max_examples=60)
@given(
    src=st.lists(st.integers(0, 3), min_size=2, max_size=6).map(sorted),
    tgt=st.lists(st.integers(0, 3), min_size=2, max_size=6).map(sorted),
    a=st.integers(1, 3),
    b=st.integers(1, 3),
)
def test_boundaries_inside_a_bead_are_counted(src: list[int], tgt: list[int], a: int, b: int) -> None:
    structure = pair_structure(side([*src]), side([*tgt]))
    a, b = min(a, len(src)), min(b, len(tgt))
    block = (0, len(src), 0, len(tgt))
    inside = [
        sum(p != q for p, q in itertools.pairwise(span))
        for paragraphs, size in ((src, a), (tgt, b))
        for span in (paragraphs[k : k + size] for k in range(len(paragraphs) - size + 1))
    ]
    rows = len(src) - a + 1
    # A side in which no paragraph holds two segments has lines, not paragraphs.
    zh = np.array(inside[:rows]) * (len(set(src)) < len(src))
    vi = np.array(inside[rows:]) * (len(set(tgt)) < len(tgt))
    found = weighed(structure, block, (a, b))
    if structure.is_absent:
        assert not found
        return
    assert found["structure"] == pytest.approx(P.paragraph * (zh[:, None] + vi[None, :]))


def test_lines_are_no_paragraphs() -> None:
    lines, none = side([0, 1, 2, 3]), side([None, None, None])
    structure = pair_structure(lines, none)
    assert structure.is_absent
    assert structure.within(rectangles([(0, 4, 0, 3)])) is None
    assert not structure.src_inside.any()
    assert not structure.tgt_inside.any()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("other", KINDS)
def test_kinds_that_go_together(kind: Kind, other: Kind) -> None:
    heads: list[Kind] = ["title"]
    structure = pair_structure(side([0, 1], [*heads, kind]), side([0, 1], [*heads, other]))
    found = weighed(structure, (0, 2, 0, 2), (1, 1))["structure"][1, 1]
    groups = [RUNNING, HEADS, {"caption"}, {"byline"}]
    same = any({kind, other} <= group for group in groups)
    assert found == (0.0 if {kind, other} <= RUNNING else P.kind_same if same else P.kind_differs)


def test_kinds_count_only_where_both_sides_know_them() -> None:
    structure = pair_structure(side([0, 1], ["title", "text"]), side([0, 1]))
    assert structure.is_absent


def test_a_part_of_a_document_is_weighed_as_in_the_whole() -> None:
    kinds: list[Kind] = ["title", "text", "text", "text", "text"]
    structure = pair_structure(side([0, 0, 1, 2, 2], kinds), side([0, 1, 1, 1], kinds[:4]))
    whole = weighed(structure, (0, 5, 0, 4), (2, 1))["structure"]
    part = weighed(structure, (1, 4, 1, 3), (2, 1))["structure"]
    assert part == pytest.approx(whole[1:3, 1:3])


def test_what_stands_inside_a_paragraph() -> None:
    structure = pair_structure(side([0, 1, 1, 2]), side([3, 3, None, None]))
    assert structure.src_inside.tolist() == [0, 1, 1, 0]
    assert structure.tgt_inside.tolist() == [1, 1, 0, 0]


places = st.lists(st.tuples(st.none() | st.integers(0, 2), st.sampled_from(KINDS)), min_size=1, max_size=4)


@settings(deadline=None, max_examples=80)
@given(src=places, tgt=places)
def test_a_bead_by_itself_is_weighed_as_documents_that_hold_nothing_else(
    src: list[tuple[int | None, Kind]], tgt: list[tuple[int | None, Kind]]
) -> None:
    zh, vi = (side([p for p, _ in row], [kind for _, kind in row]) for row in (src, tgt))
    found = weighed(pair_structure(zh, vi), (0, len(src), 0, len(tgt)), (len(src), len(tgt)))
    want = float(found["structure"][0, 0]) if found else 0.0
    assert bead_structure(zh, vi, P) == pytest.approx(want)


def test_of_lines_of_anything_nothing_is_known() -> None:
    structure = no_structure(2, 3)
    assert structure.is_absent
    assert [len(structure.src_inside), len(structure.tgt_kinds)] == [2, 3]
