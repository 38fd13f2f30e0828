"""Runs into rows: one row a system, set and half, with every figure the tables need.

Beads are compared as `aligner evaluate` compares them, counts pooled over the documents of a row. Where gold
and hypothesis were cut into different segments, both are first cut into their smallest common pieces; so
a bead is right only if it begins and ends exactly where a gold bead does.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.cases import Case
from benchmarks.cuts import CutCounts, beads_kept, cut_counts, text_pairs, texts_differ
from benchmarks.systems import PeerError, Run, System

from aligner.documents import read
from aligner.evaluate import Calibration, Evaluation, evaluate
from aligner.model import Bitext

SURE = 0.9
"""The confidence from which a user may skip a bead; the figures about trust are about it."""


@dataclass(frozen=True, slots=True)
class Trust:
    """Whether beads of high confidence can be relied on; null beads count one a segment.

    Attributes:
        right: share of the beads at confidence `SURE` or more that are strictly right.
        reached: share of the right beads that have such a confidence.
        sure: how many beads have it.
        ece: expected calibration error over all beads.
    """

    right: float
    reached: float
    sure: int
    ece: float


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one system on the documents of one set and half.

    Attributes:
        system, protocol: whose figures, and whether documents were aligned alone.
        set_name, half: which documents; `all` for both halves together.
        documents: their names.
        segments: of both sides, as the system saw them.
        cpu_seconds: of all documents, tables and models already loaded.
        evaluation: by beads; None where ids cannot be compared.
        trust: None where the system has no confidences.
        cuts: by cut points; None where every segment was given, so that beads say it all.
        kept: how many gold beads begin and end at a cut, and how many there are; where the gold knows
            only some of the text, so that nothing else can be said.
    """

    system: str
    protocol: str
    set_name: str
    half: str
    documents: tuple[str, ...]
    segments: int
    cpu_seconds: float
    evaluation: Evaluation | None
    trust: Trust | None
    cuts: CutCounts | None
    kept: tuple[int, int] | None

    def as_dict(self) -> dict[str, Any]:
        """All figures in types that JSON knows."""
        packed = dataclasses.asdict(self)
        if self.cuts:
            names = ("precision", "recall", "f1")
            packed["cuts"] = {**self.cuts._asdict(), **{name: getattr(self.cuts, name) for name in names}}
        return packed


def measure(system: System, cases: Iterable[Case]) -> list[Run]:
    """Align every document pair; one that a peer fails on stops the peer, not the others.

    Raises:
        PeerError: the peer failed, and on which document.
    """
    runs = []
    for case in cases:
        try:
            runs.append(system.run(case))
        except Exception as error:
            if system.name == "aligner":
                raise
            problem = f"failed on {case.set_name} {case.name}: {type(error).__name__}: {error}"
            raise PeerError(problem) from error
    return runs


def rows_of(
    system: System, runs: Sequence[Run], *, samples: int = 1000, both_halves: bool = True
) -> list[Row]:
    """A row a set and half, and where there are two, one for both of them."""
    rows = []
    for set_name in dict.fromkeys(run.case.set_name for run in runs):
        chosen = [run for run in runs if run.case.set_name == set_name]
        halves = sorted({run.case.half for run in chosen}, reverse=True)
        rows += [
            row(system, [run for run in chosen if run.case.half == half], half, samples=samples)
            for half in halves
        ]
        if both_halves and len(halves) > 1:
            rows.append(row(system, chosen, "all", samples=samples))
    return rows


def compared(runs: Mapping[System, Sequence[Run]], *, samples: int = 0) -> list[Row]:
    """Rows of systems on the same documents: the report half of a set, and the part that all aligned.

    A row's half is `report` (or `-`) where the system aligned all of it, `sample` for a part that is the
    largest one that every system aligned.
    """
    ours = next(iter(runs.values()))
    rows = []
    for set_name in dict.fromkeys(run.case.set_name for run in ours):
        of_set = {
            system: [r for r in done if r.case.set_name == set_name and r.case.half != "tune"]
            for system, done in runs.items()
        }
        names = {system: {run.case.name for run in done} for system, done in of_set.items() if done}
        whole = max(names.values(), key=len, default=set())
        part = set.intersection(*names.values()) if names else set()
        rows += [
            row(system, of_set[system], of_set[system][0].case.half, samples=samples)
            for system in names
            if names[system] == whole
        ]
        if part and part != whole:
            chosen = {system: [r for r in of_set[system] if r.case.name in part] for system in names}
            rows += [row(system, done, "sample", samples=samples) for system, done in chosen.items()]
    return rows


def row(system: System, runs: Sequence[Run], half: str, *, samples: int) -> Row:
    """The figures of runs of one set."""
    cases = [run.case for run in runs]
    golds = [case.gold for case in cases]
    evaluation = None
    if all(case.has_ids for case in cases):
        evaluation = evaluate([run.hyp for run in runs], golds, samples=samples)
    confident = any(bead.confidence for run in runs for bead in run.hyp.beads)
    return Row(
        system=system.name,
        protocol=system.protocol,
        set_name=cases[0].set_name,
        half=half,
        documents=tuple(case.name for case in cases),
        segments=sum(len(bead.src) + len(bead.tgt) for run in runs for bead in run.hyp.beads),
        cpu_seconds=round(sum(run.cpu_seconds for run in runs), 3),
        evaluation=evaluation,
        trust=trust(evaluation.calibration) if evaluation and evaluation.calibration and confident else None,
        cuts=_cuts(runs, golds) if evaluation and any(case.way != "segmented" for case in cases) else None,
        kept=None if evaluation else _kept(runs, golds),
    )


def _cuts(runs: Sequence[Run], golds: Sequence[Bitext]) -> CutCounts:
    """Cut points, pooled.

    Raises:
        ValueError: the texts differ, so that the points would drift apart.
    """
    counts = []
    for run, gold in zip(runs, golds, strict=True):
        hyp, wanted = text_pairs(run.hyp), text_pairs(gold)
        if languages := texts_differ(hyp, wanted):
            raise ValueError(f"{run.case.name}: the {' and '.join(languages)} text is not the gold's")
        counts.append(cut_counts(hyp, wanted))
    return CutCounts(*(sum(column) for column in zip(*counts, strict=True)))


def _kept(runs: Sequence[Run], golds: Sequence[Bitext]) -> tuple[int, int]:
    """Gold beads with both ends at a cut, pooled."""
    counts = []
    for run, gold in zip(runs, golds, strict=True):
        documents = read(run.case.zh, lang="zh-Hans"), read(run.case.vi, lang="vi")
        zh, vi = ([d.text[b.start : b.end] for b in d.blocks] for d in documents)
        counts.append(beads_kept(text_pairs(run.hyp), text_pairs(gold), (zh, vi)))
    return sum(kept for kept, _ in counts), sum(total for _, total in counts)


def trust(calibration: Calibration) -> Trust:
    """What the reliability table says of sure beads."""
    sure = [b for b in calibration.bins if b.low >= SURE]
    count = sum(b.count for b in sure)
    right = sum(b.count * b.right for b in sure)
    all_right = sum(b.count * b.right for b in calibration.bins)
    return Trust(
        right=right / count if count else 0.0,
        reached=right / all_right if all_right else 0.0,
        sure=count,
        ece=calibration.ece,
    )
