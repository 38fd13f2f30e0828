"""How far a run is, as bars on the terminal: tasks of a stage, what was counted, rate and time left."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Self

from aligner.scale.run import Tallies, absolute
from aligner.scale.store import Store

if TYPE_CHECKING:
    from aligner.scale.stages import Stage


class RunProgress:
    """A bar a stage; a context manager."""

    def __init__(self, output: str, *, shown: bool) -> None:
        """Nothing is drawn unless `shown`."""
        self._output, self._shown = output, shown
        self._bars: Any = None
        self._stages: dict[str, Any] = {}
        self._tallies: dict[str, Tallies] = {}
        self._looked = 0.0

    def __enter__(self) -> Self:
        if self._shown:
            from rich.console import Console
            from rich.progress import (
                BarColumn,
                MofNCompleteColumn,
                Progress,
                TextColumn,
                TimeElapsedColumn,
                TimeRemainingColumn,
            )

            self._bars = Progress(
                TextColumn("{task.description:<24}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("tasks in"),
                TimeElapsedColumn(),
                TextColumn("and"),
                TimeRemainingColumn(),
                TextColumn("left{task.fields[counted]}"),
                console=Console(stderr=True),
            )
            self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bars:
            self._bars.stop()

    def report(self, stage: Stage, done: int, tasks: int) -> None:
        """Draws the bar of a stage."""
        if not self._bars:
            return
        if stage.name not in self._stages:
            self._stages[stage.name] = self._bars.add_task(
                stage.says, total=tasks, completed=done, counted=""
            )
        bar = self._stages[stage.name]
        self._bars.update(
            bar,
            completed=done,
            counted=self._counted(stage.name, self._bars.tasks[bar].elapsed, at_end=done == tasks),
        )

    def _counted(self, stage: str, seconds: float | None, *, at_end: bool) -> str:
        """What the tasks have counted so far, and how fast; looked up once a second, and at the end."""
        if time.monotonic() - self._looked < 1 and not at_end:
            return self._bars.tasks[self._stages[stage]].fields["counted"] or ""
        self._looked = time.monotonic()
        found = self._tallies.setdefault(stage, Tallies(Store(absolute(self._output)), stage)).total()
        parts = []
        for name in ("documents", "pairs", "beads"):
            if name in found:
                rate = f" ({found[name] / seconds:,.0f}/s)" if seconds else ""
                parts.append(f", {found[name]:,} {name}{rate}")
        return "".join(parts)
