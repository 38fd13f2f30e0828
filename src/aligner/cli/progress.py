"""How far a long piece of work is: a bar on a terminal's stderr, with rate and time left.

It appears after a second, so that nothing flickers where there is nothing to wait for.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from aligner.cli.shared import is_quiet

if TYPE_CHECKING:
    from rich.progress import Progress

_PATIENCE = 1.0
"""Seconds after which a bar is shown."""


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """A function to be told how many of how many are done; `what` names them (segments).

    Nothing is shown where stderr is no terminal, or the user wants no progress.
    """
    if is_quiet() or not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    began = time.monotonic()
    bars: list[Progress] = []

    def show(done: int, total: int) -> None:
        if not bars and time.monotonic() - began >= _PATIENCE:
            bars.append(_bar(what, total))
        if bars:
            seconds = time.monotonic() - began
            bars[0].update(bars[0].task_ids[0], completed=done, total=total, rate=done / seconds)

    try:
        yield show
    finally:
        for bar in bars:
            bar.stop()


def _bar(what: str, total: int) -> Progress:
    """A bar that is drawn from now on, and wiped off when it stops."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn(f"{what}, {{task.fields[rate]:,.0f}}/s,"),
        TimeRemainingColumn(),
        TextColumn("left"),
        console=Console(stderr=True),
        transient=True,
    )
    bar.add_task(what, total=total, rate=0.0)
    bar.start()
    return bar
