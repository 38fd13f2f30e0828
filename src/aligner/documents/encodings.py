"""Which encoding bytes are in, found by reading them in each and asking which reading makes sense.

Valid UTF-8 is UTF-8, whatever it says. Otherwise a reading is judged by its letters beyond ASCII: a Han
character counts as far as it is common, a Latin word counts where it is a Vietnamese syllable, anything
else counts against it. A wrong reading makes rare characters and impossible syllables, so that right and
wrong lie far apart from a few words on. What cannot be told: a text in another language, a single word.
"""

from __future__ import annotations

import codecs
import unicodedata
from functools import lru_cache

import regex

from aligner.documents.legacy import CONVERTERS
from aligner.language.script import HAN, LATIN
from aligner.language.syllables import has_vietnamese_letter, is_syllable, syllable_key

OWN = {
    "tcvn3": "TCVN3", "tcvn": "TCVN3", "tcvn-3": "TCVN3", "tcvn5712": "TCVN3", "abc": "TCVN3",
    "vni": "VNI", "vni-win": "VNI", "vni-windows": "VNI",
}  # fmt: skip
"""Names of encodings that Python does not know."""

_PYTHONS = ("gb18030", "big5hkscs", "cp1258")
_WIDE = ("utf-16-le", "utf-16-be")

# Bytes looked at: a judgement needs some hundred letters.
_SAMPLE = 1 << 16
# Share of letters that must make sense, one letter of doubt added, so that a single word decides nothing.
# In readings of whole sentences right ones have .75 and more, wrong ones up to .6
# (tests/documents/test_encodings.py).
_LEAST_SENSE = 0.68
_DOUBT = 1
_LEAST_WORDS = 5

# The most frequent characters, simplified and traditional (general knowledge: any frequency list has them).
_TOP = frozenset(
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种事成"
    "方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实日军者意无力它与长把机十民第公此已工使"
    "情明性知全三又关点正业外将两高间問題這個們來為國說時會對於過發後裡種經麼學現當沒動還進樣開從實軍無與長機關點業將兩間"
)
_COMMON = 0.6

_HAN_RUN = regex.compile(f"[{HAN}]+")
_WORD = regex.compile(f"[{LATIN}]+")
_ALIEN = regex.compile(
    rf"[^\x00-\x7f\p{{P}}\p{{Z}}\p{{So}}\p{{Sm}}\p{{Sc}}{HAN}{LATIN}]|[\x00-\x08\x0b\x0e-\x1f\x7f\ufffd]"
)
_LINE_BEYOND_ASCII = regex.compile(rb"[^\r\n]*[\x80-\xff][^\r\n]*")


def detect(data: bytes) -> str | None:
    """The encoding of some bytes without a byte order mark, as `decode_as` knows it; None where unclear.

    Valid UTF-8 without NUL is `utf-8` at once. Else linear in a sample of 64 KB, of lines beyond ASCII.
    """
    holds_nul = b"\0" in data
    if not holds_nul and _is_utf8(data):
        return "utf-8"
    readings = {} if holds_nul else _readings_in_bytes(_sample(data))
    head = data[:_SAMPLE]
    readings |= {name: sense(head.decode(name, "replace"), plain=True) for name in _WIDE}
    best = max(readings, key=lambda name: readings[name])
    return best if readings[best] >= _LEAST_SENSE else None


def _readings_in_bytes(sample: bytes) -> dict[str, float]:
    """How much sense some bytes make in each encoding of single and double bytes."""
    readings = {name: sense(sample.decode(name, "replace")) for name in _PYTHONS}
    letters = sample.decode("cp1252", "replace")
    return readings | {name: sense(convert(letters)) for name, convert in CONVERTERS.items()}


def font_encoding(text: str) -> str | None:
    """The encoding of a font that Unicode text still is in: `TCVN3`, `VNI`; None where it is what it seems.

    Documents from before Unicode that were saved in a new format keep such codes, and only the font's name
    would tell. Converted text must make sense as it is Vietnamese, and the text as it is must not.
    """
    words = [word for word in _WORD.findall(text[:_SAMPLE]) if not word.isascii()]
    if len(words) < _LEAST_WORDS:
        return None
    sample = " ".join(words)
    readings = {name: sense(convert(sample)) for name, convert in CONVERTERS.items()}
    best = max(readings, key=lambda name: readings[name])
    return best if readings[best] >= _LEAST_SENSE and sense(sample) <= _LEAST_SENSE / 2 else None


def decode_as(data: bytes, name: str) -> str:
    """Bytes in an encoding that Python knows, or in one of `OWN`.

    Windows-1258 is composed, as it writes most tones apart. Text in a font's encoding that was saved as
    UTF-8 is also read as that.

    Raises:
        UnicodeDecodeError: the bytes are not in it.
        LookupError, UnicodeError: there is no such encoding of text.
    """
    own = OWN.get(name.lower().replace("_", "-"))
    if own:
        return CONVERTERS[own](data.decode("utf-8" if _is_utf8(data) else "cp1252"))
    text = data.decode(name)
    return unicodedata.normalize("NFC", text) if codecs.lookup(name).name == "cp1258" else text


def sense(text: str, *, plain: bool = False) -> float:
    """Share of the letters beyond ASCII that make sense in Chinese or Vietnamese, 0 to 1 and never quite 1.

    Args:
        text: a reading of some bytes.
        plain: whether ASCII letters count too, as sense.
    """
    good = total = 0.0
    for word in _WORD.findall(text):
        beyond = sum(c > "\x7f" for c in word)
        if beyond:
            key = syllable_key(word)
            total += beyond
            good += beyond * (is_syllable(key) and has_vietnamese_letter(key))
        if plain:
            total += len(word) - beyond
            good += len(word) - beyond
    for run in _HAN_RUN.findall(text):
        total += len(run)
        good += sum(map(_commonness, run))
    total += len(_ALIEN.findall(text))
    return good / (total + _DOUBT)


@lru_cache(maxsize=1 << 14)
def _commonness(character: str) -> float:
    """1 for the most frequent; .6 in the first level, the common ones, of GB 2312 (3,755) or Big5 (5,401)."""
    if character in _TOP:
        return 1.0
    for codec, first, last in (("gb2312", 0xB0, 0xD7), ("big5", 0xA4, 0xC6)):
        code = character.encode(codec, "ignore")
        if code and first <= code[0] <= last:
            return _COMMON
    return 0.0


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _sample(data: bytes) -> bytes:
    """The first 64 KB of lines that hold anything beyond ASCII: a page begins with much that does not."""
    lines: list[bytes] = []
    size = 0
    for match in _LINE_BEYOND_ASCII.finditer(data):
        lines.append(match[0])
        size += len(match[0])
        if size >= _SAMPLE:
            break
    return b"\n".join(lines)[:_SAMPLE]
