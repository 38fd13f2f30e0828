r"""Vietnamese syllables: their normal form, and which letter strings can be one.

The normal form of a syllable is lower case, with the tone mark taken off the vowel and put at the end as
one of the tone letters ˋ ˊ ˀ ˇ ˌ (huyền, sắc, hỏi, ngã, nặng; no mark is no letter), so that the two ways
to place a mark agree: ủy = uỷ = `uyˀ`, hòa = hoà = `hoaˋ`. The letters â ă ê ô ơ ư đ are letters of their
own and stay. The tone letters are modifier letters: no text holds them by accident, they belong to `\w`,
and no Unicode normalisation touches them.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from functools import lru_cache

TONES = {"\u0300": "ˋ", "\u0301": "ˊ", "\u0309": "ˀ", "\u0303": "ˇ", "\u0323": "ˌ"}
"""Combining tone mark → tone letter."""

TONE_LETTERS = frozenset(TONES.values())

_TONE_MARK = re.compile("[" + "".join(itertools.chain.from_iterable(TONES.items())) + "]")
_FREE_Y = re.compile(r"^([hklmstv])y(?=[ˋˊˀˇˌ]?$)")
_LONGEST_FREE_Y = 3
_SPECIAL = re.compile(r"[ăâđêôơưˋˊˀˇˌ]")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_ONSETS = _words("b c ch d đ g gh gi h k kh l m n ng ngh nh p ph q r s t th tr v x")
_RIMES = _words(
    """
    a ac ach ai am an ang anh ao ap at au ay ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu
    i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu
    o oa oac oach oai oam oan oang oanh oao oap oat oay oăc oăm oăn oăng oăt oe oen oeo oet oi om on ong
    ooc oong op ot oc ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uân uâng uât uây uc uê uêch uênh ui um un ung uôc uôi uôm uôn uông uôt uơ up ut uy uya uych uynh
    uyên uyêt uyn uyp uyt uyu ư ưa ưc ưi ưng ưt ưu ươc ươi ươm ươn ương ươp ươt ươu
    """
)
_RIMES_AFTER_Q = _words(
    """
    a ac ach ai an ang anh ao at au ay ăc ăm ăn ăng ăp ăt âc ân âng ât ây e en eo et ê êch ên ênh êt
    i it ôc ơ y ych ynh yên yêt yt
    """
)
_RIMES_AFTER_GI = _RIMES | frozenset(["", "ên", "êng", "êt", "êp", "êm", "ê", "êc", "n", "m"])
_RIMES_ALONE = _RIMES | frozenset(["y", "yêm", "yên", "yêng", "yêt", "yêu"])
_FRONT = frozenset("eêiy")


def _onset_takes(onset: str, rime: str) -> bool:
    """Spelling: c g ng stand before back vowels, k gh ngh before front ones, q only before u."""
    if onset == "q":
        return rime[:1] == "u" and rime[1:] in _RIMES_AFTER_Q
    if onset == "gi":
        return rime in _RIMES_AFTER_GI
    if onset in {"k", "gh", "ngh"}:
        return rime[:1] in _FRONT and rime in _RIMES
    if onset in {"c", "g", "ng"} and rime[:1] in _FRONT:
        return False
    return rime in _RIMES


@lru_cache(maxsize=1)
def _bases() -> frozenset[str]:
    """Every toneless syllable the rules allow, about 3,700 strings; built once in milliseconds."""
    rimes = {"u" + rime for rime in _RIMES_AFTER_Q} | _RIMES_AFTER_GI
    formed = {o + r for o in _ONSETS for r in rimes if _onset_takes(o, r)}
    return frozenset(formed | _RIMES_ALONE)


@lru_cache(maxsize=65536)
def syllable_key(word: str) -> str:
    """The normal form of one run of letters, be it a Vietnamese syllable or a foreign word.

    Composed and decomposed input give the same key. After h k l m s t v a final y that is the whole
    rime becomes i (kỹ = kĩ, lý = lí); never in uy, ay, ây, nor at the beginning. A run that holds
    several tone marks keeps them all, in order, at its end. Idempotent.

    >>> syllable_key("Uỷ"), syllable_key("ủy"), syllable_key("Mỹ"), syllable_key("tây")
    ('uyˀ', 'uyˀ', 'miˇ', 'tây')
    """
    if word.isascii():
        key = word.lower()
    else:
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", word).casefold())
        split = unicodedata.normalize("NFD", folded)
        tones = "".join(TONES.get(mark, mark) for mark in _TONE_MARK.findall(split))
        key = unicodedata.normalize("NFC", _TONE_MARK.sub("", split)) + tones
    # ky + tone letter is the longest such syllable; longer words need no look
    return _FREE_Y.sub(r"\1i", key) if len(key) <= _LONGEST_FREE_Y else key


_MARKS = {letter: mark for mark, letter in TONES.items()}
_NUCLEUS = re.compile(r"^(?:qu|gi(?=[aăâeêioôơuưy])|[bcdđghklmnpqrstvx]*)([aăâeêioôơuưy]+)(.*)$")


def spelled(key: str) -> str:
    """A Vietnamese syllable as it is written, from its normal form; anything else as it is.

    The tone mark stands on ă â ê ô ơ ư where there is one, on the last vowel before a final consonant, and
    else on the first of two vowels or the second of three (hòa, thủy, ngoại), the older of the two ways.

    >>> spelled("quôcˊ"), spelled("uyˀ"), spelled("phương"), spelled("nghiêpˌ"), spelled("giaˊ")
    ('quốc', 'ủy', 'phương', 'nghiệp', 'giá')
    """
    mark = _MARKS.get(key[-1:])
    match = _NUCLEUS.match(key[:-1]) if mark else None
    if mark is None or match is None:
        return key
    vowels, final = match[1], match[2]
    special = [place for place, vowel in enumerate(vowels) if vowel in "ăâêôơư"]
    if special:
        place = special[-1]
    elif final:
        place = len(vowels) - 1
    else:
        place = (len(vowels) - 1) // 2
    at = match.start(1) + place + 1
    return unicodedata.normalize("NFC", key[:at] + mark + key[at:-1])


@lru_cache(maxsize=32768)
def is_syllable(key: str) -> bool:
    """Whether a normal form can be a Vietnamese syllable, by spelling and tone rules.

    A syllable that ends in a stop (p t c ch) bears only sắc or nặng, so an unmarked one is refused:
    that is also what tells `cat` and `hot` from Vietnamese. Constant time.
    """
    tone = key[-1:] if key[-1:] in TONE_LETTERS else ""
    base = key[:-1] if tone else key
    if base not in _bases() and not (base[-1:] == "i" and base[:-1] + "y" in _bases()):
        return False
    stopped = base[-1:] in {"p", "t", "c"} or base[-2:] == "ch"
    return not stopped or tone in {"ˊ", "ˌ"}


def has_vietnamese_letter(key: str) -> bool:
    """Whether a normal form bears a tone or one of the letters ă â đ ê ô ơ ư."""
    return _SPECIAL.search(key) is not None
