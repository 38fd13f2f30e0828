"""How many planted errors `aligner check` finds, on documents with gold beads.

    python -m benchmarks.check_recall --data FOLDER [--only PATTERN] [--count N] [--seed N] [--show]

Into N segments of each group one error each is planted, a kind at a time: a word written twice, a space
deleted between two words, a tone mark left out where that leaves another syllable, a number changed by one.
It counts as found where the rule for it marks the place.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import random
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

from benchmarks.check_noise import PATTERNS, groups

from aligner.check import check, collect
from aligner.language.syllables import TONES, is_syllable, syllable_key
from aligner.model import Bead, Bitext

Planted = tuple[str, int, int]
"""The text with an error, and the span of the error."""

_WORD = re.compile(r"(?<= )[^\W\d_]{2,}(?= )")
_TWO_WORDS = re.compile(r"(?<= )([^\W\d_]{2,}) ([^\W\d_]{2,})(?= )")
_NUMBER = re.compile(r"(?<![\d./,%-])[1-9]\d+(?![\d./,%-])")


def doubled(text: str, chance: random.Random) -> Planted | None:
    """A word twice."""
    found = [m for m in _WORD.finditer(text) if m.group().islower()]
    if not found:
        return None
    match = chance.choice(found)
    return (
        f"{text[: match.end()]} {text[match.start() :]}",
        match.start(),
        match.end() + len(match.group()) + 1,
    )


def joined(text: str, chance: random.Random) -> Planted | None:
    """Two words without the space, one of them with a Vietnamese mark."""
    found = [m for m in _TWO_WORDS.finditer(text) if m.group().islower() and not m.group().isascii()]
    if not found:
        return None
    match = chance.choice(found)
    return f"{text[: match.end(1)]}{text[match.start(2) :]}", match.start(), match.end() - 1


def unmarked(text: str, chance: random.Random) -> Planted | None:
    """A syllable without its tone mark."""
    found = []
    for match in _WORD.finditer(text):
        split = unicodedata.normalize("NFD", match.group())
        bare = unicodedata.normalize("NFC", "".join(c for c in split if c not in TONES))
        if bare != match.group() and is_syllable(syllable_key(bare)):
            found.append((match, bare))
    if not found:
        return None
    match, bare = chance.choice(found)
    return f"{text[: match.start()]}{bare}{text[match.end() :]}", match.start(), match.start() + len(bare)


def miscounted(text: str, chance: random.Random) -> Planted | None:
    """A number, one more."""
    found = list(_NUMBER.finditer(text))
    if not found:
        return None
    match = chance.choice(found)
    number = str(int(match.group()) + 1)
    return f"{text[: match.start()]}{number}{text[match.end() :]}", match.start(), match.start() + len(number)


KINDS: dict[str, Callable[[str, random.Random], Planted | None]] = {
    "doubled-word": doubled,
    "missing-space": joined,
    "near-miss": unmarked,
    "numbers": miscounted,
}

ALSO = {"numbers": ["dates"]}
"""Other rules that answer for a kind of error."""


def measure(bitexts: list[Bitext], rule: str, count: int, chance: random.Random, *, shown: bool) -> str:
    """Found of planted."""
    places = [(d, b) for d, bitext in enumerate(bitexts) for b, bead in enumerate(bitext.beads) if bead.tgt]
    chance.shuffle(places)
    changed = [list(bitext.beads) for bitext in bitexts]
    planted: dict[tuple[str, int], Planted] = {}
    for d, b in places:
        bead = changed[d][b]
        made = KINDS[rule](bead.tgt[0].text, chance) if len(planted) < count and bead.src else None
        if made:
            changed[d][b] = _with_text(bead, made[0])
            planted[bitexts[d].tgt.path, bead.id] = made
    collection = collect(bitext.replace(beads=tuple(c)) for bitext, c in zip(bitexts, changed, strict=True))
    marked: dict[tuple[str, int], list[str]] = {}
    for one in check(collection, [rule, *ALSO.get(rule, ())]):
        if one.bead is not None:
            marked.setdefault((one.document, one.bead), []).append(one.text)
    starts = {place: made[0][made[1] : made[2]] for place, made in planted.items()}
    hits = [
        p for p, error in starts.items() if any(error in text or text in error for text in marked.get(p, ()))
    ]
    if shown:
        for place in planted.keys() - hits:
            text, start, end = planted[place]
            before, after = text[max(0, start - 30) : start], text[end : end + 30]
            print(f"  {rule} missed: {before}[[{text[start:end]}]]{after}")
    return f"{len(hits)}/{len(planted)}"


def _with_text(bead: Bead, text: str) -> Bead:
    """The bead with another text in its first vi segment."""
    return bead.replace(tgt=(dataclasses.replace(bead.tgt[0], text=text), *bead.tgt[1:]))


def main() -> None:
    """Prints a row a rule, a column a group."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=os.environ.get("ALIGNER_DEV_DATA"))
    parser.add_argument("--only", action="append", metavar="PATTERN", help="folders, such as 'ntrex/*/clean'")
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", action="store_true", help="list what was missed")
    options = parser.parse_args()
    if not options.data:
        parser.error("name the data with --data or ALIGNER_DEV_DATA")
    found = dict(groups(Path(options.data), options.only or list(PATTERNS)))
    print(f"{'found of planted':<18}" + "".join(f"{group:>16}" for group in found))
    for rule in KINDS:
        cells = (
            measure(bitexts, rule, options.count, random.Random(options.seed), shown=options.show)  # noqa: S311 - repeatable on purpose
            for bitexts in found.values()
        )
        print(f"{rule:<18}" + "".join(f"{cell:>16}" for cell in cells))


if __name__ == "__main__":
    main()
