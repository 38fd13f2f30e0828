"""`aligner terms` on many beads: time, processor time, and memory of all its processes together.

    python -m benchmarks.terms_scale [--beads N] [--data FOLDER] [--pairs FILE] [--level LEVEL]

The beads are made: those of the development texts (`check_noise.PATTERNS`) over and over, every number in
them another one each time, on both sides alike. With --pairs, up to half of them are pairs of open text
instead (JSON Lines of [name, zh, vi], as tools/lexicon/collect.py collects them from message catalogues), so
that there are new words all along. A real collection of this size has more different sentences than the
texts, and longer ones than the messages. Memory is the sum of the proportional set sizes of all processes,
read five times a second.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from benchmarks.check_noise import PATTERNS, groups

_DIGITS = re.compile(r"[0-9]+")
_LONGEST = 400  # characters of a message that is a sentence
_EVERY = 0.2  # seconds between two looks at the memory
_SEED = 7


def development_pairs(data: Path) -> list[tuple[str, str]]:
    """The texts of all gold beads."""
    return [
        (bead.src_text, bead.tgt_text)
        for _, bitexts in groups(data, list(PATTERNS))
        for bitext in bitexts
        for bead in bitext.beads
        if not bead.is_null
    ]


def open_pairs(path: Path) -> list[tuple[str, str]]:
    """Pairs of messages on one line, each once."""
    with path.open(encoding="utf-8") as file:
        found = [(zh, vi) for _, zh, vi in map(json.loads, file)]
    clean = [(" ".join(zh.split()), " ".join(vi.split())) for zh, vi in found]
    return list(dict.fromkeys(pair for pair in clean if all(0 < len(text) < _LONGEST for text in pair)))


def many(texts: list[tuple[str, str]], messages: list[tuple[str, str]], count: int) -> list[tuple[str, str]]:
    """So many pairs: messages up to half, and the texts with their numbers changed."""
    rng = random.Random(_SEED)  # noqa: S311 - not for secrets
    some = rng.sample(messages, min(len(messages), count // 2))
    made = [*renumbered(texts, rng, count - len(some))]
    # In stretches, as documents of a collection lie beside each other.
    size = 100
    chunks = [pairs[at : at + size] for pairs in (some, made) for at in range(0, len(pairs), size)]
    rng.shuffle(chunks)
    return [pair for chunk in chunks for pair in chunk]


def renumbered(texts: list[tuple[str, str]], rng: random.Random, count: int) -> Iterator[tuple[str, str]]:
    """The texts over and over, each time with other digits."""
    for zh, vi in islice(cycle(texts), count):
        new = {number: str(rng.randrange(10 ** len(number))) for number in _DIGITS.findall(zh + vi)}

        def other(match: re.Match[str], new: dict[str, str] = new) -> str:
            return new[match[0]]

        yield _DIGITS.sub(other, zh), _DIGITS.sub(other, vi)


def memory(pid: int) -> int:
    """Bytes that a process and its descendants take; shared pages count once. 0 where it cannot be read."""
    total = 0
    waiting = [pid]
    while waiting:
        process = Path("/proc") / str(waiting.pop())
        try:
            lines = (process / "smaps_rollup").read_text().splitlines()
            total += sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
            for task in (process / "task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        except (OSError, ValueError):
            continue
    return total


def run(command: list[str], out: Path) -> tuple[int, float, float, int]:
    """Exit code, seconds, processor seconds, and peak of memory of a command."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    peak = 0
    with out.open("wb") as file, subprocess.Popen(command, stdout=file) as process:
        while process.poll() is None:
            peak = max(peak, memory(process.pid))
            time.sleep(_EVERY)
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return process.returncode, seconds, cpu, peak


def main() -> None:
    """Make the beads, run the command, print what it took."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--beads", type=int, default=100_000)
    parser.add_argument("--data", type=Path, default=os.environ.get("ALIGNER_DEV_DATA"))
    parser.add_argument("--pairs", type=Path, help="pairs of open text")
    parser.add_argument("--level", default="balanced")
    options = parser.parse_args()
    if not options.data:
        parser.error("name the data with --data or ALIGNER_DEV_DATA")
    texts = development_pairs(Path(options.data))
    messages = open_pairs(options.pairs) if options.pairs else []
    pairs = many(texts, messages, options.beads)
    with tempfile.TemporaryDirectory() as folder:
        bitext, found = Path(folder) / "many.tsv", Path(folder) / "terms.tsv"
        rows = ("\t".join(text.replace("\t", " ") for text in pair) for pair in pairs)
        bitext.write_text("\n".join(("src\ttgt", *rows, "")), encoding="utf-8")
        command = [sys.executable, "-m", "aligner", "terms", str(bitext), "--level", options.level]
        code, seconds, cpu, peak = run(command, found)
        entries = max(0, len(found.read_text(encoding="utf-8").splitlines()) - 1)
    characters = sum(len(zh) for zh, _ in pairs)
    print(f"{len(pairs)} beads ({len(set(pairs))} different), {characters} zh characters, {options.level}")
    print(f"exit {code}; {entries} entries; {seconds:.0f} s, {cpu:.0f} s of processors, {peak / 1e9:.2f} GB")


if __name__ == "__main__":
    main()
