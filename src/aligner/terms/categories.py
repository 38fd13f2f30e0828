"""What kind of thing a term names, told by its head: the last word in Chinese, the first in Vietnamese.

委员会 and ủy ban head organisations, 协定 and hiệp định documents. Where the heads of the two languages
disagree the Chinese one decides, for it is at the very end, while Vietnamese may put a classifier first.
A name is a person's where it begins with a surname and Vietnamese has a capitalised syllable for every
Chinese character, unless jieba knows it as a place; else it is what jieba's tag says.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import cast

from aligner.language.heads import strip_heads
from aligner.language.normal import key, simplify
from aligner.language.syllables import syllable_key
from aligner.language.tables import read_lines, read_rows
from aligner.language.tokens import token_keys
from aligner.language.word_list import word_pairs
from aligner.terms.model import Category

HEAD_SIZE = 5
"""Characters or syllables at the end or beginning of a term in which its head is looked for."""
_KINDS: dict[Category | None, int] = {"title": 1, "organisation": 2, "event": 3, "document": 4, "place": 5}
"""Categories of which a thing has only one; the others are fields, and a thing may belong to several."""
_TAGGED: dict[str, Category] = {"ns": "place", "nt": "organisation", "nr": "person"}
"""What a name without a head is, by jieba's tag."""
_MOST_SYLLABLES = 4  # of a Vietnamese head
_MOST_CHARACTERS = 4  # of a name without generic
_MOST_GIVEN = 2  # characters of a given name


@lru_cache(maxsize=1)
def _heads() -> tuple[dict[str, Category], dict[str, Category]]:
    zh: dict[str, Category] = {}
    vi: dict[str, Category] = {}
    for lang, category, head in read_rows("categories.tsv"):
        (zh if lang == "zh" else vi)[key(head)] = cast("Category", category)
    return zh, vi


@lru_cache(maxsize=1)
def _surnames() -> frozenset[str]:
    return frozenset(read_lines("surnames.tsv"))


def category(zh: str, vi: str, tags: Sequence[str]) -> Category:
    """The category of a term; `general` where no head tells one.

    Args:
        zh: its Chinese form.
        vi: its Vietnamese form.
        tags: jieba's parts of speech of its Chinese words.
    """
    named = is_written_as_name(vi)
    if named and tags[-1] not in {"ns", "nt"} and is_persons_name(zh, vi):
        return "person"
    # A syllable alone means many things: trường is a school, a field, a length.
    found = _zh_head(zh) or (_vi_head(vi) if len(zh) == 1 or " " in vi else None)
    if found or not (named and len(zh) <= _MOST_CHARACTERS):
        return found or "general"
    return _TAGGED.get(tags[-1], "general")


def is_written_as_name(vi: str) -> bool:
    """Whether every word of a Vietnamese form begins with a capital, and there are several."""
    words = [word for word in vi.split() if word[:1].isalpha()]
    return len(words) > 1 and all(word[:1].isupper() for word in words)


def is_persons_name(zh: str, vi: str) -> bool:
    """Whether a name begins with a surname and has as many syllables in Vietnamese as characters."""
    plain, words = simplify(zh), vi.split()
    if len(words) != len(plain) or not is_written_as_name(vi):
        return False
    size = 2 if plain[:2] in _surnames() else 1
    return plain[:size] in _surnames() and size < len(plain) <= size + _MOST_GIVEN


@lru_cache(maxsize=65536)
def zh_head_kind(form: str) -> int:
    """What kind of thing a Chinese form is by its head, as a number; 0 where there is no telling.

    Args:
        form: a term, or its last `HEAD_SIZE` characters.
    """
    return _KINDS.get(_zh_head(form), 0)


def vi_head_kinds(keys: Sequence[str]) -> list[int]:
    """The same of the Vietnamese forms that begin with some syllables: none, the first, the first two.

    Args:
        keys: token keys, up to `HEAD_SIZE` of them.

    >>> keys = token_keys("ủy ban liên hợp", "vi")
    >>> zh_head_kind("联合委员会") == vi_head_kinds(keys)[4] != vi_head_kinds(token_keys("hội nghị", "vi"))[2]
    True
    """
    heads = _vi_kinds()
    kinds = [0, 0 if (*keys[:2],) in word_pairs() else heads.get((*keys[:1],), 0)]
    for size in range(2, HEAD_SIZE + 1):
        kinds.append(heads.get((*keys[:size],), kinds[-1]) if size <= len(keys) else kinds[-1])
    return kinds


@lru_cache(maxsize=1)
def _vi_kinds() -> dict[tuple[str, ...], int]:
    """The kinds of Vietnamese heads by their token keys."""
    _, heads = _heads()
    return {(*token_keys(head, "vi"),): _KINDS.get(found, 0) for head, found in heads.items()}


def _zh_head(zh: str) -> Category | None:
    heads, _ = _heads()
    plain = simplify(zh)
    for size in range(min(len(plain), HEAD_SIZE), 0, -1):
        # A single character is a head only behind another word: 区 in 合作区, not in 区.
        if plain[-size:] in heads and (size > 1 or len(plain) > 2):  # noqa: PLR2004
            return heads[plain[-size:]]
    return None


def _vi_head(vi: str) -> Category | None:
    _, heads = _heads()
    words = strip_heads(vi, "vi").split()
    # A single syllable is no head where it begins a word: xã of xã hội, giải of giải pháp.
    least = 2 if (*map(syllable_key, words[:2]),) in word_pairs() else 1
    for size in range(min(len(words), _MOST_SYLLABLES), least - 1, -1):
        found = heads.get(key(" ".join(words[:size])))
        if found:
            return found
    return None
