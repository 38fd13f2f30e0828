"""What goes wrong, counted and shown, on the tuning half only: the report half is not to be looked into.

    python -m benchmarks.errors [DATA] [--only 'ntrex/*'] [--show KIND] [--parameters FILE]

A *place* is a smallest group of segments whose beads differ between gold and hypothesis while everything
around agrees. Its kind says what the hypothesis did to the gold there; its gap is how many log2 odds the
gold beads weigh less than ours under the weights of the second pass, and the gap by evidence says who
speaks against the gold. A place is *impossible* if the lattice has no path with its gold beads.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from benchmarks.cases import Case, find_cases
from benchmarks.systems import texts_for_peer

from aligner.align.aligning import weights_of
from aligner.align.lattice import BEAD_TYPES, Edge, best_paths
from aligner.align.passes import learn, survey, weigh
from aligner.config import AlignOptions
from aligner.evaluate import Alignment
from aligner.evaluate.alignment import IdBead
from aligner.evaluate.counts import blocks, split_nulls
from aligner.evidence.combine import BlockWeights
from aligner.model import Segment
from aligner.pipeline import evidence_of

SHORT = 6
"""A segment of at most so many letters and digits is called short."""
GAPS = (1.0, 3.0, 10.0)
_DIGIT = re.compile(r"\d")
_LATIN = re.compile(r"[A-Za-z]{2}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where gold and hypothesis differ.

    Attributes:
        case: the document pair.
        gold: its beads there.
        hyp: ours.
        src, tgt: the segments there, by id.
        gap: gold weight less ours by evidence, log2 odds; None where the lattice has no such path.
    """

    case: Case
    gold: tuple[IdBead, ...]
    hyp: tuple[IdBead, ...]
    src: tuple[Segment, ...]
    tgt: tuple[Segment, ...]
    gap: dict[str, float] | None

    @property
    def kind(self) -> str:
        """What the hypothesis did to the gold beads."""
        full = [[bead for bead in beads if all(bead)] for beads in (self.hyp, self.gold)]
        nulls = [[bead for bead in beads if not all(bead)] for beads in (self.hyp, self.gold)]
        if self.gap is None:
            return "impossible"
        if not (nulls[0] or nulls[1]):
            more = len(full[0]) - len(full[1])
            return "cut in parts" if more > 0 else "merged" if more < 0 else "boundary moved"
        if len(nulls[0]) > len(nulls[1]):
            return "made null" if len(full[0]) < len(full[1]) else "part made null"
        if len(nulls[0]) < len(nulls[1]):
            return "null paired" if len(full[0]) > len(full[1]) else "null taken in"
        return "nulls and beads moved"

    @property
    def total_gap(self) -> float | None:
        """Gold weight less ours."""
        return None if self.gap is None else sum(self.gap.values())

    @property
    def traits(self) -> list[str]:
        """What stands out in the segments."""
        texts = [s.text for s in (*self.src, *self.tgt)]
        short = any(sum(map(str.isalnum, s.text)) <= SHORT for s in self.src)
        named = {
            "a short zh segment": short,
            "digits": any(map(_DIGIT.search, texts)),
            "latin letters in zh": any(_LATIN.search(s.text) for s in self.src),
            "an opening quote": any("“" in text or '"' in text or "「" in text for text in texts),
        }
        return [name for name, holds in named.items() if holds]


def places(case: Case) -> list[Place]:
    """All places of a document pair where we differ from the gold."""
    texts = texts_for_peer(case)
    src, tgt = texts.src, texts.tgt
    evidence = evidence_of(src, tgt, AlignOptions())
    whole = ((0, len(src), 0, len(tgt)),)
    evidence = learn(evidence, survey(evidence, whole))
    batch = next(iter(weigh(evidence, whole)))
    path = best_paths(batch.lattice)[0][0]
    hyp = [(tuple(range(e.i0, e.i1)), tuple(range(e.j0, e.j1))) for e in path]
    gold = split_nulls(Alignment.of(case.gold).beads)
    found = []
    for ours, theirs in blocks(hyp, gold):
        if set(ours) != set(theirs):
            ids = [sorted({k for bead in theirs for k in bead[side]}) for side in (0, 1)]
            found.append(
                Place(
                    case,
                    tuple(theirs),
                    tuple(ours),
                    tuple(src[i] for i in ids[0]),
                    tuple(tgt[j] for j in ids[1]),
                    _gap(batch.weights.block(0), hyp, ours, theirs),
                )
            )
    return found


def _gap(
    block: BlockWeights, hyp: Sequence[IdBead], ours: Sequence[IdBead], theirs: Sequence[IdBead]
) -> dict[str, float] | None:
    """Weight of the path with the gold beads in this place, less that of the path, by evidence."""
    replaced = [bead for bead in hyp if bead not in set(ours)] + list(theirs)
    paths = as_path(hyp), as_path(replaced)
    if paths[0] is None or paths[1] is None:
        return None
    gap: defaultdict[str, float] = defaultdict(float)
    for sign, path in zip((-1, 1), paths, strict=True):
        for weights in weights_of(block, path or ()):
            for name, weight in weights.items():
                gap[name] += sign * weight
    return dict(gap)


def as_path(beads: Iterable[IdBead]) -> list[Edge] | None:
    """The beads as the lattice walks them, zh nulls before vi nulls; None where it cannot."""
    full = sorted(bead for bead in beads if all(bead))
    nulls = [{k for bead in beads if not all(bead) for k in bead[side]} for side in (0, 1)]
    i = j = 0
    path: list[Edge] = []
    end = sum(len(b[0]) for b in beads), sum(len(b[1]) for b in beads)
    for src, tgt in [*full, ((end[0],), (end[1],))]:
        while i < src[0] and i in nulls[0]:
            path.append(Edge(i, i + 1, j, j))
            i += 1
        while j < tgt[0] and j in nulls[1]:
            path.append(Edge(i, i, j, j + 1))
            j += 1
        if (i, j) != (src[0], tgt[0]):
            return None
        if (i, j) == end:
            break
        a, b = len(src), len(tgt)
        if (a, b) not in BEAD_TYPES or src[-1] - src[0] + 1 != a or tgt[-1] - tgt[0] + 1 != b:
            return None
        path.append(Edge(i, i + a, j, j + b))
        i, j = i + a, j + b
    return path


def report(found: Sequence[Place]) -> str:
    """Counts by kind and set, by gap, by trait, and what the evidence says against the gold."""
    sets = sorted({place.case.set_name for place in found})
    lines = [f"{'kind':<24}" + "".join(f"{name:>22}" for name in sets)]
    kinds = Counter(place.kind for place in found)
    for kind, _ in kinds.most_common():
        counts = Counter(place.case.set_name for place in found if place.kind == kind)
        lines.append(f"{kind:<24}" + "".join(f"{counts[name]:>22}" for name in sets))
    lines += ["", f"{'gap':<24}" + "".join(f"{name:>22}" for name in sets)]
    for name, low, high in zip(
        ("under 1 bit", "1 to 3", "3 to 10", "10 and more"), (0.0, *GAPS), (*GAPS, 1e9), strict=True
    ):
        counts = Counter(
            p.case.set_name for p in found if p.total_gap is not None and low <= max(-p.total_gap, 0.0) < high
        )
        lines.append(f"{name:<24}" + "".join(f"{counts[s]:>22}" for s in sets))
    lines += ["", "against the gold, mean bits by kind of place"]
    for kind, count in kinds.most_common():
        totals: Counter[str] = Counter()
        for place in found:
            if place.kind == kind and place.gap:
                totals.update(place.gap)
        shown = ", ".join(f"{name} {value / count:+.1f}" for name, value in sorted(totals.items()))
        traits = Counter(t for place in found if place.kind == kind for t in place.traits)
        lines.append(f"{kind:<24}{count:>4}  {shown}   {dict(traits.most_common())}")
    return "\n".join(lines)


def shown(place: Place) -> str:
    """A place for a person to read."""
    gap = {name: round(value, 1) for name, value in (place.gap or {}).items()}
    lines = [f"--- {place.case.set_name} {place.case.name}: {place.kind}, {gap}"]
    lines += [f"gold {_beads(place.gold)}", f"ours {_beads(place.hyp)}"]
    lines += [f"  {s.id:>4} {s.text}" for s in (*place.src, *place.tgt)]
    return "\n".join(lines)


def _beads(beads: Iterable[IdBead]) -> str:
    return " ".join(f"{list(src)}:{list(tgt)}" for src, tgt in sorted(beads, key=lambda b: b[0] or b[1]))


def main(arguments: Sequence[str] | None = None) -> int:
    """Count, and show what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    known = os.environ.get("ALIGNER_DEV_DATA")
    parser.add_argument("data", type=Path, nargs="?", default=Path(known) if known else None)
    parser.add_argument("--only", default="*", metavar="PATTERN", help="sets, such as 'ntrex/*'")
    parser.add_argument("--show", metavar="KIND", help="print the places of a kind; `all` for every one")
    options = parser.parse_args(arguments)
    if not options.data:
        parser.error("name the development data, or set ALIGNER_DEV_DATA")
    chosen = [
        case
        for case in find_cases(options.data)
        if case.way == "segmented" and case.half == "tune" and fnmatch(case.set_name, options.only)
    ]
    found = [place for case in chosen for place in places(case)]
    print(report(found))
    for place in found:
        if options.show in {"all", place.kind}:
            print(shown(place))
    return 0


if __name__ == "__main__":
    sys.exit(main())
