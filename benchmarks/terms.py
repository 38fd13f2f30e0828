"""Term extraction on a bitext with a gold glossary: recall by level, and precision by verdicts of readers.

    python -m benchmarks.terms [TEXT] [--gold GLOSSARY] [--verdicts FILE]... [--list LEVEL]

TEXT is the article of this project, another bilingual document or bitext, or a folder with zh.txt, vi.txt and
gold.txt; for these there is no gold glossary, and only their lists are made. A document is aligned with
nothing but what is shipped, so without the project's own glossary. An entry of the gold is found where an
entry of the extraction has its zh, as preferred form or variant, and one of its vi forms; all compared in
normal form. `preferred` counts only the preferred vi form. The gold is no complete list of terms, so
precision comes from verdicts: tables zh, vi, correct, term (yes or no), one for each time that the strict
list was read; where they disagree the stricter one counts. Shares come with a 95% interval (Wilson 1927).
"""

from __future__ import annotations

import argparse
import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from benchmarks.check_noise import gold_bitext

from aligner import __version__
from aligner.config import AlignOptions
from aligner.evidence.lexicon import load_lexicon
from aligner.formats import load_bitexts
from aligner.language.normal import key
from aligner.model import Bitext
from aligner.pipeline import align_file
from aligner.terms.extract import THRESHOLDS, extract
from aligner.terms.model import LEVELS, Key, Level, TermEntry

ROOT = Path(__file__).parent.parent
ARTICLE = ROOT / "seeds/002_9543e6bcbcfb8ab6.txt"
GOLD = ROOT / "tests/gold/glossary.dev.tsv"
VERDICTS = (ROOT / "tests/gold/strict.judge1.tsv", ROOT / "tests/gold/strict.judge2.tsv")
MUST = ROOT / "tests/gold/strict.must.tsv"
_Z = 1.96  # of the normal distribution, for an interval of 95%

Gold = Sequence[tuple[str, frozenset[str], str]]
Question = Literal["correct", "term"]
QUESTIONS: tuple[tuple[Question, str], ...] = (("correct", "translated correctly"), ("term", "terms"))


class Verdict(NamedTuple):
    """What a reader said of an entry.

    Attributes:
        correct: its translation is right.
        term: it is a term.
    """

    correct: bool
    term: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdicts of all readers on the entries of a list.

    Attributes:
        entries: the list.
        readings: by reader, the verdicts by key.
    """

    entries: Sequence[TermEntry]
    readings: Sequence[Mapping[Key, Verdict]]

    @property
    def unjudged(self) -> list[TermEntry]:
        """Entries that some reader has not read."""
        return [e for e in self.entries if any(e.key not in reading for reading in self.readings)]

    @property
    def judged(self) -> list[tuple[TermEntry, list[Verdict]]]:
        """The others, with the verdicts."""
        return [
            (e, [reading[e.key] for reading in self.readings]) for e in self.entries if e not in self.unjudged
        ]

    def hits(self, what: Question) -> list[TermEntry]:
        """Entries of which every reader says it."""
        return [e for e, verdicts in self.judged if all(getattr(v, what) for v in verdicts)]

    def disputed(self, what: Question) -> list[TermEntry]:
        """Entries on which readers disagree."""
        return [e for e, verdicts in self.judged if len({getattr(v, what) for v in verdicts}) > 1]

    def share(self, what: Question) -> float:
        """Share of the judged entries of which every reader says it."""
        return len(self.hits(what)) / max(1, len(self.judged))


def read_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table with a header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def read_gold(path: Path) -> Gold:
    """(zh, vi forms, tier) of each entry, as keys."""
    return [
        (
            key(row["zh"]),
            frozenset(key(v) for v in [row["vi"], *row["variants"].split("|")] if v),
            row["tier"],
        )
        for row in read_rows(path)
    ]


def read_verdicts(path: Path) -> Mapping[Key, Verdict]:
    """What one reader said, by the keys of zh and vi."""
    return {
        (key(row["zh"]), key(row["vi"])): Verdict(row["correct"] == "yes", row["term"] == "yes")
        for row in read_rows(path)
    }


def recall(entries: Sequence[TermEntry], gold: Gold, tier: str, *, preferred: bool = False) -> float:
    """Share of the gold's entries of a tier that are found."""
    found = [(entry.keys[0], {key(entry.vi)} if preferred else entry.keys[1]) for entry in entries]
    wanted = [(zh, vi) for zh, vi, of_tier in gold if of_tier == tier]
    hits = [any(zh in zh_keys and vi & vi_keys for zh_keys, vi_keys in found) for zh, vi in wanted]
    return sum(hits) / max(1, len(hits))


def missing(entries: Sequence[TermEntry], path: Path) -> list[str]:
    """Entries of a table zh, vi, variants that a list does not have as they stand there, case and all."""
    have = {(entry.zh, entry.vi): set(entry.vi_variants) for entry in entries}
    return [
        f"{row['zh']} ↔ {row['vi']}"
        for row in read_rows(path)
        if not set(filter(None, row["variants"].split("|"))) <= have.get((row["zh"], row["vi"]), {""})
        or (row["zh"], row["vi"]) not in have
    ]


def at_level(entries: Sequence[TermEntry], level: Level) -> list[TermEntry]:
    """The entries that belong to a level."""
    return [entry for entry in entries if entry.confidence >= THRESHOLDS[level]]


def interval(hits: int, count: int) -> tuple[float, float]:
    """Wilson's interval of a share.

    >>> [round(end, 3) for end in interval(9, 10)]
    [0.596, 0.982]
    """
    if not count:
        return 0.0, 1.0
    share, z = hits / count, _Z**2 / count
    middle, half = (share + z / 2) / (1 + z), math.sqrt(share * (1 - share) * z + z**2 / 4) / (1 + z)
    return middle - half, middle + half


def show_levels(entries: Sequence[TermEntry], gold: Gold) -> None:
    """A row a level: its size, and how much of the gold it has."""
    print("level     from  entries  core  preferred   ext  without context")
    for level in LEVELS:
        some = at_level(entries, level)
        core, ext = recall(some, gold, "core"), recall(some, gold, "ext")
        preferred = recall(some, gold, "core", preferred=True)
        bare = sum(not (entry.context_zh and entry.context_vi) for entry in some)
        figures = f"{core:.3f}    {preferred:.3f}  {ext:.3f}  {bare:15}"
        print(f"{level:9} {THRESHOLDS[level]:.2f}  {len(some):7}  {figures}")


def show_judgement(judgement: Judgement) -> None:
    """What the readers said, alone and together."""
    for number, reading in enumerate(judgement.readings, 1):
        verdicts = [reading[e.key] for e in judgement.entries if e.key in reading]
        right, terms = sum(v.correct for v in verdicts), sum(v.term for v in verdicts)
        print(f"reading {number}: {right} of {len(verdicts)} translated correctly, {terms} terms")
    count = len(judgement.judged)
    for what, said in QUESTIONS:
        hits, disputed = judgement.hits(what), judgement.disputed(what)
        low, high = interval(len(hits), count)
        share = f"{len(hits) / max(1, count):.3f} [{low:.3f}, {high:.3f}]"
        print(f"both: {len(hits)} of {count} {said}, {share}; disputed: {names(disputed)}")
    if judgement.unjudged:
        print(f"without verdict: {names(judgement.unjudged)}")


def names(entries: Sequence[TermEntry]) -> str:
    """Entries by their forms."""
    return ", ".join(f"{entry.zh} ↔ {entry.vi}" for entry in entries) or "none"


def bitexts(path: Path) -> list[Bitext]:
    """A document aligned, the bitexts of another file, or the gold alignment of a folder."""
    if path.suffix == ".txt":
        return [align_file(path, AlignOptions())]
    return [gold_bitext(path)] if path.is_dir() else list(load_bitexts(path))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("text", type=Path, nargs="?", default=ARTICLE)
    parser.add_argument("--gold", type=Path, default=GOLD)
    parser.add_argument("--verdicts", type=Path, action="append", help="what one reader said")
    parser.add_argument("--list", choices=LEVELS, help="print the entries of a level")
    options = parser.parse_args()
    entries = extract(bitexts(options.text), "wide")
    print(f"aligner:{__version__}|{load_lexicon().signature}|{options.text.name}|{options.gold.name}")
    if options.text == ARTICLE or options.verdicts:
        show_levels(entries, read_gold(options.gold))
        strict = at_level(entries, "strict")
        show_judgement(Judgement(strict, [read_verdicts(path) for path in options.verdicts or VERDICTS]))
        print(f"strict must have, and has not: {', '.join(missing(strict, MUST)) or 'nothing'}")
    else:
        print(", ".join(f"{level}: {len(at_level(entries, level))} entries" for level in LEVELS))
    for entry in at_level(entries, options.list) if options.list else ():
        figures = f"{entry.confidence:.3f}\t{entry.zh}\t{entry.vi}\t{entry.category}\t{entry.frequency}"
        print(f"{figures}\t{' | '.join(entry.vi_variants)}")


if __name__ == "__main__":
    main()
