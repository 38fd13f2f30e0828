"""Two spelling conventions in one document: where a tone mark stands (uỷ, ủy), and i or y (kí, ký).

Either is right; a document should keep to one. Said once for each convention and document, with the
words that occur in both spellings. Names are left out for i and y: Lý is a name, lí luận is not.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from aligner.check.collection import Collection, Passage
from aligner.check.finding import Mark
from aligner.check.words import words

_MOST_SHOWN = 4
_I_OR_Y = re.compile(r"[hklmstv]i[ˋˊˀˇˌ]?$")  # keys in which i stands for either letter

_Spellings = dict[str, Counter[str]]


def find(collection: Collection) -> Iterator[Mark]:
    """Marks the first word in the rarer spelling."""
    for (_, side), passages in collection.documents.items():
        if side == "vi":
            yield from _mixed(passages)


def _mixed(passages: tuple[Passage, ...]) -> Iterator[Mark]:
    spellings: _Spellings = {}
    first: dict[str, tuple[Passage, int, int]] = {}
    for passage in passages:
        for word in words(passage.text):
            written = passage.text[word.start : word.end]
            form = unicodedata.normalize("NFC", written).lower()
            if written[0].isupper() and word.start > 0 and _I_OR_Y.match(word.key):
                continue
            spellings.setdefault(word.key, Counter())[form] += 1
            first.setdefault(form, (passage, word.start, word.end))
    mixed = [forms for forms in spellings.values() if len(forms) > 1]
    for name, is_of in (("tone mark", _by_tone), ("i and y", _by_letter)):
        chosen = sorted((f for f in mixed if is_of(f)), key=lambda forms: -min(forms.values()))
        if chosen:
            rarest = min(chosen[0], key=lambda form: chosen[0][form])
            yield Mark(*first[rarest], f"{name}: {_listed(chosen)}")


def _letters(form: str) -> str:
    """The base letters of a form."""
    return "".join(c for c in unicodedata.normalize("NFD", form) if not unicodedata.combining(c))


def _by_letter(forms: Counter[str]) -> bool:
    return len({_letters(form) for form in forms}) > 1


def _by_tone(forms: Counter[str]) -> bool:
    return not _by_letter(forms)


def _listed(chosen: list[Counter[str]]) -> str:
    """The words with their spellings: `uỷ (3) and ủy (20), hoà (1) and hòa (5)`."""
    parts = [
        " and ".join(f"{form} ({n})" for form, n in sorted(forms.items(), key=lambda item: item[1]))
        for forms in chosen[:_MOST_SHOWN]
    ]
    more = f", and {len(chosen) - _MOST_SHOWN} more words" if len(chosen) > _MOST_SHOWN else ""
    return ", ".join(parts) + more
