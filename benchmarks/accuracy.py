"""Accuracy and speed of the alignment on documents with gold beads, by group of documents.

    python benchmarks/accuracy.py --data FOLDER [--only PATTERN] [--json FILE]

A document is a folder with zh.txt, vi.txt and gold.txt. Its group is the first part of its path, and the
last part where that is the variant of a text. Folders that begin with `_` repeat others and are left out.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections import defaultdict
from pathlib import Path

from aligner.config import AlignOptions
from aligner.evaluate import Alignment, Evaluation, evaluate
from aligner.evaluate.files import read_alignment
from aligner.pipeline import align_files

# Variants of one and the same text; in these the segments are not lines, so ids do not exist.
UNSEGMENTED = {"mono"}
VARIANTS = {"clean", "clean_tw", "mn", "noisy", "real"}

WIDTHS = (6, 11, 18, 9, 9, 7, 9)


def documents(data: Path, pattern: str) -> dict[str, list[Path]]:
    """Folders with gold beads, by group."""
    groups: defaultdict[str, list[Path]] = defaultdict(list)
    for gold in sorted(data.glob(f"{pattern}/gold.txt")):
        parts = gold.parent.relative_to(data).parts
        if parts[-1] in UNSEGMENTED or any(part.startswith("_") for part in parts):
            continue
        groups["/".join([parts[0], parts[-1]] if parts[-1] in VARIANTS else parts[:1])].append(gold.parent)
    return dict(groups)


def measure(folders: list[Path]) -> tuple[Evaluation, float, int]:
    """The pooled scores of a group, CPU seconds, and how many segments were aligned."""
    hyps: list[Alignment] = []
    golds: list[Alignment] = []
    seconds, segments = 0.0, 0
    for folder in folders:
        start = time.process_time()
        bitext = align_files(folder / "zh.txt", folder / "vi.txt", AlignOptions(), one_a_line=True)
        seconds += time.process_time() - start
        segments += sum(len(bead.src) + len(bead.tgt) for bead in bitext.beads)
        hyps.append(Alignment.of(bitext, folder.name))
        golds.append(read_alignment(folder / "gold.txt", folder.name))
    return evaluate(hyps, golds), seconds, segments


def main() -> None:
    """Prints a row a group."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=os.environ.get("ALIGNER_DEV_DATA"))
    parser.add_argument("--only", default="**", metavar="PATTERN", help="folders, such as 'ntrex/*/mn'")
    parser.add_argument("--json", type=Path, metavar="FILE", help="all figures")
    options = parser.parse_args()
    if not options.data:
        parser.error("name the data with --data or ALIGNER_DEV_DATA")
    heads = ("docs", "strict F1", "95%", "lax F1", "null F1", "ECE", "segm./s")
    print(f"{'group':<24}" + "".join(f"{head:>{width}}" for head, width in zip(heads, WIDTHS, strict=True)))
    everything = {}
    for group, folders in documents(Path(options.data), options.only).items():
        result, seconds, segments = measure(folders)
        low, high = result.strict.intervals[2] if result.strict.intervals else (0.0, 0.0)
        ece = result.calibration.ece if result.calibration else 0.0
        cells = (
            str(len(folders)), f"{result.strict.f1:.4f}", f"[{low:.4f}, {high:.4f}]", f"{result.lax.f1:.4f}",
            f"{result.null.f1:.4f}", f"{ece:.3f}", f"{segments / seconds:.0f}",
        )  # fmt: skip
        print(
            f"{group:<24}" + "".join(f"{cell:>{width}}" for cell, width in zip(cells, WIDTHS, strict=True)),
            flush=True,
        )
        everything[group] = {**result.as_dict(), "cpu_seconds": seconds, "segments": segments}
    if options.json:
        options.json.write_text(json.dumps(everything, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
