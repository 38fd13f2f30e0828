"""Beads side by side: widths in terminal cells, and lines broken where a reader expects them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.cli.table import PLAIN_WIDTH, cells_of, render, wrap
from aligner.model import Bead, Bitext, Segment, Side


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("Xin chào các bạn", 9, ["Xin chào", "các bạn"]),
        ("你好，各位朋友。", 6, ["你好，", "各位朋", "友。"]),
        # no line begins with a mark that closes, none ends with one that opens
        ("一二三，四", 6, ["一二", "三，四"]),
        ("一二“三”", 6, ["一二", "“三”"]),
        ("在2025年召开", 6, ["在2025", "年召开"]),
        ("Tổng   cộng\n\t12", 20, ["Tổng cộng 12"]),
        ("abcdefgh ij", 4, ["abcd", "efgh", "ij"]),
        ("", 5, [""]),
        ("a\x1b[2Jb", 20, ["a\ufffd[2Jb"]),
    ],
)
def test_lines_are_broken_where_a_reader_expects(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet="aбộ 你，。“”\u0301（)%.\n", max_size=60), st.integers(8, 30))
def test_wrapping_loses_nothing_and_keeps_the_width(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(cells_of(line) <= width for line in lines)


def test_cells() -> None:
    assert cells_of("你好") == 4
    assert cells_of("Việt") == cells_of("Vie\u0323\u0302t") == 4


def bitext() -> Bitext:
    zh, zh_next = Segment(0, "你好。", 0, 3), Segment(1, "再见。", 3, 6)
    vi = Segment(0, "Xin chào và tạm biệt. " * 6, 10, 30)
    beads = (
        Bead(0, (zh, zh_next), (vi,), confidence=0.999),
        Bead(1, (), (Segment(1, "Ảnh: A", 31, 37),), confidence=0.2, status="rejected"),
    )
    return Bitext(Side("zh-Hans", "a.txt", ""), Side("vi", "a.txt", ""), beads)


def test_a_table_shows_ids_segments_nulls_confidence_and_status() -> None:
    lines = render([bitext()], terminal=False).splitlines()
    assert lines[0] == "a.txt"
    assert lines[1].split() == ["bead", "Chinese", "Vietnamese", "confidence"]
    assert lines[3].split()[:3] == ["0", "1)", "你好。"]
    assert lines[3].endswith(" 99%"), "100% is for certainty"
    assert any(line.strip().startswith("2) 再见。") for line in lines)
    null = next(line for line in lines if "Ảnh: A" in line)
    assert null.split()[:2] == ["1", "-"]
    assert any(line.endswith(" rejected") for line in lines)
    assert lines[-1] == (
        "2 beads: 0 one to one, 1 of several segments, 1 without counterpart; 1 with a confidence below 50%"
    )
    assert all(cells_of(line) <= PLAIN_WIDTH for line in lines)
    assert "\x1b" not in "".join(lines)


def test_a_terminal_gets_its_width_and_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "72")
    shown = render([bitext()], terminal=True)
    assert "─" * 72 in shown
    assert "─" * 73 not in shown
    assert "\x1b[32m" in shown
