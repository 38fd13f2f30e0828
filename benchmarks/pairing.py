"""Which document belongs to which: windows of the development texts in two piles, paired by a real run.

    python -m benchmarks.pairing DATA [--workers 2] [--size 9]

Real texts whose gold alignment is known are cut into windows of nine beads; of every three windows one goes
into one pile only, so that a third of the windows has no counterpart. Files are named by a hash, so that
neither names nor order tell anything. Halves are those of `benchmarks.cases`: the logistic function that
turns margins into confidence was fitted on `tune`.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow.parquet as pq
from benchmarks.cases import Half, find_cases

from aligner.scale import layout
from aligner.scale.engine import Workers
from aligner.scale.options import RunOptions
from aligner.scale.run import run

SETS = ("ntrex/clean", "threekingdoms/real", "tech/manuals")
"""Sets that hold each text once, with true beads."""


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a text in both languages.

    Attributes:
        half: of its text.
        zh, vi: its lines.
        alone: the language it stands in alone; empty where it stands in both.
    """

    half: Half
    zh: str
    vi: str
    alone: str

    @property
    def name(self) -> str:
        """A name that tells nothing."""
        return hashlib.sha256((self.zh + self.vi).encode()).hexdigest()[:12]


def windows(data: Path, size: int) -> Iterator[Window]:
    """All windows of the development texts."""
    count = 0
    for case in find_cases(data):
        if case.set_name not in SETS or case.way != "segmented":
            continue
        beads = case.gold.beads
        for k in range(parts := max(1, len(beads) // size)):
            part = beads[k * len(beads) // parts : (k + 1) * len(beads) // parts]
            zh = "\n".join(s.text for bead in part for s in bead.src)
            vi = "\n".join(s.text for bead in part for s in bead.tgt)
            yield Window(case.half, zh, vi, ("", "", "zh", "", "", "vi")[count % 6])
            count += 1


def write_piles(found: Iterable[Window], folder: Path) -> dict[str, Window]:
    """The files of both piles, in one folder; returns the windows by file name."""
    folder.mkdir(parents=True)
    names: dict[str, Window] = {}
    for window in found:
        for side, text in (("zh", window.zh), ("vi", window.vi)):
            if window.alone in {"", side}:
                name = hashlib.sha256(f"{window.name} {side}".encode()).hexdigest()[:12]
                (folder / f"{name}.txt").write_text(text + "\n", "utf-8")
                names[f"{name}.txt"] = window
    return names


def paired(output: Path) -> set[tuple[str, str]]:
    """(zh document, vi document) of every pair that a run has found and aligned."""
    return {
        (row["src_document"], row["tgt_document"])
        for path in sorted((output / layout.ALIGNED).iterdir())
        for row in pq.read_table(path, columns=["src_document", "tgt_document"]).to_pylist()
    }


def main() -> None:
    """Prints precision and recall of pairing, by half."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--size", type=int, default=9)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        names = write_piles(windows(arguments.data, arguments.size), Path(place) / "in")
        output = Path(place) / "out"
        options, workers = RunOptions(shard_size=100), Workers(count=arguments.workers)
        run(str(Path(place) / "in"), str(output), options, workers)
        found = [(names[zh], names[vi]) for zh, vi in paired(output)]
    halves = ("tune", "report")
    rows = {}
    for half in (*halves, "all"):
        chosen = halves if half == "all" else (half,)
        true = {window.name for window in names.values() if not window.alone and window.half in chosen}
        here = [(zh, vi) for zh, vi in found if zh.half in chosen]
        right = sum(zh is vi for zh, vi in here)
        rows[half] = {
            "documents": sum(window.half in chosen for window in names.values()),
            "pairs": len(true),
            "found": len(here),
            "right": right,
            "precision": right / max(1, len(here)),
            "recall": right / max(1, len(true)),
        }
    print(json.dumps(rows, indent=1))


if __name__ == "__main__":
    main()
