"""Why a bead is dropped, case by case."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from aligner.scale.cleaning import RULES, common_lines, flags, line_key, make_pair, most_common, reason

CASES = json.loads((Path(__file__).parents[1] / "cases" / "cleaning.json").read_text("utf-8"))


@pytest.mark.parametrize(("zh", "vi", "why"), CASES["reasons"])
def test_reasons(zh: str, vi: str, why: str | None) -> None:
    pair = make_pair(zh, vi)
    assert reason(pair, ()) == why
    assert reason(pair, RULES) is None


@pytest.mark.parametrize(("zh", "vi", "kinds"), CASES["flags"])
def test_flags(zh: str, vi: str, kinds: list[str]) -> None:
    assert list(flags(zh, vi)) == kinds


def test_lines_of_many_documents_are_common() -> None:
    counts = Counter({line_key("Trang chủ"): 40, line_key("Học sinh đọc sách."): 2, line_key("首页"): 5})
    assert common_lines(counts, 100) == {line_key("trang  chủ "), line_key("首页")}
    assert common_lines(counts, 1000) == {line_key("Trang chủ")}
    assert most_common(Counter(a=1, b=2, c=3)) == {"c": 3, "b": 2}
