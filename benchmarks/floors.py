"""The quality gate: figures below which no change may bring the alignment, pinned to the data's hash.

    python -m benchmarks.floors [DATA]                            measure, and raise floors that are passed
    python -m benchmarks.floors [DATA] --lower SET --because WHY  the one way to lower them
    python -m benchmarks.floors [DATA] --new-data --because WHY   pin anew where the data itself changed

The floors are in tests/quality/floors.json, and `tests/quality` holds them on every test run. A floor is the
measured figure less what `SLACK` beads are worth, so that a change which moves a bead or two is not stopped;
it is never lowered silently: `--lower` writes what was lowered and why into the file's history.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.cases import ROOT, Case, digest, find_cases
from benchmarks.scoring import Row, measure, rows_of
from benchmarks.systems import toolkit

PLACE = ROOT / "tests" / "quality" / "floors.json"
SLACK = 2
"""How many beads a figure may lose; our choice."""
FEWEST = 20
"""A share of fewer beads than this says nothing, and has no floor."""
LEFT_OUT = {"ntrex/clean"}
"""Sets that show nothing that another does not: `clean_tw` is the same text in the harder script."""

Key = tuple[str, str, str]
"""Set, half, figure."""
Figure = tuple[float, int]
"""Its value, and over how many beads it is."""


@dataclass(frozen=True, slots=True)
class Floors:
    """What is pinned.

    Attributes:
        data: hash of the files of each set.
        values: the least a figure may be.
        history: every lowering and change of data: what, from, to, because.
    """

    data: dict[str, str]
    values: dict[Key, float]
    history: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Breach:
    """A figure below its floor."""

    key: Key
    floor: float
    measured: float | None

    def __str__(self) -> str:
        """One line for a person."""
        found = "is not measured any more" if self.measured is None else f"is {self.measured:.4f}"
        return f"{' '.join(self.key)} {found}, the floor is {self.floor:.4f}"


def gated_cases(data: Path | None) -> list[Case]:
    """The documents the gate is about."""
    return [case for case in find_cases(data) if case.set_name not in LEFT_OUT]


def data_hashes(cases: Sequence[Case]) -> dict[str, str]:
    """The hash of each set's files."""
    names = dict.fromkeys(case.set_name for case in cases)
    return {name: digest(case for case in cases if case.set_name == name) for name in names}


def figures(rows: Iterable[Row]) -> dict[Key, Figure]:
    """All figures that may have a floor, of the halves; what is over too few beads is left out."""
    return {
        (row.set_name, row.half, name): (value, beads)
        for row in rows
        if row.half != "all"
        for name, value, beads in _figures(row)
    }


def _figures(row: Row) -> Iterator[tuple[str, float, int]]:
    if row.kept:
        yield "kept", row.kept[0] / row.kept[1], row.kept[1]
    if row.cuts:
        yield "cut F1", row.cuts.f1, row.cuts.gold
    if not row.evaluation:
        return
    yield "strict F1", row.evaluation.strict.f1, row.evaluation.gold_beads
    yield "lax F1", row.evaluation.lax.f1, row.evaluation.gold_beads
    nulls = sum(one.gold for one in row.evaluation.types if "0" in one.type.split("-"))
    if nulls >= FEWEST:
        yield "null F1", row.evaluation.null.f1, nulls
    if row.trust and row.trust.sure >= FEWEST:
        yield "right at 0.9", row.trust.right, row.trust.sure
        yield "reach 0.9", row.trust.reached, row.trust.sure


def breaches(floors: Floors, found: dict[Key, Figure]) -> list[Breach]:
    """What is below its floor, or has one and was not measured."""
    return [
        Breach(key, floor, found[key][0] if key in found else None)
        for key, floor in floors.values.items()
        if key not in found or found[key][0] < floor
    ]


def changed_data(floors: Floors, hashes: dict[str, str]) -> list[str]:
    """The sets whose files are not those the floors were measured on, or that are gone."""
    return [name for name, value in floors.data.items() if hashes.get(name) != value]


def raised(floors: Floors, found: dict[Key, Figure], hashes: dict[str, str]) -> Floors:
    """The floors with those raised that are passed by more than the slack, and new ones added."""
    values = dict(floors.values)
    for key, figure in found.items():
        values[key] = max(values.get(key, 0.0), pinned(figure))
    return Floors({**floors.data, **hashes}, values, floors.history)


def lowered(floors: Floors, found: dict[Key, Figure], sets: Sequence[str], because: str) -> Floors:
    """The floors of some sets brought down to what is measured, and that written into the history."""
    values, history = dict(floors.values), list(floors.history)
    for breach in breaches(floors, found):
        if breach.key[0] in sets:
            values.pop(breach.key)
            if breach.key in found:
                values[breach.key] = pinned(found[breach.key])
            history.append(
                {
                    "lowered": " ".join(breach.key),
                    "from": breach.floor,
                    "to": values.get(breach.key),
                    "because": because,
                }
            )
    return Floors(floors.data, values, history)


def renewed(floors: Floors, hashes: dict[str, str], because: str) -> Floors:
    """The floors without those of sets whose data changed, and that written into the history."""
    gone = changed_data(floors, hashes)
    values = {key: value for key, value in floors.values.items() if key[0] not in gone}
    data = {name: value for name, value in floors.data.items() if name not in gone}
    changes = [
        {"data": name, "from": floors.data[name], "to": hashes.get(name), "because": because} for name in gone
    ]
    return Floors(data, values, [*floors.history, *changes])


def pinned(figure: Figure) -> float:
    """The floor that a measured figure gives: less the slack, in ten thousandths, rounded down."""
    value, beads = figure
    return max(math.floor((value - SLACK / beads) * 10_000) / 10_000, 0.0)


def load(path: Path = PLACE) -> Floors:
    """Read the file; without one nothing is pinned."""
    if not path.exists():
        return Floors({}, {}, [])
    packed = json.loads(path.read_text("utf-8"))
    values = {
        (set_name, half, name): value
        for set_name, halves in packed["floors"].items()
        for half, by_name in halves.items()
        for name, value in by_name.items()
    }
    return Floors(packed["data"], values, packed["history"])


def save(floors: Floors, path: Path = PLACE) -> None:
    """Write the file, sorted."""
    packed: dict[str, dict[str, dict[str, float]]] = {}
    for (set_name, half, name), value in sorted(floors.values.items()):
        packed.setdefault(set_name, {}).setdefault(half, {})[name] = value
    whole = {"data": dict(sorted(floors.data.items())), "floors": packed, "history": floors.history}
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", "utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and pin what may be pinned."""
    options = _options(arguments)
    cases = gated_cases(options.data)
    hashes, floors = data_hashes(cases), load()
    if options.new_data:
        floors = renewed(floors, hashes, options.because)
    if changed := changed_data(floors, hashes):
        print(f"other data than pinned: {', '.join(changed)}; --new-data --because WHY pins it anew")
        return 1
    system = toolkit()
    found = figures(rows_of(system, measure(system, cases), samples=0, both_halves=False))
    if options.lower:
        floors = lowered(floors, found, options.lower, options.because)
    left = breaches(floors, found)
    new = raised(floors, found, hashes)
    for key in sorted(new.values.keys() | floors.values.keys()):
        before, after = floors.values.get(key), new.values.get(key)
        if before != after:
            print(f"{' '.join(key)}: {before} → {after}")
    for breach in left:
        print(f"BELOW ITS FLOOR: {breach}", file=sys.stderr)
    save(new)
    return 1 if left else 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    known = os.environ.get("ALIGNER_DEV_DATA")
    parser.add_argument("data", type=Path, nargs="?", default=Path(known) if known else None)
    parser.add_argument("--lower", action="append", default=[], metavar="SET", help="whose floors may sink")
    parser.add_argument("--new-data", action="store_true", help="the data itself changed")
    parser.add_argument("--because", default="", metavar="WHY", help="goes into the history")
    options = parser.parse_args(arguments)
    if not options.data:
        parser.error("name the development data, or set ALIGNER_DEV_DATA")
    if (options.lower or options.new_data) and not options.because.strip():
        parser.error("say why: --because 'the gold was corrected in two places'")
    return options


if __name__ == "__main__":
    sys.exit(main())
