"""The normal form: what two spellings of the same text have in common, and where each part of it stood.

Keys are for comparing, the original is for showing. A key is lower case; Vietnamese syllables have
their tone at the end (see `syllables`); traditional characters are simplified one by one; full width is
ASCII; the dashes are one dash without spaces around it; quotation marks drop; three or more dots are one
ellipsis; runs of white space are one space, and none stands next to a Han character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from aligner.language.script import HAN, HAN_RUN, LATIN
from aligner.language.syllables import syllable_key
from aligner.language.tables import read_rows

_DROPPED = (
    "\"'“”‘’„‟‚‛«»‹›《》〈〉「」『』﹁﹂﹃﹄〝〞〟＂＇`´"  # quotation marks
    "\u00ad\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"  # soft hyphen, joiners, direction marks
)
_DASHES = r"\-‐‑‒–—―−﹣－⸺⸻"
_DOT = ".．。…"
_PIECE = (
    rf"(?P<word>[{LATIN}]+(?:[{_DROPPED}]+[{LATIN}]+)*)|(?P<han>[{HAN}])"
    rf"|(?P<dash>\s*[{_DASHES}][\s{_DASHES}]*)|(?P<dots>…[{_DOT}]*|[{_DOT}]{{3,}})"
    rf"|(?P<space>\s+)|(?P<drop>[{_DROPPED}])|(?P<other>.[\u0300-\u036f\u3099\u309a]*)"
)
_DROP = re.compile(f"[{_DROPPED}]")
_PLAIN = re.compile("[！-～。、・•‧]$")
_PUNCTUATION = str.maketrans({"。": ".", "、": ",", "・": "·", "•": "·", "‧": "·"})


@dataclass(frozen=True, slots=True)
class KeyedText:
    """A key with its way back: key character i came from `raw[starts[i]:ends[i]]`.

    Both offset lists are as long as the text and never decrease; a tone letter points at the last
    character of its syllable, a dash at the dash with its spaces.
    """

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets in the raw text of `text[start:end]`, which must not be empty."""
        return self.starts[start], self.ends[end - 1]


@lru_cache(maxsize=1)
def simplified_characters() -> Mapping[str, str]:
    """Traditional and compatibility characters → simplified; a character that is not in it stays."""
    table = {form: s for s, forms in read_rows("characters.tsv") for form in forms if form != s}
    for char in map(chr, (*range(0xF900, 0xFB00), *range(0x2F800, 0x2FA20))):
        unified = unicodedata.normalize("NFKC", char)
        if unified != char:
            table[char] = table.get(unified, unified)
    return table


def simplify(text: str) -> str:
    """Each traditional character replaced by its simplified one; same length, linear.

    Character by character after OpenCC's tables, without its phrase rules: 乾 is always 干.
    """
    return "".join(map(simplified_characters().get, text, text))


@lru_cache(maxsize=65536)
def _other_key(char: str) -> str:
    """Key of a character that is no Latin letter, Han character, quote, dash, dot or space."""
    for _ in range(3):  # casefold and NFKC can each undo the other once
        char = unicodedata.normalize("NFKC", char).casefold()
    return "".join(char.translate(_PUNCTUATION).split())


def word_offsets(word: str, key: str, at: int) -> tuple[list[int], list[int]]:
    """Offsets of a word's key: letter by letter where they correspond, at the end the last letter's."""
    starts = [at + i for i, c in enumerate(word) if not (unicodedata.combining(c) or c in _DROPPED)] or [at]
    ends = [*starts[1:], at + len(word)]
    extra = len(key) - len(starts)
    if extra < 0:
        return starts[: len(key)], [*ends[: len(key) - 1], at + len(word)]
    return starts + [starts[-1]] * extra, ends + [ends[-1]] * extra


class _Builder:
    """Collects key characters with their offsets, and the spaces between them."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self._space: tuple[int, int] | None = None

    def space(self, span: tuple[int, int]) -> None:
        self._space = self._space or span

    def add(self, key: str, starts: list[int], ends: list[int]) -> None:
        before = self.out[-1] if self.out else ""
        if self._space and before not in {"", "-"} and key != "-" and not HAN_RUN.search(before + key[:1]):
            self.out.append(" ")
            self.starts.append(self._space[0])
            self.ends.append(self._space[1])
        self._space = None
        self.out.extend(key)
        self.starts.extend(starts)
        self.ends.extend(ends)


def _pass(text: str) -> tuple[KeyedText, bool]:
    """One pass of the rules, and whether its result may need another one."""
    built = _Builder()
    simplified = simplified_characters()
    again = False
    for match in re.finditer(_PIECE, text, re.DOTALL):
        kind, piece, (at, end) = match.lastgroup, match.group(), match.span()
        if kind == "word":
            key = syllable_key(_DROP.sub("", piece))
            built.add(key, *word_offsets(piece, key, at))
        elif kind == "han":
            built.add(simplified.get(piece, piece), [at], [end])
        elif kind == "space":
            built.space((at, end))
        elif kind == "drop":
            again = again or built.out[-1:] in (["."], ["…"], ["-"])  # ."." and -"- come to touch
        elif kind == "dash":
            built.add("-", [at], [end])
        elif kind == "dots":
            built.add("…", [at], [end])
        elif kind == "other" and (key := _other_key(piece)):
            built.add(key, [at] * len(key), [end] * len(key))
            # What unfolds into letters, marks or dots (™, ¨, ‥) can join its neighbours.
            again = again or not (key == piece or _PLAIN.match(piece))
    return KeyedText("".join(built.out), tuple(built.starts), tuple(built.ends)), again


def keyed(text: str) -> KeyedText:
    """The normal form of a text with the offsets of every character of it. Linear.

    >>> keyed("Ủy ban – 委員會").text
    'uyˀ ban-委员会'
    """
    result, again = _pass(text)
    while again:
        finer, again = _pass(result.text)
        if finer.text == result.text:
            break
        spans = [result.raw_span(s, e) for s, e in zip(finer.starts, finer.ends, strict=True)]
        result = KeyedText(finer.text, tuple(s for s, _ in spans), tuple(e for _, e in spans))
        again = True
    return result


def key(text: str) -> str:
    """The normal form of a text; see the module. Idempotent: its key is itself.

    >>> key("Hòa Bình") == key("HOÀ  BÌNH"), key("“共建”") == key("共建")
    (True, True)
    """
    return keyed(text).text
