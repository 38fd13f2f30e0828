"""How often each rule of `aligner check` speaks up on documents with gold beads, per 1,000 beads.

    python -m benchmarks.check_noise --data FOLDER [--only PATTERN] [--show RULE]

A document is a folder with zh.txt, vi.txt and gold.txt; its beads are the gold ones, so that no finding comes
from a wrong alignment. The documents of a group are checked together, as a project's are. Whether a finding
is true, a person must say: `--show` lists those of a rule with their context.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from aligner.check import RULES, Finding, check, collect
from aligner.documents import segmented
from aligner.formats import beads
from aligner.model import Bead, Bitext, Side

# Of texts that come in several variants the one as it was translated.
PATTERNS = ("ntrex/*/clean", "threekingdoms/*/real", "tech/*/*")


def gold_bitext(folder: Path) -> Bitext:
    """The gold alignment of a document, every bead certain."""
    zh, src = segmented(folder / "zh.txt", lang="zh-Hans")
    vi, tgt = segmented(folder / "vi.txt", lang="vi")
    with (folder / "gold.txt").open("rb") as file:
        found = beads.read(file, str(folder))
    made = [
        Bead(number, tuple(src[i] for i in ids), tuple(tgt[i] for i in others), confidence=1.0)
        for number, (ids, others) in enumerate(found)
    ]
    return Bitext(Side("zh-Hans", zh.path, zh.sha256), Side("vi", vi.path, vi.sha256), tuple(made))


def groups(data: Path, patterns: list[str]) -> Iterator[tuple[str, list[Bitext]]]:
    """The documents of each pattern, by the folder they lie in."""
    found: defaultdict[str, list[Bitext]] = defaultdict(list)
    for pattern in patterns:
        for gold in sorted(data.glob(f"{pattern}/gold.txt")):
            if not any(part.startswith("_") for part in gold.relative_to(data).parts):
                found[gold.relative_to(data).parts[0]].append(gold_bitext(gold.parent))
    yield from found.items()


def show(findings: tuple[Finding, ...], rule: str) -> None:
    """A rule's findings, one a line, with their context."""
    for one in findings:
        if one.rule == rule:
            place = f"{Path(one.document).parent} bead {one.bead}"
            print(f"  {place}: {one.before}[[{one.text}]]{one.after}: {one.message}")


def main() -> None:
    """Prints a row a rule, a column a group."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=os.environ.get("ALIGNER_DEV_DATA"))
    parser.add_argument("--only", action="append", metavar="PATTERN", help="folders, such as 'ntrex/*/clean'")
    parser.add_argument("--show", choices=list(RULES), help="list the findings of this rule")
    options = parser.parse_args()
    if not options.data:
        parser.error("name the data with --data or ALIGNER_DEV_DATA")
    counts: dict[str, Counter[str]] = {}
    sizes: dict[str, int] = {}
    for group, bitexts in groups(Path(options.data), options.only or list(PATTERNS)):
        start = time.process_time()
        findings = check(collect(bitexts))
        seconds = time.process_time() - start
        counts[group] = Counter(one.rule for one in findings)
        sizes[group] = sum(len(bitext.beads) for bitext in bitexts)
        print(f"{group}: {len(bitexts)} documents, {sizes[group]} beads, {seconds:.1f} s")
        if options.show:
            show(findings, options.show)
    print(f"\n{'per 1,000 beads':<18}" + "".join(f"{group:>16}" for group in counts))
    for rule in RULES:
        cells = (f"{1000 * counts[group][rule] / sizes[group]:16.2f}" for group in counts)
        print(f"{rule:<18}" + "".join(cells))


if __name__ == "__main__":
    main()
