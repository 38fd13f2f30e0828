"""Where the terms of a glossary stand in texts of one language, and in which spellings.

Terms are found by their tokens, so that case, tone placement, dashes and abbreviations make no difference
(UBND tỉnh is Ủy ban nhân dân tỉnh), and names also by the regional variants of their readings (Võ, Vũ).
A spelling is what is written, case, spaces, dashes and brackets aside; a term spelled in two ways, in one
document or in several, is worth a look. Misspellings that are no variant of anything are not found here.

Cost: linear in the texts, for each token as many look-ups as terms begin with it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from aligner.language.line_ends import one_line
from aligner.language.readings import reading_variants
from aligner.language.tokens import Token, tokens
from aligner.terms.categories import is_written_as_name
from aligner.terms.model import TermEntry

_CONTEXT = 60
"""Characters shown on either side of a term."""
_PARTING = re.compile(r"[^\s\-‐‑‒–—―−\"'“”‘’()（）&]")
_UNSEEN = re.compile(r"[\s\-‐‑‒–—―−\"'“”‘’()（）]+")


class Passage(NamedTuple):
    """A stretch of text in one language.

    Attributes:
        document: its name.
        start: its offset in the document.
        text: the text.
        lang: its language.
    """

    document: str
    start: int
    text: str
    lang: Literal["zh", "vi"]


class Hit(NamedTuple):
    """A place where a term stands.

    Attributes:
        entry: the term's entry.
        document: the text's name.
        start: offset in the document.
        end: offset after it.
        written: the term as written there.
        before: the text before it.
        after: the text after it.
        lang: its language.
        exact: it is one of the entry's forms, or differs from one in case only.
        form: the form it was found as, as the entry has it.
        key: what all spellings of the form have in common.
    """

    entry: TermEntry
    document: str
    start: int
    end: int
    written: str
    before: str
    after: str
    lang: Literal["zh", "vi"]
    exact: bool
    form: str
    key: str


class Spelling(NamedTuple):
    """A term that is spelled in several ways.

    Attributes:
        entry: the term's entry.
        lang: the language.
        documents: by spelling, the commonest first, the documents it stands in; none for the one that only
            the glossary has.
    """

    entry: TermEntry
    lang: Literal["zh", "vi"]
    documents: dict[str, tuple[str, ...]]


class _Term(NamedTuple):
    """A form to look for; a name's keys are the canonical ones."""

    keys: tuple[str, ...]
    is_name: bool
    form: str
    entry: TermEntry


def concordance(entries: Sequence[TermEntry], passages: Iterable[Passage]) -> Iterator[Hit]:
    """Every place where a form of an entry stands, in the order of the texts.

    Args:
        entries: the glossary; rejected entries are not looked for.
        passages: the texts.
    """
    terms = {lang: _by_first(entries, lang) for lang in ("zh", "vi")}
    for passage in passages:
        found = tokens(passage.text, passage.lang)
        keys = [token.key for token in found]
        canonical = [_canonical(key) for key in keys]
        taken: dict[str, int] = {}
        for at, first in enumerate(canonical):
            for term in terms[passage.lang].get(first, ()):
                end = at + len(term.keys)
                here = (canonical if term.is_name else keys)[at:end]
                if tuple(here) != term.keys or taken.get(term.entry.id, 0) > at:
                    continue
                if _is_joined(passage.text, found[at:end]):
                    taken[term.entry.id] = end
                    yield _hit(term, passage, found[at].start, found[end - 1].end)


def _by_first(entries: Sequence[TermEntry], lang: Literal["zh", "vi"]) -> dict[str, list[_Term]]:
    """The terms by their first token, the longest first."""
    found: defaultdict[str, dict[tuple[tuple[str, ...], str], _Term]] = defaultdict(dict)
    for entry in entries:
        if entry.status == "rejected":
            continue
        forms = (entry.zh, *entry.zh_variants) if lang == "zh" else (entry.vi, *entry.vi_variants)
        for form in forms:
            name = lang == "vi" and is_written_as_name(form)
            plain = tuple(token.key for token in tokens(form, lang))
            keys = tuple(map(_canonical, plain)) if name else plain
            if keys:
                found[_canonical(keys[0])].setdefault((keys, entry.id), _Term(keys, name, form, entry))
    return {first: sorted(terms.values(), key=lambda t: -len(t.keys)) for first, terms in found.items()}


def _is_joined(text: str, found: Sequence[Token]) -> bool:
    """Whether no comma or full stop parts the tokens."""
    return not any(_PARTING.search(text, a.end, b.start) for a, b in pairwise(found) if a.end < b.start)


def _canonical(key: str) -> str:
    """One of a syllable's regional variants for all of them."""
    return min(key, *reading_variants(key)) if reading_variants(key) else key


def _hit(term: _Term, passage: Passage, start: int, end: int) -> Hit:
    text, entry = passage.text, term.entry
    written = text[start:end]
    forms = (entry.zh, *entry.zh_variants) if passage.lang == "zh" else (entry.vi, *entry.vi_variants)
    return Hit(
        entry,
        passage.document,
        passage.start + start,
        passage.start + end,
        written,
        one_line(text[max(0, start - _CONTEXT) : start]),
        one_line(text[end : end + _CONTEXT]),
        passage.lang,
        spelling(written) in map(spelling, forms),
        term.form,
        " ".join(term.keys),
    )


def spelling(written: str) -> str:
    """A form as far as its spelling goes: case, spaces, dashes, brackets and quotation marks aside."""
    return _UNSEEN.sub(" ", unicodedata.normalize("NFC", written)).casefold().strip()


def spellings(hits: Iterable[Hit]) -> list[Spelling]:
    """The forms that are spelled in several ways, each by the shortest term it shows in."""
    seen: defaultdict[tuple[str, Literal["zh", "vi"]], dict[tuple[str, int], Hit]] = defaultdict(dict)
    for hit in hits:
        seen[hit.key, hit.lang].setdefault((hit.document, hit.start), hit)
    found: list[Spelling] = []
    for (_, lang), places in sorted(seen.items(), key=lambda item: len(item[0][0])):
        by_spelling: defaultdict[str, list[Hit]] = defaultdict(list)
        for hit in places.values():
            by_spelling[spelling(hit.written)].append(hit)
        for hit in places.values():
            if not hit.exact:
                by_spelling.setdefault(spelling(hit.form), [hit._replace(document="", written=hit.form)])
        if len(by_spelling) > 1 and not any(_contains(by_spelling, known) for known in found):
            ranked = sorted(by_spelling.values(), key=len, reverse=True)
            documents = {
                some[0].written: tuple(dict.fromkeys(h.document for h in some if h.document))
                for some in ranked
            }
            found.append(Spelling(next(iter(places.values())).entry, lang, documents))
    return found


def _contains(spellings_: Iterable[str], known: Spelling) -> bool:
    """Whether a form is spelled in several ways only because a shorter one in it is."""
    inner = [spelling(written) for written in known.documents]
    return all(any(f" {short} " in f" {written} " for short in inner) for written in spellings_)
