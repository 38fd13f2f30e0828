"""A long document aligned anew while its page is used: stretch by stretch, and decided at once at the end.

What a person decides meanwhile stands: a change that touches it is left out. Until the end nothing is
written, so that a job that is stopped or dies has done nothing.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from aligner.errors import AlignerError
from aligner.review.realign import Change


class Job(threading.Thread):
    """The work, in a thread of its own, which does not keep the program alive.

    Attributes:
        done: how many stretches are weighed.
        total: how many there are.
        changed: whether it decided anything; None as long as it works, and where it was stopped.
        problem: why it could not be done; None where nothing went wrong.
    """

    def __init__(
        self,
        total: int,
        work: Callable[[int], Sequence[Change]],
        finish: Callable[[Sequence[Change]], bool],
    ) -> None:
        """Makes a job, which is not started.

        Args:
            total: how many stretches there are.
            work: what is to be changed in a stretch, by its number.
            finish: takes all changes; whether anything came of them.
        """
        super().__init__(daemon=True)
        self.done = 0
        self.total = total
        self.changed: bool | None = None
        self.problem: AlignerError | None = None
        self._work = work
        self._finish = finish
        self._stopped = threading.Event()

    def state(self) -> dict[str, Any]:
        """How far it is, or what came of it."""
        return {
            "done": self.done,
            "total": self.total,
            "works": self.is_alive(),
            "changed": self.changed,
        }

    def stop(self) -> None:
        """Ends it after the stretch that it works at, without any decision."""
        self._stopped.set()

    def run(self) -> None:
        """Works; to be called by `start`."""
        found: list[Change] = []
        try:
            for number in range(self.total):
                found += self._work(number)
                self.done = number + 1
                if self._stopped.is_set():
                    return
            self.changed = self._finish(found)
        except AlignerError as error:
            self.problem = error
