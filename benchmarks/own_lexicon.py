"""What a lexicon of one's own is worth: learned from one half of a set's documents, used on the other.

    python -m benchmarks.own_lexicon DATA

For each source of documents a lexicon is learned from the gold beads of the tuning half, as a translator's
memory of earlier work; the documents of the report half are then aligned without it and with it.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.cases import Case, find_cases

from aligner.config import AlignOptions
from aligner.evaluate import Evaluation, evaluate
from aligner.evidence.lexicon import save_lexicon
from aligner.formats import write_bitexts
from aligner.model import Bitext
from aligner.pipeline import align_files, signature
from aligner.training import train

SOURCES = {"ntrex": ("mn", ("mn", "noisy")), "threekingdoms": ("real", ("real", "noisy"))}
"""Per source of documents: the set that is learned from, and the sets that are aligned."""


def main() -> None:
    """Print a table."""
    cases = find_cases(Path(sys.argv[1]))
    print(
        "| set | documents | pairs learned from | strict F1 without | strict F1 with |\n|---|---|---|---|---|"
    )
    with tempfile.TemporaryDirectory() as folder:
        for source, (taught, aligned) in SOURCES.items():
            memory, lexicon = Path(folder, f"{source}.tsv"), Path(folder, f"{source}.lexicon")
            write_bitexts((accepted(case) for case in of(cases, source, taught, "tune")), "tsv", str(memory))
            learned = train([memory])
            save_lexicon(learned.lexicon, lexicon)
            for variant in aligned:
                chosen = of(cases, source, variant, "report")
                without, with_it = (scored(chosen, AlignOptions(lexicon=own)) for own in (None, lexicon))
                figures = f"{without.strict.f1:.3f} | {with_it.strict.f1:.3f}"
                print(f"| {source}/{variant} | {len(chosen)} | {learned.pairs} | {figures} |", flush=True)
    print(f"\n{signature(AlignOptions())}")


def of(cases: Sequence[Case], source: str, variant: str, half: str) -> list[Case]:
    """The documents of a set and half."""
    return [case for case in cases if case.set_name == f"{source}/{variant}" and case.half == half]


def accepted(case: Case) -> Bitext:
    """A gold alignment as somebody's work."""
    return case.gold.replace(beads=tuple(bead.replace(status="accepted") for bead in case.gold.beads))


def scored(cases: Sequence[Case], options: AlignOptions) -> Evaluation:
    """The documents aligned one by one, their counts pooled."""
    hyp = [align_files(case.zh, case.vi, options, one_a_line=case.way == "segmented") for case in cases]
    return evaluate(hyp, [case.gold for case in cases], samples=0)


if __name__ == "__main__":
    main()
