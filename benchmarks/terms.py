"""Term extraction on a bitext with a gold glossary: recall by level, and precision by verdicts of people.

    python benchmarks/terms.py [BITEXT] [--gold GLOSSARY] [--verdicts FILE] [--list LEVEL]

An entry of the gold is found where an entry of the extraction has its zh, as preferred form or variant, and
one of its vi forms; all compared in normal form. `preferred` counts only the preferred vi form. The gold is
no complete list of terms, so precision comes from verdicts: a table zh, vi, correct, term (yes or no), made
by reading the list. Pairs without a verdict are named.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from aligner import __version__
from aligner.evidence.lexicon import load_lexicon
from aligner.formats import load_bitexts
from aligner.language.normal import key
from aligner.terms.extract import THRESHOLDS, extract
from aligner.terms.model import LEVELS, Level, TermEntry

ROOT = Path(__file__).parent.parent
Gold = Sequence[tuple[str, frozenset[str], str]]


def read_gold(path: Path) -> Gold:
    """(zh, vi forms, tier) of each entry, as keys."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    return [
        (
            key(row["zh"]),
            frozenset(key(v) for v in [row["vi"], *row["variants"].split("|")] if v),
            row["tier"],
        )
        for row in rows
    ]


def read_verdicts(path: Path) -> Mapping[tuple[str, str], tuple[bool, bool]]:
    """(correct, term) by the keys of zh and vi."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return {
            (key(row["zh"]), key(row["vi"])): (row["correct"] == "yes", row["term"] == "yes")
            for row in csv.DictReader(file, delimiter="\t")
        }


def recall(entries: Sequence[TermEntry], gold: Gold, tier: str, *, preferred: bool) -> float:
    """Share of the gold's entries of a tier that are found."""
    found = [(entry.keys[0], {key(entry.vi)} if preferred else entry.keys[1]) for entry in entries]
    wanted = [(zh, vi) for zh, vi, of_tier in gold if of_tier == tier]
    hits = [any(zh in zh_keys and vi & vi_keys for zh_keys, vi_keys in found) for zh, vi in wanted]
    return sum(hits) / max(1, len(hits))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "bitext", type=Path, nargs="?", default=ROOT / "corpus/002_9543e6bcbcfb8ab6.bitext.jsonl"
    )
    parser.add_argument("--gold", type=Path, default=ROOT / "tests/gold/glossary.dev.tsv")
    parser.add_argument("--verdicts", type=Path, default=ROOT / "tests/gold/strict_verdicts.tsv")
    parser.add_argument("--list", choices=LEVELS, help="print the entries of a level")
    options = parser.parse_args()
    entries = extract(load_bitexts(options.bitext), "wide")
    gold, verdicts = read_gold(options.gold), read_verdicts(options.verdicts)
    print(f"aligner:{__version__}|{load_lexicon().signature}|{options.bitext.name}|{options.gold.name}")
    print("level     from  entries  core  preferred   ext")
    for level in LEVELS:
        some = at_level(entries, level)
        core = recall(some, gold, "core", preferred=False)
        preferred = recall(some, gold, "core", preferred=True)
        ext = recall(some, gold, "ext", preferred=False)
        print(f"{level:9} {THRESHOLDS[level]:.2f}  {len(some):7}  {core:.3f}    {preferred:.3f}  {ext:.3f}")
    judge(at_level(entries, "strict"), verdicts)
    for entry in at_level(entries, options.list) if options.list else ():
        variants = " | ".join(entry.vi_variants)
        print(
            f"{entry.confidence:.3f}\t{entry.zh}\t{entry.vi}\t{entry.category}\t{entry.frequency}\t{variants}"
        )


def at_level(entries: Sequence[TermEntry], level: Level) -> list[TermEntry]:
    """The entries that belong to a level."""
    return [entry for entry in entries if entry.confidence >= THRESHOLDS[level]]


def judge(entries: Sequence[TermEntry], verdicts: Mapping[tuple[str, str], tuple[bool, bool]]) -> None:
    """Print what the verdicts say of some entries."""
    judged = [verdicts[entry.key] for entry in entries if entry.key in verdicts]
    unjudged = [f"{entry.zh} ↔ {entry.vi}" for entry in entries if entry.key not in verdicts]
    if judged:
        correct, terms = (sum(column) / len(judged) for column in zip(*judged, strict=True))
        print(f"strict: {len(judged)} judged, {correct:.3f} translated correctly, {terms:.3f} terms")
    if unjudged:
        print(f"strict: {len(unjudged)} without verdict: {', '.join(unjudged)}")


if __name__ == "__main__":
    main()
