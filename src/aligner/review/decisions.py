"""The decisions file, `NAME.decisions.jsonl`: what people decided, one decision a line, only ever added to.

Each line is on the disk before the next decision is taken. A last line that a crash cut short is no
decision: it is passed over when reading and cut off by the next one recorded. Loading a bitext applies its
decisions; see `apply_decisions`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

from aligner.errors import FormatError, InputError
from aligner.lines import field, index, json_object, shown
from aligner.model import Action, Bead, Bitext, Decision, Target
from aligner.output import append_json, check_inside, is_json, last_line
from aligner.review.groups import Texts
from aligner.review.lock import writing
from aligner.review.replay import apply_decisions

__all__ = [
    "append",
    "apply_decisions",
    "decide",
    "decision_of",
    "decision_record",
    "decisions_path",
    "now",
    "read_decisions",
    "record",
    "record_all",
    "undo",
]

ACTIONS: tuple[Action, ...] = get_args(Action)
SUFFIX = ".decisions.jsonl"
_BITEXT_SUFFIX = ".bitext.jsonl"


def decisions_path(bitext: Path) -> Path:
    """Where the decisions on a bitext lie: `NAME.decisions.jsonl` beside `NAME.bitext.jsonl`."""
    name = bitext.name.removesuffix(_BITEXT_SUFFIX) if bitext.name.endswith(_BITEXT_SUFFIX) else bitext.stem
    return bitext.with_name(name + SUFFIX)


def now() -> str:
    """The time for a decision: UTC, to the microsecond, for a decision is named by its time."""
    return _written(datetime.now(UTC))


def _written(time: datetime) -> str:
    return time.isoformat(timespec="microseconds").replace("+00:00", "Z")


def decide(
    bitext: Bitext,
    beads: Sequence[int],
    action: Action,
    *,
    author: str,
    after: Sequence[Texts] = (),
    value: str = "",
) -> Decision:
    """A decision on beads of a bitext, with all it takes to find them again.

    Args:
        bitext: with all earlier decisions applied.
        beads: their ids; several only for `regroup` and `realign`, then consecutive and in order.
        action: anything but `undo`.
        author: who decides.
        after: for `regroup` the new groups, for `edit` the new texts.
        value: for `note` its text.

    Raises:
        InputError: there is no bead with such an id.
    """
    occurrences: Counter[str] = Counter()
    chosen: dict[int, tuple[Target, Texts]] = {}
    wanted = set(beads)
    for bead in bitext.beads:
        digest = bead.hash
        if bead.id in wanted:
            chosen[bead.id] = Target(digest, occurrences[digest]), _texts(bead, action)
        occurrences[digest] += 1
    if missing := wanted - chosen.keys():
        raise InputError(
            f"there is no bead {min(missing)}", "is the bitext another one than that decided on?"
        )
    targets = tuple(chosen[number][0] for number in beads)
    before = tuple(chosen[number][1] for number in beads)
    return Decision(now(), author, action, targets, before, tuple(after), value)


def _texts(bead: Bead, action: Action) -> Texts:
    """The texts of a bead as aligned; for an edit as they read before it, which its history shows."""
    if bead.original is not None and action != "edit":
        return bead.original
    return tuple([s.text for s in bead.src]), tuple([s.text for s in bead.tgt])


def undo(decision: Decision, *, author: str) -> Decision:
    """The decision that takes back another; taking back an undo brings the decision back."""
    return Decision(now(), author, "undo", decision.targets, value=decision.time)


def record(path: Path, decision: Decision) -> Decision:
    """Appends a decision to its file, and returns it as written when it is on the disk.

    A time that is not later than the last one in the file is moved on, so that no two decisions of a file
    have the same. Waits for any other program that is writing there.

    Raises:
        OutputError: the file cannot be written; it is as it was.
        FormatError: the file's last line is not a decision.
    """
    return record_all(path, [decision])[0]


def record_all(path: Path, decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """`record` for several decisions, all or none."""
    with writing(path):
        return append(path, decisions)


def append(path: Path, decisions: Iterable[Decision]) -> tuple[Decision, ...]:
    """`record_all` for who holds the lock `writing(path)` already."""
    last = _last_time(path)
    written = []
    for decision in decisions:
        time = _parsed(decision.time, f"{path}: a decision to be recorded")
        if last is not None and time <= last:
            time = last + timedelta(microseconds=1)
            written.append(Decision(_written(time), *_rest(decision)))
        else:
            written.append(decision)
        last = time
    check_inside(path, path.parent)
    append_json(path, [decision_record(decision) for decision in written])
    return tuple(written)


def _rest(decision: Decision) -> tuple[Any, ...]:
    return tuple(getattr(decision, name) for name in Decision.__slots__[1:])


def _last_time(path: Path) -> datetime | None:
    line = last_line(path)
    if not line.strip():
        return None
    where = f"{path}: its last line"
    record = json_object(line.decode("utf-8", "replace"), where)
    return _parsed(field(record, "time", str, where), where)


def _parsed(time: str, where: str) -> datetime:
    try:
        parsed = datetime.fromisoformat(time)
    except ValueError:
        raise FormatError(
            f"{where}: {shown(time)} is no time", "it is written like 2026-01-31T12:00:00Z"
        ) from None
    return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)


def read_decisions(path: Path) -> tuple[Decision, ...]:
    """The decisions of a file in their order; none if there is no file.

    Raises:
        InputError: it cannot be read.
        FormatError: a line is broken; but a last line that a crash cut short is passed over.
    """
    try:
        lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise InputError(f"{path} cannot be read ({(error.strerror or '').lower()})") from None
    if not is_json(lines[-1]):
        lines.pop()  # what follows the last line end: nothing, or half a decision
    decisions = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            text = line.decode()
        except UnicodeDecodeError:
            raise FormatError(f"{where}: not UTF-8") from None
        decisions.append(decision_of(json_object(text, where), where))
    return tuple(decisions)


def decision_record(decision: Decision) -> dict[str, Any]:
    """A decision as the JSON object that stands for it; empty fields are left out."""
    record: dict[str, Any] = {
        "time": decision.time,
        "author": decision.author,
        "action": decision.action,
        "targets": [{"hash": t.hash, "occurrence": t.occurrence} for t in decision.targets],
        "before": decision.before,
        "after": decision.after,
        "value": decision.value,
    }
    return {name: value for name, value in record.items() if value}


def decision_of(record: dict[str, Any], where: str) -> Decision:
    """The inverse of `decision_record`.

    Raises:
        FormatError: a field is missing or of the wrong type; the message begins with `where`.
    """
    action = field(record, "action", str, where)
    if action not in ACTIONS:
        raise FormatError(
            f"{where}: no action {shown(action)}", "if a newer aligner wrote it: pip install -U aligner-zhvi"
        )
    time = field(record, "time", str, where)
    _parsed(time, where)
    targets = tuple(_target(item, where) for item in field(record, "targets", list, where, []))
    if not targets and action != "undo":
        raise FormatError(f"{where}: the decision names no bead")
    return Decision(
        time,
        field(record, "author", str, where, ""),
        action,
        targets,
        _beads(record, "before", where),
        _beads(record, "after", where),
        field(record, "value", str, where, ""),
    )


def _target(item: object, where: str) -> Target:
    if type(item) is not dict:
        raise FormatError(f"{where}: a target is not an object")
    occurrence = index(item, "occurrence", where) if "occurrence" in item else 0
    return Target(field(item, "hash", str, where), occurrence)


def _beads(record: dict[str, Any], key: str, where: str) -> tuple[Texts, ...]:
    """Beads as lists of texts: `[[[zh, …], [vi, …]], …]`."""
    beads = []
    for bead in field(record, key, list, where, []):
        match bead:
            case [list(src), list(tgt)] if all(type(text) is str for text in (*src, *tgt)):
                beads.append((tuple(src), tuple(tgt)))
            case _:
                raise FormatError(f"{where}: the field '{key}' is not a list of beads")
    return tuple(beads)
