"""Text that was left in the other language, or in a third one.

A vi segment that is mostly Han, a zh segment that is Vietnamese, and a vi segment of a bead in which
nothing is Vietnamese although the Chinese says something: left in English, say. Names, numbers,
addresses and codes are the same in both languages and are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from aligner.check.collection import Collection, Pair
from aligner.check.finding import Mark
from aligner.check.words import word_keys
from aligner.language.script import HAN, detect_language, han_share

_MOSTLY = 0.3  # Han characters among letters: a name in brackets is less
_LEAST_HAN = 2
_LEAST_WORDS = 5
_ONLY_VI = re.compile(r"[ăđơưẠ-ỹ\u0309]")  # settles nearly every text at once
_HAN = re.compile(f"[{HAN}]")


def find(collection: Collection) -> Iterator[Mark]:
    """Marks the segment."""
    for passage in collection.passages:
        text = passage.text
        if passage.side == "vi" and len(_HAN.findall(text)) >= _LEAST_HAN and han_share(text) >= _MOSTLY:
            yield Mark(passage, 0, 0, "the Vietnamese side is in Chinese")
        elif passage.side == "zh" and not _HAN.search(text) and detect_language(text) == "vi":
            yield Mark(passage, 0, 0, "the Chinese side is in Vietnamese")
    for pair in collection.pairs:
        if pair.trusted and _is_foreign(pair):
            yield Mark(pair.vi[0], 0, 0, "neither Vietnamese nor a name or number")


def _is_foreign(pair: Pair) -> bool:
    """Whether the vi side of a bead is a sentence in another language, unlike its zh side."""
    text = " ".join(passage.text for passage in pair.vi)
    if _ONLY_VI.search(text) or _HAN.search(text) or detect_language(text) == "vi":
        return False
    small = [key for key, word in zip(word_keys(text), text.split(), strict=False) if word.islower()]
    return len(small) >= _LEAST_WORDS and any(_HAN.search(passage.text) for passage in pair.zh)
