"""How far confidences can be trusted by set and half, and what other calibrations would give.

    python -m benchmarks.calibration [DATA] [--table]

Every candidate is fitted on the tuning half of the sets that parameters are fitted on, and shown on both
halves of every set. What is calibrated is the logit of a bead's posterior; it is got back from the
confidence by undoing the shipped calibration. Needs scipy.

Figures by set, in percent: how many of the beads at confidence 0.9 or more are right / how many of the right
beads reach it / expected calibration error.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.cases import find_cases
from benchmarks.scoring import measure, trust
from benchmarks.systems import Run, toolkit
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression, minimize

from aligner.evaluate import Alignment
from aligner.evaluate.alignment import same_ids
from aligner.evaluate.calibration import calibrate
from aligner.evaluate.counts import split_nulls
from aligner.evidence.parameters import shipped_parameters

Floats = NDArray[np.float64]
FITTED = {"ntrex/mn", "ntrex/noisy", "threekingdoms/real", "threekingdoms/noisy"}
KINDS = ("1-1", "other", "null")


@dataclass(frozen=True, slots=True)
class Claims:
    """Beads of all runs, one a row; null beads one a segment.

    Attributes:
        sets, halves, kinds: of each bead.
        logits: of its posterior.
        right: 1 where it is strictly right.
    """

    sets: NDArray[Any]
    halves: NDArray[Any]
    kinds: NDArray[Any]
    logits: Floats
    right: Floats

    def where(self, mask: NDArray[np.bool_]) -> Claims:
        """Some of them."""
        columns = (self.sets, self.halves, self.kinds, self.logits, self.right)
        return Claims(*(column[mask] for column in columns))


Calibrator = Callable[[Claims], Floats]


def collect(runs: Sequence[Run]) -> Claims:
    """The claims of the toolkit's runs."""
    rows = [row for run in runs if run.case.has_ids for row in _claims(run)]
    sets, halves, kinds, confidences, right = zip(*rows, strict=True)
    slope, intercept = shipped_parameters().calibration
    clipped = np.clip(np.array(confidences), 1e-5, 1 - 1e-5)
    logits = (np.log(clipped / (1 - clipped)) - intercept) / slope
    return Claims(np.array(sets), np.array(halves), np.array(kinds), logits, np.array(right, float))


def _claims(run: Run) -> Iterator[tuple[str, str, str, float, bool]]:
    hyp, gold, _ = same_ids(Alignment.of(run.hyp), Alignment.of(run.case.gold))
    right = set(split_nulls(gold.beads))
    for bead, made in zip(hyp.beads, run.hyp.beads, strict=True):
        kind = "null" if made.is_null else "1-1" if len(made.src) == len(made.tgt) == 1 else "other"
        for one in split_nulls([bead]):
            yield run.case.set_name, run.case.half, kind, made.confidence, one in right


def platt(claims: Claims) -> tuple[float, float]:
    """Slope and intercept that make the outcomes likeliest, drawn to 1 and 0 with the weight of one bead."""

    def negative(ab: Floats) -> float:
        z = ab[0] * claims.logits + ab[1]
        return float(np.sum(np.logaddexp(0, z) - claims.right * z)) + 0.5 * float(
            (ab[0] - 1) ** 2 + ab[1] ** 2
        )

    slope, intercept = minimize(negative, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return float(slope), float(intercept)


def shipped(_: Claims) -> Calibrator:
    """As it is."""
    slope, intercept = shipped_parameters().calibration
    return lambda claims: _sigmoid(slope * claims.logits + intercept)


def refitted(tune: Claims) -> Calibrator:
    """One slope and intercept."""
    slope, intercept = platt(tune)
    return lambda claims: _sigmoid(slope * claims.logits + intercept)


def by_kind(tune: Claims) -> Calibrator:
    """A slope and an intercept for 1–1, for other beads and for nulls."""
    fits = {kind: platt(tune.where(tune.kinds == kind)) for kind in KINDS}

    def calibrator(claims: Claims) -> Floats:
        slopes = np.array([fits[kind][0] for kind in claims.kinds])
        return _sigmoid(slopes * claims.logits + np.array([fits[kind][1] for kind in claims.kinds]))

    print("  by kind:", {kind: tuple(round(x, 3) for x in fit) for kind, fit in fits.items()})
    return calibrator


def isotonic(tune: Claims) -> Calibrator:
    """The best rising curve (pool adjacent violators)."""
    return _isotonic(tune)


def isotonic_by_kind(tune: Claims) -> Calibrator:
    """A rising curve for each kind."""
    curves = {kind: _isotonic(tune.where(tune.kinds == kind)) for kind in KINDS}

    def calibrator(claims: Claims) -> Floats:
        return np.select([claims.kinds == kind for kind in KINDS], [curves[kind](claims) for kind in KINDS])

    return calibrator


def capped(tune: Claims) -> Calibrator:
    """One slope and intercept, and a share of beads that no posterior can vouch for: (1 − ε)·σ."""

    def negative(v: Floats) -> float:
        p = np.clip(_sigmoid(v[0] * tune.logits + v[1]) * (1 - _sigmoid(v[2:3])), 1e-9, 1 - 1e-9)
        return -float(np.sum(tune.right * np.log(p) + (1 - tune.right) * np.log(1 - p)))

    slope, intercept, cap = minimize(negative, np.array([1.0, 0.0, -5.0]), method="Nelder-Mead").x
    print(f"  capped: slope {slope:.3f}, intercept {intercept:.3f}, ε {_sigmoid(np.array([cap]))[0]:.4f}")
    return lambda claims: _sigmoid(slope * claims.logits + intercept) * (1 - _sigmoid(np.array([cap]))[0])


CANDIDATES: dict[str, Callable[[Claims], Calibrator]] = {
    "shipped": shipped,
    "refitted": refitted,
    "by kind": by_kind,
    "capped": capped,
    "isotonic": isotonic,
    "isotonic by kind": isotonic_by_kind,
}


def _isotonic(tune: Claims) -> Calibrator:
    order = np.argsort(tune.logits, kind="stable")
    curve = isotonic_regression(tune.right[order]).x
    return lambda claims: np.interp(claims.logits, tune.logits[order], curve)


def _sigmoid(z: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-z)))


def figures(claims: Claims, confidences: Floats) -> str:
    """Right at 0.9 / reach 0.9 / ECE."""
    found = calibrate(zip(confidences.tolist(), claims.right.astype(bool).tolist(), strict=True))
    assert found  # noqa: S101 - there are claims
    one = trust(found)
    return f"{100 * one.right:5.1f}/{100 * one.reached:5.1f}/{100 * one.ece:4.1f}"


def report(claims: Claims) -> None:
    """Every candidate on every set and half."""
    tune = claims.where(np.isin(claims.sets, sorted(FITTED)) & (claims.halves == "tune"))
    columns = [(name, half) for name in sorted(set(claims.sets)) for half in ("tune", "report", "-")]
    columns = [(n, h) for n, h in columns if ((claims.sets == n) & (claims.halves == h)).any()]
    made = {name: make(tune) for name, make in CANDIDATES.items()}
    print(f"{'':30}" + "".join(f"{name:>20}" for name in made))
    for set_name, half in columns:
        chosen = claims.where((claims.sets == set_name) & (claims.halves == half))
        cells = "".join(f"{figures(chosen, calibrator(chosen)):>20}" for calibrator in made.values())
        print(f"{set_name + ' ' + half:30}{cells}")
    for half in ("tune", "report"):
        chosen = claims.where(np.isin(claims.sets, sorted(FITTED)) & (claims.halves == half))
        losses = "".join(f"{_log_loss(chosen, calibrator(chosen)):>20.4f}" for calibrator in made.values())
        print(f"{'log loss, fitted sets, ' + half:30}{losses}")


def _log_loss(claims: Claims, confidences: Floats) -> float:
    """Mean bits by which the outcomes surprise."""
    p = np.clip(confidences, 1e-4, 1 - 1e-4)
    return float(-np.mean(claims.right * np.log2(p) + (1 - claims.right) * np.log2(1 - p)))


def table(claims: Claims) -> None:
    """Reliability of the shipped confidences: per set and half, by bin, count and share right."""
    calibrator = shipped(claims)
    edges = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.01)
    print(f"{'':30}" + "".join(f"{low:>9}–" for low in edges[:-1]))
    for set_name in sorted(set(claims.sets)):
        for half in ("tune", "report", "-"):
            for kind in KINDS:
                mask = (claims.sets == set_name) & (claims.halves == half) & (claims.kinds == kind)
                if not mask.any():
                    continue
                chosen = claims.where(mask)
                bins = np.digitize(calibrator(chosen), edges) - 1
                cells = [_cell(chosen.right[bins == k]) for k in range(len(edges) - 1)]
                print(f"{set_name + ' ' + half + ' ' + kind:30}" + "".join(f"{cell:>10}" for cell in cells))


def _cell(right: Floats) -> str:
    """Count, and share right in percent."""
    return f"{len(right)}:{100 * right.mean():.0f}" if len(right) else ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, fit the candidates, and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    known = os.environ.get("ALIGNER_DEV_DATA")
    parser.add_argument("data", type=Path, nargs="?", default=Path(known) if known else None)
    parser.add_argument("--table", action="store_true", help="the reliability table by kind of bead too")
    options = parser.parse_args(arguments)
    if not options.data:
        parser.error("name the development data, or set ALIGNER_DEV_DATA")
    claims = collect(measure(toolkit(), find_cases(options.data)))
    report(claims)
    if options.table:
        table(claims)
    return 0


if __name__ == "__main__":
    sys.exit(main())
