"""Vietnamese from before Unicode: text that only looks right in a font made for it.

Two such encodings are common in documents from the 1990s on; both use the codes of Western letters, so a
program that does not know the font shows "Vieät Nam" or "ViÖt Nam":

- TCVN3, also ABC, in fonts named `.VnTime`, `.VnArial` (TCVN 5712:1993, the table VN3: small letters with
  tones have one code each; capitals with tones are drawn by fonts whose name ends in H);
- VNI, in fonts named `VNI-Times` (VNI Software's table for Windows: a letter, then its mark).

All functions take text in which every character stands for its byte in Windows-1252.
"""

from __future__ import annotations

import itertools
import unicodedata
from collections.abc import Callable, Mapping

import regex

# Runs of codes in ascending order (TCVN 5712:1993, VN3), checked against the C library's TCVN5712-1.
_TCVN3_RUNS = {
    0xA1: "ĂÂÊÔƠƯĐăâêôơưđ",
    0xB5: "àảãáạ",
    0xBB: "ằẳẵắ",
    0xC6: "ặầẩẫấậè",
    0xCE: "ẻẽéẹềểễếệìỉ",
    0xDC: "ĩíịò",
    0xE1: "ỏõóọồổỗốộờởỡớợù",
    0xF1: "ủũúụừửữứựỳỷỹýỵ",
}
_TCVN3 = {first + n: letter for first, run in _TCVN3_RUNS.items() for n, letter in enumerate(run)}

# VNI for Windows: what a mark does to the letter before it, and letters that have codes of their own.
_GRAVE, _ACUTE, _HOOK, _TILDE, _DOT = "\u0300", "\u0301", "\u0309", "\u0303", "\u0323"
_CIRCUMFLEX, _BREVE = "\u0302", "\u0306"
_VNI_MARKS = {
    "ù": _ACUTE, "ø": _GRAVE, "û": _HOOK, "õ": _TILDE, "ï": _DOT,
    "â": _CIRCUMFLEX, "á": _CIRCUMFLEX + _ACUTE, "à": _CIRCUMFLEX + _GRAVE,
    "å": _CIRCUMFLEX + _HOOK, "ã": _CIRCUMFLEX + _TILDE, "ä": _CIRCUMFLEX + _DOT,
    "ê": _BREVE, "é": _BREVE + _ACUTE, "è": _BREVE + _GRAVE,
    "ú": _BREVE + _HOOK, "ü": _BREVE + _TILDE, "ë": _BREVE + _DOT,
}  # fmt: skip
_VNI_LETTERS = {
    "ô": "ơ", "ö": "ư", "ñ": "đ", "í": "í", "ì": "ì", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ",
}  # fmt: skip
_VNI_TAKES = {_CIRCUMFLEX: "aeo", _BREVE: "a"}

# A word of capitals, but for letters with tones: TCVN3 has only small ones of these.
_TONED = "".join(run for first, run in _TCVN3_RUNS.items() if first > min(_TCVN3_RUNS))
_SHOUTED = regex.compile(rf"\b\p{{Lu}}[\p{{Lu}}{_TONED}]*+\b(?:[\s,.–-]+\p{{Lu}}[\p{{Lu}}{_TONED}]*+\b)*+")
_SHOUTED_WORD = regex.compile(rf"\b(?=\w*[{_TONED}])\w*\p{{Lu}}\w*\p{{Lu}}")
_MANY_WORDS = 3


def from_tcvn3(text: str) -> str:
    """Text in TCVN3 (ABC). In words of capitals, letters with tones become capitals too.

    >>> from_tcvn3("C«ng viÖc, VIÖT NAM")
    'Công việc, VIỆT NAM'
    """
    return str(_SHOUTED.sub(_capitals, text.translate(_TCVN3)))


def _capitals(match: regex.Match[str]) -> str:
    """Words all of capitals are so meant where one of them has two, or where they are many (not `Từ EU`)."""
    words = match[0]
    return words.upper() if _SHOUTED_WORD.search(words) or len(words.split()) >= _MANY_WORDS else words


def from_vni(text: str) -> str:
    """Text in VNI for Windows.

    >>> from_vni("Coâng vieäc, VIEÄT NAM")
    'Công việc, VIỆT NAM'
    """
    return str(_VNI_PATTERN.sub(lambda match: _VNI[match[0]], text))


def _vni() -> dict[str, str]:
    """Every letter and pair of the table, small and capital."""
    table: dict[str, str] = {}
    for (mark, marks), base in itertools.product(_VNI_MARKS.items(), "aeouyôö"):
        if base in _VNI_TAKES.get(marks[0], "aeouyôö"):
            letter = unicodedata.normalize("NFC", _VNI_LETTERS.get(base, base) + marks)
            table |= {base + m: letter for m in (mark, mark.upper())}
            table |= {base.upper() + m: letter.upper() for m in (mark, mark.upper())}
    for code, letter in _VNI_LETTERS.items():
        table |= {code: letter, code.upper(): letter.upper()}
    return table


_VNI = _vni()
_VNI_PATTERN = regex.compile("|".join(sorted(_VNI, key=len, reverse=True)))

CONVERTERS: Mapping[str, Callable[[str], str]] = {"TCVN3": from_tcvn3, "VNI": from_vni}
"""By the name that notes use."""


def converter_of(font: str) -> Callable[[str], str] | None:
    """What makes Unicode of text set in a font, by the font's name; None for ordinary fonts.

    >>> converter_of(".VnTimeH")("céng hoµ")
    'CỘNG HOÀ'
    """
    name = font.strip().lower()
    if name.startswith((".vn", "vnt ", "abc ")):
        return (lambda text: from_tcvn3(text).upper()) if name.endswith("h") else from_tcvn3
    if name.startswith(("vni-", "vni ")):
        return from_vni
    return None
