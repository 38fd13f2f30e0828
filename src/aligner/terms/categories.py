"""What kind of thing a term names, told by its head: the last word in Chinese, the first in Vietnamese.

委员会 and ủy ban head organisations, 协定 and hiệp định documents. Where the heads of the two languages
disagree the Chinese one decides, for it is at the very end, while Vietnamese may put a classifier first.
A name is a person's where it begins with a surname and Vietnamese has a capitalised syllable for every
Chinese character, unless jieba knows it as a place; else it is a place's or an organisation's.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import cast

from aligner.language.heads import strip_heads
from aligner.language.normal import key, simplify
from aligner.language.tables import read_lines, read_rows
from aligner.terms.model import Category

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
    found = _by_head(zh, vi)
    if found or not (named and len(zh) <= _MOST_CHARACTERS):
        return found or "general"
    return "organisation" if tags[-1] == "nt" else "place"


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


def _by_head(zh: str, vi: str) -> Category | None:
    zh_heads, vi_heads = _heads()
    plain = simplify(zh)
    for size in range(min(len(plain), 5), 0, -1):
        # A single character is a head only behind another word: 区 in 合作区, not in 区.
        if plain[-size:] in zh_heads and (size > 1 or len(plain) > 2):  # noqa: PLR2004
            return zh_heads[plain[-size:]]
    words = strip_heads(vi, "vi").split()
    for size in range(min(len(words), _MOST_SYLLABLES), 0, -1):
        found = vi_heads.get(key(" ".join(words[:size])))
        if found:
            return found
    return None
