"""A session keeps nothing but what its two files say; any history is as a slow oracle has it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.review.test_decisions_property import bitext_of, bitexts, check_covers, texts_of

from aligner.errors import InputError, OutputError, UsageError
from aligner.formats import load_bitext
from aligner.formats.bitext import write
from aligner.model import Bead, Bitext, Decision
from aligner.review import decisions as log
from aligner.review.decisions import apply_decisions, decide
from aligner.review.operations import NAMES, Request
from aligner.review.session import Session, StaleRequestError

QUICK = settings(max_examples=40, deadline=None)
ZH, VI = ["甲。", "乙。", "丙。", "丁。"], ["Một.", "Hai.", "Ba.", "Bốn."]


def stored(bitext: Bitext, folder: Path) -> Path:
    path = folder / "text.bitext.jsonl"
    with path.open("wb") as file:
        write(bitext, file)
    return path


def opened(folder: Path, cuts: Sequence[tuple[int, int]], moved: Sequence[int] = ()) -> Session:
    zh, vi = (names[: sum(side)] for names, side in zip((ZH, VI), zip(*cuts, strict=True), strict=True))
    return Session(stored(bitext_of(zh, vi, cuts, moved), folder), "an")


def shape(session: Session) -> list[tuple[str, str]]:
    return [(bead.src_text, bead.tgt_text) for bead in session.current().beads]


def ask(session: Session, name: str, bead: int, **more: object) -> int:
    return session.perform(Request(name, bead, **more), session.version)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("cuts", "request_", "after"),
    [
        ([(1, 1), (1, 1)], Request("merge", 0), [("甲。乙。", "Một. Hai.")]),
        ([(1, 0), (0, 1)], Request("merge", 0), [("甲。", "Một.")]),
        ([(2, 2)], Request("split", 0, side=0, at=1), [("甲。", "Một."), ("乙。", "Hai.")]),
        ([(2, 2)], Request("split", 0, side=1, at=0), [("甲。", "Một."), ("乙。", "Hai.")]),
        ([(2, 0)], Request("split", 0, side=0, at=1), [("甲。", ""), ("乙。", "")]),
        ([(2, 1), (1, 1)], Request("down", 0, side=0), [("甲。", "Một."), ("乙。丙。", "Hai.")]),
        ([(1, 1), (2, 1)], Request("up", 1, side=0), [("甲。乙。", "Một."), ("丙。", "Hai.")]),
        ([(1, 0), (0, 1)], Request("up", 1, side=1), [("甲。", "Một.")]),
        ([(1, 1), (0, 1)], Request("down", 0, side=1), [("甲。", ""), ("", "Một. Hai.")]),
        ([(1, 1)], Request("null", 0), [("甲。", ""), ("", "Một.")]),
        ([(2, 1)], Request("null", 0), [("甲。", ""), ("乙。", ""), ("", "Một.")]),
    ],
)
def test_structure(
    tmp_path: Path, cuts: list[tuple[int, int]], request_: Request, after: list[tuple[str, str]]
) -> None:
    session = opened(tmp_path, cuts)
    session.perform(request_, session.version)
    assert shape(session) == after


LONG = ["双方会晤，讨论合作。"], ["Hai bên gặp gỡ, bàn hợp tác."]


@pytest.mark.parametrize(
    ("cursors", "after"),
    [
        (((0, 5), (0, 15)), [("双方会晤，", "Hai bên gặp gỡ,"), ("讨论合作。", "bàn hợp tác.")]),
        (((0, 5), (0, 16)), [("双方会晤，", "Hai bên gặp gỡ,"), ("讨论合作。", "bàn hợp tác.")]),
        (((0, 5), (0, 0)), [("双方会晤，", ""), ("讨论合作。", "Hai bên gặp gỡ, bàn hợp tác.")]),
        (((0, 5), (1, 0)), [("双方会晤，", "Hai bên gặp gỡ, bàn hợp tác."), ("讨论合作。", "")]),
        (((1, 0), (0, 15)), [("双方会晤，讨论合作。", "Hai bên gặp gỡ,"), ("", "bàn hợp tác.")]),
        (((0, 0), (5, 9)), [("", "Hai bên gặp gỡ, bàn hợp tác."), ("双方会晤，讨论合作。", "")]),
    ],
)
def test_a_segment_is_cut_at_the_cursor(
    tmp_path: Path, cursors: tuple[tuple[int, int], tuple[int, int]], after: list[tuple[str, str]]
) -> None:
    session = Session(stored(bitext_of(*LONG, [(1, 1)]), tmp_path), "an")
    ask(session, "split", 0, cursors=cursors)
    assert shape(session) == after
    beads = session.current().beads
    assert all(bead.pinned for bead in beads)
    for side in (0, 1):
        whole = LONG[side][0]
        segments = [s for bead in beads for s in (bead.src, bead.tgt)[side]]
        assert [s.id for s in segments] == list(range(len(segments)))
        assert [whole[s.start : s.end] for s in segments] == [s.text for s in segments]
    assert load_bitext(session.path).beads == beads
    assert Session(session.path).current().beads == beads
    assert session.bitext.beads[0].src_text == LONG[0][0]
    assert session.undo(session.version) == 0
    assert session.current().beads == session.bitext.beads


def test_ids_of_other_beads_stay_when_a_segment_is_cut(tmp_path: Path) -> None:
    session = Session(
        stored(bitext_of([*LONG[0], *ZH], [*LONG[1], *VI], [(1, 1), (1, 1), (2, 2), (1, 1)]), tmp_path)
    )
    ask(session, "split", 2, side=0, at=1)
    before = {bead.src_text: bead.id for bead in session.current().beads}
    ask(session, "split", 0, cursors=((0, 5), (0, 15)))
    after = {bead.src_text: bead.id for bead in session.current().beads}
    assert {text: after[text] for text in before if text in after} == {
        text: number for text, number in before.items() if text != LONG[0][0]
    }
    assert len(after) == len(before) + 1


def test_an_edited_segment_is_cut_where_its_edit_is(tmp_path: Path) -> None:
    session = Session(stored(bitext_of(*LONG, [(1, 1)]), tmp_path))
    ask(session, "edit", 0, texts=(("双方会谈，讨论合作。",), ("Hai bên hội đàm, bàn hợp tác.",)))
    ask(session, "split", 0, cursors=((0, 5), (0, 16)))
    assert shape(session) == [("双方会谈，", "Hai bên hội đàm,"), ("讨论合作。", "bàn hợp tác.")]
    one, two = session.current().beads
    assert (one.original, one.status) == ((("双方会晤，",), ("Hai bên gặp gỡ,",)), "edited")
    assert (two.original, two.status) == (None, "auto")
    ask(session, "reset", 0)
    assert shape(session)[0] == ("双方会晤，", "Hai bên gặp gỡ,")


def test_a_cut_counts_characters_as_a_page_does(tmp_path: Path) -> None:
    """Line ends do not count; a tone mark that stands by itself stays with its letter."""
    zh, vi = "第一行\r\n第二行", "Ho\u0323p ta\u0301c"
    session = Session(stored(bitext_of([zh], [vi], [(1, 1)]), tmp_path))
    ask(session, "split", 0, cursors=((0, 4), (0, 6)))
    assert shape(session) == [("第一行\r\n第", "Ho\u0323p t"), ("二行", "a\u0301c")]
    ask(session, "split", 0, cursors=((0, 3), (0, 2)))
    assert shape(session)[:2] == [("第一行", "Ho\u0323"), ("第", "p t")]


def test_a_cut_is_kept_when_the_documents_were_cut_there_themselves(tmp_path: Path) -> None:
    session = Session(stored(bitext_of(*LONG, [(1, 1)]), tmp_path))
    ask(session, "split", 0, cursors=((0, 5), (0, 15)))
    parts = shape(session)
    stored(bitext_of([zh for zh, _ in parts], [vi for _, vi in parts], [(2, 2)]), tmp_path)
    session.refresh()
    assert (shape(session), session.notes()) == (parts, ())
    stored(bitext_of(["别的。"], ["Khác."], [(1, 1)]), tmp_path)
    session.refresh()
    assert "no longer in the documents" in session.notes()[0]


@pytest.mark.parametrize("cursors", [((0, 0), (0, 0)), ((1, 0), (1, 0)), ((-1, 3), (0, -2))])
def test_a_cut_with_nothing_on_one_side_is_refused(
    tmp_path: Path, cursors: tuple[tuple[int, int], tuple[int, int]]
) -> None:
    session = Session(stored(bitext_of(*LONG, [(1, 1)]), tmp_path))
    with pytest.raises(UsageError, match="nothing would stand"):
        ask(session, "split", 0, cursors=cursors)


@pytest.mark.parametrize(
    "value", ["", "src", "src:0:99", "src:7:1", "src:0:5 src:0:2", "tgt:0:3", "src:0:5 x"]
)
def test_a_cut_that_does_not_fit_is_kept_and_not_applied(value: str) -> None:
    made = bitext_of(*LONG, [(1, 1)])
    after = ((("双方会晤，",), (LONG[1][0],)), (("讨论合作。",), ()))
    whole = decide(made, [0], "cut", author="an", after=after, value="src:0:5")
    assert len(apply_decisions(made, [whole]).beads) == 2
    broken = decide(made, [0], "cut", author="an", after=after, value=value)
    applied = apply_decisions(made, [broken])
    assert applied.beads == made.beads
    assert "not applied: it does not cut" in applied.notes[0]


def test_what_a_person_joined_is_pinned_and_sure(tmp_path: Path) -> None:
    session = opened(tmp_path, [(1, 1), (1, 1)])
    ask(session, "merge", 0)
    (bead,) = session.current().beads
    assert (bead.pinned, bead.confidence, bead.status) == (True, 1.0, "auto")


def test_a_note_stays_with_its_text_when_beads_are_joined_or_cut(tmp_path: Path) -> None:
    session = opened(tmp_path, [(1, 1), (1, 1)])
    ask(session, "note", 1, note="sure?")
    ask(session, "merge", 0)
    assert session.current().beads[0].note == "sure?"
    ask(session, "split", 0, side=0, at=1)
    assert [bead.note for bead in session.current().beads] == ["sure?", ""]


def test_an_edit_keeps_the_original(tmp_path: Path) -> None:
    session = opened(tmp_path, [(1, 1)])
    ask(session, "edit", 0, texts=(("甲！",), ("Một.",)))
    (bead,) = session.current().beads
    assert (bead.src_text, bead.status, bead.original) == ("甲！", "edited", (("甲。",), ("Một.",)))


@pytest.mark.parametrize(
    ("cuts", "request_", "problem"),
    [
        ([(1, 1)], Request("merge", 0), "no bead after"),
        ([(1, 1)], Request("up", 0), "no bead before"),
        ([(1, 1)], Request("split", 0), "not split by itself"),
        ([(1, 0)], Request("null", 0), "no counterpart already"),
        ([(1, 0), (1, 1)], Request("down", 0, side=1), "no segment on this side"),
        ([(1, 1)], Request("accept", 7), "no bead 7"),
        ([(1, 1)], Request("edit", 0, texts=(("a", "b"), ("c",))), "1 and 1 segments"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    tmp_path: Path, cuts: list[tuple[int, int]], request_: Request, problem: str
) -> None:
    session = opened(tmp_path, cuts)
    before, version = shape(session), session.version
    with pytest.raises(UsageError, match=problem):
        session.perform(request_, version)
    assert (shape(session), session.version) == (before, version)
    assert not list(tmp_path.glob("*.decisions.jsonl"))


def test_a_bead_out_of_order_is_not_joined_with_its_neighbour(tmp_path: Path) -> None:
    session = opened(tmp_path, [(1, 1), (1, 1), (1, 1)], moved=[0, 1])
    with pytest.raises(UsageError, match="out of order"):
        ask(session, "merge", 0)


def test_a_decision_is_on_the_disk_before_the_answer(tmp_path: Path) -> None:
    session = opened(tmp_path, [(1, 1)])
    ask(session, "accept", 0)
    assert load_bitext(session.path).beads[0].status == "accepted"


def test_what_cannot_be_written_has_not_happened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    session = opened(tmp_path, [(1, 1), (1, 1)])
    before, version = shape(session), session.version

    def full(*_: object) -> tuple[Decision, ...]:
        raise OutputError("no space")

    monkeypatch.setattr(log, "append", full)
    with pytest.raises(OutputError):
        ask(session, "merge", 0)
    monkeypatch.undo()
    assert (shape(session), session.version) == (before, version)
    ask(session, "accept", 0)


def test_two_sessions_notice_each_other(tmp_path: Path) -> None:
    one = opened(tmp_path, [(1, 1), (1, 1)])
    two = Session(one.path, "bình")
    seen = two.version
    ask(one, "merge", 0)
    with pytest.raises(StaleRequestError):
        two.perform(Request("accept", 1), seen)
    assert shape(two) == shape(one)
    assert two.version == one.version
    ask(two, "accept", 0)
    assert one.refresh()
    assert one.current() == two.current()
    assert [decision.author for decision in one.decisions] == ["an", "bình"]
    assert not one.refresh()


def test_a_bitext_made_anew_is_noticed_and_keeps_its_decisions(tmp_path: Path) -> None:
    session = opened(tmp_path, [(1, 1), (1, 1)])
    ask(session, "merge", 0)
    seen = session.version
    stored(bitext_of(ZH[:3], VI[:2], [(1, 1), (1, 1), (1, 0)]), tmp_path)
    before = session.path.read_bytes()
    with pytest.raises(StaleRequestError):
        session.perform(Request("accept", 0), seen)
    assert shape(session) == [("甲。乙。", "Một. Hai."), ("丙。", "")]
    assert session.path.read_bytes() == before


def test_a_bitext_that_went_away_is_said(tmp_path: Path) -> None:
    session = opened(tmp_path, [(1, 1)])
    session.path.unlink()
    with pytest.raises(InputError, match="cannot be read"):
        session.refresh()


def test_redo_goes_once_something_new_was_decided(tmp_path: Path) -> None:
    session = opened(tmp_path, [(1, 1), (1, 1)])
    ask(session, "accept", 0)
    session.undo(session.version)
    assert session.history().undone
    ask(session, "reject", 1)
    assert session.redo(session.version) is None
    assert [bead.status for bead in session.current().beads] == ["auto", "rejected"]


def test_undo_tells_where_to_look(tmp_path: Path) -> None:
    session = opened(tmp_path, [(1, 1), (1, 1), (1, 1)])
    ask(session, "merge", 1)
    assert session.undo(session.version) == 1
    assert session.redo(session.version) == 1
    assert session.undo(session.version) == 1
    assert session.undo(session.version) is None


@st.composite
def requests(draw: st.DrawFn, beads: Sequence[Bead], number: int) -> Request:
    bead = draw(st.sampled_from(beads))
    name = draw(st.sampled_from(NAMES))
    side = draw(st.integers(0, 1))
    at = draw(st.integers(0, max(len((bead.src, bead.tgt)[side]) - 1, 0)))
    texts = (
        tuple(s.text + draw(st.sampled_from(["", "!"])) for s in bead.src),
        tuple(s.text for s in bead.tgt),
    )
    cursors = None
    if draw(st.booleans()):
        ends = ([len(s.text) for s in segments] or [0] for segments in (bead.src, bead.tgt))
        zh, vi = ((draw(st.integers(0, len(end))), draw(st.integers(0, max(end)))) for end in ends)
        cursors = zh, vi
    return Request(name, bead.id, side, at, texts, f"note {number}", cursors)


@given(data=st.data())
@QUICK
def test_any_history_is_what_the_oracle_says(data: st.DataObject) -> None:
    bitext = data.draw(bitexts(distinct=data.draw(st.booleans())))
    texts = texts_of(bitext)
    with tempfile.TemporaryDirectory() as folder:
        session = Session(stored(bitext, Path(folder)), "an")
        stack = [session.current().beads]
        ahead: list[tuple[Bead, ...]] = []
        for number in range(data.draw(st.integers(0, 12))):
            step = data.draw(st.sampled_from(["do", "do", "do", "undo", "redo", "restart"]))
            if step == "do":
                request = data.draw(requests(session.current().beads, number))
                try:
                    session.perform(request, session.version)
                except UsageError:
                    continue
                stack.append(session.current().beads)
                ahead = []
            elif step == "undo":
                found = session.undo(session.version)
                assert (found is None) == (len(stack) == 1)
                ahead += [stack.pop()] if found is not None else []
            elif step == "redo":
                found = session.redo(session.version)
                assert (found is None) == (not ahead)
                stack += [ahead.pop()] if ahead else []
            else:
                session = Session(session.path, "an")
            now = session.current()
            assert now.beads == stack[-1]
            assert now.beads == load_bitext(session.path).beads
            assert (
                now.beads
                == log.apply_decisions(bitext, log.read_decisions(log.decisions_path(session.path))).beads
            )
            check_covers(now, *texts)
            assert [session.bead(bead.id) for bead in now.beads] == list(now.beads)
        while session.undo(session.version) is not None:
            pass
        assert session.current().beads == bitext.beads
