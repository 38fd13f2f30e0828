"""What stands around a term's core: plural and nominalising heads, place generics, short country names.

Vietnamese says "các cuộc hội đàm" and "sự phát triển" where Chinese says 会谈 and 发展; it puts "tỉnh" before
the name where Chinese puts 省 after it; and 中越 is "Trung Quốc và Việt Nam" in either order. Terms are
compared without these and shown with them. The table is `data/heads.tsv`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal, NamedTuple

from aligner.language.normal import key, simplify
from aligner.language.tables import read_rows

_LEAST_LEFT = 2  # Vietnamese syllables a head leaves behind
_LEAST_COUNTRIES = 2
_LONGEST_GENERIC = 6  # thành phố trực thuộc trung ương


class Place(NamedTuple):
    """A place name taken apart.

    Attributes:
        name: the name proper, as written.
        generic: the kind of place, by its Chinese word, so that both languages compare: tỉnh and 省 are 省.
            Vietnamese words that render several Chinese ones give the first (sông is 河).
        written: the generic as written.
    """

    name: str
    generic: str
    written: str


class _Tables(NamedTuple):
    heads: dict[str, frozenset[str]]
    fused: dict[str, frozenset[str]]
    zh_places: dict[str, str]
    vi_places: dict[str, str]
    place_words: dict[str, tuple[str, ...]]
    countries: dict[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    rows = read_rows("heads.tsv")
    words = {
        kind: {
            lang: frozenset(key(row[2]) for row in rows if row[:2] == [kind, lang]) for lang in ("zh", "vi")
        }
        for kind in ("head", "fused")
    }
    places = [row[1:] for row in rows if row[0] == "place"]
    vi_places: dict[str, str] = {}
    for zh, *forms in places:
        for form in forms:
            vi_places.setdefault(key(form), zh)
    return _Tables(
        heads=words["head"],
        fused=words["fused"],
        zh_places={zh: zh for zh, *_ in places},
        vi_places=vi_places,
        place_words={zh: tuple(forms) for zh, *forms in places},
        countries={row[1]: tuple(row[2:]) for row in rows if row[0] == "country"},
    )


def strip_heads(term: str, lang: Literal["zh", "vi"]) -> str:
    """The term without the heads in front of it, as written; never empty.

    A word that only begins like a head (sự nghiệp, nền tảng, 各自) stays, and so does what would leave
    a single Vietnamese syllable, for that is usually half a word.

    >>> strip_heads("các cuộc hội đàm", "vi"), strip_heads("sự nghiệp xây dựng", "vi")
    ('hội đàm', 'sự nghiệp xây dựng')
    """
    tables = _tables()
    rest = term.strip()
    while True:
        stripped = _without_head(rest, lang, tables)
        if stripped == rest:
            return rest
        rest = stripped


def _without_head(term: str, lang: Literal["zh", "vi"], tables: _Tables) -> str:
    """One head less, or the term itself."""
    if lang == "zh":
        plain = simplify(term)
        if plain.startswith(tuple(tables.fused["zh"])):
            return term
        fitting = [
            head for head in tables.heads["zh"] if plain.startswith(head) and len(plain) > len(head) + 1
        ]
        return term[max(map(len, fitting), default=0) :].lstrip()
    words = term.split()
    enough = len(words) > _LEAST_LEFT and key(words[0]) in tables.heads["vi"]
    if not enough or key(" ".join(words[:2])) in tables.fused["vi"]:
        return term
    return term[len(words[0]) :].lstrip()


def place_generic(term: str, lang: Literal["zh", "vi"]) -> Place | None:
    """The name and the kind of a place; None where the term does not show a kind, or nothing else.

    >>> place_generic("广宁省", "zh"), place_generic("TP. Hạ Long", "vi")
    (Place(name='广宁', generic='省', written='省'), Place(name='Hạ Long', generic='市', written='TP.'))
    """
    tables = _tables()
    term = term.strip()
    if lang == "zh":
        plain = simplify(term)
        for size in range(min(len(plain) - 1, _LONGEST_GENERIC), 0, -1):
            generic = tables.zh_places.get(plain[-size:])
            if generic:
                return Place(term[:-size], generic, term[-size:])
        return None
    words = [(m.group(), m.start(), m.end()) for m in re.finditer(r"\S+", term)]
    for size in range(min(len(words) - 1, _LONGEST_GENERIC), 0, -1):
        written = term[: words[size - 1][2]]
        generic = tables.vi_places.get(key(written.rstrip(".")))
        if generic:
            return Place(term[words[size][1] :], generic, written)
    return None


def place_words(generic: str) -> tuple[str, ...]:
    """What Vietnamese calls a kind of place, the usual word first; empty for what is no kind of place.

    >>> place_words("省")
    ('tỉnh',)
    """
    return _tables().place_words.get(generic, ())


def countries(word: str) -> tuple[tuple[str, ...], ...]:
    """The countries a word such as 中越 or 中美欧 lists: per character its Vietnamese names.

    Empty where the word is anything else; a single character is no list. Vietnamese may name them in
    another order.

    >>> countries("中越")
    (('Trung Quốc', 'Trung'), ('Việt Nam', 'Việt'))
    """
    table = _tables().countries
    plain = simplify(word)
    if len(plain) < _LEAST_COUNTRIES or len(set(plain)) < len(plain) or not all(c in table for c in plain):
        return ()
    return tuple(table[c] for c in plain)
