"""What kind of thing a term names, told by its head: the last word in Chinese, the first in Vietnamese.

委员会 and ủy ban head organisations, 协定 and hiệp định documents. Where the heads of the two languages
disagree the Chinese one decides, for it is at the very end, while Vietnamese may put a classifier first.
Names are told by their tags; a name nothing else is known of is a person's where Vietnamese has a capitalised
syllable for every Chinese character, else a place's.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import cast

from aligner.language.heads import strip_heads
from aligner.language.normal import key, simplify
from aligner.language.tables import read_rows
from aligner.terms.model import Category

_MOST_SYLLABLES = 4


@lru_cache(maxsize=1)
def _heads() -> tuple[dict[str, Category], dict[str, Category]]:
    zh: dict[str, Category] = {}
    vi: dict[str, Category] = {}
    for lang, category, head in read_rows("categories.tsv"):
        (zh if lang == "zh" else vi)[key(head)] = cast("Category", category)
    return zh, vi


def category(zh: str, vi: str, tags: Sequence[str]) -> Category:
    """The category of a term; `general` where no head tells one.

    Args:
        zh: its Chinese form.
        vi: its Vietnamese form.
        tags: jieba's parts of speech of its Chinese words.
    """
    names = all(tag in {"nr", "ns", "nt", "nz"} for tag in tags)
    if names and tags[-1] == "nr" and _is_full_name(zh, vi):
        return "person"
    return _by_head(zh, vi) or (_of_name(zh, vi, tags[-1]) if names else "general")


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


def _of_name(zh: str, vi: str, tag: str) -> Category:
    if tag == "nt":
        return "organisation"
    return "person" if tag in {"nr", "nz"} and _is_full_name(zh, vi) and len(zh) > 2 else "place"  # noqa: PLR2004


def _is_full_name(zh: str, vi: str) -> bool:
    words = vi.split()
    return len(words) == len(zh) and all(word[:1].isupper() for word in words)
