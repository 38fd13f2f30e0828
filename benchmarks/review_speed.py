"""`aligner review`: how long the first page and an edit take.

    python -m benchmarks.review_speed BITEXT [--beads N]

The bitext is repeated, with a number after each text, up to N beads. Times are wall clock: from the start of
the program to its link (it reads bitext and decisions first); in a browser from the request of the page until
a row can be seen; and of requests alone, over the 20 that come after the first, the median and the largest.
"""

from __future__ import annotations

import argparse
import dataclasses
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright
from tests.review.web.serving import Server, serving, stored

from aligner.formats import load_bitext
from aligner.model import Bead, Bitext, Segment

_RUNS = 20
_OPERATIONS = ("accept", "merge", "undo", "pin", "null", "undo")


def repeated(bitext: Bitext, count: int) -> Bitext:
    """So many beads: those of a bitext over and over, a number after each text."""
    beads: list[Bead] = []
    at = [0, 0]
    for number in range(count):
        one = bitext.beads[number % len(bitext.beads)]
        sides: list[tuple[Segment, ...]] = []
        for side, segments in enumerate((one.src, one.tgt)):
            mark = str(number // len(bitext.beads) or "")
            sides.append(
                tuple(
                    dataclasses.replace(s, id=at[side] + i, text=s.text + mark)
                    for i, s in enumerate(segments)
                )
            )
            at[side] += len(segments)
        beads.append(one.replace(id=number, src=sides[0], tgt=sides[1]))
    return bitext.replace(beads=tuple(beads))


def first_page(server: Server) -> list[float]:
    """Milliseconds until a row can be seen, of three windows one after another."""
    times = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for _ in range(3):
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            page.goto("about:blank")
            start = time.perf_counter()
            page.goto(server.link, wait_until="commit")
            page.wait_for_selector(".row.current")
            times.append(1000 * (time.perf_counter() - start))
            page.close()
        browser.close()
    return times


def edits(server: Server, beads: int) -> dict[str, list[float]]:
    """Milliseconds of each operation in the middle of the bitext, rows of the page included."""
    times: dict[str, list[float]] = {}
    for run in range(_RUNS + 1):
        for name in _OPERATIONS:
            bead = beads // 2 + 40 * run
            start = time.perf_counter()
            status, _ = server.do(name, bead, chunks=[beads // 80, beads // 80 + 1])
            if run and status == 200:  # noqa: PLR2004 - HTTP
                times.setdefault(name, []).append(1000 * (time.perf_counter() - start))
    return times


def main() -> None:
    """Prints the times."""
    parser = argparse.ArgumentParser()
    parser.add_argument("bitext", type=Path)
    parser.add_argument("--beads", type=int)
    options = parser.parse_args()
    bitext = load_bitext(options.bitext)
    count = options.beads or len(bitext.beads)
    with tempfile.TemporaryDirectory() as folder:
        path = stored(Path(folder) / "made.bitext.jsonl", repeated(bitext, count))
        start = time.perf_counter()
        with serving(path) as server:
            print(f"{count:,} beads: {time.perf_counter() - start:.1f} s to the link")
            print("first page, ms:", ", ".join(f"{t:.0f}" for t in first_page(server)))
            server.login()
            for name, times in edits(server, count).items():
                print(f"{name:<8} median {statistics.median(times):.0f} ms, largest {max(times):.0f} ms")


if __name__ == "__main__":
    main()
