"""Terms translated otherwise than the glossary says.

Only what a person decided counts: an approved entry's zh that stands in a bead without any of its
translations, and a deprecated entry's translation that is used for its zh. Longer terms go first, and
what they cover is not looked at again. Compared are words and numbers without case, spelling and
punctuation; abbreviations count as what they stand for; a translation whose words all stand close
together in another order, or with a word between them, is one too.

A term that the translation drops or names by a pronoun is reported as well: that cannot be told apart.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from aligner.check.collection import Collection, Pair, Passage
from aligner.check.finding import Mark
from aligner.language.heads import strip_heads
from aligner.language.tokens import Token, token_keys, tokens
from aligner.model import Term

_BETWEEN = 3  # words that may stand among those of a translation

_Keys = tuple[str, ...]


@dataclass
class _Concept:
    """What the glossary says of one zh term: its good and its bad translations, by their keys."""

    approved: dict[_Keys, str] = field(default_factory=dict)
    deprecated: dict[_Keys, str] = field(default_factory=dict)


def find(collection: Collection) -> Iterator[Mark]:
    """Marks the zh term without its translation, or the deprecated translation."""
    concepts = _concepts(collection.terms)
    by_first: dict[str, list[_Keys]] = {}
    for keys in sorted(concepts, key=len, reverse=True):
        by_first.setdefault(keys[0], []).append(keys)
    for pair in collection.pairs if concepts else ():
        if not pair.trusted:
            continue
        translated = [key for passage in pair.vi for key in token_keys(passage.text, "vi")]
        for passage in pair.zh:
            found = list(_occurrences(token_keys(passage.text, "zh"), by_first))
            placed = tokens(passage.text, "zh") if found else ()
            for keys, at in found:
                span = placed[at].start, placed[at + len(keys) - 1].end
                yield from _judged(concepts[keys], passage, span, translated, pair)


def _judged(
    concept: _Concept, passage: Passage, span: tuple[int, int], translated: list[str], pair: Pair
) -> Iterator[Mark]:
    """What is wrong with the translation of one occurrence."""
    if any(_stands(keys, translated) for keys in concept.approved):
        return
    wanted = " or ".join(dict.fromkeys(concept.approved.values()))
    for keys, written in concept.deprecated.items():
        for vi in pair.vi:
            place = _place(keys, tokens(vi.text, "vi"))
            if place:
                instead = f"; approved is {wanted}" if wanted else ""
                yield Mark(vi, *place, f"the glossary deprecates {written}{instead}")
                return
    if wanted:
        yield Mark(passage, *span, f"not translated as the glossary says: {wanted}")


def _concepts(terms: Sequence[Term]) -> dict[_Keys, _Concept]:
    """The decided entries by the keys of their zh forms; those with one zh are one concept."""
    found: dict[_Keys, _Concept] = {}
    for term in terms:
        if term.status not in {"approved", "deprecated"}:
            continue
        for zh in (term.zh, *term.zh_variants):
            keys = tuple(token_keys(zh, "zh"))
            if not keys:
                continue
            concept = found.setdefault(keys, _Concept())
            kept = concept.approved if term.status == "approved" else concept.deprecated
            for vi in (term.vi, *term.vi_variants):
                kept.setdefault(tuple(token_keys(strip_heads(vi, "vi"), "vi")), term.vi)
    return found


def _occurrences(keys: list[str], by_first: dict[str, list[_Keys]]) -> Iterator[tuple[_Keys, int]]:
    """The terms in a row of keys with their places, the longest at each place, not overlapping."""
    at = 0
    while at < len(keys):
        term = next((t for t in by_first.get(keys[at], ()) if tuple(keys[at : at + len(t)]) == t), None)
        if term:
            yield term, at
        at += len(term) if term else 1


def _stands(keys: _Keys, row: list[str]) -> bool:
    """Whether the words stand in the row, one after the other or close together."""
    if not keys or not set(keys) <= set(row):
        return False
    wanted = Counter(keys)
    size = len(keys) + (_BETWEEN if len(keys) > 1 else 0)
    return any(wanted <= Counter(row[at : at + size]) for at in range(max(1, len(row) - len(keys) + 1)))


def _place(keys: _Keys, placed: Sequence[Token]) -> tuple[int, int] | None:
    """Where the words stand one after the other."""
    for at in range(len(placed) - len(keys) + 1):
        if tuple(token.key for token in placed[at : at + len(keys)]) == keys:
            return placed[at].start, placed[at + len(keys) - 1].end
    return None
