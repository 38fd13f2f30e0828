"""TBX, the exchange format of term bases: TBX-Basic v2 (`martif`), which tools read; v3 (ISO 30042:2019) too.

Written: an entry a concept, with its category as subject field; in each language the preferred form first,
its context, then the variants. `administrativeStatus` says what a person said: a candidate has none. No
document type, which would have to be fetched. The same glossary gives the same bytes.

Read: both versions, from any tool: languages by their first subtag, other languages passed over, a term
marked deprecated or superseded as an entry of its own that says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO
from xml.sax.saxutils import escape

from aligner import __version__
from aligner.errors import FormatError
from aligner.formats.glossary import joined
from aligner.formats.safe_xml import parse
from aligner.formats.units import clean
from aligner.terms.model import CATEGORIES, Category, EntryStatus, TermEntry, entry_id

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

_PREFERRED, _ADMITTED = "preferredTerm-admn-sts", "admittedTerm-admn-sts"
_DEPRECATED, _SUPERSEDED = "deprecatedTerm-admn-sts", "supersededTerm-admn-sts"
_STATUSES: dict[EntryStatus, tuple[str, str]] = {
    "candidate": ("", ""),
    "approved": (_PREFERRED, _ADMITTED),
    "deprecated": (_DEPRECATED, _DEPRECATED),
    "rejected": (_DEPRECATED, _DEPRECATED),
}


@dataclass(frozen=True, slots=True)
class _Names:
    """What the elements are called, and what stands before and after the entries."""

    entry: str
    lang: str
    term: str
    start: str
    end: str


_DESCRIPTION = f"<fileDesc><sourceDesc><p>aligner {__version__}</p></sourceDesc></fileDesc>"
_VERSIONS = {
    2: _Names(
        "termEntry",
        "langSet",
        "tig",
        '<martif type="TBX-Basic" xml:lang="en">\n<martifHeader>'
        f'{_DESCRIPTION}<encodingDesc><p type="XCSURI">TBXBasicXCSV02.xcs</p></encodingDesc></martifHeader>\n'
        "<text><body>\n",
        "</body></text>\n</martif>\n",
    ),
    3: _Names(
        "conceptEntry",
        "langSec",
        "termSec",
        '<tbx style="dca" type="TBX-Basic" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2">\n<tbxHeader>'
        f"{_DESCRIPTION}</tbxHeader>\n<text><body>\n",
        "</body></text>\n</tbx>\n",
    ),
}


def write_entries(
    entries: Iterable[TermEntry],
    file: BinaryIO,
    *,
    version: int = 2,
    zh_code: str = "zh-CN",
    vi_code: str = "vi-VN",
) -> None:
    """Writes entries, rejected ones left out.

    Args:
        entries: the entries.
        file: opened for writing bytes.
        version: of TBX, 2 or 3.
        zh_code: language code of Chinese.
        vi_code: language code of Vietnamese.
    """
    names = _VERSIONS[version]
    file.write(f'<?xml version="1.0" encoding="UTF-8"?>\n{names.start}'.encode())
    for entry in entries:
        if entry.status != "rejected":
            file.write("".join(_entry(entry, names, zh_code, vi_code)).encode())
    file.write(names.end.encode())


def _entry(entry: TermEntry, names: _Names, zh_code: str, vi_code: str) -> Iterator[str]:
    preferred, admitted = _STATUSES[entry.status]
    yield f'<{names.entry} id="{entry.id or entry_id(entry.zh, entry.vi)}">\n'
    yield f'<descrip type="subjectField">{entry.category}</descrip>\n'
    if entry.note:
        yield f"<note>{_text(entry.note)}</note>\n"
    sides = (
        (zh_code, (entry.zh, *entry.zh_variants), entry.context_zh),
        (vi_code, (entry.vi, *entry.vi_variants), entry.context_vi),
    )
    for code, terms, context in sides:
        yield f'<{names.lang} xml:lang="{code}">'
        for number, term in enumerate(terms):
            status = admitted if number else preferred
            yield f"<{names.term}><term>{_text(term)}</term>"
            yield f'<termNote type="administrativeStatus">{status}</termNote>' if status else ""
            yield f'<descrip type="context">{_text(context)}</descrip>' if context and not number else ""
            yield f"</{names.term}>"
        yield f"</{names.lang}>\n"
    yield f"</{names.entry}>\n"


def _text(text: str) -> str:
    return escape(clean(text))


def read_entries(file: BinaryIO, name: str) -> list[TermEntry]:
    """The entries of a TBX file that have a Chinese and a Vietnamese term.

    Raises:
        FormatError: it is no TBX, is broken, declares entities, or has no entry in both languages.
    """
    reader = _Reader(name)
    for _ in parse(file, name, reader):
        pass
    if reader.concepts and not reader.entries:
        raise FormatError(f"{name}: no entry has both a Chinese and a Vietnamese term")
    return joined(reader.entries)


@dataclass(slots=True)
class _Term:
    """A term of a language section."""

    text: str = ""
    status: str = ""
    context: str = ""

    def take(self, tag: str, kind: str, text: str) -> None:
        """Takes the text of an element inside the term's section."""
        if tag == "term":
            self.text = text
        elif tag == "administrativeStatus" or (tag == "termNote" and kind == "administrativeStatus"):
            self.status = text
        elif "context" in (tag, kind):
            self.context = text


@dataclass(slots=True)
class _Concept:
    """An entry while it is read."""

    id: str = ""
    subject: str = ""
    notes: list[str] = field(default_factory=list)
    terms: dict[str, list[_Term]] = field(default_factory=lambda: {"zh": [], "vi": []})


_CONCEPTS, _LANGUAGES = {"termEntry", "conceptEntry"}, {"langSet", "langSec"}
_TERMS = {"tig", "ntig", "termSec"}
_ROOTS = {"martif", "tbx", "TBX"}


class _Reader:
    """Builds the entries from the parser's events."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.entries: list[TermEntry] = []
        self.concepts = 0
        self._concept = _Concept()
        self._lang = ""
        self._term: _Term | None = None
        self._path: list[str] = []
        self._types: list[str] = []
        self._text: list[str] = []

    def attach(self, parser: XMLParserType) -> None:
        """Takes the parser's events."""
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append

    def _start(self, qualified: str, attributes: dict[str, str]) -> None:
        tag = qualified.rpartition(":")[2]
        if not self._path and tag not in _ROOTS:
            raise FormatError(f"{self.name} is no TBX: it begins with <{tag}>")
        self._path.append(tag)
        self._types.append(attributes.get("type", ""))
        if tag in _CONCEPTS:
            self._concept = _Concept(id=attributes.get("id", ""))
            self.concepts += 1
        elif tag in _LANGUAGES:
            code = attributes.get("xml:lang", attributes.get("lang", ""))
            self._lang = code.lower().replace("_", "-").split("-")[0]
        elif tag in _TERMS and self._lang in self._concept.terms:
            self._term = _Term()
            self._concept.terms[self._lang].append(self._term)
        if tag not in {"hi", "foreign"}:
            self._text.clear()

    def _end(self, _qualified: str) -> None:
        tag, kind = self._path.pop(), self._types.pop()
        if tag in {"hi", "foreign"}:
            return
        text = " ".join("".join(self._text).split())
        self._text.clear()
        if tag in _CONCEPTS:
            self.entries += _entries(self._concept)
        elif tag in _LANGUAGES:
            self._lang = ""
        elif tag in _TERMS:
            self._term = None
        elif self._term is not None:
            self._term.take(tag, kind, text)
        elif not self._lang and kind == "subjectField":
            self._concept.subject = text
        elif tag == "note" and text:
            self._concept.notes.append(text)


def _entries(concept: _Concept) -> Iterator[TermEntry]:
    """The entry of a concept, and one for each term that must no longer be used."""
    zh, vi = ([t for t in concept.terms[lang] if t.text] for lang in ("zh", "vi"))
    if not (zh and vi):
        return
    good = [[term for term in side if not _is_bad(term)] for side in (zh, vi)]
    note = "; ".join(concept.notes)
    if all(good):
        status: EntryStatus = "approved" if any(_PREFERRED in t.status for t in zh + vi) else "candidate"
        yield _made(concept, good[0], good[1], status, note)
    if good[0]:
        yield from (_made(concept, good[0][:1], [bad], "deprecated", note) for bad in vi if _is_bad(bad))
    elif all(map(_is_bad, zh)):
        yield _made(concept, zh, vi, "deprecated", note)


def _is_bad(term: _Term) -> bool:
    return term.status in {_DEPRECATED, _SUPERSEDED, "deprecatedTerm", "supersededTerm"}


def _made(concept: _Concept, zh: list[_Term], vi: list[_Term], status: EntryStatus, note: str) -> TermEntry:
    zh.sort(key=lambda term: _PREFERRED not in term.status)
    vi.sort(key=lambda term: _PREFERRED not in term.status)
    category: Category = next((c for c in CATEGORIES if c == concept.subject.lower()), "general")
    return TermEntry(
        zh=zh[0].text,
        vi=vi[0].text,
        zh_variants=tuple(dict.fromkeys(t.text for t in zh[1:])),
        vi_variants=tuple(dict.fromkeys(t.text for t in vi[1:])),
        category=category,
        status=status,
        confidence=1.0 if status == "approved" else 0.0,
        context_zh=next((t.context for t in zh if t.context), ""),
        context_vi=next((t.context for t in vi if t.context), ""),
        note=note,
        id=entry_id(zh[0].text, vi[0].text),
    )
