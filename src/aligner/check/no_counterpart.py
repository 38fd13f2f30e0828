"""Text without a counterpart in the other language: null beads, neighbours on one side said once.

Captions and bylines are left out: they commonly exist in one language only.
"""

from __future__ import annotations

from collections.abc import Iterator

from aligner.check.collection import Collection, Pair, Passage
from aligner.check.finding import Mark

_COMMONLY_ALONE = frozenset(["caption", "byline"])
_NAMES = {"zh": "Vietnamese", "vi": "Chinese"}


def find(collection: Collection) -> Iterator[Mark]:
    """Marks the first segment of a run without counterpart."""
    run: list[Passage] = []
    for pair in collection.pairs:
        alone = _alone(pair)
        if run and (not alone or (alone[0].side, alone[0].document) != (run[0].side, run[0].document)):
            yield _mark(run)
            run = []
        run += alone
    if run:
        yield _mark(run)


def _alone(pair: Pair) -> tuple[Passage, ...]:
    """The segments of a null bead that should have a counterpart."""
    if pair.zh and pair.vi:
        return ()
    passages = pair.zh or pair.vi
    return tuple(passage for passage in passages if passage.segment.kind not in _COMMONLY_ALONE)


def _mark(run: list[Passage]) -> Mark:
    more = f", nor have the next {len(run) - 1} segments" if len(run) > 1 else ""
    return Mark(run[0], 0, 0, f"has no {_NAMES[run[0].side]} counterpart{more}")
