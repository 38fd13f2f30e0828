"""Names spelled two ways.

Two cases. A Hán-Việt name has syllables that differ by region or taboo (Vũ, Võ): two names of three or
more syllables that agree but for these are taken as one, unless they also occur in small letters, which
makes them no names. And where a bead's zh side shows which characters a name reads, two names that
read the same characters are one, whatever their syllables (長安: Trường An, Tràng An).

Two persons may really be called Võ Văn An and Vũ Văn An; a look decides. Said once a document, at the
first place of the rarer spelling.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from aligner.check.collection import Collection, Pair, Passage
from aligner.check.finding import Mark
from aligner.check.words import shown, words
from aligner.language.normal import simplify
from aligner.language.readings import all_readings, reading_variants
from aligner.language.script import HAN
from aligner.language.syllables import is_syllable, syllable_key

_SIZES = (4, 3)
_SIZES_IN_ZH = (4, 3, 2)
# Forms of address, which begin a sentence with a capital and are no part of a name (general knowledge).
_ADDRESS = frozenset(
    map(
        syllable_key,
        [
            "ông",
            "bà",
            "anh",
            "chị",
            "cô",
            "chú",
            "bác",
            "dì",
            "cậu",
            "em",
            "cụ",
            "thầy",
            "ngài",
            "đức",
            "vua",
        ],
    )
)
_HAN_RUN = re.compile(f"[{HAN}]+")

_Keys = tuple[str, ...]


class _Name(NamedTuple):
    """A place where a name stands."""

    keys: _Keys
    passage: Passage
    start: int
    end: int

    @property
    def written(self) -> str:
        """The name as it stands there."""
        return shown(self.passage.text[self.start : self.end])


def find(collection: Collection) -> Iterator[Mark]:
    """Marks a name in its rarer spelling."""
    runs = {id(passage): tuple(_runs(passage)) for passage in collection.vietnamese}
    places: defaultdict[_Keys, list[_Name]] = defaultdict(list)
    for size in _SIZES:
        for passage in collection.vietnamese:
            for name in _parts(runs[id(passage)], size):
                places[name.keys].append(name)
    groups: dict[object, set[_Keys]] = defaultdict(set)
    for keys in places:
        if any(map(reading_variants, keys)):
            groups[tuple(map(_representative, keys))].add(keys)
    lower = _in_small_letters(
        collection, {keys for group in groups.values() if len(group) > 1 for keys in group}
    )
    groups = {shape: group - lower for shape, group in groups.items()}
    for pair in collection.pairs:
        if pair.trusted:
            for zh, name in _read(pair, runs):
                groups.setdefault(zh, set()).add(name.keys)
                if len(name.keys) < min(_SIZES):
                    places[name.keys].append(name)
    yield from _marks(groups.values(), places)


def _marks(groups: Iterable[set[_Keys]], places: dict[_Keys, list[_Name]]) -> Iterator[Mark]:
    """One mark for each group and document with a rarer spelling, the longest names first."""
    told: set[tuple[str, _Keys]] = set()
    for group in sorted((g for g in groups if len(g) > 1), key=lambda g: -max(map(len, g))):
        ranked = sorted(group, key=lambda keys: (-len(places[keys]), keys))
        usual = places[ranked[0]]
        where = {name.passage.document for name in usual}
        for keys in ranked[1:]:
            for name in places[keys]:
                document = name.passage.document
                if (document, keys) not in told:
                    told |= {(document, part) for part in _within(keys)}
                    elsewhere = "here" if document in where else f"in {min(where)}"
                    message = f"also spelled {usual[0].written}, {len(usual)} times, {elsewhere}"
                    yield Mark(name.passage, name.start, name.end, message)


def _within(keys: _Keys) -> set[_Keys]:
    """A name and all that its syllables in a row can be part of."""
    return {keys[i:j] for j in range(len(keys) + 1) for i in range(j)}


def _runs(passage: Passage) -> Iterator[list[_Name]]:
    """Runs of capitalised syllables with a space between them, as names of one syllable."""
    text, run = passage.text, list[_Name]()
    for word in words(text):
        is_capital = text[word.start].isupper() and is_syllable(word.key)
        if run and not (is_capital and text[run[-1].end : word.start] == " "):
            yield run
            run = []
        if is_capital and (run or word.key not in _ADDRESS):
            run.append(_Name((word.key,), passage, word.start, word.end))
    if run:
        yield run


def _parts(runs: Iterable[list[_Name]], size: int) -> Iterator[_Name]:
    """What runs hold of names of so many syllables."""
    for run in runs:
        for i in range(len(run) - size + 1):
            keys = tuple(one.keys[0] for one in run[i : i + size])
            yield _Name(keys, run[i].passage, run[i].start, run[i + size - 1].end)


@lru_cache(maxsize=4096)
def _representative(key: str) -> str:
    """One of the variants of a syllable, the same for all of them."""
    return min((key, *reading_variants(key)))


def _in_small_letters(collection: Collection, names: set[_Keys]) -> set[_Keys]:
    """Those of the names that also occur without capitals."""
    found: set[_Keys] = set()
    firsts = {keys[0] for keys in names}
    for passage, keys in zip(collection.vietnamese, collection.word_keys, strict=True):
        if firsts.isdisjoint(keys):
            continue
        placed = words(passage.text)
        for size in _SIZES:
            for i in range(len(keys) - size + 1):
                if keys[i : i + size] in names and passage.text[placed[i + 1].start].islower():
                    found.add(keys[i : i + size])
    return found


def _read(pair: Pair, runs: dict[int, tuple[list[_Name], ...]]) -> Iterator[tuple[str, _Name]]:
    """The names of a bead with the characters they read, syllable by syllable and in this order."""
    han = [run for passage in pair.zh for run in _HAN_RUN.findall(simplify(passage.text))]
    for passage in pair.vi:
        for size in _SIZES_IN_ZH:
            for name in _parts(runs[id(passage)], size):
                for run in han:
                    at = _reading(run, name.keys)
                    if at >= 0:
                        yield run[at : at + size], name
                        break


def _reading(run: str, keys: _Keys) -> int:
    """Where a run of characters can be read so; -1 where it cannot."""
    for at in range(len(run) - len(keys) + 1):
        if all(key in all_readings(char) for key, char in zip(keys, run[at:], strict=False)):
            return at
    return -1
