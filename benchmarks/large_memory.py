"""A memory of a million units read, filtered and written, beside a bare copy of it by lxml in the same run.

    python -m benchmarks.large_memory --units 1000000

The copy does what no program could do without: it parses every unit and writes it again. Both run in a
process of their own; processor time and peak memory are the system's figures. What is asked for: at most
twice the copy's time, at most 200 MB.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

TIMES, MEGABYTES = 2.0, 200.0
_ZH = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说"
_VI = (
    "và của là có được trong cho không với một những các người khi đến này đã ra cũng như nước năm từ vào sẽ"
)
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx version="1.4">\n'
    '<header creationtool="x" creationtoolversion="1" segtype="sentence" o-tmf="x" adminlang="en"'
    ' srclang="zh-CN" datatype="plaintext"/>\n<body>\n'
)
_UNIT = (
    '<tu>\n<prop type="x-confidence">{:.4f}</prop>\n<prop type="x-document">a.txt</prop>\n'
    '<tuv xml:lang="zh-CN"><seg>{}。</seg></tuv>\n<tuv xml:lang="vi-VN"><seg>{}.</seg></tuv>\n</tu>\n'
)
_COPY = """
import sys
from lxml import etree
with open(sys.argv[2], "wb") as file, etree.xmlfile(file, encoding="utf-8") as out:
    out.write_declaration()
    with out.element("tmx", version="1.4"), out.element("body"):
        for _, unit in etree.iterparse(sys.argv[1], tag="tu"):
            out.write(unit)
            unit.clear()
            while unit.getprevious() is not None:
                del unit.getparent()[0]
"""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took.

    Attributes:
        seconds: of processor time, user and system.
        megabytes: the most memory it had.
    """

    seconds: float
    megabytes: float


def make(path: Path, units: int) -> None:
    """Writes a memory of random units, the same on every machine, one in ten with a low confidence."""
    chance = random.Random(0)  # noqa: S311 - no secret
    words = _VI.split()
    with path.open("w", encoding="utf-8") as file:
        file.write(_HEAD)
        for number in range(units):
            zh = "".join(chance.choices(_ZH, k=chance.randint(8, 40)))
            vi = " ".join(chance.choices(words, k=chance.randint(8, 40)))
            file.write(_UNIT.format(0.3 if number % 10 == 0 else 0.95, zh, vi))
        file.write("</body>\n</tmx>\n")


def cost(command: list[str]) -> Cost:
    """Runs a command to its end.

    Raises:
        RuntimeError: it failed.
    """
    child = subprocess.Popen(command)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"{command} ended with {child.returncode}")
    return Cost(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--units", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=1, help="the best of so many runs of each")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder, "in.tmx"), Path(folder, "out.tmx")
        make(source, given.units)
        ours = [
            sys.executable,
            "-m",
            "aligner",
            "-q",
            "export",
            str(source),
            "--min-confidence",
            "0.5",
            "-o",
            str(out),
        ]
        runs = [
            (cost([sys.executable, "-c", _COPY, str(source), str(out)]), cost(ours))
            for _ in range(given.repeat)
        ]
        size = source.stat().st_size / (1 << 20)
    copy, filtered = (min(costs, key=lambda one: one.seconds) for costs in zip(*runs, strict=True))
    ratio = filtered.seconds / copy.seconds
    print(f"{given.units:,} units, {size:.0f} MB")
    print(f"copy by lxml    {copy.seconds:6.1f} s  {copy.megabytes:4.0f} MB")
    print(
        f"aligner export  {filtered.seconds:6.1f} s  {filtered.megabytes:4.0f} MB  {ratio:.2f} times the copy"
    )
    if ratio > TIMES or filtered.megabytes > MEGABYTES:
        sys.exit(f"more than {TIMES:g} times the copy, or more than {MEGABYTES:g} MB")


if __name__ == "__main__":
    main()
