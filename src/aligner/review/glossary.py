"""What a person decides about a glossary: written down as a whole, so that it can be taken back.

    entries before, entries after ──step──▶ NAME.history.jsonl ──▶ the sheet

A step is a line of the term base's history with the field `action`: which entries there were and are, whole.
Undo and redo follow from these lines alone, as those of a bitext follow from its decisions. Where an entry
was changed since, in the sheet or by another program, what was done to it before is not taken back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from aligner.errors import FormatError, UsageError
from aligner.formats.glossaries import occurrences_of
from aligner.output import append_json
from aligner.review.decisions import now
from aligner.review.history import History, history
from aligner.review.session import user_name
from aligner.termbase import RUN, TermBase, history_path, history_records, save_base
from aligner.terms.merge import edited_columns
from aligner.terms.model import TermEntry


@dataclass(frozen=True, slots=True)
class Change:
    """An entry that a step changed.

    Attributes:
        at: where it stood, or stands if it was added.
        before: as it was; None where there was none.
        after: as it is; None where it went.
    """

    at: int
    before: TermEntry | None
    after: TermEntry | None

    @property
    def id(self) -> str:
        """Of the entry."""
        known = self.before or self.after
        assert known is not None  # noqa: S101 - one of them is there
        return known.id


@dataclass(frozen=True, slots=True)
class Step:
    """What was done at once.

    Attributes:
        time: UTC, to the microsecond; names the step.
        author: who.
        action: a status, `edit`, `merge`, `add` or `undo`.
        changes: in the order of the entries.
        value: for `undo` the time of the step taken back.
    """

    time: str
    author: str
    action: str
    changes: tuple[Change, ...]
    value: str = ""


@dataclass(frozen=True, slots=True)
class Since:
    """What became of a glossary since `aligner terms` last ran on it.

    Attributes:
        new: ids of the entries that the run brought.
        gone: the candidates that it no longer found, as zh and vi.
        changed: ids of the entries that a person changed after it.
        time: of the run; empty where none is known.
    """

    new: frozenset[str]
    gone: tuple[tuple[str, str], ...]
    changed: frozenset[str]
    time: str = ""


def take(base: TermBase, entries: Sequence[TermEntry], action: str, value: str = "") -> None:
    """Writes what was decided, first into the history and then into the sheet.

    Args:
        base: as it was read.
        entries: what it is to hold.
        action: see `Step`.
        value: see `Step`.

    Raises:
        OutputError: a file cannot be written.
    """
    step = Step(now(), user_name(), action, tuple(_changes(base.entries, entries)), value)
    append_json(history_path(base.path), [_record(step)])
    save_base(base, entries)


def _changes(before: Sequence[TermEntry], after: Sequence[TermEntry]) -> Iterable[Change]:
    old, new = ({entry.id: entry for entry in entries} for entries in (before, after))
    for at, entry in enumerate(before):
        if new.get(entry.id) != entry:
            yield Change(at, entry, new.get(entry.id))
    for at, entry in enumerate(after):
        if entry.id not in old:
            yield Change(at, None, entry)


def steps(path: Path) -> History[Step]:
    """What can be taken back in a glossary, and brought back.

    Raises:
        FormatError: its history is broken.
    """
    where = history_path(path)
    found = [record for record in history_records(path) if record.get("action") not in {None, RUN}]
    return history([_step(record, str(where)) for record in found])


def taken_back(entries: Sequence[TermEntry], step: Step) -> list[TermEntry]:
    """The entries without what a step did; taking back an undo does again what it took back.

    Raises:
        UsageError: one of them was changed since.
    """
    found = list(entries)
    places = {entry.id: at for at, entry in enumerate(found)}
    lost: list[Change] = []
    for change in step.changes:
        at = places.get(change.id)
        now_ = None if at is None else found[at]
        if not (_alike(now_, change.after) or _alike(now_, change.before)):
            known = change.before or change.after
            assert known is not None  # noqa: S101 - one of them is there
            raise UsageError(f"{known.zh} ↔ {known.vi} was changed since", "change it back by hand")
        if at is None and change.before is not None:
            lost.append(change)
        elif at is not None:
            found[at] = _restored(found[at], change)
    gone = {change.id for change in step.changes if change.before is None}
    found = [entry for entry in found if entry.id not in gone]
    for change in lost:
        if change.before is not None:
            found.insert(change.at, change.before)
    keys = [entry.key for entry in found]
    for change in step.changes:
        if change.before is not None and keys.count(change.before.key) > 1:
            raise UsageError(f"{change.before.zh} ↔ {change.before.vi} is there already", "merge the two")
    return found


def _alike(one: TermEntry | None, other: TermEntry | None) -> bool:
    """Whether a person sees the same in both."""
    if one is None or other is None:
        return one is other
    return edited_columns(one) == edited_columns(other)


def _restored(entry: TermEntry, change: Change) -> TermEntry:
    if change.before is None or entry == change.after:
        return change.before or entry
    # A run has renewed its figures meanwhile: they stay.
    before = change.before
    return entry.replace(**{name: getattr(before, name) for name in edited_columns(before)})


def since_run(base: TermBase) -> Since:
    """What the last run brought to a glossary, and what people changed after it.

    Raises:
        FormatError: its history is broken.
    """
    records = history_records(base.path)
    at = max((number for number, record in enumerate(records) if record.get("action") == RUN), default=None)
    run: Mapping[str, Any] = records[at] if at is not None else {}
    # Before runs were written down, only what this program did is known to be later.
    later = records[at + 1 :] if at is not None else [record for record in records if "action" in record]
    changed = {str(one) for record in later for one in record.get("ids", [record.get("id")]) if one}
    return Since(
        frozenset(map(str, run.get("new", ()))),
        tuple((str(zh), str(vi)) for zh, vi in run.get("gone", ())),
        frozenset(changed) | base.edited,
        str(run.get("time", "")),
    )


def _record(step: Step) -> dict[str, Any]:
    return {
        "time": step.time,
        "author": step.author,
        "action": step.action,
        "ids": [change.id for change in step.changes],
        "changes": [asdict(change) for change in step.changes],
        "value": step.value,
    }


def _step(record: Mapping[str, Any], where: str) -> Step:
    try:
        changes = tuple(
            Change(int(one["at"]), _entry(one["before"]), _entry(one["after"])) for one in record["changes"]
        )
        return Step(
            record["time"], record.get("author", ""), record["action"], changes, record.get("value", "")
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise FormatError(
            f"{where}: a step is broken: {json.dumps(record, ensure_ascii=False)[:40]}",
            "move the file away: only undo is lost with it",
        ) from None


def _entry(record: Mapping[str, Any] | None) -> TermEntry | None:
    if record is None:
        return None
    known = {**record, "occurrences": occurrences_of(record["occurrences"])}
    for name in ("zh_variants", "vi_variants"):
        known[name] = tuple(known[name])
    return TermEntry(**known)
