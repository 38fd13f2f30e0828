"""Damaged files by the thousand: none may bring a traceback, 5 seconds of work, or a gigabyte of memory.

    python -m benchmarks.fuzz --count 20000 --seed 0

Cases come from `tests.fuzzing`, each from a number of its own, so a failure is repeated with
`--seed N --count 1`. They run in processes of some hundred each; one that dies is a failure too.
"""

from __future__ import annotations

import argparse
import json
import resource
import signal
import subprocess
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from pathlib import Path
from types import FrameType

SECONDS = 5.0
MEGABYTES = 1024
_CHUNK = 400


class TooLongError(BaseException):
    """A case took more than its time; not an Exception, so that no reader catches it."""


def _too_long(_signal: int, _frame: FrameType | None) -> None:
    raise TooLongError


def _memory() -> float:
    """The most memory this process has had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def work(start: int, count: int) -> None:
    """Runs cases and prints what became of each, as JSON lines."""
    from tests.fuzzing import attempt, case

    warnings.simplefilter("ignore")
    signal.signal(signal.SIGPROF, _too_long)
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(start, start + count):
            print(json.dumps({"seed": seed}), flush=True)
            before = time.process_time()
            signal.setitimer(signal.ITIMER_PROF, SECONDS)
            try:
                said, failed = attempt(seed, Path(folder)), ""
            except TooLongError:
                said, failed = "", f"over {SECONDS:g} s"
            except BaseException:  # noqa: BLE001 - whatever it is, it is a failure
                said, failed = "", traceback.format_exc(limit=-3)
            signal.setitimer(signal.ITIMER_PROF, 0)
            seconds = time.process_time() - before
            if seconds > SECONDS and not failed:
                failed = f"over {SECONDS:g} s"
            record = {"seed": seed, "name": case(seed)[0], "said": said, "failed": failed}
            print(json.dumps({**record, "seconds": seconds, "megabytes": _memory()}), flush=True)


def run(seed: int, count: int) -> int:
    """Runs all cases in chunks and prints the sum; how many failed."""
    outcomes: Counter[str] = Counter()
    slowest, most, failures = (0.0, ""), 0.0, 0
    for start in range(seed, seed + count, _CHUNK):
        size = min(_CHUNK, seed + count - start)
        command = [
            sys.executable,
            "-m",
            "benchmarks.fuzz",
            "--work",
            "--seed",
            str(start),
            "--count",
            str(size),
        ]
        child = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
        records = [json.loads(line) for line in child.stdout.splitlines() if line.startswith("{")]
        done = [record for record in records if "said" in record]
        for record in done:
            outcomes["read" if record["said"] == "read" else "failed" if record["failed"] else "refused"] += 1
            slowest = max(slowest, (record["seconds"], f"{record['name']} {record['seed']}"))
            if record["failed"]:
                failures += 1
                print(f"{record['seed']} {record['name']}: {record['failed']}")
            if record["megabytes"] > MEGABYTES and most <= MEGABYTES:
                failures += 1
                print(f"{record['seed']} {record['name']}: {record['megabytes']:.0f} MB")
            most = max(most, record["megabytes"])
        if len(done) < size:
            failures += 1
            print(f"{records[-1]['seed'] if records else start}: the process died: {child.stderr[-400:]}")
    print(
        f"{count} cases from {seed}: {dict(outcomes)}; slowest {slowest[0]:.2f} s ({slowest[1]}), "
        f"{most:.0f} MB"
    )
    return failures


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.work:
        work(given.seed, given.count)
        return
    sys.exit(1 if run(given.seed, given.count) else 0)


if __name__ == "__main__":
    main()
