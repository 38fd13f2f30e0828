"""The benchmark's scores are those of the scorer beside the development data, to the last digit it prints."""

from __future__ import annotations

import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from benchmarks.cases import find_cases
from benchmarks.cuts import CutCounts, beads_kept, cut_counts, text_pairs, texts_differ
from benchmarks.scoring import row
from benchmarks.systems import Run, toolkit
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.formats import beads as beads_format
from aligner.model import Bitext


@pytest.fixture(scope="module")
def scorer(dev_data: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("score", dev_data / "score.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_pooled_beads_score_as_the_scorer_says(dev_data: Path, tmp_path: Path) -> None:
    """A variant, written as hyp.txt files and scored by the program itself."""
    system = toolkit()
    cases = [case for case in find_cases(dev_data) if case.set_name == "ntrex/noisy"][:8]
    runs = [system.run(case) for case in cases]
    for run in runs:
        for root, bitext in (("gold", run.case.gold), ("hyp", run.hyp)):
            folder = tmp_path / root / run.case.name / "noisy"
            folder.mkdir(parents=True)
            with (folder / f"{root}.txt").open("wb") as file:
                beads_format.write(bitext, file)
    roots = [str(tmp_path / root) for root in ("gold", "hyp")]
    command = [sys.executable, str(dev_data / "score.py"), "tree", *roots, "noisy"]
    printed = subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout
    ours = row(system, runs, "all", samples=0).evaluation
    assert ours
    for name, score in (("strict", ours.strict), ("lax", ours.lax), ("null", ours.null)):
        line = re.search(rf"^{name}\s+(\S+)\s+(\S+)\s+(\S+)$", printed, re.MULTILINE)
        assert line
        assert line.groups() == tuple(f"{x:.4f}" for x in (score.precision, score.recall, score.f1))
    assert f"hyp beads {ours.hyp_beads}, gold non-null beads {ours.gold_beads}" in printed


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # it leaves files open
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_cuts_of_paragraphs_score_as_the_scorer_says(dev_data: Path, scorer: ModuleType) -> None:
    """The gold that this benchmark reads, and its cuts, against what the scorer reads and says."""
    system = toolkit()
    cases = [case for case in find_cases(dev_data) if case.set_name == "ntrex/mono"][:4]
    assert cases
    for case in cases:
        hyp = text_pairs(system.run(case).hyp)
        gold = text_pairs(case.gold)
        theirs = scorer.gold_pairs(str(case.gold_path.parent))
        assert [(zh.strip(), vi.strip()) for zh, vi in gold] == [
            (zh.strip(), vi.strip()) for zh, vi in theirs
        ]
        scored = scorer.text_score(theirs, hyp)
        counts = cut_counts(hyp, gold)
        assert (counts.precision, counts.recall, counts.f1) == pytest.approx(scored["cut"])
        assert texts_differ(hyp, gold) == scored["text differs on"]


PAIRS = st.lists(st.tuples(st.text("ab １。,", max_size=4), st.text("xyÂ .-", max_size=4)), max_size=6)


@settings(deadline=None, max_examples=200)
@given(hyp=PAIRS, gold=PAIRS)
def test_cuts_agree_on_any_text(
    scorer: ModuleType, hyp: list[tuple[str, str]], gold: list[tuple[str, str]]
) -> None:
    counts = cut_counts(hyp, gold)
    scored = scorer.text_score(gold, hyp)
    assert (counts.precision, counts.recall, counts.f1) == pytest.approx(scored["cut"])
    assert texts_differ(hyp, gold) == scored["text differs on"]


def test_cuts_by_hand() -> None:
    gold = [("你好。", "Xin chào."), ("再见！", "Tạm biệt!"), ("谢谢", "Cảm ơn")]
    assert cut_counts([("你好", "Xin chào"), ("再见 ", "tạm biệt"), ("谢谢", "Cảm ơn.")], gold).f1 == 1
    one_lost = cut_counts([("你好。再见！", "Xin chào. Tạm biệt!"), ("谢谢", "Cảm ơn")], gold)
    assert (one_lost.precision, one_lost.recall) == (1, 1 / 2)
    assert CutCounts().f1 == 1


def test_beads_of_a_page_are_kept_whole_or_not() -> None:
    """The gold knows two paragraphs of each side; the page has a menu before and code between them."""
    blocks = (["菜单", "第一段。", "x = 1", "第二段。"], ["Thực đơn", "Đoạn một.", "x = 1", "Đoạn hai."])
    gold = [("第一段", "Đoạn một"), ("第二段", "Đoạn hai")]
    finer = [("菜单", "Thực đơn"), ("第一", "Đoạn"), ("段。", "một."), ("x=1", "x=1"), ("第二段", "Đoạn hai")]
    assert beads_kept(finer, gold, blocks) == (2, 2)
    into_code = [("菜单", "Thực đơn"), ("第一段 x=1", "Đoạn một. x=1"), ("第二段", "Đoạn hai")]
    assert beads_kept(into_code, gold, blocks) == (1, 2)
    assert beads_kept(finer, [("第三段", "Đoạn ba")], blocks) == (0, 1)


def test_the_article_is_measured_without_development_data() -> None:
    (case,) = find_cases(None)
    assert (case.set_name, case.half) == ("article", "-")
    gold = case.gold
    whole = Bitext(gold.src, gold.tgt, tuple(b.replace(confidence=1.0) for b in gold.beads))
    perfect = row(toolkit(), [Run(case, whole, 1.0)], "-", samples=0)
    assert perfect.evaluation
    assert perfect.evaluation.strict.f1 == 1
    assert perfect.trust
    assert (perfect.trust.right, perfect.trust.reached) == (1, 1)
    nothing = [
        half for b in gold.beads for half in (b.replace(tgt=()), b.replace(src=())) if half.src or half.tgt
    ]
    empty = row(toolkit(), [Run(case, whole.replace(beads=tuple(nothing)), 1.0)], "-", samples=0)
    assert empty.evaluation
    assert empty.evaluation.strict.recall == 0
    assert empty.trust
    assert empty.trust.right < 0.1  # nulls of the gold are all that is right
