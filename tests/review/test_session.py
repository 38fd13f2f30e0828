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
        ([(1, 1)], Request("split", 0), "cannot be split"),
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
    return Request(name, bead.id, side, at, texts, f"note {number}")


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
