"""The round trip by table: what a person changes in an export comes back as decisions; nothing is lost."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.errors import InputError
from aligner.formats import ExportOptions, Tally, load_bitext, write_bitexts
from aligner.formats.options import Direction
from aligner.formats.tsv import read_units
from aligner.model import Bead, Bitext, Segment, Side
from aligner.review.decisions import decide, decisions_path, read_decisions, record
from aligner.review.table import Applied, apply_table

ZH = ["河内是首都。", "昨天下雨。", "花开了。", "他买了书。", "再见。", "再见。"]
VI = ["Hà Nội là thủ đô.", "Hôm qua trời mưa.", "Hoa nở rồi.", "Anh ấy mua sách.", "Tạm biệt.", "Tạm biệt."]
Table = list[list[str]]
Change = Callable[[Table], None]
SRC, TGT, STATUS, DOCUMENT, NOTE, SRC_IDS, TGT_IDS, HASH = 1, 2, 4, 5, 6, 7, 8, 9


def bitext(counts: Sequence[tuple[int, int]] = ((1, 1),) * 6) -> Bitext:
    """Beads of so many zh and vi segments each."""
    at = [0, 0]
    beads = []
    for number, count in enumerate(counts):
        sides = []
        for side, texts in enumerate((ZH, VI)):
            ids = range(at[side], at[side] + count[side])
            sides.append(tuple(Segment(i, texts[i], 100 * i, 100 * i + len(texts[i])) for i in ids))
            at[side] += count[side]
        beads.append(Bead(number, sides[0], sides[1], confidence=0.5))
    return Bitext(Side("zh-Hans", "seeds/a.txt", "0"), Side("vi", "seeds/a.txt", "0"), tuple(beads))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return stored(bitext(), tmp_path)


def stored(value: Bitext, folder: Path) -> Path:
    path = folder / "a.bitext.jsonl"
    write_bitexts([value], "bitext", path)
    return path


def table(path: Path, direction: Direction = "zh-vi") -> Table:
    file = io.BytesIO()
    write_bitexts([load_bitext(path)], "tsv", file, ExportOptions(direction=direction))
    return [line.split("\t") for line in file.getvalue().decode().splitlines()]


def applied(path: Path, rows: Table, **options: bool) -> Applied:
    data = "".join("\t".join(row) + "\n" for row in rows).encode()
    tally = Tally(unknown={})
    units = list(read_units(io.BytesIO(data), "t.tsv", tally))
    return apply_table(units, path, author="me", table="t.tsv", unknown=tally.unknown, **options)


def after(path: Path, change: Change) -> tuple[Applied, list[tuple[str, str, str]]]:
    rows = table(path)
    change(rows)
    result = applied(path, rows)
    again = applied(path, rows)
    assert again.decisions == [], "applying twice is applying once"
    beads = load_bitext(path).beads
    assert sorted(s.id for b in beads for s in b.src) == sorted(s.id for b in bitext().beads for s in b.src)
    return result, [(bead.src_text, bead.tgt_text, bead.status) for bead in beads]


def said(result: Applied) -> list[tuple[int, str]]:
    return [(noticed.line, noticed.what) for noticed in result.noticed]


def test_an_untouched_table_asks_for_nothing(path: Path) -> None:
    result = applied(path, table(path))
    assert (result.decisions, result.noticed, result.absent, result.rows) == ([], [], [], 6)
    assert not decisions_path(path).exists()


@pytest.mark.parametrize("direction", ["zh-vi", "vi-zh"])
def test_statuses_notes_and_edits(path: Path, direction: Direction) -> None:
    rows = table(path, direction)
    vi = TGT if direction == "zh-vi" else SRC
    rows[1][STATUS] = "accepted"
    rows[2][STATUS], rows[2][NOTE] = "rejected", "sai"
    rows[3][vi] = "Hoa đã nở."
    rows[4][vi], rows[4][STATUS] = "Anh ấy đã mua sách.", "rejected"
    result = applied(path, rows)
    assert result.counts == {"accept": 1, "reject": 2, "note": 1, "edit": 2}
    assert result.is_whole
    beads = load_bitext(path).beads
    assert [bead.status for bead in beads] == ["accepted", "rejected", "edited", "rejected", "auto", "auto"]
    assert (beads[1].note, beads[2].tgt_text, beads[3].tgt_text) == (
        "sai",
        "Hoa đã nở.",
        "Anh ấy đã mua sách.",
    )
    assert beads[2].original == (("花开了。",), ("Hoa nở rồi.",))
    assert {decision.author for decision in read_decisions(decisions_path(path))} == {"me"}


def merge(rows: Table) -> None:
    rows[1][SRC] += rows[2][SRC]
    rows[1][TGT] += " " + rows[2][TGT]
    del rows[2]


def merge_into_the_next(rows: Table) -> None:
    rows[2][SRC] = rows[1][SRC] + rows[2][SRC]
    rows[2][TGT] = rows[1][TGT] + rows[2][TGT]
    del rows[1]


def merge_leaving_an_empty_row(rows: Table) -> None:
    rows[1][SRC] += rows[2][SRC]
    rows[1][TGT] += "  " + rows[2][TGT]
    rows[2][SRC] = rows[2][TGT] = ""


def merge_and_change(rows: Table) -> None:
    rows[1][SRC] += rows[2][SRC]
    rows[1][TGT] = "Hà Nội là thủ đô, và hôm qua mưa."
    del rows[2]


@pytest.mark.parametrize("change", [merge, merge_into_the_next, merge_leaving_an_empty_row])
def test_rows_that_were_joined(path: Path, change: Change) -> None:
    result, beads = after(path, change)
    assert result.counts == {"regroup": 1}
    assert (result.noticed, result.absent) == ([], [])
    assert beads[0][:2] == (ZH[0] + ZH[1], f"{VI[0]} {VI[1]}")
    assert len(beads) == 5


def test_joined_and_changed(path: Path) -> None:
    result, beads = after(path, merge_and_change)
    assert result.counts == {"regroup": 1, "edit": 1}
    assert beads[0] == (ZH[0] + ZH[1], "Hà Nội là thủ đô, và hôm qua mưa.", "edited")


def test_a_row_cut_in_two(tmp_path: Path) -> None:
    path = stored(bitext(((2, 2), (1, 1))), tmp_path)
    rows = table(path)
    one, two = list(rows[1]), list(rows[1])
    one[SRC], two[SRC], one[TGT], two[TGT] = ZH[0], ZH[1], VI[0], VI[1]
    for added in (two, [*two[:HASH], ""], ["", ZH[1], VI[1], "", "", "", "", "", "", ""]):
        decisions_path(path).unlink(missing_ok=True)
        result = applied(path, [rows[0], one, added, rows[2]])
        assert result.counts == {"regroup": 1}, said(result)
        assert [bead.src_text for bead in load_bitext(path).beads] == ZH[:3]


def parts(row: list[str], *texts: tuple[str, str]) -> Table:
    return [[row[0], src, tgt, *row[TGT + 1 :]] for src, tgt in texts]


def test_rows_cut_within_segments_cut_them(path: Path) -> None:
    rows = table(path)
    rows = [
        rows[0],
        *parts(rows[1], ("河内是", "Hà Nội"), ("首都。", "là thủ đô.")),
        *parts(rows[2], ("昨天", "Hôm qua"), ("下", "trời"), ("雨。", "mưa.")),
        *rows[3:],
    ]
    rows[2][STATUS] = rows[6][STATUS] = "accepted"
    rows[7][TGT] = "Anh ấy đã mua sách."
    result = applied(path, rows)
    assert result.counts == {"edit": 1, "accept": 2, "cut": 3}, result.noticed
    assert result.is_whole
    beads = load_bitext(path).beads
    assert [(bead.src_text, bead.tgt_text, bead.status) for bead in beads] == [
        ("河内是", "Hà Nội", "auto"),
        ("首都。", "là thủ đô.", "accepted"),
        ("昨天", "Hôm qua", "auto"),
        ("下", "trời", "auto"),
        ("雨。", "mưa.", "auto"),
        (ZH[2], VI[2], "accepted"),
        (ZH[3], "Anh ấy đã mua sách.", "edited"),
        *((zh, vi, "auto") for zh, vi in zip(ZH[4:], VI[4:], strict=True)),
    ]
    assert applied(path, rows).decisions == []


def test_a_row_cut_within_a_segment_of_one_side_alone(tmp_path: Path) -> None:
    path = stored(bitext(((1, 2), (1, 1))), tmp_path)
    rows = table(path)
    rows[1:2] = parts(rows[1], ("河内是", VI[0]), ("首都。", VI[1]))
    assert applied(path, rows).counts == {"cut": 1}
    assert [bead.tgt_text for bead in load_bitext(path).beads] == VI[:3]


def test_rows_that_end_within_a_character_cut_nothing(tmp_path: Path) -> None:
    value = bitext()
    whole = value.beads[0]
    tgt = (Segment(0, "Ha\u0300 Nội.", 0, 9),)
    path = stored(value.replace(beads=(Bead(0, whole.src, tgt), *value.beads[1:])), tmp_path)
    rows = table(path)
    three = parts(rows[1], ("河", "H"), ("内", "a"), ("是首都。", "\u0300 Nội."))
    result = applied(path, [rows[0], *three, *rows[2:]])
    assert (said(result), result.decisions) == ([(n, "refused") for n in (2, 3, 4)], [])
    assert not decisions_path(path).exists()


def test_rows_of_several_beads_cut_within_a_segment_are_named(path: Path) -> None:
    rows = table(path)
    rows[1][SRC], rows[2][SRC] = ZH[0] + ZH[1][:2], ZH[1][2:]
    result = applied(path, rows)
    assert (result.decisions, said(result)) == ([], [(2, "unclear"), (3, "unclear")])
    assert not result.is_whole


def test_cut_and_changed_by_segment_ids(tmp_path: Path) -> None:
    path = stored(bitext(((2, 2), (1, 1))), tmp_path)
    rows = table(path)
    one, two = list(rows[1]), list(rows[1])
    one[SRC], two[SRC], one[TGT], two[TGT] = ZH[0], ZH[1], "Thủ đô là Hà Nội.", VI[1]
    one[SRC_IDS], one[TGT_IDS], two[SRC_IDS], two[TGT_IDS] = "0", "0", "1", "1"
    result = applied(path, [rows[0], one, two, rows[2]])
    assert result.counts == {"regroup": 1, "edit": 1}, said(result)
    texts = [bead.tgt_text for bead in load_bitext(path).beads]
    assert texts == ["Thủ đô là Hà Nội.", VI[1], VI[2]]


def test_a_sentence_moved_to_the_neighbour(tmp_path: Path) -> None:
    path = stored(bitext(((1, 2), (1, 0), (1, 1))), tmp_path)
    rows = table(path)
    rows[1][TGT], rows[2][TGT] = VI[0], VI[1]
    result = applied(path, rows)
    assert result.counts == {"regroup": 1}
    assert [bead.tgt_text for bead in load_bitext(path).beads] == VI[:3]


def reorder(rows: Table) -> None:
    rows[1:] = [rows[4], rows[1], rows[2], rows[3], *rows[5:]]
    rows[1][STATUS] = "accepted"


def test_reordered_rows_are_named_and_applied_where_they_belong(path: Path) -> None:
    result, beads = after(path, reorder)
    assert said(result) == [(2, "moved")]
    assert result.is_whole
    assert [(bead[0], bead[2]) for bead in beads][3] == (ZH[3], "accepted")


def test_doubled_and_contradicting_rows(path: Path) -> None:
    rows = table(path)
    rows[1][STATUS] = "accepted"
    rows.insert(2, list(rows[1]))
    rows.append([*rows[4][:TGT], "Khác.", *rows[4][TGT + 1 :]])
    result = applied(path, rows)
    assert said(result) == [(3, "doubled"), (5, "contradicts"), (9, "moved"), (9, "contradicts")]
    assert result.counts == {"accept": 1}


def test_lost_added_and_stale_rows(path: Path) -> None:
    rows = table(path)
    del rows[3]
    rows.insert(2, ["", "这里没有。", "Không có ở đây.", "", "", "", "", "", "", ""])
    rows.append([*rows[1][:SRC], "旧的。", "Cũ.", *rows[1][TGT + 1 : HASH], "0123456789abcdef"])
    result = applied(path, rows)
    assert said(result) == [(3, "new"), (8, "stale")]
    assert (result.absent, result.decisions) == ([2], [])


def test_twins_are_told_apart_by_ids_and_by_turn(path: Path) -> None:
    rows = table(path)
    rows[6][NOTE] = "second"
    swapped = [*rows[:5], rows[6], rows[5]]
    assert applied(path, swapped).counts == {"note": 1}
    assert [bead.note for bead in load_bitext(path).beads][4:] == ["", "second"]
    decisions_path(path).unlink()
    without = [[*row[:SRC_IDS], "", "", row[HASH]] if row[0] != "id" else row for row in rows]
    assert applied(path, without).counts == {"note": 1}
    assert [bead.note for bead in load_bitext(path).beads][4:] == ["", "second"]


def test_an_emptied_text_is_named_not_lost(path: Path) -> None:
    rows = table(path)
    rows[1][TGT] = ""
    result = applied(path, rows)
    assert (said(result), result.decisions) == ([(2, "emptied")], [])


@pytest.mark.parametrize("rows_exchanged", [(2,), (2, 3), (1, 4)])
def test_texts_in_each_others_column_are_named_not_taken_for_edits(
    rows_exchanged: tuple[int, ...], path: Path
) -> None:
    rows = table(path)
    for number in rows_exchanged:
        rows[number][SRC], rows[number][TGT] = rows[number][TGT], rows[number][SRC]
    result = applied(path, rows)
    assert [line for line, _ in said(result)] == [number + 1 for number in rows_exchanged]
    assert not result.is_whole
    assert result.decisions == []


def test_a_table_older_than_a_decision_does_not_take_it_back(path: Path) -> None:
    rows = table(path)
    record(decisions_path(path), decide(load_bitext(path), [0], "accept", author="you"))
    edit = decide(load_bitext(path), [1], "edit", author="you", after=[((ZH[1],), ("Mưa.",))])
    record(decisions_path(path), edit)
    assert applied(path, rows).decisions == []
    assert applied(path, rows, reset=True, dry_run=True).counts == {"reset": 2}
    assert [bead.status for bead in load_bitext(path).beads][:2] == ["accepted", "edited"]
    applied(path, rows, reset=True)
    beads = load_bitext(path).beads
    assert [bead.status for bead in beads][:2] == ["auto", "auto"]
    assert beads[1].tgt_text == VI[1]


def test_rows_of_other_documents_are_passed_over(path: Path) -> None:
    rows = table(path)
    rows[1][STATUS] = "accepted"
    other = [[*row[:5], "seeds/b.txt", *row[6:]] for row in rows[1:]]
    other[1][STATUS] = "rejected"
    result = applied(path, [*rows, *other])
    assert (result.counts, result.others) == ({"accept": 1}, {"seeds/b.txt": 6})
    foreign = [rows[0], ["0", "甲", "giáp", "1", "auto", "x", "", "0", "0", "0123456789abcdef"]]
    with pytest.raises(InputError, match="no row of the table is about"):
        applied(path, foreign)


@pytest.mark.parametrize("status", ["Accepted", " accepted ", "ACCEPTED"])
def test_a_status_may_be_written_in_any_case(status: str, path: Path) -> None:
    rows = table(path)
    rows[1][STATUS] = status
    assert applied(path, rows).counts == {"accept": 1}


def test_a_row_with_an_unknown_status_is_named_and_left_out(path: Path) -> None:
    rows = table(path)
    rows[1][STATUS], rows[1][TGT] = "ok", "Khác hẳn."
    rows[2][STATUS] = "rejected"
    rows[4][STATUS] = "đúng"
    rows.append(list(rows[1]))
    result = applied(path, rows)
    assert said(result) == [(2, "unknown"), (5, "unknown"), (8, "unknown"), (8, "doubled")]
    assert "'ok'" in result.noticed[0].text
    assert result.counts == {"reject": 1}
    assert not result.is_whole


def test_rows_merged_with_one_of_unknown_status_stay_as_they_are(path: Path) -> None:
    rows = table(path)
    merge(rows)
    rows[1][STATUS] = "ok"
    result = applied(path, rows)
    assert (said(result), result.decisions) == ([(2, "unknown")], [])


def of_document(rows: Table, name: str) -> Table:
    return [rows[0], *([*row[:DOCUMENT], name, *row[DOCUMENT + 1 :]] for row in rows[1:])]


def test_a_table_of_another_document_with_the_same_sentences_is_refused(path: Path) -> None:
    rows = of_document(table(path), "seeds/b.zh.txt | seeds/b.vi.txt")
    rows[1][STATUS] = "rejected"
    with pytest.raises(InputError) as caught:
        applied(path, rows)
    assert "seeds/b.zh.txt | seeds/b.vi.txt" in caught.value.problem
    assert "seeds/a.txt" in caught.value.problem
    assert not decisions_path(path).exists()
    right = bitext()
    right = right.replace(
        src=Side("zh-Hans", "b.zh.txt", "0"), tgt=Side("vi", "b.vi.txt", "0"), beads=right.beads
    )
    write_bitexts([right], "bitext", path.with_name("right.bitext.jsonl"))
    with pytest.raises(InputError) as caught:
        applied(path, rows)
    assert str(path.with_name("right.bitext.jsonl")) in caught.value.remedy


@pytest.mark.parametrize("name", ["a.txt", "other/folder/a.txt", "C:\\Users\\Lan\\a.txt", ""])
def test_a_document_that_was_moved_is_the_same(name: str, path: Path) -> None:
    rows = of_document(table(path), name)
    rows[1][STATUS] = "accepted"
    assert applied(path, rows).counts == {"accept": 1}


def test_a_moved_document_that_may_be_one_of_two_is_not_guessed(path: Path) -> None:
    rows = table(path)
    both = [*of_document(rows, "x/a.txt"), *of_document(rows, "y/a.txt")[1:]]
    with pytest.raises(InputError, match=r"x/a\.txt and of y/a\.txt"):
        applied(path, both)


def test_a_first_row_without_a_document_belongs_to_the_next(path: Path) -> None:
    rows = table(path)
    rows[1][STATUS], rows[1][DOCUMENT] = "accepted", ""
    assert applied(path, rows).counts == {"accept": 1}


def test_an_edit_touches_the_segment_it_is_in(tmp_path: Path) -> None:
    path = stored(bitext(((2, 3), (1, 1))), tmp_path)
    rows = table(path)
    rows[1][TGT] = f"{VI[0]} Hôm qua mưa to. {VI[2]}"
    assert applied(path, rows).counts == {"edit": 1}
    assert [s.text for s in load_bitext(path).beads[0].tgt] == [VI[0], "Hôm qua mưa to.", VI[2]]


def test_a_space_that_was_missing_is_an_edit(path: Path) -> None:
    rows = table(path)
    rows[1][TGT] = rows[1][TGT].replace("Hà Nội", "Hà  Nội")
    assert applied(path, rows).counts == {"edit": 1}
    assert load_bitext(path).beads[0].tgt_text == "Hà  Nội là thủ đô."


CUTS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2)).filter(any), min_size=1, max_size=6)


def fitted(counts: list[tuple[int, int]], total: int = 4) -> list[tuple[int, int]]:
    """Counts cut or filled up so that they come to the total on both sides."""
    left = [total, total]
    out = []
    for count in [*counts, (total, total)]:
        part = min(count[0], left[0]), min(count[1], left[1])
        if any(part):
            out.append(part)
            left = [left[0] - part[0], left[1] - part[1]]
    return out


@settings(max_examples=120, deadline=None)
@given(before=CUTS, wanted=CUTS)
def test_any_regrouping_by_text_comes_back(
    before: list[tuple[int, int]], wanted: list[tuple[int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A person rewrites the rows into another grouping of the same sentences: the bitext follows."""
    path = stored(bitext(fitted(before)), tmp_path_factory.mktemp("t"))
    rows = table(path)
    goal = bitext(fitted(wanted))
    texts = [(bead.src_text, bead.tgt_text) for bead in goal.beads]
    kept = rows[1 : 1 + len(texts)]
    kept += [list(rows[-1]) for _ in range(len(texts) - len(kept))]
    new = [[*row[:SRC], src, tgt, *row[TGT + 1 :]] for row, (src, tgt) in zip(kept, texts, strict=True)]
    result = applied(path, [rows[0], *new])
    beads = load_bitext(path).beads
    assert [s.id for b in beads for s in b.src] == [s.id for b in beads for s in b.tgt] == [0, 1, 2, 3]
    if "edit" not in result.counts:
        assert [s.text for b in beads for s in b.src] == ZH[:4]
        assert [s.text for b in beads for s in b.tgt] == VI[:4]
        if result.is_whole and not result.absent:
            # Where nulls of both sides stand together, their order says nothing.
            assert sorted((bead.src_text, bead.tgt_text) for bead in beads) == sorted(texts)


@settings(max_examples=60, deadline=None)
@given(src=st.integers(0, 12), tgt=st.integers(0, 35), edited=st.booleans())
def test_a_bead_cut_anywhere_by_its_rows_reads_like_them(
    src: int, tgt: int, *, edited: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = stored(bitext(((2, 2), (1, 1), (3, 3))), tmp_path_factory.mktemp("t"))
    if edited:
        new = [((ZH[0], "昨天下大雨。"), (VI[0], "Hôm qua trời mưa to."))]
        record(decisions_path(path), decide(load_bitext(path), [0], "edit", author="you", after=new))
    before = load_bitext(path)
    rows = table(path)
    zh, vi = rows[1][SRC], rows[1][TGT]
    cut = [(zh[:src].strip(), vi[:tgt].strip()), (zh[src:].strip(), vi[tgt:].strip())]
    rows[1:2] = parts(rows[1], *cut)
    rows[-1][STATUS] = "accepted"
    result = applied(path, rows)
    after = load_bitext(path)
    assert after.notes == ()
    assert after.beads[-1].status == "accepted"
    if "cut" in result.counts:
        assert [(bead.src_text, bead.tgt_text) for bead in after.beads[:2]] == cut
        assert [s.text for s in after.beads[-1].tgt] == [s.text for s in before.beads[-1].tgt]
        assert applied(path, rows).decisions == []


@settings(max_examples=80, deadline=None)
@given(data=st.data())
def test_any_mishandled_table_loses_nothing(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Rows dropped, doubled, shuffled, cells exchanged: every segment is still there, once."""
    path = stored(bitext(((1, 1), (2, 1), (1, 2), (0, 1), (1, 1), (1, 0))), tmp_path_factory.mktemp("t"))
    rows = table(path)
    chosen = data.draw(st.lists(st.integers(1, len(rows) - 1), min_size=1, max_size=9))
    new = [list(rows[i]) for i in chosen]
    for _ in range(data.draw(st.integers(0, 3))):
        i, j = (data.draw(st.integers(0, len(new) - 1)) for _ in range(2))
        column = data.draw(st.sampled_from([SRC, TGT, HASH, SRC_IDS, STATUS]))
        new[i][column], new[j][column] = new[j][column], new[i][column]
    before = load_bitext(path)
    applied(path, [rows[0], *new])
    after_all = load_bitext(path)
    for side in ("src", "tgt"):
        numbers = [s.id for bead in after_all.beads for s in getattr(bead, side)]
        assert sorted(numbers) == sorted(s.id for bead in before.beads for s in getattr(bead, side))
    assert after_all.notes == ()
