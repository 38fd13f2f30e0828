"""A run on one page: plan → stages → manifest.

The same command again does what is missing; with everything done it does nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aligner.documents.encodings import decode_as
from aligner.errors import UsageError
from aligner.pipeline import signature
from aligner.scale import layout
from aligner.scale.claim import at_work, claim, held, plan_in
from aligner.scale.engine import Crew, Workers, done_tasks
from aligner.scale.job import Job, forget
from aligner.scale.options import RunOptions
from aligner.scale.plan import make_plan
from aligner.scale.stages import Stage, stages
from aligner.scale.store import Store
from aligner.scale.tidying import COUNTED, finish, manifest_of

Report = Callable[[Stage, int, int], None]
"""Is told how many tasks of a stage are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Status:
    """How far a run is.

    Attributes:
        stages: name of each stage, tasks done, tasks in all.
        totals: what has been counted so far, by stage.
        done: whether the run is finished.
        errors: how many documents and the like could not be used so far.
        at_work: whether a run is at work in the folder; None where that cannot be told.
        left: seconds that the stage at work may still need, from how long its tasks have taken so far; None
            where none is at work or nothing is known yet.
    """

    stages: tuple[tuple[str, int, int], ...]
    totals: dict[str, Any]
    done: bool
    errors: int = 0
    at_work: bool | None = None
    left: float | None = None


def run(
    source: str,
    output: str,
    options: RunOptions,
    workers: Workers | None = None,
    report: Report = lambda _stage, _done, _all: None,
) -> dict[str, Any]:
    """Aligns a corpus.

    Args:
        source: a folder, a pattern or a file; local, or an address fsspec knows.
        output: the folder for the results; see docs/scale.md.
        options: what is made.
        workers: who makes it.
        report: is told of progress.

    Returns:
        The manifest.

    Raises:
        InputError: there is no input.
        UsageError: the output folder belongs to another run.
        OutputError: a result cannot be written.
        TaskError: a task cannot be done.
    """
    job = prepare(source, output, options)
    done = manifest_of(job.store)
    if done is not None:
        return done
    with held(job.store), Crew(workers or Workers()) as crew:
        for stage in stages(options):
            tasks = stage.count(job)

            def progress(count: int, stage: Stage = stage, tasks: int = tasks) -> None:
                report(stage, count, tasks)

            crew.run(job, stage, progress)
        if not job.store.exists(layout.MANIFEST):
            finish(job, 0)  # somebody has removed it
    return manifest_of(job.store) or {}


def prepare(source: str, output: str, options: RunOptions) -> Job:
    """Plans a run, or takes up the plan that is there.

    Raises:
        UsageError: the folder holds a run of other input or options, or something else.
    """
    output = absolute(output)
    source = absolute(source)
    if _is_inside(output, source):
        raise UsageError(f"{output} lies in the input", "choose an --output outside of it")
    signature(options.align)  # reads lexicon and glossary: said before the work if they are broken
    _check_encoding(options.reading.encoding)
    job = Job(output)
    plan = make_plan(source, shard_size=options.shard_size, limit=options.limit)
    if not claim(job.store, plan, options):
        forget()
    return job


def _check_encoding(name: str | None) -> None:
    if name is not None:
        try:
            decode_as(b"", name)
        except (LookupError, UnicodeError, ValueError):
            raise UsageError(f"no such encoding: {name}", "name one Python knows, such as gb18030") from None


def absolute(url: str) -> str:
    """An address that means the same in every working folder: workers have their own."""
    return url if "://" in url or "::" in url else str(Path(url).resolve())


def _is_inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def status(output: str) -> Status:
    """How far the run of an output folder is.

    Raises:
        UsageError: there is no run that this version knows.
    """
    store = Store(absolute(output))
    plan_in(store)
    forget()
    job = Job(store.url)
    listed = tuple((stage.name, done_tasks(job, stage), stage.count(job)) for stage in stages(job.options))
    counted = totals(store)
    errors = sum(tally.get("failed", 0) for tally in counted.values())
    done, working = store.exists(layout.MANIFEST), at_work(store)
    left = None if done or working is False else _left(store, listed)
    return Status(listed, counted, done, errors, working, left)


def _left(store: Store, listed: tuple[tuple[str, int, int], ...]) -> float | None:
    """Seconds left of the stage at work, from its tasks done since it began or the run was taken up."""
    before: list[str] = [layout.PLAN]
    for name, done, tasks in listed:
        marks = store.names(f"{layout.STAGES}/{name}/completions")
        if done == tasks:
            before = marks
            continue
        taken_up = [layout.LOCK] if store.exists(layout.LOCK) else []
        began = store.changed(*before, *taken_up) or 0.0
        recent = [moment for mark in marks if (moment := store.changed(mark) or 0.0) > began]
        return (max(recent) - began) / len(recent) * (tasks - done) if recent else None
    return None


def totals(store: Store) -> dict[str, dict[str, int]]:
    """What the tasks have counted so far, by stage."""
    found = {stage: Tallies(store, stage).total() for stage in COUNTED}
    return {stage: tally for stage, tally in found.items() if tally}


class Tallies:
    """What the tasks of a stage have counted; each file is read once."""

    def __init__(self, store: Store, stage: str) -> None:
        self._store, self._stage = store, stage
        self._read: set[str] = set()
        self._total: Counter[str] = Counter()

    def total(self) -> dict[str, int]:
        """The sums over the tasks that are done by now."""
        for name in self._store.names(f"{layout.TALLIES}/{self._stage}", ".json"):
            if name not in self._read:
                self._read.add(name)
                self._total.update({key: int(n) for key, n in self._store.read_json(name).items()})
        return dict(self._total)
