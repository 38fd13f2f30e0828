"""The stages of a run, in order: each is a function of a task's number that reads files and writes files.

    read ─▶ frequencies ─▶ weigh ─▶ neighbours ─▶ match ─▶ align ─▶ … ─▶ clean ─▶ finish

In between, with a second pass, count ─▶ learn ─▶ realign; unless duplicates stay, sign ─▶ compare ─▶ group.
A task writes its own files and nothing else, whole or not at all; what it writes depends on its number and
on the stages before, never on which worker did it or when.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aligner.scale import aligning, counting, matching, tidying
from aligner.scale.job import Job
from aligner.scale.options import RunOptions

Task = Callable[[Job, int], None]


@dataclass(frozen=True, slots=True)
class Stage:
    """A step of a run.

    Attributes:
        name: of the stage, and of its folder of logs.
        task: what a worker does with a task's number.
        tasks: how many there are; 0 for one a shard.
        says: what it does, in the words of the progress bar.
    """

    name: str
    task: Task
    tasks: int
    says: str

    def count(self, job: Job) -> int:
        """How many tasks it has in a run."""
        return self.tasks or job.shards


_READ = Stage("read", aligning.read, 0, "reading documents")
_MATCH = (
    Stage("frequencies", matching.count_frequencies, 1, "counting words"),
    Stage("weigh", matching.weigh, 0, "weighing words"),
    Stage("neighbours", matching.find_neighbours, 0, "comparing documents"),
    Stage("match", matching.match, 1, "pairing documents"),
)
_ALIGN = Stage("align", aligning.align, 0, "aligning")
_SECOND_PASS = (
    Stage("count", counting.count_words, 0, "counting translations"),
    Stage("learn", counting.learn, 1, "learning a lexicon"),
    Stage("realign", aligning.realign, 0, "aligning again"),
)
_DUPLICATES = (
    Stage("sign", tidying.sign, 0, "looking for duplicates"),
    Stage("compare", tidying.compare, tidying.BUCKETS, "comparing beads"),
    Stage("group", tidying.group, 1, "grouping duplicates"),
)
_CLEAN = (
    Stage("common", tidying.common, 1, "counting lines"),
    Stage("clean", tidying.clean, 0, "cleaning"),
    Stage("finish", tidying.finish, 1, "finishing"),
)


def stages(options: RunOptions) -> tuple[Stage, ...]:
    """The stages that a run goes through."""
    duplicates = () if "duplicate" in options.leave_out else _DUPLICATES
    second_pass = _SECOND_PASS if options.second_pass else ()
    return (_READ, *_MATCH, _ALIGN, *second_pass, *duplicates, *_CLEAN)


@dataclass(frozen=True, slots=True)
class Step:
    """A stage as the engine calls it: a pipeline of one step."""

    job: Job
    name: str

    def __call__(self, _data: Any = None, rank: int = 0, _world_size: int = 1) -> None:
        """Does one task."""
        stage = next(stage for stage in stages(self.job.options) if stage.name == self.name)
        stage.task(self.job, rank)
