"""CPU time of a small document: what a corpus of millions of documents is made of.

    python -m benchmarks.small_documents DATA [--documents 200] [--beads 11] [--rounds 3]

Documents are those of `benchmarks.run_scale`, as text that is still to be cut into sentences, and the texts
of `benchmarks.long_documents` in pieces of twelve beads, segments as they are: in many of these a line holds
several sentences and may be divided. Each document counts with the fastest of some rounds; tables are loaded
before. Milliseconds of one processor, by text: median, mean, and how many documents there are.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from statistics import fmean, median

from benchmarks.long_documents import long_document
from benchmarks.run_scale import documents

from aligner.config import AlignOptions
from aligner.documents import read_data
from aligner.model import Segment
from aligner.pipeline import align_documents, align_segments

_BEADS = 12
_SEGMENTS = 1.5  # zh segments a bead, at most, on the average


def texts(data: Path, count: int, beads: int) -> list[Callable[[], object]]:
    """What aligns each of so many documents of text."""
    return [
        partial(
            align_documents,
            read_data(row["zh"].encode(), "zh.txt", lang="zh-Hans"),
            read_data(row["vi"].encode(), "vi.txt", lang="vi"),
            AlignOptions(),
        )
        for row in documents(data, count, beads)
    ]


def pieces(data: Path, count: int) -> list[Callable[[], object]]:
    """What aligns each of so many pieces of the development texts."""
    whole = long_document(data, round(count * _BEADS * _SEGMENTS))
    found: list[Callable[[], object]] = []
    for first, last in pairwise(range(0, (count + 1) * _BEADS, _BEADS)):
        ids = whole.gold[first:last]
        src = _segments([whole.zh[i] for zh, _ in ids for i in zh])
        tgt = _segments([whole.vi[j] for _, vi in ids for j in vi])
        found.append(partial(align_segments, src, tgt, AlignOptions()))
    return found


def _segments(lines: Sequence[str]) -> list[Segment]:
    return [Segment(k, text, 0, len(text)) for k, text in enumerate(lines)]


def fastest(aligning: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """Milliseconds of each, the fastest of some rounds."""
    best = [float("inf")] * len(aligning)
    for _ in range(rounds):
        for k, align in enumerate(aligning):
            started = time.process_time()
            align()
            best[k] = min(best[k], 1000 * (time.process_time() - started))
    return best


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--beads", type=int, default=11)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    sets = {
        "text": texts(options.data, options.documents, options.beads),
        "pieces": pieces(options.data, options.documents),
    }
    for name, aligning in sets.items():
        aligning[0]()
        times = fastest(aligning, options.rounds)
        print(f"{name:8} median {median(times):6.1f}  mean {fmean(times):6.1f}  {len(times)} documents")


if __name__ == "__main__":
    main()
