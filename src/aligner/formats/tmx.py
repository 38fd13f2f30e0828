"""TMX 1.4b, the exchange format of translation memories: one bilingual file for each direction.

Written: one source and one target a unit, props `x-confidence`, `x-document` and `x-hash`, `x-status` where
a person said something, the bead's note. No dates unless asked for: the same bitext gives the same bytes.
Texts are not normalised, for a CAT tool compares them with its document as it is.

Read: whatever tools write: `lang` for `xml:lang`, `zh_CN`, further languages, inline tags, a missing
header or `srclang`, UTF-16, gzip. The languages are taken from the variants alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO
from xml.sax.saxutils import escape, quoteattr

from aligner import __version__
from aligner.errors import FormatError
from aligner.formats.languages import known_language
from aligner.formats.options import ExportOptions
from aligner.formats.safe_xml import parse
from aligner.formats.selection import Tally
from aligner.formats.tmx_plain import Skimmer
from aligner.formats.units import Unit, imported_hash, stated_hash
from aligner.lines import shown
from aligner.model import STATUSES, Lang, Status
from aligner.wording import counted

if TYPE_CHECKING:
    from xml.parsers.expat import XMLParserType

    from lxml.etree import _Element

# Trados's cloud refuses more characters a side.
_LONG = 2000
# Characters of units that are encoded and written in one go, be they many short ones or one long.
_TOGETHER = 1 << 15
_STATUSES: dict[str, Status] = {status: status for status in STATUSES}
_CONTEXT = '<prop type="x-context-pre">{7}</prop><prop type="x-context-post">{8}</prop>'
_START = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4">
{header}
<body>
"""
_HEADER = (
    '<header creationtool="aligner" creationtoolversion={version} segtype="sentence" o-tmf="aligner-bitext"'
    ' adminlang="en" srclang="{srclang}" datatype="plaintext"{date}/>'
)
_END = "</body>\n</tmx>\n"


def write_units(units: Iterable[Unit], file: BinaryIO, options: ExportOptions, tally: Tally) -> None:
    """Writes cleaned units, none with an empty side; constant memory.

    The header's language is that of the first unit. A remark tells how many texts are longer than some
    tools take.
    """
    rest = iter(units)
    first = next(rest, None)
    lang: Lang = first.lang if first else "zh-Hans"
    shapes: dict[tuple[str | bool, ...], str] = {}
    long = gathered = 0
    named = escaped = ""
    waiting: list[str] = []
    file.write(_start(options, lang).encode())
    for unit in chain([first] if first else [], rest):
        src, tgt, note, document, context = unit.src, unit.tgt, unit.note, unit.document, unit.context
        status = unit.status
        key = (unit.lang, status == "auto", note == "", document == "", context is None)
        shape = shapes.get(key)
        if shape is None:
            shape = shapes[key] = _shape(unit, options, lang)
        if document is not named:  # thousands of units share their document's name
            named, escaped = document, escape(document)
        pre, post = map(escape, context) if context else ("", "")
        text = shape.format(
            escape(src),
            escape(tgt),
            unit.confidence,
            status,
            unit.hash,
            escaped,
            note and escape(note),
            pre,
            post,
        )
        waiting.append(text)
        gathered += len(text)
        if gathered >= _TOGETHER:
            file.write("".join(waiting).encode())
            waiting.clear()
            gathered = 0
        long += len(src) > _LONG or len(tgt) > _LONG
    file.write(("".join(waiting) + _END).encode())
    if long:
        tally.remarks.append(
            f"longer than the {_LONG} characters a side that Trados takes: {counted(long, 'unit')}"
        )


def _start(options: ExportOptions, lang: Lang) -> str:
    return _START.format(header=_HEADER.format(**_header_facts(options, lang)))


def _header_facts(options: ExportOptions, lang: Lang) -> dict[str, str]:
    return {
        "version": quoteattr(options.tool_version or __version__),
        "srclang": options.codes(lang)[0],
        "date": f' creationdate="{options.date}"' if options.date else "",
    }


def element(unit: Unit, options: ExportOptions) -> _Element:
    """A unit as an element, with its own `srclang`, to stand in a memory of any header."""
    from lxml import etree

    pre, post = map(escape, unit.context or ("", ""))
    values = (escape(unit.src), escape(unit.tgt), unit.confidence, unit.status, unit.hash)
    text = _shape(unit, options, None).format(*values, escape(unit.document), escape(unit.note), pre, post)
    return etree.fromstring(text.strip())


def header(options: ExportOptions) -> _Element:
    """The header of a memory as an element."""
    from lxml import etree

    return etree.fromstring(_HEADER.format(**_header_facts(options, "zh-Hans")))


def _shape(unit: Unit, options: ExportOptions, header_lang: Lang | None) -> str:
    """What units like this one look like, with numbers in braces for their values."""
    src_code, tgt_code = options.codes(unit.lang)
    differs = header_lang is None or src_code != options.codes(header_lang)[0]
    lines = [
        f'<tu srclang="{src_code}">' if differs else "<tu>",
        "<note>{6}</note>" if unit.note else "",
        '<prop type="x-confidence">{2:.4f}</prop>',
        '<prop type="x-status">{3}</prop>' if unit.status != "auto" else "",
        '<prop type="x-document">{5}</prop>' if unit.document else "",
        '<prop type="x-hash">{4}</prop>',
        f'<tuv xml:lang="{src_code}">' + ("" if unit.context is None else _CONTEXT) + "<seg>{0}</seg></tuv>",
        f'<tuv xml:lang="{tgt_code}"><seg>{{1}}</seg></tuv>',
        "</tu>\n",
    ]
    return "\n".join(filter(None, lines))


def read_units(file: BinaryIO, name: str, tally: Tally) -> Iterator[Unit]:
    """The units of a memory that have a Chinese and a Vietnamese text, zh first; constant memory.

    Of several variants in one language the first is read. Remarks tell what was passed over.

    Raises:
        FormatError: it is no TMX, is broken, declares entities, or has units but none in both languages.
    """
    reader = _Reader(name)
    for _ in parse(file, name, reader, Skimmer(reader)):
        yield from reader.units
        reader.units.clear()
    if not (reader.has_body or reader.count or reader.skipped):
        raise FormatError(f"{name} has no body, where its units would be", "is the file cut short?")
    if reader.skipped and not reader.count:
        found = shown(", ".join(sorted(reader.langs)))
        raise FormatError(f"{name} has no unit in both Chinese and Vietnamese (languages found: {found})")
    if reader.skipped:
        what = "without both Chinese and Vietnamese"
        tally.remarks.append(f"{name}: passed over {counted(reader.skipped, 'unit')} {what}")
    if reader.further:
        tally.remarks.append(
            f"{name}: of {counted(reader.further, 'unit')} only the first variant a language was read"
        )


def count_units(file: BinaryIO, name: str) -> int:
    """How many units a memory has, in whatever languages.

    Raises:
        FormatError: as `read_units`, but for the languages.
    """
    reader = _Reader(name)
    for _ in parse(file, name, reader, Skimmer(reader)):
        reader.units.clear()
    return reader.count + reader.skipped


class _Reader:
    """Told of a file's elements and texts, makes its units.

    Only the texts of `seg`, `prop` and `note` are listened to; of the inline tags only what stands in `hi`
    belongs to the segment, the others hold codes of another format.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.units: list[Unit] = []
        self.count = self.skipped = self.further = 0
        self.has_body = False
        # Whether the root element is open, and a unit in it.
        self.is_inside = self.is_in_unit = False
        self.langs: dict[str, Lang | None] = {}
        self.documents: dict[str, str] = {}
        # The text being read, and how many tags deep in codes.
        self.parts: list[str] = []
        self.is_in_text = False
        self.codes = 0
        # The unit being read.
        self.lang: Lang | None = None
        self.zh: Lang = "zh-Hans"
        self.src: str | None = None
        self.tgt: str | None = None
        self.type = self.note = ""
        self.props: dict[str, str] = {}
        self.is_further = False

    def attach(self, parser: XMLParserType) -> None:
        """Listens to a parser."""
        self.parser = parser
        parser.StartElementHandler = self._root
        parser.EndElementHandler = self._end

    def _root(self, tag: str, _attributes: dict[str, str]) -> None:
        if tag != "tmx":
            raise FormatError(f"{self.name} is not TMX, its root element is {shown(tag)}")
        self.is_inside = True
        self.parser.StartElementHandler = self._start

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        if self.is_in_text:
            if self.codes or tag != "hi":
                self.codes += 1
                self.parser.CharacterDataHandler = None
        elif tag in {"seg", "prop", "note"}:
            self.parts.clear()
            self.is_in_text = True
            self.type = attributes.get("type", "")
            self.parser.CharacterDataHandler = self.parts.append
        elif tag == "tuv":
            self.lang = self._lang(attributes.get("xml:lang") or attributes.get("lang", ""))
        elif tag == "tu":
            self._begin()
            self.is_in_unit = True
        elif tag == "body":
            self.has_body = True

    def _end(self, tag: str) -> None:
        if not self.is_in_text:
            if tag == "tu":
                self._unit()
                self.is_in_unit = False
            elif tag == "tmx":
                self.is_inside = False
            return
        if self.codes:
            self.codes -= 1
            if not self.codes:
                self.parser.CharacterDataHandler = self.parts.append
            return
        if tag == "hi":
            return
        self.is_in_text = False
        self.parser.CharacterDataHandler = None
        parts = self.parts
        text = parts[0] if len(parts) == 1 else "".join(parts)
        if tag == "seg":
            self._segment(text.strip())
        else:
            self._prop(tag, self.type, text)

    @property
    def is_between_units(self) -> bool:
        """Whether a unit may begin here; see `tmx_plain.Units`."""
        return self.is_inside and not self.is_in_unit and not self.is_in_text

    def plain(self, props: list[tuple[str, str, str]], *variants: tuple[str, str]) -> None:
        """A unit that was read without the parser; see `tmx_plain.Units`."""
        self._begin()
        for tag, kind, text in props:
            if tag == "prop":
                self.props[kind] = text
            else:
                self._prop(tag, kind, text)
        for code, text in variants:
            self.lang = self.langs[code] if code in self.langs else self._lang(code)
            self._segment(text.strip())
        self._unit()

    def _lang(self, code: str) -> Lang | None:
        if code not in self.langs:
            self.langs[code] = known_language(code)
        return self.langs[code]

    def _begin(self) -> None:
        self.src = self.tgt = None
        self.note = ""
        self.props.clear()
        self.is_further = False

    def _prop(self, tag: str, kind: str, text: str) -> None:
        if tag == "prop":
            self.props[kind] = text
        else:
            self.note = f"{self.note}\n{text}".strip()

    def _segment(self, text: str) -> None:
        if self.lang == "vi" and self.tgt is None:
            self.tgt = text
        elif self.lang and self.lang != "vi" and self.src is None:
            self.src, self.zh = text, self.lang
        elif self.lang:
            self.is_further = True

    def _unit(self) -> None:
        """Makes a unit of what its elements said; own props that cannot be are taken as not there."""
        self.further += self.is_further
        src, tgt, props = self.src, self.tgt, self.props
        if src is None or tgt is None:
            self.skipped += 1
            return
        try:
            confidence = float(props.get("x-confidence", 1))
        except ValueError:
            confidence = 1.0
        if not 0 <= confidence <= 1:
            confidence = 1.0
        status = _STATUSES.get(props.get("x-status", ""), "auto")
        document = props.get("x-document") or self.name
        # Thousands of units share their document's name: it is kept once.
        document = self.documents.setdefault(document, document)
        digest = stated_hash(props.get("x-hash", "")) or imported_hash(src, tgt)
        self.units.append(
            Unit(self.count, src, tgt, confidence, status, document, self.note, (), (), digest, self.zh)
        )
        self.count += 1
