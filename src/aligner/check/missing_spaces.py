"""Spaces that are missing in Vietnamese: between two words, and behind a mark of punctuation.

A string that is no possible syllable but divides into syllables is two words run together, unless it
is a loanword: those are written together too (ôtô, Inđônêxia), and sound foreign: their syllables have
no other tone than level and sharp, and few rimes. So one of these is asked for: a falling, asking, tumbling
or heavy tone, a diphthong, an onset or an ending that loans do not have; a capital inside; or that the
string stands once in the collection and each of its syllables at least `_USED` times.

Behind , ; : . ! ? and … a space is missing where a letter follows at once, also where a sentence ends
there; not in addresses, code, abbreviations (TP.HCM, P.V), times and numbers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from aligner.check.collection import Collection, Passage
from aligner.check.finding import Mark
from aligner.check.words import Word, shown, words
from aligner.language.script import LATIN
from aligner.language.syllables import TONE_LETTERS, has_vietnamese_letter, is_syllable
from aligner.language.tokens import Token, tokens

_SHARP = "ˊ"
_NATIVE = re.compile(
    f"[{''.join(sorted(TONE_LETTERS - {_SHARP}))}]|ươ|ưa|iê|yê|uô|uâ|ây|âu|ưu|ngh|(?:nh|ch)ˊ?$"
)
_SHORTEST = 4
_USED = 5

_LOWER = "a-zà-öø-ÿāăđĩũơưạ-ỹ\u0300-\u036f"
_ADDRESS = re.compile(
    r"\S*(?:://|www\.|@|/)\S*|\S*\.(?:com|vn|net|org|gov|edu|info|cn|html?|php|pdf|py|txt)\b\S*|\S*[{}<>=\\$_|~#`]\S*"
)
# The letters on both sides must look like words: two small letters before, a letter after.
_MARK = re.compile(
    rf"(?:[{_LOWER}][{_LOWER}][\"”’)\]]*|[{_LOWER}][)\]][\"”’]?)"
    rf"(?P<mark>[,;!?:]|[.](?=[A-ZÀ-ÖØ-ÝĂĐƠƯẠ-Ỹ][{_LOWER}])|[.]{{3,}}|…)(?=[\"“‘(]?[{LATIN}])"
)


def find(collection: Collection) -> Iterator[Mark]:
    """Marks the words run together, or the mark with the word on either side of it."""
    uses = Counter(key for keys in collection.word_keys for key in keys)
    odd = {
        key for key in uses if len(key) >= _SHORTEST and has_vietnamese_letter(key) and not is_syllable(key)
    }
    for passage, keys in zip(collection.vietnamese, collection.word_keys, strict=True):
        text = passage.text
        if not odd.isdisjoint(keys):
            for word, parts in _run_together(text, odd):
                known = uses[word.key] == 1 and all(uses[part.key] >= _USED for part in parts)
                if known or _is_native(text, parts):
                    divided = " ".join(shown(text[part.start : part.end]) for part in parts)
                    yield Mark(passage, word.start, word.end, f"a space is missing: {divided}")
        yield from (Mark(passage, *place) for place in _unspaced(text))
    for (_, side), passages in collection.documents.items():
        if side == "vi":
            yield from _seams(passages)


def _seams(passages: Sequence[Passage]) -> Iterator[Mark]:
    """Sentences that touch the next one; the word before and the mark are marked."""
    for one, two in pairwise(passages):
        touch = one.located and one.segment.end == two.segment.start and two.text[0].isalpha()
        if touch and not one.edited and not _ADDRESS.fullmatch(one.text.rsplit(None, 1)[-1]):
            last = len(one.text) - len(one.text.rsplit(None, 1)[-1])
            yield Mark(one, last, len(one.text), f"a space is missing before {shown(two.text.split()[0])}")


def _run_together(text: str, odd: set[str]) -> Iterator[tuple[Word, list[Token]]]:
    """Words that divide into syllables, with the syllables."""
    found = tokens(text, "vi")
    by_start = {token.start: i for i, token in enumerate(found)}
    for word in words(text):
        at = by_start.get(word.start)
        if at is None or word.key not in odd:
            continue
        parts = [found[at]]
        while parts[-1].end < word.end and at + len(parts) < len(found):
            parts.append(found[at + len(parts)])
        joined = all(one.end == two.start for one, two in pairwise(parts))
        if len(parts) > 1 and joined and parts[-1].end == word.end and _are_syllables(parts):
            yield word, parts


def _are_syllables(parts: list[Token]) -> bool:
    return all(part.kind == "syllable" for part in parts)


def _is_native(text: str, parts: list[Token]) -> bool:
    """Whether no loanword looks like this."""
    return any(_NATIVE.search(p.key) for p in parts) or any(text[p.start].isupper() for p in parts[1:])


def _unspaced(text: str) -> Iterator[tuple[int, int, str]]:
    """Marks of punctuation that touch the next word."""
    addresses = [match.span() for match in _ADDRESS.finditer(text)]
    for match in _MARK.finditer(text):
        start, end = match.span("mark")
        if any(a <= start < b for a, b in addresses):
            continue
        left = len(text[:start].rsplit(None, 1)[-1])
        right = len(text[end:].split(None, 1)[0])
        yield start - left, end + right, f"a space is missing behind {match['mark']}"
