"""Throughput, memory and storage of `aligner run` over many documents.

    python -m benchmarks.run_scale DATA [--documents 2000 20000] [--beads 8]

Documents are made of the beads of the development texts in turn, some lines each, repeated with their
numerals changed; pairs are named in JSON Lines, so that pairing is not part of it. Each number of documents
is run with two workers; the largest one also as two independent runs of one worker side by side, over half
of the documents each. JSON on stdout, an object for each number of documents; what is being run on stderr.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path
from typing import Any

from benchmarks.cases import find_cases
from benchmarks.pairing import SETS

_DIGIT = re.compile(r"\d")
_EVERY = 0.5  # seconds between looks at the memory


def documents(data: Path, count: int, beads: int) -> list[dict[str, str]]:
    """Pairs of documents of some beads each, each bead in turn."""
    lines = [
        (bead.src_text, bead.tgt_text)
        for case in find_cases(data)
        if case.set_name in SETS and case.way == "segmented"
        for bead in case.gold.beads
        if not bead.is_null
    ]
    turn = cycle(lines)
    made = []
    for number in range(count):
        part = list(islice(turn, beads))
        shift = number % 10
        zh, vi = (
            "\n".join(_DIGIT.sub(lambda m, s=shift: str((int(m[0]) + s) % 10), pair[side]) for pair in part)  # type: ignore[misc]
            for side in (0, 1)
        )
        made.append({"id": f"document {number}", "zh": f"第{number}号。\n{zh}", "vi": f"Số {number}.\n{vi}"})
    return made


def timed(commands: list[list[str]]) -> tuple[float, int]:
    """Seconds until all commands are done, and the largest memory of any process among them, in MB."""
    started = time.monotonic()
    running = [
        subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True) for command in commands
    ]
    sessions = {process.pid for process in running}
    largest = 0
    while any(process.poll() is None for process in running):
        largest = max(largest, memory(sessions))
        time.sleep(_EVERY)
    if any(process.returncode for process in running):
        raise SystemExit("a run failed")
    return time.monotonic() - started, largest


def memory(sessions: set[int]) -> int:
    """The largest size that any living process of some sessions has had so far, in MB."""
    found = [0]
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.getsid(int(entry.name)) in sessions:
                status = (entry / "status").read_text()
                found += [int(size) // 1024 for size in re.findall(r"VmHWM:\s+(\d+)", status)]
        except OSError:
            continue
    return max(found)


def stage_seconds(output: Path) -> dict[str, float]:
    """Seconds from the end of the stage before to the end of each, by the engine's marks of done tasks."""
    ends = {
        stage.name: max(mark.stat().st_mtime for mark in (stage / "completions").iterdir())
        for stage in (output / "work" / "stages").iterdir()
    }
    before = (output / "work" / "plan.json").stat().st_mtime
    found = {}
    for name, end in sorted(ends.items(), key=lambda item: item[1]):
        found[name] = round(end - before, 1)
        before = end
    return found


def storage(output: Path, totals: dict[str, dict[str, int]]) -> dict[str, int]:
    """Bytes a bead, by folder or file of the output: of a kept one in beads, of a dropped one in dropped."""
    sizes: dict[str, int] = {}
    for path in output.rglob("*"):
        if path.is_file():
            parts = path.relative_to(output).parts
            name = "/".join(parts[: 2 if parts[0] == "work" else 1])
            sizes[name] = sizes.get(name, 0) + path.stat().st_size
    beads, kept = totals["align"]["beads"], totals["clean"]["beads"]
    counts = {"beads": kept, "dropped": max(1, beads - kept)}
    return {name: round(size / counts.get(name, beads)) for name, size in sorted(sizes.items())}


def command(source: Path, output: Path, workers: int) -> list[str]:
    """The command of a run."""
    run = [sys.executable, "-m", "aligner", "run", "--input", str(source), "--output", str(output)]
    return [*run, "--workers", str(workers), "--keep-dropped", "-q"]


def measure(data: Path, count: int, beads: int, place: Path, *, side_by_side: bool) -> dict[str, Any]:
    """The figures for a number of documents."""
    made = documents(data, count, beads)
    sources = {"all": made, "first": made[: count // 2], "second": made[count // 2 :]}
    for name, part in sources.items():
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in part)
        (place / f"{name}.jsonl").write_text(text, "utf-8")
    print(f"{count} documents, two workers …", file=sys.stderr)
    seconds, largest = timed([command(place / "all.jsonl", place / "out", 2)])
    totals = json.loads((place / "out" / "manifest.json").read_text("utf-8"))["totals"]
    row: dict[str, Any] = {
        "documents": count,
        "lines a side": beads + 1,
        "beads": totals["align"]["beads"],
        "kept": totals["clean"]["beads"],
        "seconds, two workers": round(seconds, 1),
        "documents a second, two workers": round(count / seconds, 1),
        "memory of the largest process, MB": largest,
        "seconds by stage": stage_seconds(place / "out"),
        "input, bytes a document": round((place / "all.jsonl").stat().st_size / count),
        "output, bytes a bead": storage(place / "out", totals),
    }
    if side_by_side:
        print(f"{count} documents, two runs of one worker …", file=sys.stderr)
        halves, _ = timed([command(place / f"{n}.jsonl", place / n, 1) for n in ("first", "second")])
        row["seconds, two runs side by side"] = round(halves, 1)
        row["documents a second, two runs side by side"] = round(count / halves, 1)
        row["two workers against two runs"] = round(halves / seconds, 3)
    return row


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--documents", type=int, nargs="+", default=[2000, 20_000])
    parser.add_argument("--beads", type=int, default=8)
    arguments = parser.parse_args()
    largest = max(arguments.documents)
    for count in arguments.documents:
        with tempfile.TemporaryDirectory() as place:
            row = measure(arguments.data, count, arguments.beads, Path(place), side_by_side=count == largest)
        print(json.dumps(row, indent=1), flush=True)


if __name__ == "__main__":
    main()
