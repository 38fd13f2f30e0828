"""All evidence added up: named parts, linear in the parameters, the same in a part as in the whole."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from tests.align.generated import made

from aligner.align.lattice import BEAD_TYPES
from aligner.config import AlignOptions
from aligner.evidence.combine import BlockWeights, Evidence, Floats, block_features, block_weights
from aligner.evidence.habits import Habits
from aligner.evidence.length import length_weight
from aligner.evidence.parameters import Parameters
from aligner.model import Origin, Segment
from aligner.pipeline import evidence_of

pytestmark = pytest.mark.usefixtures("twins")

HABITS = Habits(length_mean=0.3, nulls=1.5, runs=-0.5, merges=0.75)


def in_paragraphs(segments: list[Segment], size: int) -> list[Segment]:
    """A title, then paragraphs of that many segments."""
    placed = [dataclasses.replace(s, origin=Origin(paragraph=(s.id + size - 1) // size)) for s in segments]
    return [dataclasses.replace(placed[0], kind="title"), *placed[1:]]


@pytest.fixture(scope="module")
def bare() -> Evidence:
    found = evidence_of(*made(1, 5, nulls=0.2).segments(), AlignOptions())
    return dataclasses.replace(found, habits=HABITS)


@pytest.fixture(scope="module")
def structured() -> Evidence:
    src, tgt = made(2, 6, nulls=0.2).segments()
    found = evidence_of(in_paragraphs(src, 2), in_paragraphs(tgt, 3), AlignOptions())
    return dataclasses.replace(found, habits=HABITS)


def whole(evidence: Evidence) -> BlockWeights:
    n, m = evidence.shape
    return block_weights(evidence, (0, n, 0, m), BEAD_TYPES)


def changed(evidence: Evidence, **changes: Any) -> Evidence:
    parameters: Parameters = dataclasses.replace(evidence.parameters, **changes)
    return dataclasses.replace(evidence, parameters=parameters)


def total(parts: Mapping[str, Floats]) -> Floats:
    return np.asarray(np.sum(list(parts.values()), axis=0))


def test_parts_are_named_and_absent_where_there_is_nothing_to_say(
    bare: Evidence, structured: Evidence
) -> None:
    for parts in whole(bare).parts.values():
        assert set(parts) == {"translation", "length", "prior"}
    assert set(whole(bare).src_null) == {"prior"}
    for parts in whole(structured).parts.values():
        assert set(parts) == {"translation", "length", "structure", "prior"}


def test_the_score_is_the_sum_of_its_parts(structured: Evidence) -> None:
    weights = whole(structured)
    n, m = structured.shape
    for (a, b), parts in weights.parts.items():
        assert weights.total((a, b)).shape == (n - a + 1, m - b + 1)
        for i, j in np.ndindex(n - a + 1, m - b + 1):
            assert weights.total((a, b))[i, j] == pytest.approx(sum(part[i, j] for part in parts.values()))


@pytest.mark.parametrize("name", ["forward", "backward", "length", "size", "merge", "quotation"])
def test_weights_are_linear_in_the_parameters(bare: Evidence, name: str) -> None:
    n, m = bare.shape
    features = block_features(bare, (0, n, 0, m), BEAD_TYPES)
    row = ["forward", "backward", "length", "size", "merge", "quotation"].index(name)
    before, after = whole(bare), whole(changed(bare, **{name: getattr(bare.parameters, name) + 0.5}))
    for bead_type, measured in features.beads.items():
        gained = after.total(bead_type) - before.total(bead_type)
        assert gained == pytest.approx(0.5 * measured[row], abs=1e-4)


def test_priors_count_for_their_type_alone(bare: Evidence) -> None:
    priors = {**bare.parameters.priors, (1, 2): bare.parameters.priors[1, 2] + 3.0}
    before, after = whole(bare), whole(changed(bare, priors=priors))
    for bead_type in before.parts:
        gain = 3.0 if bead_type == (1, 2) else 0.0
        assert after.total(bead_type) == pytest.approx(before.total(bead_type) + gain)


def test_features_are_what_they_say(bare: Evidence) -> None:
    n, m = bare.shape
    zh, vi = bare.encoding.src.lengths, bare.encoding.tgt.lengths
    features = block_features(bare, (0, n, 0, m), BEAD_TYPES)
    for (a, b), (_, _, length, size, merge, _) in features.beads.items():
        for i, j in np.ndindex(n - a + 1, m - b + 1):
            x, y = zh[i : i + a].sum(), vi[j : j + b].sum()
            want = length_weight(x, y, HABITS.length_mean, bare.parameters.length_model)
            assert length[i, j] == pytest.approx(float(want))
            assert size[i, j] == pytest.approx((x + y) / 10)
            assert merge[i, j] == (0.0 if (a, b) == (1, 1) else HABITS.merges)


def test_nulls_weigh_by_their_size_and_the_documents_habits(bare: Evidence) -> None:
    p, weights = bare.parameters, whole(bare)
    n, m = bare.shape
    for i in range(n):
        want = p.null_src + p.null_src_size * bare.encoding.src.lengths[i] / 10 + 1.5 * p.null_src_habit
        assert total(weights.src_null)[i] == pytest.approx(want)
    for j in range(m):
        want = p.null_tgt + p.null_tgt_size * bare.encoding.tgt.lengths[j] / 10 + 1.5 * p.null_tgt_habit
        assert total(weights.tgt_null)[j] == pytest.approx(want)
    assert weights.null_open == pytest.approx(p.null_open - 0.5 * p.null_open_habit)


def test_a_sentence_out_of_a_paragraph_is_rarely_left_out(structured: Evidence) -> None:
    n, m = structured.shape
    free = whole(changed(structured, null_inside=0.0))
    bound = whole(changed(structured, null_inside=-7.0))
    inside = structured.structure.src_inside
    gained = total(bound.src_null) - total(free.src_null)
    assert inside.any()
    assert gained == pytest.approx(-7.0 * inside)
    assert (len(gained), len(bound.tgt_null["prior"])) == (n, m)


@pytest.mark.parametrize("block", [(1, 4, 0, 3), (0, 2, 2, 5), (2, 3, 1, 5), (3, 5, 2, 2)])
def test_a_part_weighs_as_in_the_whole(structured: Evidence, block: tuple[int, int, int, int]) -> None:
    i0, i1, j0, j1 = block
    part, everything = block_weights(structured, block, BEAD_TYPES), whole(structured)
    assert part.size == (i1 - i0, j1 - j0)
    assert set(part.parts) == {(a, b) for a, b in BEAD_TYPES if a <= i1 - i0 and b <= j1 - j0}
    for a, b in part.parts:
        there = everything.total((a, b))[i0 : i1 - a + 1, j0 : j1 - b + 1]
        assert part.total((a, b)) == pytest.approx(there, abs=0.01)
    for mine, others, (first, last) in [
        (part.src_null, everything.src_null, (i0, i1)),
        (part.tgt_null, everything.tgt_null, (j0, j1)),
    ]:
        assert total(mine) == pytest.approx(total(others)[first:last])


def test_translation_is_what_either_side_says_of_the_other(bare: Evidence) -> None:
    n, m = bare.shape
    p, weights = bare.parameters, whole(bare)
    for bead_type, features in block_features(bare, (0, n, 0, m), BEAD_TYPES).beads.items():
        want = p.forward * features[0] + p.backward * features[1]
        assert weights.parts[bead_type]["translation"] == pytest.approx(want)
