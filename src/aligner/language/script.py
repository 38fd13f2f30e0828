"""Which script and language a stretch of text is in.

Chinese is told by its characters, Vietnamese by letters and spelling: a word counts for Vietnamese when it
bears Vietnamese marks and could be a syllable, against it when it could not (English, French). A rule of
this kind settles nearly all short items at a thousandth of a language model's cost; what it cannot settle
(unmarked Vietnamese that could be English) it leaves undecided.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from itertools import repeat
from typing import Literal, NamedTuple

from aligner.language.syllables import has_vietnamese_letter, is_syllable, syllable_key
from aligner.language.tables import read_rows
from aligner.model import Lang

HAN = "㐀-䶿一-鿿\uf900-\ufaff\U00020000-\U000323af々〇〆"
"""Ranges of Han characters, for use inside a regular expression's brackets."""

LATIN = "A-Za-zªºÀ-ÖØ-öø-ʸˀˇˊˋˌ\u0300-\u036fḀ-ỿＡ-Ｚａ-ｚ"
"""Ranges of Latin letters, combining marks and tone letters, for use inside brackets."""

ENOUGH = 50_000
"""Characters to know a document's language by; a novel need not be read to its end for that."""

# A class of so many characters takes a millisecond to compile, which is why there are few of them.
HAN_RUN = re.compile(f"[{HAN}]+")
_WORD = re.compile(f"[{LATIN}]+")
_KANA_RUN = re.compile("[\u3041-\u30fa\u30fc-\u30ff]+")  # without ・, which stands in Chinese names too
_LETTERS = f"(?P<zh>[{HAN}]+)|(?P<vi>[{LATIN}]+)"

# A Vietnamese translation has about 1.3 syllables to a Chinese character (both are morphemes; general
# knowledge of the two scripts), so a character and a syllable weigh about the same.
_HAN_WEIGHT = 1.0
# Spellings that are common in Vietnamese and rare in English words that would pass as syllables.
_TYPICAL = re.compile(r"^(ngh?|nh|kh|gi|tr|qu[aâăyê])|(nh|uy|oai|oan|oang|uôc|iên|iêt|ươ.*)$")
# Marks no other language in Latin script uses: French and Portuguese share é à ê ô ã with Vietnamese.
_ONLY_VI = re.compile(r"[ăđơưˀˌ]|[âêô].*[ˊˋˇ]")


class Run(NamedTuple):
    """A maximal stretch `text[start:end]` in one language; ends on a letter or character."""

    lang: Literal["zh", "vi"]
    start: int
    end: int


def is_han(ch: str) -> bool:
    """Whether a character is a Han character (々 and 〇 included)."""
    return HAN_RUN.match(ch) is not None


def han_share(text: str) -> float:
    """Share of Han characters among letters and Han characters, 0 to 1; 0 where there are none of either."""
    han_text = "".join(HAN_RUN.findall(text))
    han, other = len(han_text), sum(map(str.isalpha, text)) - sum(map(str.isalpha, han_text))
    return han / (han + other) if han + other else 0.0


@lru_cache(maxsize=1)
def _one_sided() -> dict[str, int]:
    """Characters written only in simplified text as −1, those only in traditional text as 1."""
    rows = read_rows("characters.tsv")
    simplified = {s for s, forms in rows if s not in forms}
    traditional = {form for s, forms in rows for form in forms if form != s}
    return dict.fromkeys(simplified - traditional, -1) | dict.fromkeys(traditional - simplified, 1)


def zh_variant(text: str) -> Literal["zh-Hans", "zh-Hant"]:
    """Simplified or traditional, by the characters that exist in only one; a tie is zh-Hans."""
    return "zh-Hant" if sum(map(_one_sided().get, text, repeat(0))) > 0 else "zh-Hans"


def _vi_weight(words: list[str]) -> float:
    """How many of the words speak for Vietnamese; 0 when more of them speak against it."""
    strong = marked = plain = typical = alien = 0
    for word, count in Counter(words).items():
        key = syllable_key(word)
        if not is_syllable(key):
            alien += count
        elif has_vietnamese_letter(key):
            marked += count
            strong += count * (_ONLY_VI.search(key) is not None)
        else:
            plain += count
            typical += count * (_TYPICAL.search(key) is not None)
    if strong:
        # Names and borrowed words are alien too: one marked syllable outweighs two of them.
        return float(marked + plain) if 2 * marked + plain >= alien else 0.0
    if marked:
        return float(marked + plain) if marked + plain > alien else 0.0
    return float(plain) if typical and not alien and typical * 2 >= plain else 0.0


def detect_language(text: str) -> Lang | None:
    """The language of a text, by majority where it is mixed.

    Han characters count for Chinese, Vietnamese syllables for Vietnamese. None when there is neither
    (empty, digits, English), and for unmarked Latin text that could as well be English. Japanese text in
    kana is None too. Linear in the text's length.

    >>> detect_language("Việt Nam"), detect_language("越南"), detect_language("Hello, world")
    ('vi', 'zh-Hans', None)
    """
    han = sum(len(run) for run in HAN_RUN.findall(text)) * _HAN_WEIGHT
    kana = sum(len(run) for run in _KANA_RUN.findall(text)) if han else 0
    vietnamese = _vi_weight(_WORD.findall(text))
    if han > vietnamese:
        return zh_variant(text) if han > kana else None
    return "vi" if vietnamese else None


def _pieces(text: str) -> Iterator[Run]:
    """Runs of Han characters and single Latin words, in order."""
    for match in re.finditer(_LETTERS, text):
        yield Run("zh" if match.lastgroup == "zh" else "vi", match.start(), match.end())


def language_runs(text: str) -> tuple[Run, ...]:
    """The maximal Chinese and Vietnamese stretches of a mixed line, in order, not overlapping.

    Digits, punctuation and spaces are neutral: inside a stretch they belong to it, between two of
    different language to neither. A group of Latin words that is no Vietnamese (a name, an acronym)
    joins a neighbouring Chinese stretch; where it has none the group counts as vi, for then the line
    has nothing else. Linear in the text's length.

    >>> language_runs("Việt Nam 2025 越南 ASEAN 峰会")
    (Run(lang='vi', start=0, end=8), Run(lang='zh', start=14, end=25))
    """
    grouped: list[Run] = []
    for piece in _pieces(text):
        if grouped and grouped[-1].lang == piece.lang:
            grouped[-1] = Run(piece.lang, grouped[-1].start, piece.end)
        else:
            grouped.append(piece)
    has_han = any(run.lang == "zh" for run in grouped)
    merged: list[Run] = []
    for run in grouped:
        lang = run.lang
        if lang == "vi" and has_han and not _vi_weight(_WORD.findall(text[run.start : run.end])):
            lang = "zh"
        if merged and merged[-1].lang == lang:
            merged[-1] = Run(lang, merged[-1].start, run.end)
        else:
            merged.append(Run(lang, run.start, run.end))
    return tuple(merged)
