"""`aligner search` on many beads: how long a word or a phrase takes to find.

    python -m benchmarks.search_scale [--beads N] [--data FOLDER]

The beads are made: each joins two of the development texts, drawn at random, so that a word is as common
as it is there. Times are wall clock of the query alone, from the open index to its first 50 hits with their
marks, the median and the largest of several runs; the first run of each query is told apart, for then its
pages are read from the disk.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import tempfile
import time
from pathlib import Path

from benchmarks.terms_scale import development_pairs

from aligner.model import Bead, Bitext, Segment, Side
from aligner.search.concordance import Query, search
from aligner.search.index import Index

QUERIES = (
    "合作", "越南", "政府", "的", "一", "人民", "二十一世纪", "的是", "Việt Nam", "chính phủ", "của", "một",
    "không thể", "một trong những", "hội đàm", "龘", "không có từ này",
)  # fmt: skip
_RUNS = 5
_SEED = 7
_FILE = 50_000  # beads


def made(pairs: list[tuple[str, str]], count: int) -> list[tuple[str, str]]:
    """So many texts in both languages."""
    chance = random.Random(_SEED)  # noqa: S311 - drawn beads, no secret
    drawn = ((chance.choice(pairs), chance.choice(pairs)) for _ in range(count))
    return [(a + c, f"{b} {d}") for (a, b), (c, d) in drawn]


def bitext(texts: list[tuple[str, str]], name: str) -> Bitext:
    """One of the bitexts."""
    beads = tuple(
        Bead(i, (Segment(i, zh, 0, len(zh)),), (Segment(i, vi, 0, len(vi)),))
        for i, (zh, vi) in enumerate(texts)
    )
    return Bitext(Side("zh-Hans", name, ""), Side("vi", name, ""), beads)


def main() -> None:
    """Builds the index and prints a line for each query."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--beads", type=int, default=1_000_000)
    parser.add_argument("--data", type=Path, default=os.environ.get("ALIGNER_DEV_DATA"), required=False)
    options = parser.parse_args()
    texts = made(development_pairs(Path(options.data)), options.beads)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index.sqlite"
        start = time.process_time()
        with Index(path) as index:
            for start_at in range(0, len(texts), _FILE):
                part = bitext(texts[start_at : start_at + _FILE], f"{start_at}.txt")
                index.add(f"{start_at}.bitext.jsonl", "", [part])
        seconds, size = time.process_time() - start, path.stat().st_size / 1e6
        print(f"{options.beads:,} beads: indexed in {seconds:.0f} s of processor time, {size:,.0f} MB")
        print(f"{'query':<20}{'hits':>6}{'first ms':>10}{'median ms':>11}{'largest ms':>12}")
        with Index(path) as index:
            for text in QUERIES:
                times = []
                for _ in range(_RUNS + 1):
                    start = time.perf_counter()
                    found = search(index, Query(text))
                    times.append(1000 * (time.perf_counter() - start))
                hits = f"{len(found.hits)}{'+' * found.more}"
                first, rest = times[0], times[1:]
                print(f"{text:<20}{hits:>6}{first:>10.1f}{statistics.median(rest):>11.1f}{max(rest):>12.1f}")


if __name__ == "__main__":
    main()
