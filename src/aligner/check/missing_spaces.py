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
from itertools import combinations, pairwise

from aligner.check.collection import Collection, Passage
from aligner.check.finding import Mark
from aligner.check.words import shown, word_keys, words
from aligner.language.script import LATIN
from aligner.language.syllables import TONE_LETTERS, has_vietnamese_letter, is_syllable, syllable_key

_SHARP = "ˊ"
_NATIVE = re.compile(
    f"[{''.join(sorted(TONE_LETTERS - {_SHARP}))}]|ươ|ưa|iê|yê|uô|uâ|ây|âu|ưu|^(?:tr|nh|ng)|(?:nh|ch)ˊ?$"
)
_SHORTEST, _LONGEST = 4, 24
_USED = 5

_LOWER = "a-zà-öø-ÿāăđĩũơưạ-ỹ\u0300-\u036f"
_ADDRESS = re.compile(
    r"\S*(?:://|www\.|@|/)\S*|\S*\.(?:com|vn|net|org|gov|edu|info|cn|html?|php|pdf|py|txt)\b\S*|\S*[&{}<>=\\$_|~#`]\S*"
)
# The letters on both sides must look like words: two small letters before, a letter after.
_MARK = re.compile(
    rf"(?:[{_LOWER}][{_LOWER}][\"”’)\]]*|[{_LOWER}][)\]][\"”’]?)"
    rf"(?P<mark>[,;!?:]|[.](?=[A-ZÀ-ÖØ-ÝĂĐƠƯẠ-Ỹ][{_LOWER}])|[.]{{3,}}|…)(?=[\"“‘(]?[{LATIN}])"
)


def find(collection: Collection) -> Iterator[Mark]:
    """Marks the words run together, or the mark with the word on either side of it."""
    uses = Counter(key for keys in collection.word_keys for key in keys)
    odd = {key for key in uses if _is_odd(key)}
    for passage, keys in zip(collection.vietnamese, collection.word_keys, strict=True):
        if not odd.isdisjoint(keys):
            for word in words(passage.text):
                parts = _divided(passage.text[word.start : word.end], uses) if word.key in odd else ()
                if parts:
                    yield Mark(passage, word.start, word.end, f"a space is missing: {' '.join(parts)}")
        yield from (Mark(passage, *place) for place in _unspaced(passage.text))
    for (_, side), passages in collection.documents.items():
        if side == "vi":
            yield from _seams(passages)


def _is_odd(key: str) -> bool:
    """Whether it has Vietnamese letters and is no syllable; very long strings are no words at all."""
    fits = _SHORTEST <= len(key) <= _LONGEST
    return fits and has_vietnamese_letter(key) and not is_syllable(key)


def _divided(word: str, uses: Counter[str]) -> tuple[str, ...]:
    """The two or three words that are run together in a word; empty where it may be one."""
    composed = shown(word)
    best: tuple[str, ...] = ()
    for count in (1, 2):
        for cuts in combinations(range(1, len(composed)), count):
            edges = (0, *cuts, len(composed))
            parts = tuple(composed[start:end] for start, end in pairwise(edges))
            if all(_is_word(part, uses) for part in parts):
                best = max(
                    best, parts, key=lambda these: min((uses[syllable_key(p)] for p in these), default=-1)
                )
        if best:
            break
    once = uses[syllable_key(word)] == 1
    known = best and once and all(uses[syllable_key(part)] >= _USED for part in best)
    return best if known or _is_native(best) else ()


def _is_word(part: str, uses: Counter[str]) -> bool:
    """A syllable; one of a single letter (ở, ý) only where it is in use."""
    key = syllable_key(part)
    return is_syllable(key) and (len(part) > 1 or uses[key] >= _USED)


def _is_native(parts: tuple[str, ...]) -> bool:
    """Whether no loanword looks like this."""
    return any(_NATIVE.search(syllable_key(part)) for part in parts) or any(p[0].isupper() for p in parts[1:])


def _seams(passages: Sequence[Passage]) -> Iterator[Mark]:
    """Sentences that touch the next one; the word before and the mark are marked."""
    for one, two in pairwise(passages):
        touch = one.located and one.segment.end == two.segment.start and two.text[0].isalpha()
        if touch and not one.edited and not _ADDRESS.fullmatch(one.text.rsplit(None, 1)[-1]):
            last = len(one.text) - len(one.text.rsplit(None, 1)[-1])
            yield Mark(one, last, len(one.text), f"a space is missing before {shown(two.text.split()[0])}")


def _unspaced(text: str) -> Iterator[tuple[int, int, str]]:
    """Marks of punctuation that touch the next word."""
    addresses = [match.span() for match in _ADDRESS.finditer(text)]
    for match in _MARK.finditer(text):
        start, end = match.span("mark")
        if any(a <= start < b for a, b in addresses):
            continue
        left, right = text[:start].rsplit(None, 1)[-1], text[end:].split(None, 1)[0]
        if _are_words(left, right):
            yield start - len(left), end + len(right), f"a space is missing behind {match['mark']}"


def _are_words(*strings: str) -> bool:
    """Whether what stands on the two sides of a mark is Vietnamese; code has such marks too."""
    keys = [key for string in strings for key in word_keys(string)]
    return any(map(has_vietnamese_letter, keys)) or all(map(is_syllable, keys))
