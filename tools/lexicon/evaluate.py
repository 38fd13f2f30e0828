"""Retrieval accuracy of lexicons on development data: how often a segment's own translation scores best.

    python tools/lexicon/evaluate.py [--half tune|report] [LEXICON …]

Every gold 1–1 pair of `ntrex/*/clean` and `threekingdoms/*/real` (ALIGNER_DEV_DATA) is ranked among all
others of its set and half, and among those of its own document, by the score the aligner uses. Documents
are halved by a hash of their names: choices are made on `tune`, and `report` is looked at for the report.

Columns: accuracy at 1 zh→vi and vi→zh among all, the same within documents, and the mean margin to the
best wrong one in bits a token.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aligner.evidence.encode import encode
from aligner.evidence.lexical import lexical_cells
from aligner.evidence.lexicon import Lexicon, load_lexicon
from aligner.evidence.rectangles import rectangles

_SETS = {"ntrex": "ntrex/*/clean", "novel": "threekingdoms/*/real"}


@dataclass(frozen=True)
class Gold:
    """Pairs of one set: document number, zh and vi of each."""

    documents: NDArray[np.int64]
    zh: list[str]
    vi: list[str]


def half_of(name: str) -> str:
    """`tune` or `report`, by the parity of a hash of the document's name."""
    return "tune" if hashlib.sha256(name.encode()).digest()[0] % 2 == 0 else "report"


def read_gold(root: Path, pattern: str, half: str) -> Gold:
    """All 1–1 beads of the documents of one half."""
    documents, zh, vi = [], [], []
    for folder in sorted(root.glob(pattern)):
        if folder.parent.name.startswith("_") or half_of(folder.parent.name) != half:
            continue
        zh_lines = (folder / "zh.txt").read_text("utf-8").splitlines()
        vi_lines = (folder / "vi.txt").read_text("utf-8").splitlines()
        for line in (folder / "gold.txt").read_text("utf-8").splitlines():
            match = re.fullmatch(r"\[(\d+)\]:\[(\d+)\]", line.replace(" ", ""))
            if match:
                documents.append(folder.parent.name)
                zh.append(zh_lines[int(match[1])])
                vi.append(vi_lines[int(match[2])])
    return Gold(np.unique(documents, return_inverse=True)[1], zh, vi)


def scores(gold: Gold, lexicon: Lexicon, *, smoothing: float, own_share: float) -> NDArray[np.float64]:
    """(zh × vi) two-way log2 likelihood ratios, all against all."""
    encoding = encode(gold.zh, gold.vi, lexicon, own_share=own_share)
    everything = rectangles([(0, len(gold.zh), 0, len(gold.vi))])
    cells = lexical_cells(
        encoding.src, encoding.tgt, encoding.table, everything, max_span=1, smoothing=smoothing, dilution=1.0
    )
    return np.asarray(cells.forward[0][0] + cells.backward[0][0].T)


def measure(gold: Gold, score: NDArray[np.float64]) -> list[float]:
    """The columns."""
    n = np.arange(len(score))
    own = np.where(gold.documents[:, None] == gold.documents[None, :], score, -np.inf)
    wrong = score.copy()
    wrong[n, n] = -np.inf
    sizes = np.array([len(z) + v.count(" ") + 1 for z, v in zip(gold.zh, gold.vi, strict=True)])
    margin = (score[n, n] - np.maximum(wrong.max(0), wrong.max(1))) / sizes
    hits = [(matrix.argmax(axis) == n).mean() for matrix in (score, own) for axis in (1, 0)]
    return [*map(float, hits), float(margin.mean())]


def main() -> None:
    """Print a line a lexicon."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lexicons", type=Path, nargs="*")
    parser.add_argument("--half", choices=("tune", "report"), default="tune")
    parser.add_argument("--smoothing", type=float, default=0.1)
    parser.add_argument("--own-share", type=float, default=0.0)
    options = parser.parse_args()
    root = Path(os.environ["ALIGNER_DEV_DATA"])
    sets = {name: read_gold(root, pattern, options.half) for name, pattern in _SETS.items()}
    print(f"{options.half:30}", *(f"{name} ({len(gold.zh)})" for name, gold in sets.items()))
    for path in options.lexicons or [None]:
        lexicon = load_lexicon(path)
        row = [
            " ".join(
                f"{x:.3f}"
                for x in measure(
                    gold, scores(gold, lexicon, smoothing=options.smoothing, own_share=options.own_share)
                )
            )
            for gold in sets.values()
        ]
        print(f"{path.name if path else lexicon.signature:30}", " | ".join(row), flush=True)


if __name__ == "__main__":
    main()
