"""Speed, memory and what they cost: every figure of docs/speed.md in one run.

    python -m benchmarks.speed [DATA] [--json FILE] [--write-docs] [--longest N] [--no-peer]

Each document is aligned by the real command, start and reading and writing included, in a process of its
own, whose CPU time and peak memory are read from the operating system. Gale–Church (galechurch, see
`requirements.txt`) is timed on the same texts for its alignment alone, without start and files; its time is
left out where it is not installed. Times are the least of some runs, ours and its own: what else a machine
does makes them longer, never shorter. How the documents are built says `long_documents`.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.accuracy import machine
from benchmarks.cases import ROOT, find_cases
from benchmarks.long_documents import Long, excerpt, exchanged, long_document

from aligner.align.aligning import align
from aligner.config import AlignOptions
from aligner.evaluate.alignment import IdBead
from aligner.evaluate.counts import ratios, split_nulls, tally, total
from aligner.model import Bead, Segment
from aligner.pipeline import evidence_of

PAGE = ROOT / "docs" / "speed.md"
MARKS = "<!-- benchmark speed -->", "<!-- end benchmark -->"
_MEGABYTE = 1024
_RUNS, _PEER_RUNS = 5, 2
"""How often a document is aligned, by us and by the peer, which takes a minute for the longer one."""
_EVERYTHING = 1 << 62
_PEER = """
import sys, time, galechurch
zh, vi = (open(p, encoding="utf-8").read().split("\\n")[:-1] for p in sys.argv[1:])
start = time.process_time()
galechurch.align(zh, vi, mean_xy=1 / 2.52, max_block_size=10**12)
print(time.process_time() - start)
"""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table.

    Attributes:
        what: what was measured.
        value: the figure.
        asked: what it should be.
        more: what else belongs to it.
    """

    what: str
    value: str
    asked: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took.

    Attributes:
        seconds: CPU time, user and system.
        megabytes: peak memory.
    """

    seconds: float
    megabytes: float


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and write what was asked for."""
    options = _options(arguments)
    lines: list[Line] = []
    for line in measured(options.data, options.longest, peer=options.peer):
        lines.append(line)
        print(f"{line.what}: {line.value} (asked: {line.asked}) {line.more}", flush=True)
    results = {"machine": machine(), "lines": [asdict(line) for line in lines]}
    table = as_table(lines, machine())
    print("", table, sep="\n")
    if options.json:
        options.json.write_text(json.dumps(results, ensure_ascii=False, indent=1) + "\n", "utf-8")
    if options.write_docs:
        before, _, rest = PAGE.read_text("utf-8").partition(MARKS[0])
        after = rest.partition(MARKS[1])[2]
        PAGE.write_text(f"{before}{MARKS[0]}\n\n{table}\n\n{MARKS[1]}{after}", "utf-8")
    return 0


def measured(data: Path, longest: int, *, peer: bool) -> Iterator[Line]:
    """All lines, one by one."""
    yield from _times(data, longest, peer=peer)
    yield from _against_full(data)
    yield _inside(data)
    yield _moved(data)


def _times(data: Path, longest: int, *, peer: bool) -> Iterator[Line]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        run(
            Long(("你好。",), ("Xin chào.",), ()), folder
        )  # Python writes down what it compiled, as at install
        start = least_of_runs(Long(("你好。",), ("Xin chào.",), ()), folder)
        yield Line("start, one segment a side", f"{start.seconds:.2f} s", "–", f"{start.megabytes:.0f} MB")
        costs: dict[int, Cost] = {}
        for size in (4_000, 16_000, 64_000, 100_000):
            if size > longest:
                return
            costs[size] = cost = least_of_runs(long_document(data, size), folder)
            yield Line(
                f"{size:,} segments, whole path",
                f"{cost.seconds:.2f} s",
                "–",
                f"{size / cost.seconds:,.0f} pairs a CPU second, {cost.megabytes:.0f} MB",
            )
            yield from _compared(size, costs, start)
            if peer and size in {4_000, 16_000}:
                yield _beside(size, cost, folder)


def _beside(size: int, cost: Cost, folder: Path) -> Line:
    """The peer on the same texts."""
    peer = min(peer_seconds(folder) for _ in range(_PEER_RUNS))
    value = f"{peer / cost.seconds:.1f} ×" if peer else "not installed"
    times = "3 ×" if size == 4_000 else "10 ×"  # noqa: PLR2004 - as asked
    return Line(f"against galechurch's alignment alone, {size:,}", value, times, f"it: {peer:.1f} s")


def _compared(size: int, costs: Mapping[int, Cost], start: Cost) -> Iterator[Line]:
    """What is asked of documents of this size."""
    cost = costs[size]
    if size == 16_000:  # noqa: PLR2004
        yield Line("pairs a CPU second, whole path, 16,000", f"{size / cost.seconds:,.0f}", "10,000")
    if size == 64_000:  # noqa: PLR2004
        short, long = ((costs[k].seconds - start.seconds) / k for k in (4_000, size))
        yield Line("CPU a segment beyond start, 64,000 against 4,000", f"{long / short:.2f} ×", "≤ 1.3 ×")
    if size == 100_000:  # noqa: PLR2004
        yield Line("peak memory, 100,000 a side", f"{cost.megabytes:.0f} MB", "≤ 600 MB")


def _against_full(data: Path) -> Iterator[Line]:
    """Strict F1 by set, cut into rectangles wherever possible, against the programme in one piece."""
    cases = [case for case in find_cases(data) if case.way == "segmented"]
    for set_name in dict.fromkeys(case.set_name for case in cases):
        pairs = [_texts(case.gold.beads) for case in cases if case.set_name == set_name]
        yield _full_line(set_name, pairs)
    yield _full_line("all texts as one document, its first 1,500", [long_document(data, 1_500)])


def _full_line(name: str, documents: Sequence[Long]) -> Line:
    scores = []
    for area in (0, _EVERYTHING):
        found = [aligned(document, area) for document in documents]
        scores.append(strict_f1(found, [document.gold for document in documents]))
    band, full = scores
    return Line(
        f"strict F1, {name}", f"{band - full:+.4f}", "≥ −.001", f"{band:.4f}, in one piece {full:.4f}"
    )


def _inside(data: Path) -> Line:
    """A text found inside one ten times as long."""
    document = excerpt(long_document(data, 20_000), 2_000)
    found = [bead for bead in aligned(document) if bead[0]]
    score = strict_f1([found], [[bead for bead in document.gold if bead[0]]])
    return Line("2,000 segments inside 20,000, strict F1 on its part", f"{score:.3f}", "≥ .95")


def _moved(data: Path) -> Line:
    """Two blocks of 40 exchanged in documents of 400."""
    right = marked = count = 0
    for first in (0, 400, 800, 1_200):
        for apart in (0, 60, 160):
            document, blocks = exchanged(long_document(data, 2_300), first, 400, 40, apart)
            beads = {_ids(bead): bead.moved for bead in _beads(document)}
            count += len(blocks)
            right += sum(bead in beads for bead in blocks)
            marked += sum(beads.get(bead, False) for bead in blocks)
    more = f"right {right / count:.3f}, of {count} beads in 12 documents"
    return Line("two blocks of 40 exchanged in 400: right and marked", f"{marked / count:.3f}", "≥ .9", more)


def run(document: Long, folder: Path) -> Cost:
    """Align a document by the command, and read off what it took."""
    zh, vi = document.write(folder)
    command = [sys.executable, "-m", "aligner", "align", "--quiet", "--segmented"]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(folder / "cache")}
    command += [str(zh), str(vi), "-o", str(folder / "out.jsonl"), "--force"]
    process = subprocess.Popen(command, env=environment)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit("aligner failed")
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / _MEGABYTE)


def least_of_runs(document: Long, folder: Path) -> Cost:
    """The least time and the most memory of some runs of the command."""
    costs = [run(document, folder) for _ in range(_RUNS)]
    return Cost(min(cost.seconds for cost in costs), max(cost.megabytes for cost in costs))


def peer_seconds(folder: Path) -> float:
    """CPU time of Gale–Church for the texts in the folder; 0 where it is not installed."""
    command = [sys.executable, "-c", _PEER, str(folder / "zh.txt"), str(folder / "vi.txt")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return 0.0 if done.returncode else float(done.stdout)


def aligned(document: Long, full_area: int | None = None) -> list[IdBead]:
    """The beads of a document as ids."""
    return [_ids(bead) for bead in _beads(document, full_area)]


def _beads(document: Long, full_area: int | None = None) -> tuple[Bead, ...]:
    src, tgt = (
        [Segment(k, text, 0, 0) for k, text in enumerate(texts)] for texts in (document.zh, document.vi)
    )
    evidence = evidence_of(src, tgt, AlignOptions())
    return align(src, tgt, evidence) if full_area is None else align(src, tgt, evidence, full_area=full_area)


def strict_f1(found: Sequence[Sequence[IdBead]], gold: Sequence[Sequence[IdBead]]) -> float:
    """Strict F1, pooled over documents."""
    counts = total(tally(split_nulls(h), split_nulls(g)) for h, g in zip(found, gold, strict=True))
    return ratios(counts)[0][2]


def _ids(bead: Bead) -> IdBead:
    return tuple(s.id for s in bead.src), tuple(s.id for s in bead.tgt)


def _texts(beads: Sequence[Bead]) -> Long:
    gold = tuple(map(_ids, beads))
    return Long(
        tuple(s.text for b in beads for s in b.src), tuple(s.text for b in beads for s in b.tgt), gold
    )


def as_table(lines: Sequence[Line], about: Mapping[str, object]) -> str:
    """The lines as Markdown, and the machine."""
    rows = ["| | measured | asked | |", "|---|---:|---:|---|"]
    rows += [f"| {line.what} | {line.value} | {line.asked} | {line.more} |" for line in lines]
    return "\n".join(
        [*rows, "", "- machine: " + ", ".join(f"{name} {value}" for name, value in about.items())]
    )


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    known = os.environ.get("ALIGNER_DEV_DATA")
    parser.add_argument("data", type=Path, nargs="?", default=Path(known) if known else None)
    parser.add_argument("--json", type=Path, metavar="FILE", help="all figures")
    parser.add_argument("--write-docs", action="store_true", help="the table into docs/speed.md")
    parser.add_argument(
        "--longest", type=int, default=100_000, metavar="N", help="leave out longer documents"
    )
    parser.add_argument("--no-peer", dest="peer", action="store_false", help="leave Gale–Church out")
    options = parser.parse_args(arguments)
    if options.data is None or not options.data.is_dir():
        parser.error("name the folder of development data")
    return options


if __name__ == "__main__":
    sys.exit(main())
