"""What an evaluation says, and how it reads in a terminal."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from aligner.evaluate.calibration import Calibration

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and F1, 0 to 1.

    Attributes:
        precision: share of the hypothesis that is right.
        recall: share of the gold that was found.
        f1: their harmonic mean.
        intervals: 95% intervals of the three, in this order; None where nothing was drawn.
    """

    precision: float
    recall: float
    f1: float
    intervals: tuple[Interval, ...] | None = None


@dataclass(frozen=True, slots=True)
class TypeScore:
    """The beads of one type, such as `1-2`.

    Attributes:
        type: zh segments, vi segments.
        gold: how many the gold has.
        hyp: how many the hypothesis has.
        right: how many of the gold ones were found exactly.
    """

    type: str
    gold: int
    hyp: int
    right: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Every figure of one comparison; `str()` makes a table of it, `as_dict()` what JSON can hold.

    Attributes:
        strict: by identical beads.
        lax: by beads with at least one link in common.
        null: of the null beads alone, one a segment.
        types: by bead type, null types included, the commonest in the gold first.
        calibration: None where the hypothesis has no confidences.
        documents: how many document pairs were pooled.
        hyp_beads: beads that precision is over.
        gold_beads: beads that recall is over.
        signature: version, convention, data and settings, as `name:value|name:value`.
        notes: what to know before a figure is quoted, one sentence each.
    """

    strict: Score
    lax: Score
    null: Score
    types: tuple[TypeScore, ...]
    calibration: Calibration | None
    documents: int
    hyp_beads: int
    gold_beads: int
    signature: str
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """All fields, nested, in types that JSON knows."""
        return dataclasses.asdict(self)

    def __str__(self) -> str:
        """The figures as a table, the signature last."""
        parts = [self._scores(), self._types(), self._calibration(), self.signature]
        return "\n\n".join(part for part in parts if part)

    def _scores(self) -> str:
        rows = [f"{'':8}{'precision':<24}{'recall':<24}F1"]
        nulls = any(0 in map(int, row.type.split("-")) for row in self.types)
        for name, score in (("strict", self.strict), ("lax", self.lax), ("null", self.null)):
            if name == "null" and not nulls:
                continue
            bounds = score.intervals or (None, None, None)
            figures = zip((score.precision, score.recall, score.f1), bounds, strict=True)
            cells = "".join(f"{_figure(value, interval):<24}" for value, interval in figures)
            rows.append(f"{name:8}{cells}".rstrip())
        documents = f"{self.documents} document{'' if self.documents == 1 else 's'}"
        rows.append(
            f"{documents}; {self.hyp_beads} beads in the hypothesis, {self.gold_beads} non-null in the gold"
        )
        return "\n".join(rows)

    def _types(self) -> str:
        rows = [f"{'type':8}{'gold':>8}{'found':>8}{'share':>9}{'hypothesis':>12}"]
        for row in self.types:
            share = f"{row.right / row.gold:.4f}" if row.gold else "-"
            rows.append(f"{row.type:8}{row.gold:>8}{row.right:>8}{share:>9}{row.hyp:>12}")
        return "\n".join(rows)

    def _calibration(self) -> str:
        if not self.calibration:
            return ""
        rows = [f"{'confidence':<12}{'beads':>8}{'mean':>9}{'right':>9}"]
        rows += [
            f"{f'{b.low:.1f}-{b.high:.1f}':<12}{b.count:>8}{b.confidence:>9.4f}{b.right:>9.4f}"
            for b in self.calibration.bins
        ]
        rows.append(f"calibration error {self.calibration.ece:.4f}, Brier score {self.calibration.brier:.4f}")
        return "\n".join(rows)


def _figure(value: float, interval: Interval | None) -> str:
    return f"{value:.4f}" + (f" [{interval[0]:.4f}, {interval[1]:.4f}]" if interval else "")
