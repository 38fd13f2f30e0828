"""Spellings that differ only in a mark from an expression that stands elsewhere: Tinh ủy for Tỉnh ủy.

Tone and letter marks are what typists miss, and most slips make another Vietnamese word, so no list of
words finds them. What shows them is the company: the neighbours of a word call for its look-alike.
A word w at some place is a near miss of w', which has the same letters without marks, where

- neither the word before with w nor w with the word after is usual anywhere: each stands `_RARE` times at
  most; with w' both stand elsewhere, and one of them at least three times, and three times as often;
- of some three words around it, w among them, the same three with w' stand in the collection at least
  twice, and at least twice as often as with w;
- in that place of those three words stands w' in four cases of five, w left aside.

That is why true minimal pairs (này, nay) rarely pass: each of them has company of its own. Two passes
over the words, linear; memory grows with the rare pairs only.

Fails where a slip is repeated as often as the right spelling, and where there is no text to compare.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from aligner.check.collection import Collection
from aligner.check.finding import Mark
from aligner.check.words import shown, words
from aligner.language.syllables import TONE_LETTERS, is_syllable

_WINDOW = 3
_OFTENER = 3  # how often the right expression of two words stands, and how many times as often
_AGAIN = 2  # the same for the right window
_SHARE = 0.8
_RARE = 3

_Keys = tuple[str, ...]
_Pair = tuple[str, str]
_Slot = tuple[int, _Keys]
"""A place in a window, and the other words of the window."""


class _Expression(NamedTuple):
    """Two words in a row as they should stand, and where their first one stands."""

    keys: _Pair
    at: int


class _Suspect(NamedTuple):
    """A word between neighbours that it is rarely seen with, and its look-alikes that are."""

    passage: int
    at: int
    rivals: tuple[str, ...]


def find(collection: Collection) -> Iterator[Mark]:
    """Marks the word with the neighbour it belongs to."""
    texts = collection.word_keys
    pairs = Counter(pair for keys in texts for pair in pairwise(keys))
    suspects = list(_suspects(texts, pairs))
    slots: dict[_Slot, Counter[str]] = {
        slot: Counter() for suspect in suspects for slot in _slots(texts[suspect.passage], suspect.at)
    }
    for keys in texts if slots else ():
        for at, key in enumerate(keys):
            for slot in _slots(keys, at):
                if slot in slots:
                    slots[slot][key] += 1
    found = []
    for suspect in suspects:
        keys = texts[suspect.passage]
        right = _called_for(
            keys[suspect.at], suspect.rivals, [slots[slot] for slot in _slots(keys, suspect.at)]
        )
        if right:
            found.append((suspect, _expression(keys, suspect.at, right, pairs)))
    written = _written(collection, {expression.keys for _, expression in found})
    for suspect, expression in found:
        passage = collection.vietnamese[suspect.passage]
        placed = words(passage.text)[expression.at : expression.at + 2]
        message = f"elsewhere {written[expression.keys]}, {pairs[expression.keys]} times"
        yield Mark(passage, placed[0].start, placed[1].end, message)


def _slots(keys: _Keys, at: int) -> Iterator[_Slot]:
    """The windows of four words around a place, without the word that stands there."""
    for start in range(max(0, at - _WINDOW + 1), min(at, len(keys) - _WINDOW) + 1):
        yield at - start, keys[start:at] + keys[at + 1 : start + _WINDOW]


@lru_cache(maxsize=65536)
def bare(key: str) -> str:
    """A syllable key without tone and without the marks of its letters: what a typist sees of it at least.

    >>> bare("tinhˀ"), bare("đươngˋ")
    ('tinh', 'duong')
    """
    plain = unicodedata.normalize("NFD", key.replace("đ", "d"))
    return "".join(c for c in plain if not unicodedata.combining(c) and c not in TONE_LETTERS)


def _suspects(texts: tuple[_Keys, ...], pairs: Counter[_Pair]) -> Iterator[_Suspect]:
    alike: defaultdict[str, list[str]] = defaultdict(list)
    for key in dict.fromkeys(key for keys in texts for key in keys):
        if is_syllable(key):
            alike[bare(key)].append(key)
    rivals_of = {key: tuple(group) for group in alike.values() if len(group) > 1 for key in group}
    for number, keys in enumerate(texts):
        for at, key in enumerate(keys):
            if key not in rivals_of:
                continue
            around = [(keys[at - 1], True)] if at else []
            around += [(keys[at + 1], False)] if at + 1 < len(keys) else []
            seen = [pairs[(other, key) if first else (key, other)] for other, first in around]
            if not seen or max(seen) > _RARE:
                continue
            rivals = []
            for rival in rivals_of[key]:
                right = [pairs[(other, rival) if first else (rival, other)] for other, first in around]
                often = max(n - _OFTENER * m for n, m in zip(right, seen, strict=True)) >= 0
                if rival != key and all(right) and often:
                    rivals.append(rival)
            if rivals:
                yield _Suspect(number, at, tuple(rivals))


def _called_for(key: str, rivals: tuple[str, ...], fillers: list[Counter[str]]) -> str:
    """The look-alike that the windows call for; empty where none does."""
    best, most = "", 0
    for counts in fillers:
        others = sum(counts.values()) - counts[key]
        for rival in rivals:
            n = counts[rival]
            if n >= max(_AGAIN, _AGAIN * counts[key]) and n >= _SHARE * others and n > most:
                best, most = rival, n
    return best


def _expression(keys: _Keys, at: int, right: str, pairs: Counter[_Pair]) -> _Expression:
    """The word that is called for, with the neighbour that goes with it oftener."""
    choices = []
    if at + 1 < len(keys):
        choices.append(_Expression((right, keys[at + 1]), at))
    if at:
        choices.append(_Expression((keys[at - 1], right), at - 1))
    return max(choices, key=lambda choice: pairs[choice.keys])


def _written(collection: Collection, wanted: set[_Pair]) -> dict[_Pair, str]:
    """How pairs of words are mostly written."""
    found: dict[_Pair, Counter[str]] = {pair: Counter() for pair in wanted}
    for passage, keys in zip(collection.vietnamese, collection.word_keys, strict=True):
        if wanted and not wanted.isdisjoint(pairwise(keys)):
            for one, two in pairwise(words(passage.text)):
                if (one.key, two.key) in wanted:
                    found[one.key, two.key][shown(passage.text[one.start : two.end])] += 1
    return {pair: counts.most_common(1)[0][0] for pair, counts in found.items()}
