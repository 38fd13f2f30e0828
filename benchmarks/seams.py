"""How likely a Vietnamese sentence begins at a capital, by the words around it: the odds of align/seams.py.

    python -m benchmarks.seams [DATA]

Counted in the tuning half: every seam inside a sentence against every end of one, its full stop taken
away. News and the novel as translated; other sets hold the same texts again.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise
from math import log2
from pathlib import Path

import regex
from benchmarks.cases import find_cases

from aligner.align.seams import seams

SETS = ("ntrex/clean", "threekingdoms/real")
_MARKS = regex.compile(r"[^\p{L}\p{M}\p{N})\]”\"]+$")


def counted(lines: Sequence[str]) -> Iterator[tuple[bool, tuple[str, ...]]]:
    """Whether it is a beginning, and the kinds of the words around it, of every seam."""
    for line in lines:
        for seam in seams(line, "vi"):
            yield False, seam.kinds
    for before, after in pairwise(lines):
        ended = _MARKS.sub("", before)
        for seam in seams(f"{ended} {after}", "vi"):
            if seam.end == len(ended):
                yield True, seam.kinds


def main() -> None:
    """Print log2 likelihood ratios."""
    data = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ["ALIGNER_DEV_DATA"])
    found: Counter[tuple[bool, int, str]] = Counter()
    for case in find_cases(data):
        if case.half == "tune" and case.set_name in SETS:
            lines = [line for line in case.vi.read_text("utf-8").split("\n") if line.strip()]
            for begins, kinds in counted(lines):
                found.update((begins, number, kind) for number, kind in enumerate(kinds))
    totals = {begins: sum(n for (b, k, _), n in found.items() if b == begins and not k) for begins in (0, 1)}
    for number, kind in sorted({entry[1:] for entry in found}):
        inside, begins = found[False, number, kind], found[True, number, kind]
        odds = log2((begins + 0.5) / (totals[1] + 1) / ((inside + 0.5) / (totals[0] + 1)))
        place = ("before", "first", "second")[number]
        print(f"{place:8}{kind:10}{inside:6} inside{begins:6} begin{odds:+7.1f}")


if __name__ == "__main__":
    main()
