"""How much a candidate is a term rather than any words that belong together: additive weights in log2 odds.

Over half of an article's terms stand in it once, so counting cannot decide. What does, each a weight with a
name, so that an entry can be explained:

    shape     parts of speech: a noun phrase, as far as jieba's tags tell one (a verb may stand as a noun)
    order     Vietnamese puts the head first, so the last word of a compound comes out first (经济|政策 →
              chính sách|kinh tế), while a verb stays before its object (发展|经济 → phát triển|kinh tế)
    head      the last word has no counterpart: what is translated is another phrase
    composed  a name with something else: its parts are terms (title and person, country and thing)
    general   its head is a noun that says little (意义, 活动, 建设)
    common    a word that any text has (发展, 问题) is no term of this one, nor are several such words
    name      a name in both languages; or tagged as one, where Vietnamese shows that the tagger erred
    capital   the Vietnamese begins with a capital inside a sentence
    listed    a member of an enumeration: subjects are listed, and terms are listed
    repeats   how often it stands
    fragment  it has always the same neighbour, so it is part of something
    nested    it only stands inside longer terms that were found
    claimed   its translation is that of a surer candidate in the same place
    number    it begins with a figure or a date, or holds a counted noun
    quoted    it holds words in quotation marks, which are mentioned as a name
    clause    the Vietnamese holds words that make it a clause or a list
    brackets  one side holds brackets and the other none
    length    long candidates are descriptions, not terms

The weights are assumed, from what is generally known of both languages; none is fitted. They fail on nouns
so general that no dictionary count gives them away, and on terms that are adjectives.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from aligner.language.function_words import function_words
from aligner.language.normal import simplify
from aligner.language.tables import read_lines
from aligner.language.tokens import tokens
from aligner.terms.categories import is_persons_name, is_written_as_name
from aligner.terms.sightings import Sighting, ZhFacts
from aligner.terms.tagging import commonness

BASE = -1.0
_LAST = {"n": 0.5, "vn": 0.0, "an": 0.0, "j": 0.0, "l": 0.0, "s": 0.5, "b": -0.5, "x": 0.0, "eng": 0.0,
         "v": -1.5, "i": -2.0, "a": -2.5, "ad": -3.0, "z": -2.5}  # fmt: skip
_OTHER_LAST = -2.0
_FIRST_VERB, _FIRST_NUMBER = -1.5, -1.5
_INNER = {"v": -1.5, "d": -2.0, "ad": -2.0, "f": -1.0, "m": -0.5, "q": -0.5, "a": 0.0}
_MULTIWORD = 1.0
_MIDDLING = -14.0
"""Commonness of a word that is as likely a term as not: one in 16,000 words."""
_COMMON_SLOPE, _COMMON_LEAST, _COMMON_MOST = 0.6, -2.5, 1.5
_RAREST_SLOPE, _RAREST_LEAST, _RAREST_MOST = 0.6, -1.5, 0.5
_NAME, _NO_NAME = 2.0, -3.0
_CAPITAL = 1.0
_LISTED = 1.0
_QUOTED = 1.0
_REPEAT, _REPEAT_MOST = 0.8, 2.5
_FRAGMENT = -1.5
_TURNED, _STRAIGHT, _STRAIGHT_VERB = 1.0, -0.3, -2.5
_HEADLESS = -2.0
_GENERAL = -2.0
_COMPOSED_FIRST, _COMPOSED_LAST = -1.5, -2.0
_CLAUSE, _JOIN = -1.5, -2.0
_BRACKETS = -3.5
_LONG, _PER_CHARACTER = 12, -0.3
NESTED = -3.0
CLAIMED = -2.0

_NUMERALS = frozenset("一二两三四五六七八九十百千万双各")
_COUNTED = 2
_MODIFIER = -0.7
_NAMES = ("ns", "nr", "nt", "nz")


def termhood(fact: ZhFacts, sightings: Sequence[Sighting], zh: str, vi: str) -> dict[str, float]:
    """The weights of a candidate, those that are zero left out.

    Args:
        fact: what was counted of it.
        sightings: where it stands with this translation.
        zh: its form.
        vi: its translation's form.
    """
    quoted = fact.quoted > 0
    weights = {
        "prior": BASE,
        "shape": _shape(fact.tags),
        "order": _order(fact, sightings),
        "head": _HEADLESS * (1 - _mean([sighting.headed for sighting in sightings])),
        "composed": _composed(fact.tags),
        "general": _GENERAL if simplify(fact.words[-1]) in general_nouns() else 0.0,
        "common": _common(fact, zh, vi),
        "name": _name(fact, zh, vi),
        "capital": _CAPITAL * _mean([sighting.capital for sighting in sightings]),
        "listed": _LISTED if fact.listed else 0.0,
        "repeats": min(_REPEAT * math.log2(fact.count), _REPEAT_MOST) * (1.0 if len(fact.words) > 1 else 0.5),
        "fragment": _fragment(fact),
        "number": _FIRST_NUMBER if not quoted and _counts(fact, zh, vi) else 0.0,
        "quoted": _QUOTED if quoted else 0.0,
        "clause": _clause(vi),
        "brackets": _BRACKETS if _brackets(zh) != _brackets(vi) else 0.0,
        "length": _PER_CHARACTER * max(0, len(zh) - _LONG),
    }
    return {name: weight for name, weight in weights.items() if weight}


def _brackets(form: str) -> bool:
    return re.search("[()（）]", form) is not None


def _mean(values: Sequence[float]) -> float:
    return sum(values) / max(1, len(values))


def _of(tag: str, table: Mapping[str, float], default: float) -> float:
    """The entry of a tag, or of its class (nr is a noun)."""
    return table.get(tag, table.get(tag[:1], default) if tag[:1] == "n" else default)


def _shape(tags: Sequence[str]) -> float:
    weight = _of(tags[-1], _LAST, _OTHER_LAST)
    if len(tags) > 1:
        weight += _MULTIWORD + (_FIRST_VERB if tags[0] in {"v", "vg", "vd"} else 0.0)
        weight += _MODIFIER if tags[0] in {"a", "ad", "z"} else 0.0
        weight += sum(_INNER.get(tag, 0.0) for tag in tags[1:-1])
    return weight


def _order(fact: ZhFacts, sightings: Sequence[Sighting]) -> float:
    order = _mean([sighting.order for sighting in sightings])
    if order >= 0:
        return _TURNED * order
    return -order * (_STRAIGHT_VERB if fact.tags[0].startswith("v") and fact.tags[0] != "vn" else _STRAIGHT)


def _counts(fact: ZhFacts, zh: str, vi: str) -> bool:
    """Whether a candidate begins with a figure or a date, or is no name and holds a counted noun (四省)."""
    counted = any(len(word) == _COUNTED and word[0] in _NUMERALS for word in fact.words)
    return (counted and not is_written_as_name(vi)) or fact.tags[0] in {"m", "t"} or zh[:1].isdigit()


def _composed(tags: Sequence[str]) -> float:
    if len(tags) < 2:  # noqa: PLR2004 - a word alone is composed of nothing
        return 0.0
    first = _COMPOSED_FIRST if tags[0] in _NAMES else 0.0
    return first + (_COMPOSED_LAST if tags[-1] in _NAMES else 0.0)


def _common(fact: ZhFacts, zh: str, vi: str) -> float:
    """Of a word how common it is; of several words, how common the rarest of them is."""
    known = commonness(zh)
    if len(fact.words) > 1 and not known:
        nouns = [
            w for w, tag in zip(fact.words, fact.tags, strict=True) if not tag.startswith(("a", "d", "m"))
        ]
        rarest = min((commonness(word) or _MIDDLING - 1 for word in nouns), default=0.0)
        return max(_RAREST_LEAST, min(_RAREST_MOST, _RAREST_SLOPE * (_MIDDLING + 1 - rarest)))
    if not known:
        return _COMMON_MOST
    # A name is a term however common it is.
    least = 0.0 if is_name(fact.tags) and is_written_as_name(vi) else _COMMON_LEAST
    return max(least, min(_COMMON_MOST, _COMMON_SLOPE * (_MIDDLING - known)))


@lru_cache(maxsize=1)
def general_nouns() -> frozenset[str]:
    """Chinese nouns that say little by themselves; see `data/general_nouns.md`."""
    return frozenset(read_lines("general_nouns.txt"))


def frame(fact: ZhFacts) -> tuple[int, int]:
    """Characters of a name in front of a candidate's other words, and of a general noun behind them."""
    if len(fact.words) < 2:  # noqa: PLR2004 - a word alone has nothing around it
        return 0, 0
    before = len(fact.words[0]) if fact.tags[0] in _NAMES else 0
    behind = len(fact.words[-1]) if simplify(fact.words[-1]) in general_nouns() else 0
    return before, behind


def is_name(tags: Sequence[str]) -> bool:
    """Whether a candidate is one name as a whole."""
    return len(tags) == 1 and tags[0] in _NAMES


def _name(fact: ZhFacts, zh: str, vi: str) -> float:
    """A name on both sides; or one that jieba only guessed and Vietnamese does not confirm (张三说)."""
    if is_written_as_name(vi) and (fact.tags[-1] in _NAMES or is_persons_name(zh, vi)):
        return _NAME
    if fact.tags in {("ns",), ("nt",)} and _capitals(vi) > 1:  # Đảng Cộng sản Việt Nam
        return _NAME
    guessed = fact.tags[-1] == "nr" and not commonness(fact.words[-1])
    return _NO_NAME if guessed and not is_written_as_name(vi) else 0.0


def _capitals(vi: str) -> int:
    """How many words begin with a capital."""
    return sum(word[:1].isupper() for word in vi.split())


def _fragment(fact: ZhFacts) -> float:
    if fact.count > 1 and min(len(fact.left), len(fact.right)) == 1:
        return _FRAGMENT * math.log2(fact.count)
    return 0.0


@lru_cache(maxsize=65536)
def _clause(vi: str) -> float:
    inside = [token.key for token in tokens(vi, "vi")][1:-1]
    words = function_words()
    clause, join = words["inside", "vi"], words["join", "vi"]
    return _CLAUSE * sum(key in clause for key in inside) + _JOIN * sum(key in join for key in inside)
