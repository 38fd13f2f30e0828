"""From scored candidates to glossary entries: forms and variants, category, context, occurrences.

The preferred form is the commonest that does not begin a sentence, for there a capital says nothing; every
other spelling seen is a variant (ỦY BAN, Uỷ ban, UBND; what stands in quotation marks with them), and so is
another translation that is likely right. The context is the bead that shows the term best: a sure link, in a
sentence neither too short to tell nor too long to read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from aligner.language.heads import place_generic, place_words
from aligner.language.line_ends import one_line
from aligner.terms.candidates import forms
from aligner.terms.categories import category, is_written_as_name
from aligner.terms.gather import starts_sentence
from aligner.terms.model import Occurrence, TermEntry, entry_id
from aligner.terms.scoring import Rendering, Scored, probability
from aligner.terms.sightings import Sighting, Text
from aligner.terms.termhood import is_name

_LIKELY = 0.3
"""Probability from which another translation is a variant; assumed."""
_SHORT, _LONG = 20, 90
"""Characters of a context that says enough, and of one that is still read."""


def entry(scored: Scored, texts: Sequence[Text]) -> TermEntry:
    """The entry of a candidate."""
    main, *others = scored.renderings
    named = is_name(scored.fact.tags)
    kept = [main, *(other for other in others if is_variant(other, main, named=named))]
    places = _places(kept)
    zh_forms = _zh_forms(places, texts)
    vi_forms = list(dict.fromkeys(form for rendering in kept for form in _vi_forms(rendering, texts)))
    vi_forms[:0] = _with_generic(scored, zh_forms[0], vi_forms[0], [texts[s.text].vi for s in places])
    best = max(main.sightings, key=lambda s: _worth(s, texts[s.text]))
    zh, vi = zh_forms[0], vi_forms[0]
    return TermEntry(
        zh=zh,
        vi=vi,
        zh_variants=tuple(zh_forms[1:]),
        vi_variants=tuple(vi_forms[1:]),
        category=category(zh, vi, scored.fact.tags),
        confidence=round(scored.confidence, 4),
        frequency=len(places),
        context_zh=one_line(texts[best.text].zh),
        context_vi=one_line(texts[best.text].vi),
        beads=bead_list((texts[s.text].document, texts[s.text].bead) for s in places),
        id=entry_id(zh, vi),
        evidence=scored.evidence,
        occurrences=tuple(
            Occurrence(texts[s.text].document, texts[s.text].bead, s.src, s.tgt) for s in places
        ),
    )


def _with_generic(scored: Scored, zh: str, vi: str, texts: Iterable[str]) -> list[str]:
    """A place's form with its kind restored, where Vietnamese says it once for a list (các tỉnh A, B, C)."""
    place = place_generic(zh, "zh") if is_name(scored.fact.tags) else None
    # A syllable for each character of the name: in 芒街, Móng Cái, the generic is part of it.
    if not place or len(place.name) != len(vi.split()) or not is_written_as_name(vi):
        return []
    said = {syllable for text in texts for syllable in text.casefold().split()}
    return [f"{word} {vi}" for word in place_words(place.generic) if said.issuperset(word.split())][:1]


def is_variant(other: Rendering, main: Rendering, *, named: bool) -> bool:
    """Whether a second translation is worth a place beside the first.

    It must be likely, name the same kind of thing, and not be merely the first one cut or drawn out in the
    same places. What else a name is translated by is a name too: of 越南 Việt Nam, but not tiếng Việt or
    người Việt, which say more than the name.

    Args:
        other: the second translation.
        main: the first.
        named: whether the term is a name.
    """
    if named and _is_proper(main.vi) and not _is_proper(other.vi):
        return False
    where = {(s.text, s.src) for s in main.sightings}
    own = [s for s in other.sightings if s.best]
    elsewhere = any((s.text, s.src) not in where for s in own)
    return (
        probability(other.odds) >= _LIKELY
        and not other.weights["clash"]
        and (elsewhere or _inside(main.key, other.key))
    )


def _is_proper(vi: str) -> bool:
    """Whether a form is a name as a whole, perhaps with the kind of place it names in front (sông Lô)."""
    place = place_generic(vi, "vi")
    words = [word for word in (place.name if place else vi).split() if word[:1].isalpha()]
    return bool(words) and all(word[:1].isupper() for word in words)


def _inside(shorter: str, longer: str) -> bool:
    return f" {shorter} " in f" {longer} "


def _places(renderings: Sequence[Rendering]) -> list[Sighting]:
    """One sighting for each place where the term stands, in order."""
    found: dict[tuple[int, tuple[int, int]], Sighting] = {}
    for rendering in renderings:
        for sighting in rendering.sightings:
            found.setdefault((sighting.text, sighting.src), sighting)
    return [found[place] for place in sorted(found)]


def _zh_forms(places: Sequence[Sighting], texts: Sequence[Text]) -> list[str]:
    """The Chinese forms, the commonest first; quoted ones at the end."""
    seen = [forms(texts[s.text].zh, *s.src) for s in places]
    plain = [form for form, _ in Counter(form for form, _ in seen).most_common()]
    return list(dict.fromkeys([*plain, *(written for _, written in seen)]))


def _vi_forms(rendering: Rendering, texts: Sequence[Text]) -> list[str]:
    """The spellings of a translation, the commonest within sentences first; quoted ones at the end."""
    seen = [
        (forms(texts[s.text].vi, *s.tgt), starts_sentence(texts[s.text].vi, s.tgt[0]))
        for s in rendering.sightings
    ]
    inner = Counter(form for (form, _), starts in seen if not starts)
    outer = Counter(form for (form, _), starts in seen if starts)
    plain = [form for form, _ in (*inner.most_common(), *outer.most_common())]
    return list(dict.fromkeys([*plain, *(written for (_, written), _ in seen)]))


def _worth(sighting: Sighting, text: Text) -> float:
    """How good a context a bead is, in log2 odds and their like."""
    size = len(text.zh)
    return sighting.score * text.confidence - abs(min(size - _SHORT, 0)) / 4 - max(size - _LONG, 0) / 20


def bead_list(places: Iterable[tuple[str, int]]) -> str:
    """Where a term stands as the glossary's column has it: `NAME:3,14`, documents separated by a space."""
    by_document: dict[str, list[str]] = {}
    for document, bead in places:
        beads = by_document.setdefault(document, [])
        if str(bead) not in beads:
            beads.append(str(bead))
    return " ".join(
        f"{document.replace(' ', '_')}:{','.join(beads)}" for document, beads in by_document.items()
    )
