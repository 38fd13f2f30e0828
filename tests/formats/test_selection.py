from __future__ import annotations

import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.errors import UsageError
from aligner.formats import ExportOptions, Tally, write_bitexts
from aligner.formats.selection import deduplicate
from aligner.formats.units import Unit, clean
from aligner.model import STATUSES, Bead, Bitext, Segment, Side


def bitext(*beads: tuple[str, str, float, str]) -> Bitext:
    made = []
    for i, (zh, vi, confidence, status) in enumerate(beads):
        src = (Segment(i, zh, 0, len(zh)),) if zh else ()
        tgt = (Segment(i, vi, 0, len(vi)),) if vi else ()
        made.append(Bead(i, src, tgt, confidence=confidence, status=status))  # type: ignore[arg-type]
    return Bitext(Side("zh-Hans", "a", ""), Side("vi", "a", ""), tuple(made))


SAMPLE = bitext(
    ("甲", "a", 0.9, "auto"),
    ("乙", "b", 0.2, "auto"),
    ("丙", "c", 0.2, "accepted"),
    ("丁", "d", 0.2, "edited"),
    ("戊", "e", 0.9, "rejected"),
    ("己", "", 0.9, "auto"),
)


def exported(options: ExportOptions, name: str = "jsonl") -> tuple[list[int], Tally]:
    file = io.BytesIO()
    tally = write_bitexts([SAMPLE], name, file, options)
    return [json.loads(line)["id"] for line in file.getvalue().splitlines()], tally


def test_confidence_is_asked_of_the_machine_not_of_people() -> None:
    ids, tally = exported(ExportOptions(min_confidence=0.5))
    assert ids == [0, 2, 3, 4, 5]
    assert (tally.units, dict(tally.left_out)) == (5, {"confidence": 1})


def test_statuses() -> None:
    ids, tally = exported(ExportOptions(statuses=frozenset({"accepted", "rejected"})))
    assert ids == [2, 4]
    assert dict(tally.left_out) == {"status": 4}


def test_memories_leave_out_null_and_rejected_beads_even_when_asked_for() -> None:
    file = io.BytesIO()
    tally = write_bitexts([SAMPLE], "tmx", file, ExportOptions(statuses=frozenset({"auto", "rejected"})))
    assert file.getvalue().count(b"<tu>") == tally.units == 2
    assert dict(tally.left_out) == {"rejected": 1, "status": 2, "null": 1}


@pytest.mark.parametrize(
    "wrong",
    [
        {"min_confidence": 1.5},
        {"min_confidence": float("nan")},
        {"statuses": frozenset({"good"})},
        {"direction": "zh"},
    ],
)
def test_wrong_options_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        ExportOptions(**wrong)  # type: ignore[arg-type]


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(UsageError, match=r"no format 'doc': it is one of bitext, beads, tmx"):
        write_bitexts([SAMPLE], "doc", io.BytesIO())


def test_the_most_trusted_target_wins() -> None:
    units = [
        Unit(0, "甲", "a", 0.8),
        Unit(1, "甲", "b", 0.9),
        Unit(2, "甲", "b", 0.1),
        Unit(3, "乙", "c", 1.0),
        Unit(4, "乙", "d", 0.2, "accepted"),
        Unit(5, "乙", "e", 0.1, "edited"),
        Unit(6, "丙", "f", 0.5),
        Unit(7, "丙", "g", 0.5),
        Unit(8, "甲", "", 1.0),
        Unit(9, "", "a", 1.0),
        Unit(10, "", "b", 1.0),
        Unit(11, "甲", "z", 1.0, "rejected"),
    ]
    tally = Tally(units=len(units))
    assert [unit.id for unit in deduplicate(units, tally)] == [1, 4, 6, 8, 9, 10, 11]
    assert tally.units == 7
    assert tally.left_out["duplicate"] == 5
    # Unit 2 says the same as the winner: nothing is lost with it.
    assert [unit.tgt for unit in tally.listed] == [units[i].tgt for i in (0, 3, 5, 7)]
    assert [unit.other for unit in tally.listed] == [units[i].tgt for i in (1, 4, 4, 6)]
    assert {unit.what for unit in tally.listed} == {"duplicate"}
    assert tally.remarks == ["4 units gave way to a more trusted target of their source"]


UNITS = st.builds(
    Unit,
    st.just(0),
    st.sampled_from(["", "甲", "乙"]),
    st.sampled_from(["", "a", "b"]),
    st.sampled_from([0.1, 0.5, 0.9]),
    st.sampled_from(STATUSES),
)


@settings(max_examples=200, deadline=None)
@given(given_units=st.lists(UNITS, max_size=8))
def test_deduplication_against_the_obvious(given_units: list[Unit]) -> None:
    units = [unit._replace(id=i) for i, unit in enumerate(given_units)]

    def beaten(unit: Unit) -> bool:
        """Whether another unit of the same source is to be preferred."""
        rivals = [u for u in units if u.src == unit.src and u.src and u.tgt and u.status != "rejected"]
        return any(rank(rival) > rank(unit) for rival in rivals) if unit in rivals else False

    def rank(unit: Unit) -> tuple[bool, float, int]:
        return unit.status in {"accepted", "edited"}, unit.confidence, -unit.id

    assert deduplicate(units, Tally()) == [unit for unit in units if not beaten(unit)]


def test_deduplication_goes_by_what_is_written() -> None:
    """Two sources that differ in a TAB are one source in a memory."""
    file = io.BytesIO()
    value = bitext(("甲\t乙", "a", 0.1, "auto"), ("甲 乙", "b", 0.9, "auto"))
    tally = write_bitexts([value], "tmx", file, ExportOptions(deduplicate=True))
    assert (tally.units, [unit.tgt for unit in tally.listed]) == (1, ["a"])
    assert write_bitexts([value], "tmx", io.BytesIO()).units == 2


@settings(max_examples=300, deadline=None)
@given(text=st.text(st.characters(exclude_categories=())))
def test_clean_text_is_clean(text: str) -> None:
    result = clean(text)
    assert clean(result) is result
    assert len(result.splitlines()) <= 1
    assert result == result.strip()
    assert not any(c < " " or "\ud800" <= c <= "\udfff" or c in "\ufffe\uffff" for c in result)


@pytest.mark.parametrize("text", ["Nguyễn Thị Hoà", "Vie\u0302\u0323t", "越南　北京", "a\u00a0b", "𠮷\ufe0f"])
def test_clean_leaves_text_alone(text: str) -> None:
    assert clean(text) is text


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("软\n        件", "软件"),
        ("用 Fortran 编\r\n  写的", "用 Fortran 编写的"),
        ("项目 -\n   git。", "项目 - git。"),
        ("参看、\n debhelper(1)", "参看、debhelper(1)"),
        ("Nó\n  rất hay", "Nó rất hay"),
        ("gồm:\n\n một", "gồm: một"),
        ("一\u2028二", "一 二"),
    ],
)
def test_a_paragraph_in_lines_is_whole_again(broken: str, whole: str) -> None:
    assert clean(broken) == whole
