"""Words written twice by mistake: "của của", "các các".

Vietnamese doubles words on purpose too. Left alone are:

- syllables that reduplicate (data/reduplication.txt: xanh xanh, luôn luôn; and underthesea's word list),
  numbers, names, and names behind their generic (đường Đường Lâm);
- the pattern AABB (vội vội vàng vàng) and whatever stands three times or more;
- what doubles a character of the Chinese: uy phong lẫm lẫm, 威风凛凛;
- two words that meet by chance: thực hiện | hiện đại. Both are in the word list; or one is, and the
  other stands elsewhere without it: tiến trình | trình biên dịch, where "trình biên" is found behind
  another word than "tiến". Words of grammar end and begin no other words and are not asked;
- a syllable that belongs to neither neighbour and is not used singly in the collection: a slip doubles a
  word that the writer uses, while words for sounds occur doubled only.

Fails on a reduplication of a common word that is in neither list, and on chance meetings of words that
are not there either. Linear.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from aligner.check.collection import Collection, Passage
from aligner.check.finding import Mark
from aligner.check.words import shown, words
from aligner.language.number_words import VI_NUMBER_WORDS
from aligner.language.readings import all_readings
from aligner.language.script import HAN
from aligner.language.syllables import is_syllable, syllable_key
from aligner.language.tables import read_lines
from aligner.language.word_list import word_pairs

# Words of grammar that end no compound while another begins with them, or the other way round.
_FUNCTION_WORDS = frozenset(
    map(
        syllable_key,
        [
            *("một", "các", "những", "mọi", "mỗi", "và", "với", "của", "cho", "để", "theo"),
            *("tại", "ở", "trong", "trên", "dưới", "thì", "mà", "nhưng", "hoặc", "bởi", "vì"),
            *("đã", "đang", "sẽ", "là", "cũng", "vẫn"),
        ],
    )
)
_SINGLY = 4  # the two themselves, and two more
_HAN_TWICE = re.compile(rf"([{HAN}])\1")

_Pair = tuple[str, str]


class _Double(NamedTuple):
    """A word that stands twice, with the keys of what stands before and after; empty where nothing does."""

    passage: Passage
    start: int
    end: int
    key: str
    before: str
    after: str


def find(collection: Collection) -> Iterator[Mark]:
    """Marks both words."""
    doubles = [
        double
        for passage, keys in zip(collection.vietnamese, collection.word_keys, strict=True)
        if any(map(str.__eq__, keys, keys[1:]))
        for double in _doubles(passage)
    ]
    if not doubles:
        return
    chinese = _doubled_in_chinese(collection)
    uses = _Uses(collection, doubles)
    for double in doubles:
        passage = double.passage
        if double.key in chinese.get((passage.document, passage.bead), ()):
            continue
        if double.key in _FUNCTION_WORDS or uses.show_a_slip(double):
            written = passage.text[double.start : double.end].split()[0]
            yield Mark(passage, double.start, double.end, f"{shown(written)} stands twice")


@lru_cache(maxsize=1)
def _reduplicating() -> frozenset[str]:
    """Keys of the syllables that are doubled on purpose."""
    lines = read_lines("reduplication.txt")
    return frozenset(syllable_key(word) for line in lines for word in line.split())


def _may_double(key: str) -> bool:
    """Whether it stands twice on purpose: a reduplication, or a number."""
    return key in _reduplicating() or key in VI_NUMBER_WORDS


def _doubles(passage: Passage) -> Iterator[_Double]:
    """The words that stand twice and that no pattern or table allows."""
    text, placed = passage.text, words(passage.text)
    # What a mark of punctuation parts does not stand side by side.
    gaps = [text[one.end : two.start].isspace() for one, two in pairwise(placed)]
    keys = [word.key for word in placed]
    for i in (i for i, spaced in enumerate(gaps) if spaced and keys[i] == keys[i + 1]):
        key = keys[i]
        if not is_syllable(key) or (key not in _FUNCTION_WORDS and _may_double(key)):
            continue
        before = [keys[j] for j in (i - 1, i - 2) if j >= 0 and all(gaps[j:i])]
        after = [keys[j] for j in (i + 2, i + 3) if j < len(keys) and all(gaps[i:j])]
        patterned = any(side and (key == side[0] or side == side[:1] * 2) for side in (before, after))
        if not (patterned or text[placed[i + 1].start].isupper()):
            neighbours = (*before, "")[0], (*after, "")[0]
            yield _Double(passage, placed[i].start, placed[i + 1].end, key, *neighbours)


class _Uses:
    """How the words of the doubles are used elsewhere: alone, and with which neighbours."""

    def __init__(self, collection: Collection, doubles: list[_Double]) -> None:
        keys = {double.key for double in doubles} - _FUNCTION_WORDS
        self._alone: Counter[str] = Counter()
        self._before: defaultdict[_Pair, set[str]] = defaultdict(set)
        self._after: defaultdict[_Pair, set[str]] = defaultdict(set)
        for row in collection.word_keys:
            if keys.isdisjoint(row):
                continue
            for before, key, after in zip(("", *row), row, (*row[1:], ""), strict=False):
                if key in keys:
                    self._alone[key] += 1
                    self._before[key, after].add(before)
                    self._after[before, key].add(after)

    def show_a_slip(self, double: _Double) -> bool:
        """Whether the two are not the end and the beginning of two words, nor a word for a sound."""
        key, before, after = double.key, double.before, double.after
        if (key, key) in word_pairs():
            return False
        ends, begins = (before, key) in word_pairs(), (key, after) in word_pairs()
        if ends and begins:
            return False
        if ends:
            return not self._before[key, after] - {before, key}
        if begins:
            return not self._after[before, key] - {after, key}
        return self._alone[key] >= _SINGLY


def _doubled_in_chinese(collection: Collection) -> dict[tuple[str, int | None], set[str]]:
    """By vi document and bead: the readings of the characters that stand twice on the zh side."""
    found: dict[tuple[str, int | None], set[str]] = {}
    for pair in collection.pairs:
        chars = {char for passage in pair.zh for char in _HAN_TWICE.findall(passage.text)}
        if chars and pair.vi:
            place = pair.vi[0].document, pair.vi[0].bead
            found[place] = {reading for char in chars for reading in all_readings(char)}
    return found
