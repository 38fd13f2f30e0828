"""What can be taken back, and what brought back again: both follow from the decisions alone.

So undo and redo survive a restart, and two programs that read the same file agree on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aligner.model import Decision


@dataclass(frozen=True, slots=True)
class History:
    """The decisions in the order in which they would be taken back.

    Attributes:
        done: decisions that stand, the last one at the end.
        undone: the undo entries that could be taken back, the last one at the end; none once something
            new was decided.
    """

    done: tuple[Decision, ...] = ()
    undone: tuple[Decision, ...] = ()


def history(decisions: Sequence[Decision], start: int = 0) -> History:
    """The history of a decisions file; linear.

    Args:
        decisions: all of it, in order.
        start: how many of them, from the first on, can no longer be taken back.
    """
    done: dict[str, Decision] = {}
    undone: dict[str, Decision] = {}
    by_time: dict[str, Decision] = {}
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
    time: str, by_time: dict[str, Decision], done: dict[str, Decision], undone: dict[str, Decision]
) -> None:
    """An undo entry is taken back: what it took back stands again."""
    undone.pop(time, None)
    original = by_time.get(by_time[time].value)
    if original is not None and original.action != "undo":
        done[original.time] = original
