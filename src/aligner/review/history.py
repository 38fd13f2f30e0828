"""What can be taken back, and what brought back again: both follow from the decisions alone.

So undo and redo survive a restart, and two programs that read the same file agree on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar


class Entry(Protocol):
    """A line of a history: a decision on a bitext, or a step in a glossary."""

    @property
    def time(self) -> str:
        """What names it."""

    @property
    def action(self) -> str:
        """What it does; `undo` takes another one back."""

    @property
    def value(self) -> str:
        """For `undo` the time of that."""


Step = TypeVar("Step", bound=Entry)


@dataclass(frozen=True, slots=True)
class History(Generic[Step]):
    """The decisions in the order in which they would be taken back.

    Attributes:
        done: decisions that stand, the last one at the end.
        undone: the undo entries that could be taken back, the last one at the end; none once something
            new was decided.
    """

    done: tuple[Step, ...] = ()
    undone: tuple[Step, ...] = ()


def history(decisions: Sequence[Step], start: int = 0) -> History[Step]:
    """The history of a decisions file; linear.

    Args:
        decisions: all of it, in order.
        start: how many of them, from the first on, can no longer be taken back.
    """
    done: dict[str, Step] = {}
    undone: dict[str, Step] = {}
    by_time: dict[str, Step] = {}
    for decision in decisions[start:]:
        by_time[decision.time] = decision
        if decision.action != "undo":
            done[decision.time] = decision
            undone.clear()
        elif decision.value in done:
            del done[decision.value]
            undone[decision.time] = decision
        elif decision.value in by_time:
            _brought_back(decision.value, by_time, done, undone)
    return History(tuple(done.values()), tuple(undone.values()))


def _brought_back(
    time: str, by_time: dict[str, Step], done: dict[str, Step], undone: dict[str, Step]
) -> None:
    """An undo entry is taken back: what it took back stands again."""
    undone.pop(time, None)
    original = by_time.get(by_time[time].value)
    if original is not None and original.action != "undo":
        done[original.time] = original
