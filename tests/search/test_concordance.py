"""The concordance finds what a plain search through all texts finds, and follows the files."""

from __future__ import annotations

import json
import sqlite3
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.cli import main
from aligner.errors import UsageError
from aligner.formats.bitext import write
from aligner.model import Bead, Bitext, Segment, Side
from aligner.review.decisions import decide, decisions_path, record
from aligner.search.concordance import Query, index_of, search
from aligner.search.index import FILE, Index
from aligner.search.phrases import phrase, places

ROWS = [
    ("第十六次会晤。", "Hội nghị lần thứ 16."),
    ("舉行會晤", "tổ chức gặp gỡ"),
    ("双方会谈", "Hai bên hội đàm"),
    ("省人民委员会", "Uỷ ban nhân dân tỉnh"),
    ("", "Ảnh: UBND tỉnh"),
]


def bitext(rows: Sequence[tuple[str, str]], name: str = "a.txt") -> Bitext:
    beads = tuple(
        Bead(
            i,
            (Segment(i, zh, 0, len(zh)),) if zh else (),
            (Segment(i, vi, 0, len(vi)),) if vi else (),
            confidence=0.5,
        )
        for i, (zh, vi) in enumerate(rows)
    )
    return Bitext(Side("zh-Hans", name, ""), Side("vi", name, ""), beads)


def stored(folder: Path, rows: Sequence[tuple[str, str]], name: str = "a") -> Path:
    path = folder / f"{name}.bitext.jsonl"
    with path.open("wb") as file:
        write(bitext(rows, f"{name}.txt"), file)
    return path


def found(paths: Sequence[Path], query: Query, folder: Path | None = None) -> list[int]:
    with index_of(folder, paths) as index:
        return [hit.bead for hit in search(index, query).hits]


@pytest.mark.parametrize(
    ("query", "beads"),
    [
        (Query("会晤"), [0, 1]),
        (Query("ủy ban"), [3]),
        (Query("会"), [0, 1, 2, 3]),
        (Query("会晤", together=("gặp gỡ",)), [1]),
        (Query("会晤", without=("hội nghị",)), [1]),
        (Query("第.*次", is_regex=True), [0]),
        (Query("HỘI", is_regex=True), [0, 2]),
        (Query("h.i", together=("会谈",), is_regex=True), [2]),
        (Query("đàm hội"), []),
        (Query("ubnd"), [4]),
    ],
)
def test_search(tmp_path: Path, query: Query, beads: list[int]) -> None:
    assert found([stored(tmp_path, ROWS)], query, tmp_path) == beads


def test_marks_are_where_it_stands(tmp_path: Path) -> None:
    with index_of(None, [stored(tmp_path, ROWS)]) as index:
        (hit,) = search(index, Query("會晤", together=("gặp gỡ", "gặp"))).hits
    assert [hit.src[start:end] for start, end in hit.src_marks] == ["會晤"]
    assert [hit.tgt[start:end] for start, end in hit.tgt_marks] == ["gặp gỡ"]


def test_more_than_the_limit_is_said(tmp_path: Path) -> None:
    with index_of(None, [stored(tmp_path, ROWS)]) as index:
        assert search(index, Query("会"), limit=3).more
        assert not search(index, Query("会"), limit=4).more
        assert len(search(index, Query("会"), limit=None).hits) == 4


@given(
    st.lists(st.tuples(*[st.text(alphabet="会晤省，uỷ ban.G5", max_size=8)] * 2), max_size=6),
    st.text(alphabet="会晤省uỷủ banG5", min_size=1, max_size=4),
)
@settings(max_examples=60, deadline=None)
def test_the_index_finds_what_a_plain_search_finds(rows: list[tuple[str, str]], text: str) -> None:
    try:
        looked_for = phrase(text)
    except UsageError:
        return
    expected = [i for i, sides in enumerate(rows) if any(list(places(side, looked_for)) for side in sides)]
    with Index(None) as index:
        index.add("a", "", [bitext(rows)])
        assert [hit.bead for hit in search(index, Query(text)).hits] == expected


def test_the_index_follows_the_files(tmp_path: Path) -> None:
    one, two = stored(tmp_path, ROWS, "a"), stored(tmp_path, ROWS[:1], "b")
    assert found([one, two], Query("会晤"), tmp_path) == [0, 1, 0]
    with Index(tmp_path / FILE) as index:
        assert index.refresh([one, two]) == 0
    stored(tmp_path, [("会晤会晤", "x")], "b")
    assert found([one, two], Query("会晤"), tmp_path) == [0, 1, 0]
    assert found([two], Query("第十六次"), tmp_path) == []
    assert found([two], Query("省"), tmp_path) == []


def test_the_index_knows_what_was_decided(tmp_path: Path) -> None:
    path = stored(tmp_path, ROWS)
    assert found([path], Query("峰会"), tmp_path) == []
    edited = decide(
        bitext(ROWS, "a.txt"), [2], "edit", author="an", after=[(("双方峰会",), ("Hai bên hội đàm",))]
    )
    record(decisions_path(path), edited)
    assert found([path], Query("峰会"), tmp_path) == [2]


def test_a_broken_index_is_made_anew(tmp_path: Path) -> None:
    path = stored(tmp_path, ROWS)
    (tmp_path / FILE).write_bytes(b"SQLite format 3\x00" + b"\xff" * 5000)
    assert found([path], Query("会晤"), tmp_path) == [0, 1]


def test_an_index_of_another_version_is_made_anew(tmp_path: Path) -> None:
    path = stored(tmp_path, ROWS)
    found([path], Query("会晤"), tmp_path)
    with sqlite3.connect(tmp_path / FILE) as base:
        base.execute("UPDATE about SET version = '0'")
    base.close()
    assert found([path], Query("会晤"), tmp_path) == [0, 1]


def test_an_index_that_cannot_be_written_is_kept_in_memory(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    assert found([stored(tmp_path, ROWS)], Query("会晤"), tmp_path) == [0, 1]


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        (Query("(", is_regex=True), "no regular expression"),
        (Query("", is_regex=True), "nothing to search"),
        (Query("。"), "nothing to search"),
        (Query("会", without=("。",)), "nothing to search"),
    ],
)
def test_a_query_that_is_none_is_said(tmp_path: Path, query: Query, problem: str) -> None:
    with index_of(None, [stored(tmp_path, ROWS)]) as index, pytest.raises(UsageError, match=problem):
        search(index, query)


def test_an_expression_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("aligner.search.concordance._PATIENCE", 0.05)
    with Index(None) as index:
        index.add("a", "", [bitext([("a" * 60 + "b", "x")])])
        with pytest.raises(UsageError, match="takes too long"):
            search(index, Query(r"(a|aa|a?)+[cd]", is_regex=True))


def test_the_command(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("seeds", "corpus", "glossary"):
        (tmp_path / name).mkdir()
    stored(tmp_path / "corpus", ROWS)
    monkeypatch.chdir(tmp_path)
    assert main(["search", "會晤", "-f", "tsv"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert [line.split("\t")[2:5] for line in shown] == [
        ["bead", "zh", "vi"],
        ["0", *ROWS[0]],
        ["1", *ROWS[1]],
    ]
    assert main(["search", "hội đàm", "-f", "json"]) == 0
    (hit,) = json.loads(capsys.readouterr().out)
    assert hit["tgt_marks"] == [[8, 15]]
    assert main(["search", "会", "--limit", "1"]) == 0
    shown_all = capsys.readouterr()
    assert "第十六次⟦会⟧晤" in shown_all.out
    assert "more than 1 bead" in shown_all.out
    assert "--limit 0" in shown_all.err
    assert main(["search", "không có"]) == 0
    assert capsys.readouterr().out == "nothing found\n"
    assert main(["search", "。"]) == 2


def test_the_command_searches_memories_and_tables(
    tmp_path: Path, aligner: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    (tmp_path / "m.tsv").write_text("zh\tvi\n会晤\tgặp gỡ\n", "utf-8")
    result = aligner("search", "会晤", "m.tsv", cwd=tmp_path)
    assert (result.returncode, "⟦会晤⟧" in result.stdout) == (0, True)
    assert [path.name for path in tmp_path.iterdir()] == ["m.tsv"]
    missing = aligner("search", "会晤", "gone.tsv", cwd=tmp_path)
    assert (missing.returncode, missing.stderr.count("\n")) == (1, 1)
