"""The words of a Vietnamese text, as the rules count them: runs of letters, be they syllables or not.

A simpler view than `language.tokens`: nothing is expanded, divided or read as a number, for here it
matters what is written.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from aligner.language.numerals import LATIN_MIX
from aligner.language.syllables import syllable_key

_WORD = re.compile(LATIN_MIX)


class Word(NamedTuple):
    """A run of letters, figures among them: `text[start:end]`.

    Attributes:
        key: its syllable key.
        start: offset of its first character.
        end: offset after its last character.
    """

    key: str
    start: int
    end: int


def words(text: str) -> list[Word]:
    """The words of a text, in order; linear.

    >>> [word.key for word in words("Tỉnh ủy, GDP")]
    ['tinhˀ', 'uyˀ', 'gdp']
    """
    return [Word(syllable_key(m.group()), m.start(), m.end()) for m in _WORD.finditer(text)]


def word_keys(text: str) -> tuple[str, ...]:
    """The keys of `words(text)`."""
    return tuple(map(syllable_key, _WORD.findall(text)))


def shown(text: str) -> str:
    """A piece of text for a message: composed, white space as one space."""
    return " ".join(unicodedata.normalize("NFC", text).split())
