from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from aligner.errors import AlignerError, FormatError, InputError, OutputError
from aligner.formats import load_bitext, write_bitexts
from aligner.model import Action, Bead, Bitext, Decision, Segment, Side, Target, bead_hash
from aligner.review import grouping
from aligner.review.decisions import (
    append,
    apply_decisions,
    decide,
    decision_record,
    decisions_path,
    now,
    read_decisions,
    record,
    record_all,
    undo,
)
from aligner.review.groups import Texts


def aligned(text: str) -> Bitext:
    """A bitext from beads as in `甲乙=a b|丙=|=c`: a character is a zh segment, a word a vi segment."""
    beads = []
    count = [0, 0]
    for number, part in enumerate(text.split("|")):
        sides = []
        for at, texts in enumerate((list(part.split("=")[0]), part.split("=")[1].split())):
            sides.append(tuple(Segment(count[at] + i, t, 0, len(t)) for i, t in enumerate(texts)))
            count[at] += len(texts)
        beads.append(Bead(number, sides[0], sides[1], 2.0, {"translation": 2.0}, 0.75))
    return Bitext(Side("zh-Hans", "a", ""), Side("vi", "a", ""), tuple(beads), "aligner:1")


def shape(bitext: Bitext) -> str:
    """The inverse of `aligned`."""
    return "|".join(f"{b.src_text}={b.tgt_text}" for b in bitext.beads)


def groups(text: str) -> list[Texts]:
    return [(tuple(part.split("=")[0]), tuple(part.split("=")[1].split())) for part in text.split("|")]


class Session:
    """A person at work: decisions on a bitext as it stands, one after another."""

    def __init__(self, text: str) -> None:
        self.stored = aligned(text)
        self.decisions: list[Decision] = []

    @property
    def bitext(self) -> Bitext:
        return apply_decisions(self.stored, self.decisions)

    def take(self, decision: Decision) -> Decision:
        timed = dataclasses.replace(decision, time=f"2026-01-31T12:00:00.{len(self.decisions):06}Z")
        self.decisions.append(timed)
        return timed

    def on(self, beads: list[int], action: Action, after: str = "", value: str = "") -> Decision:
        new = groups(after) if after else []
        return self.take(decide(self.bitext, beads, action, author="lan", after=new, value=value))

    def again(self, text: str) -> Bitext:
        """The decisions on another alignment of the documents."""
        return apply_decisions(aligned(text), self.decisions)


def test_what_is_said_of_a_bead() -> None:
    session = Session("甲=a|乙=b|丙=c")
    session.on([0], "accept")
    session.on([1], "reject")
    session.on([2], "pin")
    session.on([2], "note", value="xem lại")
    beads = session.bitext.beads
    assert [(b.status, b.pinned, b.note) for b in beads] == [
        ("accepted", False, ""),
        ("rejected", False, ""),
        ("auto", True, "xem lại"),
    ]
    assert [(b.score, b.evidence, b.confidence) for b in beads] == [(2.0, {"translation": 2.0}, 0.75)] * 3
    session.on([1], "reset")
    session.on([2], "unpin")
    session.on([2], "note", value="")
    assert session.bitext.beads == (
        session.stored.beads[0].replace(status="accepted"),
        *session.stored.beads[1:],
    )


def test_an_edit_keeps_the_original_and_the_hash() -> None:
    session = Session("甲=a b|乙=c")
    session.on([0], "edit", "甲=A b")
    bead = session.bitext.beads[0]
    assert (bead.tgt_text, bead.status, bead.original) == ("A b", "edited", (("甲",), ("a", "b")))
    assert bead.hash == session.stored.beads[0].hash
    second = session.on([0], "edit", "甲=A B")
    assert second.before == ((("甲",), ("A", "b")),)
    assert session.bitext.beads[0].original == (("甲",), ("a", "b"))
    session.on([0], "reset")
    assert session.bitext.beads == session.stored.beads


def test_an_edit_back_to_the_original_is_an_acceptance() -> None:
    session = Session("甲=a")
    session.on([0], "edit", "甲=A")
    session.on([0], "edit", "甲=a")
    assert session.bitext.beads == (session.stored.beads[0].replace(status="accepted"),)


def test_one_text_for_several_segments_goes_to_the_first() -> None:
    session = Session("甲乙=a b")
    session.take(decide(session.bitext, [0], "edit", author="lan", after=[(("甲乙!",), ("AB",))]))
    bead = session.bitext.beads[0]
    assert [s.text for s in (*bead.src, *bead.tgt)] == ["甲乙!", "", "AB", ""]


def test_an_edit_of_the_wrong_shape_is_told_and_not_applied() -> None:
    session = Session("甲=a b c")
    session.take(decide(session.bitext, [0], "edit", author="lan", after=[(("甲",), ("A", "B"))]))
    assert session.bitext.beads == session.stored.beads
    what = "decision 1 (edit, 2026-01-31T12:00:00.000000Z, lan)"
    assert session.bitext.notes == (f"{what} is kept but not applied: it has 2 texts for 3 segments",)


@pytest.mark.parametrize(
    ("stored", "beads", "after", "expected", "ids"),
    [
        ("甲=a|乙=b|丙=c", [0, 1], "甲乙=a b", "甲乙=a b|丙=c", [0, 2]),
        ("甲=a|乙丙=b c|丁=d", [1], "乙=b|丙=c", "甲=a|乙=b|丙=c|丁=d", [0, 1, 12, 2]),
        ("甲=a|乙=b|丙=c", [0, 1], "甲=a b|乙=", "甲=a b|乙=|丙=c", [0, 1, 2]),
        ("甲=a|乙=|=b|丙=c", [1, 2], "乙=b", "甲=a|乙=b|丙=c", [0, 1, 3]),
        ("甲=a|乙=b", [0, 1], "甲=|=a|乙=b", "甲=|=a|乙=b", [0, 5, 1]),
    ],
    ids=["merge", "split", "move", "pair two nulls", "set null"],
)
def test_regrouping(stored: str, beads: list[int], after: str, expected: str, ids: list[int]) -> None:
    session = Session(stored)
    session.on(beads, "regroup", after)
    found = session.bitext
    assert shape(found) == expected
    assert [bead.id for bead in found.beads] == ids
    made = set(after.split("|"))
    assert all(bead.pinned == (f"{bead.src_text}={bead.tgt_text}" in made) for bead in found.beads)


def test_merged_and_split_again_it_is_what_it_was_but_pinned() -> None:
    session = Session("甲=a|乙=b|丙=c")
    session.on([0, 1], "regroup", "甲乙=a b")
    assert (session.bitext.beads[0].confidence, session.bitext.beads[0].evidence) == (1.0, {})
    session.on([0], "regroup", "甲=a|乙=b")
    assert session.bitext.beads == (
        *(bead.replace(pinned=True) for bead in session.stored.beads[:2]),
        session.stored.beads[2],
    )


def test_an_edit_survives_regrouping() -> None:
    session = Session("甲=a|乙=b")
    session.on([0], "edit", "甲=A")
    session.take(decide(session.bitext, [0, 1], "regroup", author="lan", after=groups("甲乙=a b")))
    bead = session.bitext.beads[0]
    assert (bead.tgt_text, bead.original, bead.status) == ("A b", (("甲", "乙"), ("a", "b")), "edited")


def test_a_regrouping_of_other_segments_is_told_and_not_applied() -> None:
    session = Session("甲=a|乙=b|丙=c")
    session.on([0, 1], "regroup", "甲=a|乙=")
    session.on([0, 2], "regroup", "甲丙=a c")
    session.on([0, 1], "regroup", "甲乙=a b|=")
    assert session.bitext.beads == session.stored.beads
    assert [note.rpartition(": ")[2] for note in session.bitext.notes] == [
        "it does not divide the segments it names",
        "its text is no longer in the documents, or no longer in one place",
        "it makes a bead without segments",
    ]


@pytest.mark.parametrize(
    ("decided", "again", "expected"),
    [
        ("甲=a|乙=b|丙=c", "甲=a|乙=b|丙=c", "甲=a|乙=b|丙=c"),
        ("甲=a|乙=b|丙=c", "甲乙=a b|丙=c", "甲=a|乙=b|丙=c"),
        ("甲=a|乙=b|丙=c", "甲=a|乙丙=b c", "甲=a|乙=b|丙=c"),
        ("甲=a|乙=b|丙=c", "甲=|乙=a|丙=b|=c", "甲=|=a|乙=b|丙=|=c"),
        ("甲=a|乙=b|丙=c", "甲乙丙=a b c", "甲=a|乙=b|丙=c"),
        ("甲=a|乙=|丙=b", "甲=a|乙丙=b", "甲=a|乙=|丙=b"),
        ("甲=a|乙=|丙=b", "甲乙=a|丙=b", "甲=a|乙=|丙=b"),
        ("甲=a|=b|乙=c", "甲=a b|乙=c", "甲=a|=b|乙=c"),
        ("甲=a|乙丙=b|丁=c", "甲乙=a|丙丁=b c", "甲=a|乙丙=b|丁=c"),
    ],
)
def test_an_accepted_bead_is_put_back_where_the_machine_groups_otherwise(
    decided: str, again: str, expected: str
) -> None:
    session = Session(decided)
    session.on([1], "accept")
    found = session.again(again)
    assert shape(found) == expected
    kept = session.stored.beads[1].hash
    assert {bead.hash: bead.status for bead in found.beads if bead.status != "auto"} == {kept: "accepted"}
    assert found.notes == ()
    assert not any(bead.moved for bead in found.beads)


def test_where_another_bead_stands_across_the_one_put_back_is_moved() -> None:
    session = Session("甲=|=a|乙=b|丙=|=c")
    session.stored = aligned("甲=a|乙=b|丙=c")
    crossing = Decision(
        "2026-01-31T12:00:00Z", "lan", "accept", (Target(bead_hash(["甲"], ["c"])),), ((("甲",), ("c",)),)
    )
    found = apply_decisions(session.stored, [crossing])
    assert shape(found) == "=a|甲=c|乙=b|丙="
    assert [bead.moved for bead in found.beads] == [False, True, False, False]


def test_what_is_left_of_a_bead_is_not_trusted() -> None:
    session = Session("甲=a|乙=b|丙=c")
    session.on([1], "accept")
    beads = session.again("甲乙=a b|丙=c").beads
    assert [(b.confidence, b.evidence) for b in beads] == [(0.0, {}), (1.0, {}), (0.75, {"translation": 2.0})]


def test_where_the_text_is_gone_the_decision_stays_and_a_remark_says_so() -> None:
    session = Session("甲=a|乙=b")
    session.on([1], "accept")
    session.on([0], "reject")
    found = session.again("甲=a|乙=B")
    assert shape(found) == "甲=a|乙=B"
    what = "decision 1 (accept, 2026-01-31T12:00:00.000000Z, lan)"
    assert found.notes == (f"{what} is kept but not applied: its text is no longer in the documents",)
    assert found.beads[0].status == "rejected"


def test_a_note_on_a_decision_that_is_not_applied_says_how_to_be_rid_of_it(tmp_path: Path) -> None:
    session = Session("甲=a|乙=b|丙=c")
    session.on([0], "accept")
    session.on([1], "reject")
    session.on([2], "accept")
    path = tmp_path / "a.bitext.jsonl"
    write_bitexts([aligned("甲=a|乙=B|丙=c")], "bitext", path)
    decisions = decisions_path(path)
    record_all(decisions, session.decisions)
    (note,) = load_bitext(path).notes
    assert note.endswith(f"delete the line with that time from {decisions}")
    lines = decisions.read_text("utf-8").splitlines()
    kept = [line for line in lines if json.loads(line)["time"] not in note]
    assert len(kept) == len(lines) - 1
    decisions.write_text("\n".join(kept) + "\n", "utf-8")
    found = load_bitext(path)
    assert found.notes == ()
    assert [bead.status for bead in found.beads] == ["accepted", "auto", "accepted"]


def test_to_reset_what_is_not_there_asks_for_nothing() -> None:
    session = Session("甲=a|乙=b")
    session.on([0], "reset")
    session.on([0], "unpin")
    assert session.again("甲乙=a b").beads == aligned("甲乙=a b").beads


def test_twins_are_told_apart() -> None:
    session = Session("甲=a|乙=b|甲=a|乙=b|甲=a")
    session.on([2], "accept")
    assert [b.status for b in session.bitext.beads] == ["auto", "auto", "accepted", "auto", "auto"]
    # The second of the twins, wherever the machine sees them: nearest to each other on the two sides.
    found = session.again("甲乙=a b|甲乙=a b|甲=a")
    assert shape(found) == "甲=a|乙=b|甲乙=a b|甲=a" or shape(found) == "甲乙=a b|甲=a|乙=b|甲=a"
    assert sum(bead.status == "accepted" for bead in found.beads) == 1


def test_undo_and_redo() -> None:
    session = Session("甲=a|乙=b")
    session.on([0, 1], "regroup", "甲乙=a b")
    accepted = session.on([0], "accept")
    first = session.take(undo(accepted, author="lan"))
    assert [bead.status for bead in session.bitext.beads] == ["auto"]
    session.take(undo(first, author="lan"))
    assert [bead.status for bead in session.bitext.beads] == ["accepted"]
    session.take(undo(session.decisions[0], author="lan"))
    # The acceptance stands, so does what was accepted.
    assert shape(session.bitext) == "甲乙=a b"
    session.take(undo(session.decisions[3], author="lan"))
    assert session.bitext.beads == session.stored.beads


def test_the_signature_tells_what_was_applied() -> None:
    session = Session("甲=a|乙=b")
    session.on([0], "accept")
    once = session.bitext
    assert once.signature.startswith("aligner:1|decisions:1-")
    second = session.on([1], "reject")
    assert apply_decisions(once, session.decisions) == session.bitext
    session.take(undo(second, author="lan"))
    with pytest.raises(InputError, match="takes back one that the bitext already contains"):
        apply_decisions(apply_decisions(session.stored, session.decisions[:2]), session.decisions)
    assert apply_decisions(session.stored, ()) == session.stored


def test_a_bead_that_is_not_there() -> None:
    with pytest.raises(InputError, match="there is no bead 7"):
        decide(aligned("甲=a"), [7], "accept", author="lan")


# The file.


def some(number: int = 0, action: Action = "accept") -> Decision:
    target = Target("0123456789abcdef", number)
    texts: tuple[Texts, ...] = ((("甲\ud800",), ('"a"\n',)),)
    return Decision(f"2026-01-31T12:00:0{number}Z", "Lan", action, (target,), texts)


def test_a_decision_as_a_person_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "a.decisions.jsonl"
    record(path, dataclasses.replace(some(), before=((("甲",), ("a",)),), value="tốt"))
    assert path.read_text("utf-8") == (
        '{"time": "2026-01-31T12:00:00Z", "author": "Lan", "action": "accept", '
        '"targets": [{"hash": "0123456789abcdef", "occurrence": 0}], '
        '"before": [[["甲"], ["a"]]], "value": "tốt"}\n'
    )


def test_what_is_recorded_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.decisions.jsonl"
    assert read_decisions(path) == ()
    decisions = (
        some(0),
        dataclasses.replace(some(1, "regroup"), after=(((), ("x",)), (("y",), ()))),
        Decision("2026-01-31T12:00:02Z", "", "undo", (), value="2026-01-31T12:00:00Z"),
    )
    for decision in decisions:
        assert record(path, decision) == decision
    assert read_decisions(path) == decisions


def test_no_two_decisions_have_the_same_time(tmp_path: Path) -> None:
    path = tmp_path / "a.decisions.jsonl"
    record_all(path, [some(5), some(5), some(3)])
    record(path, some(5))
    times = [decision.time for decision in read_decisions(path)]
    assert times == [
        "2026-01-31T12:00:05Z",
        "2026-01-31T12:00:05.000001Z",
        "2026-01-31T12:00:05.000002Z",
        "2026-01-31T12:00:05.000003Z",
    ]
    assert record(path, dataclasses.replace(some(), time=now())).time > times[-1]


@pytest.mark.parametrize("cut", range(1, 60))
def test_a_torn_last_line_is_survived(cut: int, tmp_path: Path) -> None:
    path = tmp_path / "a.decisions.jsonl"
    record(path, some(0))
    record(path, some(1))
    path.write_bytes(path.read_bytes()[:-cut])
    # All but the line end of a line is a whole line.
    kept = 2 if cut == 1 else 1
    assert len(read_decisions(path)) == kept
    record(path, some(2))
    assert [decision.targets[0].occurrence for decision in read_decisions(path)] == [*range(kept), 2]


KILLED = """
import sys
from collections.abc import Sequence
from pathlib import Path
from aligner.model import Decision, Target
from aligner.review.decisions import record
path = Path(sys.argv[1])
for number in range(10**9):
    record(path, Decision("2026-01-31T12:00:00Z", "Lan", "note", (Target("0" * 16),), value=str(number)))
    print(number, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="kill -9")
def test_what_was_recorded_before_kill_9_is_there(tmp_path: Path) -> None:
    path = tmp_path / "a.decisions.jsonl"
    command = [sys.executable, "-c", KILLED, str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for _ in range(20):
            last = int(child.stdout.readline())
        child.send_signal(signal.SIGKILL)
        last = [last, *map(int, child.stdout.read().split())][-1]
    found = [int(decision.value) for decision in read_decisions(path)]
    assert found == list(range(len(found)))
    assert len(found) in {last + 1, last + 2}


PIN = '{"time": "2026-01-31", "action": "pin"'
BROKEN = {
    "in the middle": ('{"time": "2026-0\n{}\n', "1: broken JSON"),
    "whole line": ("no\n", "1: broken JSON"),
    "no object": ("[]\n", "1: not a JSON object"),
    "no action": ('{"time": "2026-01-31T12:00:00Z"}\n', "1: the field 'action' is missing"),
    "unknown action": (
        '{"time": "2026-01-31T12:00:00Z", "action": "x"}\n',
        "1: no action 'x': if a newer",
    ),
    "no time": ('{"action": "accept"}\n', "1: the field 'time' is missing"),
    "odd time": ('{"time": "yesterday", "action": "undo"}\n', "1: 'yesterday' is no time"),
    "no target": ('{"time": "2026-01-31", "action": "pin"}\n', "1: the decision names no bead"),
    "odd target": (
        '{"time": "2026-01-31", "action": "pin", "targets": [1]}\n',
        "1: a target is not an object",
    ),
    "odd hash": (
        '{"time": "2026-01-31", "action": "pin", "targets": [{"hash": 1}]}\n',
        "1: the field 'hash'",
    ),
    "odd texts": (
        '{"time": "2026-01-31", "action": "pin", "targets": [{"hash": "a"}], "before": [[["a"], [1]]]}\n',
        "1: the field 'before' is not a list of beads",
    ),
    "not UTF-8": (b"\xff\n", "1: not UTF-8"),
}


@pytest.mark.parametrize(("data", "problem"), BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_named_with_its_line(data: str | bytes, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "a.decisions.jsonl"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    with pytest.raises(FormatError) as caught:
        read_decisions(path)
    assert str(caught.value).startswith(f"{path}:{problem}")


def test_a_broken_file_is_not_added_to(tmp_path: Path) -> None:
    path = tmp_path / "a.decisions.jsonl"
    path.write_text("no\n")
    with pytest.raises(AlignerError):
        record(path, some())
    assert path.read_text() == "no\n"


@pytest.mark.parametrize(
    ("bitext", "decisions"),
    [
        ("corpus/a.bitext.jsonl", "corpus/a.decisions.jsonl"),
        ("a.b.bitext.jsonl", "a.b.decisions.jsonl"),
        ("a.jsonl", "a.decisions.jsonl"),
    ],
)
def test_where_decisions_lie(bitext: str, decisions: str) -> None:
    assert decisions_path(Path(bitext)) == Path(decisions)


def test_loading_a_bitext_applies_its_decisions(tmp_path: Path) -> None:
    session = Session("甲=a|乙=b")
    path = tmp_path / "a.bitext.jsonl"
    write_bitexts([session.stored], "bitext", path)
    assert load_bitext(path) == session.stored
    record(decisions_path(path), session.on([0, 1], "regroup", "甲乙=a b"))
    assert load_bitext(path) == session.bitext
    assert load_bitext(path, apply=False) == session.stored
    assert json.loads(decisions_path(path).read_text("utf-8")) == json.loads(
        json.dumps(decision_record(session.decisions[0]))
    )
    # Stored with its decisions by mistake it is still the same: the signature tells that it has them.
    write_bitexts([load_bitext(path)], "bitext", path)
    assert load_bitext(path) == session.bitext


def test_a_decision_costs_only_the_beads_it_touches(monkeypatch: pytest.MonkeyPatch) -> None:
    stored = aligned("|".join(f"{chr(0x4E00 + i)}=v{i}" for i in range(500)))
    decisions = [
        decide(stored, [i, i + 1], "regroup", author="lan", after=[stored_texts(stored, i, 2)])
        for i in range(0, 150, 3)
    ]
    decisions = [dataclasses.replace(d, time=f"2026-01-31T12:00:00.{i:06}Z") for i, d in enumerate(decisions)]
    hashed: list[str] = []

    def counted(src: Sequence[str], tgt: Sequence[str]) -> str:
        hashed.append(bead_hash(src, tgt))
        return hashed[-1]

    monkeypatch.setattr(grouping, "bead_hash", counted)
    found = apply_decisions(stored, decisions)
    assert (len(found.beads), sum(bead.pinned for bead in found.beads)) == (450, 50)
    assert len(hashed) == 3 * 50


def stored_texts(bitext: Bitext, first: int, count: int) -> Texts:
    beads = bitext.beads[first : first + count]
    return tuple(s.text for b in beads for s in b.src), tuple(s.text for b in beads for s in b.tgt)


def test_a_link_leads_no_decision_out_of_its_folder(tmp_path: Path) -> None:
    victim, folder = tmp_path / "victim", tmp_path / "corpus"
    victim.write_text("precious", "utf-8")
    folder.mkdir()
    path = folder / "a.decisions.jsonl"
    path.symlink_to(victim)
    with pytest.raises(OutputError, match="leads out of"):
        append(path, [])
    assert victim.read_text("utf-8") == "precious"
