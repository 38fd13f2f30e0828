"""Throughput and memory of `aligner run` over many documents, with one worker and with two.

    python -m benchmarks.run_scale DATA [--documents 2000 20000] [--beads 12]

Documents are made of the beads of the development texts in turn, some lines each, repeated with their
numerals changed; pairs are named in JSON Lines, so that pairing is not part of it. For each size: documents
a second with one worker, with two, and with two independent runs of one worker side by side over half of it
each; and the largest memory of any process. JSON on stdout.
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

from benchmarks.cases import find_cases
from benchmarks.pairing import SETS

_DIGIT = re.compile(r"\d")


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
    largest = 0
    while any(process.poll() is None for process in running):
        largest = max(largest, *(memory(process.pid) for process in running))
        time.sleep(0.2)
    if any(process.returncode for process in running):
        raise SystemExit("a run failed")
    return time.monotonic() - started, largest


def memory(session: int) -> int:
    """The largest resident size of the processes of a session, in MB."""
    found = [0]
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.getsid(int(entry.name)) == session:
                status = (entry / "status").read_text()
                found += [int(size) // 1024 for size in re.findall(r"VmRSS:\s+(\d+)", status)]
        except OSError:
            continue
    return max(found)


def command(source: Path, output: Path, workers: int) -> list[str]:
    """The command of a run."""
    run = [sys.executable, "-m", "aligner", "run", "--input", str(source), "--output", str(output)]
    return [*run, "--workers", str(workers), "-q"]


def main() -> None:
    """Prints the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("--documents", type=int, nargs="+", default=[2000, 20_000])
    parser.add_argument("--beads", type=int, default=12)
    arguments = parser.parse_args()
    rows = []
    for count in arguments.documents:
        made = documents(arguments.data, count, arguments.beads)
        with tempfile.TemporaryDirectory() as folder:
            place = Path(folder)
            sources = {"all": made, "first": made[: count // 2], "second": made[count // 2 :]}
            for name, part in sources.items():
                text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in part)
                (place / f"{name}.jsonl").write_text(text, "utf-8")
            one, one_memory = timed([command(place / "all.jsonl", place / "one", 1)])
            two, two_memory = timed([command(place / "all.jsonl", place / "two", 2)])
            halves, _ = timed([command(place / f"{n}.jsonl", place / n, 1) for n in ("first", "second")])
        rows.append(
            {
                "documents": count,
                "per second, one worker": round(count / one, 1),
                "per second, two workers": round(count / two, 1),
                "per second, two runs side by side": round(count / halves, 1),
                "two workers against two runs": round(halves / two, 3),
                "memory MB, one worker": one_memory,
                "memory MB, two workers": two_memory,
            }
        )
        print(json.dumps(rows[-1]), flush=True)


if __name__ == "__main__":
    main()
