"""Where a phrase stands in a text, whatever its spelling.

Texts are compared piece by piece: a Han character by its simplified form, a word by its normal form (case,
placement of the tone mark), a number by its digits, a percent sign as itself. Between two
pieces of a phrase there may be blanks, quotation marks and dashes, but nothing that ends a clause.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from aligner.errors import UsageError
from aligner.language.normal import simplified_characters
from aligner.language.script import HAN, LATIN
from aligner.language.syllables import syllable_key

Mark = tuple[int, int]
"""Start and end of a place in a text."""

PAIR = "ǀ"
"""Between the two keys of a pair: a letter to SQLite, and one that no text has."""

_SHARES = {"%": "ᛈ", "％": "ᛈ", "﹪": "ᛈ", "‰": "ᛗ"}
"""Keys of the signs after a number: letters to SQLite, which drops signs, that hardly any text has."""

_JOINT = r"[\s\-‐‑‒–—―－\"'“”‘’«»《》〈〉「」『』·&/…]"
_PIECE = re.compile(
    rf"(?P<han>[{HAN}]+)|(?P<word>[{LATIN}]+)|(?P<figures>\d+)|(?P<other>[^\W\d_{HAN}{LATIN}]+)"
    rf"|(?P<share>[{''.join(_SHARES)}])|(?P<joint>{_JOINT}+)|(?P<stop>.)",
    re.DOTALL,
)
_ALL_HAN = re.compile(rf"[{HAN}]+")
_WORD = re.compile(rf"[{LATIN}]")
_NOT_HAN = re.compile(rf"[{LATIN}]|[^\W\d_{HAN}]")


class Piece(NamedTuple):
    """What is compared: `text[start:end]` by its key."""

    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is looked for.

    Attributes:
        text: as it was asked for.
        keys: of its pieces.
    """

    text: str
    keys: tuple[str, ...]


def pieces(text: str) -> Iterator[Piece]:
    """The pieces of a text in order; linear.

    >>> [piece.key for piece in pieces("會晤 G20, Uỷ ban")]
    ['会', '晤', 'g', '20', 'uyˀ', 'ban']
    """
    for clause in clauses(text):
        yield from clause


def clauses(text: str) -> Iterator[list[Piece]]:
    """The pieces of a text, parted where no phrase can go on."""
    run: list[Piece] = []
    for match in _PIECE.finditer(text):
        kind = match.lastgroup
        at = match.start()
        if kind == "han":
            run += [Piece(key, i, i + 1) for i, key in enumerate(simplified(match[0]), at)]
        elif kind == "stop":
            if run:
                yield run
            run = []
        elif kind != "joint":
            run.append(Piece(key_of(match[0], kind), at, match.end()))
    if run:
        yield run


def key_of(found: str, kind: str | None) -> str:
    """The key of a word or of anything else that is no Han character."""
    if kind == "share":
        return _SHARES[found]
    return syllable_key(found) if kind == "word" else unicodedata.normalize("NFKC", found).casefold()


def simplified(text: str) -> str:
    """`simplify`, by a table made once; of the same length."""
    return text.translate(_simplified_table())


@lru_cache(maxsize=1)
def _simplified_table() -> dict[int, str]:
    return {ord(char): simple for char, simple in simplified_characters().items()}


def index_words(text: str) -> tuple[str, str]:
    """The keys of a text, and the pairs of neighbouring ones, parted by blanks.

    Of the same pieces as `clauses`, several times as fast.
    """
    singles: list[str] = []
    pairs: list[str] = []
    begin = 0
    for match in _PIECE.finditer(text):
        kind = match.lastgroup
        if kind == "han":
            singles += simplified(match[0])
        elif kind == "stop":
            pairs += map(PAIR.join, pairwise(singles[begin:]))
            begin = len(singles)
        elif kind != "joint":
            singles.append(key_of(match[0], kind))
    pairs += map(PAIR.join, pairwise(singles[begin:]))
    return " ".join(singles), " ".join(pairs)


def phrase(text: str) -> Phrase:
    """A phrase to look for.

    Raises:
        UsageError: there is no letter, character, figure or percent sign in it.
    """
    keys = tuple(piece.key for piece in pieces(text))
    if not keys:
        raise UsageError(f"nothing to search for in '{text}'", "name a word or a phrase")
    return Phrase(text, keys)


def places(text: str, looked_for: Phrase) -> Iterator[Mark]:
    """Where a phrase stands in a text, from left to right, not overlapping."""
    if _ALL_HAN.fullmatch("".join(looked_for.keys)):
        return (match.span() for match in _han_pattern(looked_for.keys).finditer(simplified(text)))
    if any(map(_WORD.match, looked_for.keys)) and not _NOT_HAN.search(text):
        return iter(())
    return compared(text, list(looked_for.keys))


@lru_cache(maxsize=64)
def _han_pattern(keys: tuple[str, ...]) -> re.Pattern[str]:
    """What finds characters in a simplified text as `compared` finds them, several times as fast."""
    return re.compile(f"{_JOINT}*".join(map(re.escape, keys)))


def compared(text: str, wanted: list[str]) -> Iterator[Mark]:
    """Where pieces with these keys stand one after another, from left to right, not overlapping."""
    for clause in clauses(text):
        keys = [piece.key for piece in clause]
        at = 0
        while at + len(wanted) <= len(keys):
            if keys[at : at + len(wanted)] == wanted:
                yield clause[at].start, clause[at + len(wanted) - 1].end
                at += len(wanted)
            else:
                at += 1
