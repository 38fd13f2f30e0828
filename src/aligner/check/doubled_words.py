"""Words written twice by mistake: "của của", "các các".

Vietnamese doubles words on purpose too. Left alone are:

- syllables that reduplicate (data/reduplication.txt: xanh xanh, luôn luôn; and the word list that comes
  with underthesea), numbers, names, and names behind their generic (đường Đường Lâm);
- the pattern AABB (vội vội vàng vàng) and whatever stands three times or more;
- what doubles a character of the Chinese: uy phong lẫm lẫm, 威风凛凛;
- two words that meet by chance: thực hiện | hiện đại. Function words end and begin no such words and
  are settled at once; for others underthesea is asked, which then is loaded;
- a syllable that belongs to neither neighbour and is not used singly in the collection: a slip doubles a
  word that the writer uses, while words for sounds occur doubled only.

Fails on a reduplication of a common word that is not in the table.
"""

from __future__ import annotations

import importlib.util
import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from aligner.check.collection import Collection, Passage
from aligner.check.finding import Mark
from aligner.check.words import Word, shown, words
from aligner.language.number_words import VI_NUMBER_WORDS
from aligner.language.readings import all_readings
from aligner.language.script import HAN
from aligner.language.syllables import is_syllable, syllable_key
from aligner.language.tables import read_lines

# Words of grammar, and nouns that serve as such: no compound ends with one and no other begins with it.
_FUNCTION_WORDS = frozenset(
    map(
        syllable_key,
        [
            *("các", "những", "mọi", "mỗi", "việc", "sự", "cuộc", "này", "kia", "ấy"),
            *("và", "với", "của", "cho", "để", "bằng", "từ", "đến", "tới", "theo", "về", "tại", "ở"),
            *("trong", "ngoài", "trên", "dưới", "thì", "mà", "nhưng", "hoặc", "bởi", "vì", "nên", "do"),
            *("đã", "đang", "sẽ", "là", "được", "bị", "cũng", "vẫn", "còn", "rất", "quá", "chỉ"),
        ],
    )
)
_WORD_LIST = ("corpus", "data", "Viet74K.txt")
_SINGLY = 4  # the two themselves, and two more
_HAN_TWICE = re.compile(rf"([{HAN}])\1")


@lru_cache(maxsize=1)
def _reduplicating() -> frozenset[str]:
    """Keys of the syllables that are doubled on purpose."""
    lines = read_lines("reduplication.txt")
    return frozenset(syllable_key(word) for line in lines for word in line.split())


@lru_cache(maxsize=1)
def _known_words() -> frozenset[str]:
    """What underthesea's word list has of doubled syllables, by their keys; read without loading it."""
    spec = importlib.util.find_spec("underthesea")
    places = spec.submodule_search_locations if spec else None
    path = Path(next(iter(places or [""])), *_WORD_LIST)
    lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    halves = (line.split(" ") for line in lines if line.count(" ") == 1)
    return frozenset(syllable_key(one) for one, two in halves if one == two)


def find(collection: Collection) -> Iterator[Mark]:
    """Marks both words."""
    found = []
    for passage, keys in zip(collection.vietnamese, collection.word_keys, strict=True):
        if any(map(str.__eq__, keys, keys[1:])):
            placed = words(passage.text)
            found += [(passage, placed, i) for i in range(len(placed) - 1) if _is_doubled(passage, placed, i)]
    doubled = {placed[i].key for _, placed, i in found} - _FUNCTION_WORDS
    uses = Counter(key for keys in collection.word_keys for key in keys if key in doubled) if doubled else {}
    chinese = _doubled_in_chinese(collection) if found else {}
    for passage, placed, i in found:
        key = placed[i].key
        if key in chinese.get((passage.document, passage.bead), ()):
            continue
        if key in _FUNCTION_WORDS or _is_slip(passage.text, placed, i, uses[key]):
            written = passage.text[placed[i].start : placed[i].end]
            yield Mark(passage, placed[i].start, placed[i + 1].end, f"{shown(written)} stands twice")


def _is_doubled(passage: Passage, placed: list[Word], i: int) -> bool:
    """Whether word i stands twice and no pattern or table allows it."""
    text, one, two = passage.text, placed[i], placed[i + 1]
    if one.key != two.key or not text[one.end : two.start].isspace() or not is_syllable(one.key):
        return False
    if one.key in _reduplicating() or one.key in VI_NUMBER_WORDS or text[two.start].isupper():
        return False
    two_before, before, after, two_after = (
        placed[j].key if 0 <= j < len(placed) else "" for j in (i - 2, i - 1, i + 2, i + 3)
    )
    patterned = one.key in {before, after} or (before and before == two_before)
    return not (patterned or (after and after == two_after))


def _is_slip(text: str, placed: list[Word], i: int, uses: int) -> bool:
    """Whether one of the two belongs to a neighbour, or neither does and the word is used singly.

    Both belong to neighbours where two words meet by chance.
    """
    if placed[i].key in _known_words():
        return False
    from aligner.language.words import vi_words

    one, two = placed[i], placed[i + 1]
    spans = vi_words(text)
    ends = any(start < one.start and end == one.end for start, end in spans)
    begins = any(start == two.start and end > two.end for start, end in spans)
    return ends != begins or (not ends and uses >= _SINGLY)


def _doubled_in_chinese(collection: Collection) -> dict[tuple[str, int | None], set[str]]:
    """By vi document and bead: the readings of the characters that stand twice on the zh side."""
    found: dict[tuple[str, int | None], set[str]] = {}
    for pair in collection.pairs:
        chars = {char for passage in pair.zh for char in _HAN_TWICE.findall(passage.text)}
        if chars and pair.vi:
            place = pair.vi[0].document, pair.vi[0].bead
            found[place] = {reading for char in chars for reading in all_readings(char)}
    return found
