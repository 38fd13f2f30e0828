"""N5: dates as sets of year, month and day."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.language.dates import find_dates
from aligner.language.number_words import han_numeral, vi_numeral

CASES = json.loads((Path(__file__).parents[1] / "cases" / "dates.json").read_text(encoding="utf-8"))
Lang = Literal["zh", "vi"]


@pytest.mark.parametrize(
    ("lang", "text", "expected"), [(lang, *case) for lang in ("zh", "vi") for case in CASES[lang]]
)
def test_dates(lang: Lang, text: str, expected: list[list[int | None]]) -> None:
    assert [list(date.ymd) for date in find_dates(text, lang)] == expected


@pytest.mark.parametrize("lang", ["zh", "vi"])
def test_an_empty_text_has_none(lang: Lang) -> None:
    assert find_dates("", lang) == find_dates(" ", lang) == ()


def test_span_is_the_date() -> None:
    text = "Hội nghị diễn ra ngày 19/2/2025 tại Hạ Long"
    (date,) = find_dates(text, "vi")
    assert text[date.start : date.end] == "ngày 19/2/2025"


def test_the_span_of_days_means_the_same_in_both_languages() -> None:
    zh = {date.ymd for date in find_dates("2月19日至21日", "zh")}
    assert zh == {date.ymd for date in find_dates("từ ngày 19-21/2", "vi")} != set()


@settings(max_examples=200, deadline=None)
@given(st.dates(dt.date(1000, 1, 1), dt.date(2999, 12, 31)))
def test_any_date_in_any_writing_is_read(day: dt.date) -> None:
    y, m, d = day.year, day.month, day.day
    positional = "".join("〇一二三四五六七八九"[int(c)] for c in str(y))
    written: list[tuple[str, Lang]] = [
        (f"{y}年{m}月{d}日", "zh"),
        (f"{positional}年{han_numeral(m)}月{han_numeral(d)}日", "zh"),
        (f"ngày {d} tháng {m} năm {y}", "vi"),
        (f"ngày {vi_numeral(d)} tháng {vi_numeral(m)} năm {vi_numeral(y)}", "vi"),
    ]
    if y < 2100:
        written += [(day.isoformat(), "zh"), (f"{d}/{m}/{y}", "vi"), (f"{d:02}-{m:02}-{y}", "vi")]
    for text, lang in written:
        assert [date.ymd for date in find_dates(text, lang)] == [(y, m, d)], text
