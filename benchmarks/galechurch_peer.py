"""Gale–Church (1993), by sentence lengths alone, as the package galechurch has it.

The package's `mean_xy` acts as the inverse of what its documentation says, so the 2.52 vi characters of a
zh character are given as 1/2.52. The costs of its bead types are made for English and French; they are
estimated anew with the package's own procedure (`galechurch.calibrate`) from the gold beads of the tuning
half, which raised its scores there. The variance that the procedure finds, 7.2, is nearly the package's
own, which is kept.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from benchmarks.cases import Case
from benchmarks.systems import PeerError, Run, System, peer_run, texts_for_peer

from aligner.evaluate.alignment import Alignment, IdBead

NAME = "galechurch"
VI_CHARACTERS = 2.52
"""vi characters, spaces left out, a zh character; over news."""


def galechurch(cases: Sequence[Case]) -> System:
    """The package, its bead costs estimated from the tuning half of `cases`.

    Raises:
        PeerError: it is not installed.
    """
    try:
        package: Any = importlib.import_module(NAME)
        calibrate: Any = importlib.import_module(f"{NAME}.calibrate")
    except ImportError as error:
        raise PeerError(f"not installed ({error})") from None
    gold = _tuning_beads(cases)
    costs = calibrate.estimate_bead_costs(gold) if gold else None

    def run(case: Case) -> Run:
        texts = texts_for_peer(case)
        src, tgt = [s.text for s in texts.src], [s.text for s in texts.tgt]
        start = time.process_time()
        block = package.align(src, tgt, mean_xy=1 / VI_CHARACTERS, bead_costs=costs)
        seconds = time.process_time() - start
        ids = [
            (range(bead.source_start, bead.source_end), range(bead.target_start, bead.target_end))
            for bead in block.beads
        ]
        return peer_run(case, texts, ids, seconds)

    return System(NAME, "alone", f"{NAME}:{version(NAME)}|mean_xy:1/{VI_CHARACTERS}|{_shown(costs)}", run)


def _tuning_beads(cases: Sequence[Case]) -> list[IdBead]:
    """Gold beads of the tuning half that tell how often each type occurs: diagonal sets say nothing."""
    kinds = {"mn", "noisy", "real"}
    chosen = [c for c in cases if c.half == "tune" and c.set_name.rpartition("/")[2] in kinds]
    return [bead for case in chosen for bead in Alignment.of(case.gold).beads]


def _shown(costs: dict[tuple[int, int], float] | None) -> str:
    if costs is None:
        return "bead_costs:default"
    return "bead_costs:" + ",".join(f"{a}-{b}={cost:.0f}" for (a, b), cost in sorted(costs.items()))
