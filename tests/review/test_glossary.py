"""Steps in a glossary: taken back and brought back, whatever is between; nothing another wrote is lost."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.errors import FormatError, UsageError
from aligner.review.glossary import Step, since_run, steps, take, taken_back
from aligner.termbase import TermBase, history_path, open_base, save_base
from aligner.terms.merge import Update
from aligner.terms.model import Occurrence, TermEntry

QUICK = settings(max_examples=40, deadline=None)


def entry(number: int, **more: object) -> TermEntry:
    return TermEntry(
        f"词{number}",
        f"từ {number}",
        frequency=3,
        id=f"t{number}",
        evidence={"translation": 1.5},
        occurrences=(Occurrence("d", number, (0, 2), (0, 4)),),
    ).replace(**more)


def made(folder: Path, count: int = 4) -> Path:
    path = folder / "glossary.tsv"
    save_base(TermBase(path), [entry(number) for number in range(count)])
    return path


def decide(path: Path, action: str, *entries: TermEntry) -> None:
    take(open_base(path), entries, action)


def back(path: Path, *, redo: bool = False) -> bool:
    known = steps(path)
    last = (known.undone if redo else known.done)[-1:]
    for step in last:
        base = open_base(path)
        take(base, taken_back(base.entries, step), "undo", step.time)
    return bool(last)


def test_a_merge_is_taken_back_whole(tmp_path: Path) -> None:
    path = made(tmp_path)
    before = open_base(path).entries
    merged = before[0].replace(zh_variants=("词1",), frequency=6, occurrences=())
    decide(path, "merge", merged, *before[2:])
    assert len(open_base(path).entries) == 3
    assert back(path)
    assert open_base(path).entries == before
    assert back(path, redo=True)
    assert open_base(path).entries[0].zh_variants == ("词1",)
    assert [entry.id for entry in open_base(path).entries] == ["t0", "t2", "t3"]


@given(data=st.data())
@QUICK
def test_any_steps_are_taken_back_one_by_one(data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = made(Path(folder))
        stack = [open_base(path).entries]
        ahead: list[tuple[TermEntry, ...]] = []
        for number in range(data.draw(st.integers(0, 10))):
            now = open_base(path).entries
            match data.draw(st.sampled_from(["status", "merge", "add", "undo", "redo"])):
                case "status" if now:
                    at = data.draw(st.integers(0, len(now) - 1))
                    one = now[at].replace(
                        status=data.draw(st.sampled_from(["approved", "rejected"])), note=str(number)
                    )
                    decide(path, one.status, *now[:at], one, *now[at + 1 :])
                case "merge" if now:
                    at = data.draw(st.integers(0, len(now) - 1))
                    decide(path, "merge", *now[:at], *now[at + 1 :])
                case "add":
                    decide(path, "add", *now, entry(100 + number))
                case "undo":
                    assert back(path) == (len(stack) > 1)
                    ahead += [stack.pop()] if len(stack) > 1 else []
                    assert open_base(path).entries == stack[-1]
                    continue
                case "redo":
                    assert back(path, redo=True) == bool(ahead)
                    stack += [ahead.pop()] if ahead else []
                    assert open_base(path).entries == stack[-1]
                    continue
                case _:
                    continue
            stack.append(open_base(path).entries)
            ahead = []
        while back(path):
            pass
        assert open_base(path).entries == stack[0]


def test_what_was_changed_since_is_not_taken_back(tmp_path: Path) -> None:
    path = made(tmp_path)
    now = open_base(path).entries
    decide(path, "approved", now[0].replace(status="approved"), *now[1:])
    sheet = path.read_text("utf-8")
    path.write_text(sheet.replace("từ 0", "khác"), "utf-8")
    with pytest.raises(UsageError, match="changed since"):
        back(path)
    assert "khác" in path.read_text("utf-8")


def test_figures_that_a_run_renewed_stay_when_a_step_is_taken_back(tmp_path: Path) -> None:
    path = made(tmp_path)
    now = open_base(path).entries
    decide(path, "approved", now[0].replace(status="approved"), *now[1:])
    base = open_base(path)
    save_base(base, [base.entries[0].replace(frequency=9), *base.entries[1:]])
    assert back(path)
    one = open_base(path).entries[0]
    assert (one.status, one.frequency) == ("candidate", 9)


def test_what_a_run_brought_and_what_changed_since(tmp_path: Path) -> None:
    path = made(tmp_path)
    assert since_run(open_base(path)).time == ""
    base = open_base(path)
    fresh, kept = entry(7), base.entries[:3]
    save_base(base, [*kept, fresh], run=Update((*kept, fresh), new=(fresh,), gone=base.entries[3:]))
    since = since_run(open_base(path))
    assert since.new == {"t7"}
    assert since.gone == (("词3", "từ 3"),)
    assert not since.changed
    now = open_base(path).entries
    decide(path, "approved", now[0].replace(status="approved"), *now[1:])
    path.write_text(path.read_text("utf-8").replace("từ 1", "khác"), "utf-8")
    assert since_run(open_base(path)).changed == {"t0", "t1"}
    base = open_base(path)
    save_base(base, base.entries, run=Update(base.entries))
    assert since_run(open_base(path)).changed == frozenset()


def test_a_crash_in_the_middle_loses_nothing(tmp_path: Path) -> None:
    """The history says what was decided before the sheet does; half a line is no step."""
    path = made(tmp_path)
    now = open_base(path).entries
    sheet = path.read_bytes()
    decide(path, "approved", now[0].replace(status="approved"), *now[1:])
    path.write_bytes(sheet)  # as if it had not been written any more
    assert back(path)
    assert open_base(path).entries[0].status == "candidate"
    with history_path(path).open("ab") as file:
        file.write(b'{"time": "2026')
    assert len(steps(path).undone) == 1
    with history_path(path).open("ab") as file:
        file.write(b'\n{"time": "2026", "action": "edit", "changes": [{}]}\n')
    with pytest.raises(FormatError):
        steps(path)


def test_a_step_names_who_and_when(tmp_path: Path) -> None:
    path = made(tmp_path)
    now = open_base(path).entries
    decide(path, "rejected", now[0].replace(status="rejected"), *now[1:])
    (step,) = steps(path).done
    assert isinstance(step, Step)
    assert step.author
    assert step.time.endswith("Z")
    assert (step.action, [change.id for change in step.changes]) == ("rejected", ["t0"])
