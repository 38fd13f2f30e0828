"""Mining: against the obvious, on texts whose sentences are known, and on the seeds as they were judged."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.scale.conftest import TEXTS

from aligner.config import AlignOptions
from aligner.evidence.combine import block_weights
from aligner.model import Segment
from aligner.pipeline import evidence_of, segments_of
from aligner.scale import mining
from aligner.scale.mining import MinedPair, confidence, mine

ROOT = Path(__file__).parents[2]
ZH = [line for zh, _ in TEXTS for line in zh.split("\n")]
VI = [line for _, vi in TEXTS for line in vi.split("\n")]


def segments(texts: Sequence[str]) -> list[Segment]:
    return [Segment(number, text, 0, len(text)) for number, text in enumerate(texts)]


def test_sentences_are_found_wherever_they_stand() -> None:
    order = sorted(range(len(VI)), key=lambda k: k * 7 % len(VI))
    found = mine(segments(ZH), segments([VI[k] for k in order]), AlignOptions())
    sure = [pair for pair in found if pair.confidence >= 0.9]
    assert len(sure) >= len(ZH) / 2
    assert all(ZH.index(pair.src.text) == VI.index(pair.tgt.text) for pair in sure)


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(len(ZH))), st.integers(1, 9), st.integers(1, 9))
def test_best_and_next_best_against_the_whole_matrix(order: list[int], n: int, m: int) -> None:
    """However the rectangles are cut: each other's best, with the margin over the rest."""
    src, tgt = segments([ZH[k] for k in order[:n]]), segments([VI[k] for k in sorted(order)[:m]])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mining, "_ROWS", 2)
        patch.setattr(mining, "_COLUMNS", 3)
        found = mine(src, tgt, AlignOptions())
    parts = block_weights(evidence_of(src, tgt, AlignOptions()), (0, n, 0, m), [(1, 1)]).parts[1, 1]
    whole = parts["translation"] + parts["length"] + parts["prior"]
    expected = {
        (i, j)
        for i in range(n)
        for j in range(m)
        if whole[i, j] == whole[i].max() and whole[i, j] == whole[:, j].max()
    }
    assert {(pair.src.id, pair.tgt.id) for pair in found} == expected
    for pair in found:
        i, j = pair.src.id, pair.tgt.id
        others = np.concatenate([np.delete(whole[i], j), np.delete(whole[:, j], i), [-np.inf]])
        assert np.isclose(pair.score, whole[i, j], atol=1e-3)
        assert pair.margin == np.inf or np.isclose(pair.margin, whole[i, j] - others.max(), atol=1e-3)


def test_confidence_grows_with_the_evidence() -> None:
    assert confidence(2, 3, 40) < confidence(6, 3, 40) < confidence(6, 8, 40)
    assert confidence(6, 3, 400) < confidence(6, 3, 40)
    assert 0 < confidence(-50, 0, 1) < confidence(500, float("inf"), 1) < 1 + 1e-9


def test_nothing_on_a_side() -> None:
    assert mine([], segments(VI), AlignOptions()) == []
    assert mine(segments(ZH), [], AlignOptions()) == []


def test_what_is_found_in_the_seeds_was_judged() -> None:
    """Other papers on the same meetings: every sure pair has a verdict."""
    cases = json.loads((ROOT / "tests" / "cases" / "mined_seeds.json").read_text("utf-8"))["pairs"]
    verdicts = {(case["document"], case["zh"], case["vi"]): case["verdict"] for case in cases}
    folder = ROOT / "seeds"
    zh = dict(segments_of(folder / "002_9543e6bcbcfb8ab6.txt"))["zh-Hans"]
    found: list[tuple[str, MinedPair]] = []
    for path in sorted(folder.glob("00[0134]_*.txt")):
        vi = dict(segments_of(path))["vi"]
        found += [(path.name, p) for p in mine(zh, vi, AlignOptions()) if p.confidence >= 0.9]
    assert found
    given_ = [verdicts[name, pair.src.text, pair.tgt.text] for name, pair in found]
    assert given_.count("yes") >= 1
