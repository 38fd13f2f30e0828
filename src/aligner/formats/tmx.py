"""TMX 1.4b, the exchange format of translation memories: one bilingual file for each direction.

Written: one source and one target a unit, props `x-confidence`, `x-status`, `x-document` and `x-hash`, the
bead's note. No dates unless asked for: the same bitext gives the same bytes. Texts are not normalised, for
a CAT tool compares them with its document as it is.

Read: whatever tools write: `lang` for `xml:lang`, `zh_CN`, further languages, inline tags, a missing
header or `srclang`, UTF-16, gzip. The languages are taken from the variants alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING, BinaryIO

from aligner import __version__
from aligner.errors import FormatError
from aligner.formats.options import ExportOptions
from aligner.formats.rows import with_hash
from aligner.formats.safe_xml import XmlFile, text_of
from aligner.formats.selection import Tally
from aligner.formats.units import Unit
from aligner.model import STATUSES, Lang, Status

if TYPE_CHECKING:
    from lxml.etree import _Element

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
# Trados's cloud refuses more characters a side.
_LONG = 2000
_TRADITIONAL = {"hant", "tw", "hk", "mo"}


def write_units(units: Iterable[Unit], file: BinaryIO, options: ExportOptions, tally: Tally) -> None:
    """Writes cleaned units, none with an empty side; constant memory.

    The header's language is that of the first unit. A remark tells how many texts are longer than some
    tools take.
    """
    from lxml import etree

    rest = iter(units)
    first = next(rest, None)
    lang: Lang = first.lang if first else "zh-Hans"
    shapes: dict[tuple[bool | str, ...], _Shape] = {}
    long = 0
    file.write(b'<?xml version="1.0" encoding="UTF-8"?>\n')
    with etree.xmlfile(file, encoding="UTF-8") as xml:
        xml.write_doctype('<!DOCTYPE tmx SYSTEM "tmx14.dtd">')
        with xml.element("tmx", version="1.4"):
            xml.write("\n", _header(options, lang), "\n")
            with xml.element("body"):
                xml.write("\n")
                for unit in chain([first] if first else [], rest):
                    key = (unit.lang, unit.note == "", unit.document == "", unit.context is None)
                    shape = shapes.get(key)
                    if shape is None:
                        shape = shapes[key] = _Shape(unit, options, lang)
                    xml.write(shape.filled(unit))
                    long += len(unit.src) > _LONG or len(unit.tgt) > _LONG
            xml.write("\n")
    file.write(b"\n")
    if long:
        tally.remarks.append(f"{long} units are longer than the {_LONG} characters a side that Trados takes")


def _header(options: ExportOptions, lang: Lang) -> _Element:
    from lxml import etree

    header = etree.Element(
        "header",
        creationtool="aligner",
        creationtoolversion=options.tool_version or __version__,
        segtype="sentence",
        datatype="plaintext",
        adminlang="en",
        srclang=options.code(lang if options.direction == "zh-vi" else "vi"),
    )
    header.set("o-tmf", "aligner-bitext")
    if options.date:
        header.set("creationdate", options.date)
    return header


class _Shape:
    """A `tu` element that is filled and written over and over: building one for each unit costs far more."""

    def __init__(self, unit: Unit, options: ExportOptions, header_lang: Lang) -> None:
        from lxml import etree

        langs: tuple[Lang, Lang] = (unit.lang, "vi") if options.direction == "zh-vi" else ("vi", unit.lang)
        self.tu = etree.Element("tu")
        if langs[0] != "vi" and options.code(langs[0]) != options.code(header_lang):
            self.tu.set("srclang", options.code(langs[0]))
        self.note = etree.SubElement(self.tu, "note") if unit.note else None
        self.confidence = self._prop(self.tu, "x-confidence")
        self.status = self._prop(self.tu, "x-status")
        self.document = self._prop(self.tu, "x-document") if unit.document else None
        self.hash = self._prop(self.tu, "x-hash")
        variants = [etree.SubElement(self.tu, "tuv") for _ in langs]
        for variant, lang in zip(variants, langs, strict=True):
            variant.set(_XML_LANG, options.code(lang))
        self.context: tuple[_Element, ...] = ()
        if unit.context is not None:
            names = ("x-context-pre", "x-context-post")
            self.context = tuple(self._prop(variants[0], name) for name in names)
        self.src, self.tgt = [etree.SubElement(variant, "seg") for variant in variants]
        for element in (self.tu, *self.tu):
            element.tail = "\n"

    @staticmethod
    def _prop(parent: _Element, name: str) -> _Element:
        from lxml import etree

        return etree.SubElement(parent, "prop", type=name)

    def filled(self, unit: Unit) -> _Element:
        """The element, with this unit in it."""
        if self.note is not None:
            self.note.text = unit.note
        self.confidence.text = f"{unit.confidence:.4f}"
        self.status.text = unit.status
        if self.document is not None:
            self.document.text = unit.document
        self.hash.text = unit.hash
        if unit.context is not None:
            for element, text in zip(self.context, unit.context, strict=True):
                element.text = text
        self.src.text = unit.src
        self.tgt.text = unit.tgt
        return self.tu


def read_units(file: BinaryIO, name: str, tally: Tally) -> Iterator[Unit]:
    """The units of a memory that have a Chinese and a Vietnamese text, zh first; constant memory.

    Of several variants in one language the first is read. Remarks tell what was passed over.

    Raises:
        FormatError: it is no TMX, is broken, declares entities, or has units but none in both languages.
    """
    xml = XmlFile(file, name)
    if xml.root.name != "tmx":
        raise FormatError(f"{name} is not TMX, its root element is <{xml.root.name}>")
    reader = _Reader(xml)
    count = skipped = 0
    for tu in xml.elements("tu"):
        unit = reader.unit(tu, count)
        if unit is None:
            skipped += 1
        else:
            count += 1
            yield unit
    if skipped and not count:
        found = ", ".join(sorted(reader.codes)) or "none"
        raise FormatError(f"{name} has no unit in both Chinese and Vietnamese (languages found: {found})")
    if skipped:
        tally.remarks.append(f"{name}: {skipped} units without both Chinese and Vietnamese were passed over")
    if reader.further:
        tally.remarks.append(f"{name}: of {reader.further} units only the first variant a language was read")


class _Reader:
    """Turns the `tu` elements of one file into units."""

    def __init__(self, xml: XmlFile) -> None:
        self.name = xml.name
        self.tuv, self.seg, self.prop, self.note, self.hi = [
            xml.root.tag(name) for name in ("tuv", "seg", "prop", "note", "hi")
        ]
        self.codes: set[str] = set()
        self.further = 0

    def unit(self, tu: _Element, number: int) -> Unit | None:
        """The unit; None where it lacks a variant in one of the languages."""
        texts: dict[str, str] = {}
        props: dict[str, str] = {}
        zh: Lang = "zh-Hans"
        further = False
        for child in tu:
            tag = child.tag
            if tag == self.tuv:
                code = child.get(_XML_LANG) or child.get("lang") or ""
                self.codes.add(code)
                lang = _language(code)
                if lang is None:
                    continue
                side = "vi" if lang == "vi" else "zh"
                if side in texts:
                    further = True
                    continue
                texts[side] = self._segment(child)
                if side == "zh":
                    zh = lang
            elif tag == self.prop:
                props[child.get("type", "")] = self._text(child)
            elif tag == self.note:
                props["note"] = "\n".join(filter(None, (props.get("note"), self._text(child))))
        self.further += further
        if len(texts) < 2:  # noqa: PLR2004 - a pair
            return None
        props.setdefault("x-document", self.name)
        return _unit(number, texts["zh"], texts["vi"], zh, props)

    def _segment(self, variant: _Element) -> str:
        for child in variant:
            if child.tag == self.seg:
                return self._text(child)
        return ""

    def _text(self, element: _Element) -> str:
        # Of the inline tags only <hi> holds text of the segment; the others hold codes of another format.
        return text_of(element, self.hi, self.name).strip()


def _unit(number: int, zh: str, vi: str, lang: Lang, props: dict[str, str]) -> Unit:
    """A unit from what its elements say; own props that cannot be are taken as not there."""
    confidence = 1.0
    if "x-confidence" in props:
        try:
            stated = float(props["x-confidence"])
        except ValueError:
            stated = -1.0
        confidence = stated if 0 <= stated <= 1 else 1.0
    status = props.get("x-status", "auto")
    known: Status = status if status in STATUSES else "auto"
    document, note = props["x-document"], props.get("note", "")
    return with_hash(
        Unit(number, zh, vi, confidence, known, document, note, hash=props.get("x-hash", ""), lang=lang)
    )


@lru_cache(maxsize=256)
def _language(code: str) -> Lang | None:
    """Our language for a code as tools write it: `zh`, `zh-CN`, `zh_TW`, `cmn-Hans-CN`, `VI`, `vie`."""
    main, *rest = code.replace("_", "-").lower().split("-")
    if main in {"vi", "vie"}:
        return "vi"
    if main in {"zh", "zho", "chi", "cmn"}:
        return "zh-Hant" if _TRADITIONAL & set(rest) and "hans" not in rest else "zh-Hans"
    return None
