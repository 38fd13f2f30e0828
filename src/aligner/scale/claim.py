"""Whose an output folder is: new, this run's to go on with, another's, or held by a run at work."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from aligner.errors import UsageError
from aligner.pipeline import signature
from aligner.scale import layout
from aligner.scale.options import RunOptions
from aligner.scale.plan import Plan, plan_of
from aligner.scale.store import Store, is_local, opened

_ANOTHER = "choose another --output, or repeat the command as it was"
_SHOWN = 3  # names listed of those that differ
_VERSION = 1  # of the plan's file
_LOOKS, _PAUSE = 5, 0.05  # somebody who asks whether a run is at work holds the lock for a moment


def claim(store: Store, plan: Plan, options: RunOptions) -> bool:
    """Whether the folder holds this very run already; a new one is begun where it is empty.

    Raises:
        UsageError: the folder holds something else: what differs is named.
    """
    system, root = opened(store.url)
    if system.exists(root) and not system.isdir(root):
        raise UsageError(f"{store.url} is a file", "name a folder for the results with --output")
    made_by = signature(options.align)
    if not store.exists(layout.PLAN):
        if store.names(""):
            raise UsageError(f"{store.url} is not empty", "choose a new folder for --output")
        record = {"plan": plan.to_json(), "options": options.to_json(), "signature": made_by}
        store.write_json(layout.PLAN, {"version": _VERSION, **record})
        return False
    before = plan_in(store)
    changed = changed_options(before["options"], options.to_json())
    if changed:
        raise UsageError(f"{store.url} holds a run with other options ({changed})", _ANOTHER)
    if before["plan"]["fingerprint"] != plan.fingerprint:
        changed = changed_input(plan_of(before["plan"]), plan)
        raise UsageError(f"{store.url} holds a run of other input ({changed})", "choose another --output")
    if before["signature"] != made_by:
        said = f"made by {before['signature']}, now {made_by}"
        raise UsageError(f"{store.url} holds a run with other knowledge ({said})", _ANOTHER)
    return True


def plan_in(store: Store) -> dict[str, Any]:
    """The plan that a folder holds, with its options.

    Raises:
        UsageError: there is none that this version knows.
    """
    if not store.exists(layout.PLAN):
        raise UsageError(f"{store.url} holds no run", "name the folder given to --output")
    try:
        record = store.read_json(layout.PLAN)
    except ValueError:
        record = {}
    if record.get("version") != _VERSION:
        raise UsageError(
            f"{store.url} holds a run of another version of aligner",
            "go on with that, or choose another folder",
        )
    return record


def changed_options(before: Mapping[str, Any], now: Mapping[str, Any]) -> str:
    """The options that differ, as they are written, with the value before and now; empty where none does."""
    old, new = _flat(before), _flat(now)
    differ = [name for name in sorted(old.keys() | new.keys()) if old.get(name) != new.get(name)]
    return "; ".join(
        f"--{name} {_value(old.get(name))} before, {_value(new.get(name))} now" for name in differ
    )


def _flat(record: Mapping[str, Any]) -> dict[str, Any]:
    reading = record["reading"]
    columns = ",".join(f"{role}={name}" for role, name in reading["columns"].items() if name)
    flat = {**record, **reading, "columns": columns}
    del flat["reading"]
    return {name.replace("_", "-"): value for name, value in flat.items()}


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "given" if value else "not given"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value or "not given")


def changed_input(before: Plan, now: Plan) -> str:
    """What is new, gone or changed in the input, counted and the first named."""
    old, new = _lengths(before), _lengths(now)
    parts = (
        ("new", [name for name in new if name not in old]),
        ("gone", [name for name in old if name not in new]),
        ("changed", [name for name in new if name in old and new[name] != old[name]]),
    )
    said = [f"{len(names):,} {what}: {_listed(names)}" for what, names in parts if names]
    return "; ".join(said) or "its documents are cut otherwise"


def _lengths(plan: Plan) -> dict[str, tuple[Any, ...]]:
    """What is known of each file: its size and its last row."""
    found: dict[str, tuple[Any, ...]] = {}
    for shard in plan.shards:
        for item in shard:
            found[item.name] = (item.lengths, item.last)
    return found


def _listed(names: Iterable[str]) -> str:
    listed = list(names)
    more = len(listed) - _SHOWN
    return ", ".join(listed[:_SHOWN]) + (f" and {more:,} more" if more > 0 else "")


@contextmanager
def held(store: Store) -> Iterator[None]:
    """Within this context no other run of this machine works in the folder.

    The lock is the system's and goes with the process, however that ends. On an object store, and where the
    system has no such locks, there is none: two runs then make the same files twice.

    Raises:
        UsageError: another one is at work.
    """
    system, root = opened(store.url)
    try:
        import fcntl
    except ImportError:
        yield
        return
    if not is_local(system):
        yield
        return
    with Path(root, layout.LOCK).open("a") as file:
        for look in range(_LOOKS):
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if look + 1 == _LOOKS:
                    raise UsageError(
                        f"another run is at work in {store.url}", "wait for it, or choose another --output"
                    ) from None
                time.sleep(_PAUSE)
            except OSError:
                break  # a file system without locks
        os.utime(file.fileno())  # says since when it is at work
        yield


def at_work(store: Store) -> bool | None:
    """Whether a run is at work in the folder; None where no lock tells (Slurm, object stores)."""
    system, root = opened(store.url)
    lock = Path(root, layout.LOCK)
    try:
        import fcntl
    except ImportError:
        return None
    if not (is_local(system) and lock.exists()):
        return None
    try:
        with lock.open() as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return None
    return False
