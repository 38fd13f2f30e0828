"""A run as its tasks see it: where its files are, what was planned, what was asked for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from aligner.scale import layout
from aligner.scale.options import RunOptions, options_of
from aligner.scale.plan import Plan, plan_of
from aligner.scale.records import Failure
from aligner.scale.store import Store, shard_name


@dataclass(frozen=True, slots=True)
class Job:
    """A run that has been planned.

    Attributes:
        output: its output folder; all else is read from there, so that a job is cheap to send to a machine.
    """

    output: str

    @property
    def store(self) -> Store:
        """The output folder."""
        return Store(self.output)

    @property
    def plan(self) -> Plan:
        """What is read."""
        return _planned(self.output)[0]

    @property
    def options(self) -> RunOptions:
        """What was asked for."""
        return _planned(self.output)[1]

    @property
    def shards(self) -> int:
        """How many shards there are."""
        return len(self.plan.shards)

    def write_failures(self, stage: str, rank: int, failures: Iterable[Failure]) -> None:
        """Keeps what could not be used, for errors.jsonl."""
        lines = [json.dumps(failure.to_json(), ensure_ascii=False) + "\n" for failure in failures]
        data = "".join(lines).encode("utf-8", "backslashreplace")
        self.store.write(shard_name(f"{layout.FAILURES}/{stage}", rank, ".jsonl"), data)

    def write_tally(self, stage: str, rank: int, tally: Mapping[str, float]) -> None:
        """Keeps what a task counted, for the manifest and the progress bar."""
        self.store.write_json(shard_name(f"{layout.TALLIES}/{stage}", rank, ".json"), tally)


@lru_cache(maxsize=4)
def _planned(output: str) -> tuple[Plan, RunOptions]:
    record = Store(output).read_json(layout.PLAN)
    return plan_of(record["plan"]), options_of(record["options"])


def forget() -> None:
    """Forgets the plans read so far: one of them was made anew."""
    _planned.cache_clear()
