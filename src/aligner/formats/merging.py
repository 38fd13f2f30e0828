"""Merging into an existing memory: what it holds stays, what is new is added, and the differences are named.

    memory + units ──▶ the memory's units as they are, changed ones replaced, new ones at the end

A unit of ours that the memory does not know by its source text is new. One that it has from an earlier
export of the same bead (the same `x-hash`) with other texts is changed: ours replaces it. One whose source
it has with another target is a conflict: the memory's stays, for a person made it or has used it since. All
three are listed. The memory's own units keep everything: props, inline tags, dates, further languages.

The memory is read twice, first by the reader that refuses what is not safe, and never passed through as
bytes: its elements are written anew. Comments and processing instructions are left out.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from aligner.errors import FormatError
from aligner.formats import tmx
from aligner.formats.inputs import open_input
from aligner.formats.languages import known_language
from aligner.formats.options import ExportOptions
from aligner.formats.selection import Listed, Tally
from aligner.formats.units import Unit

if TYPE_CHECKING:
    from lxml.etree import _Element

_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"


def merge(units: Iterable[Unit], memory: Path, file: BinaryIO, options: ExportOptions, tally: Tally) -> None:
    """Writes a memory with units merged into it; holds the units, not the memory.

    Args:
        units: cleaned, one target for each source, in the direction of `options`.
        memory: a TMX file, packed or not.
        file: where to write.
        options: direction and codes.
        tally: takes what is new, changed and contradicts; its units become those written.

    Raises:
        FormatError: the memory is no TMX, or broken.
    """
    from lxml import etree

    with open_input(memory) as checked:
        count = tmx.count_units(checked, str(memory))
    merging = _Merging(units, options, tally)
    with open_input(memory) as raw:
        source = gzip.GzipFile(fileobj=raw) if raw.peek(2).startswith(b"\x1f\x8b") else raw
        with etree.xmlfile(file, encoding="utf-8") as out:
            out.write_declaration()
            out.write_doctype('<!DOCTYPE tmx SYSTEM "tmx14.dtd">')
            with out.element("tmx", version="1.4"):
                elements = _elements(cast("BinaryIO", source), str(memory))
                head = next(elements)
                out.write("\n", head if head.tag == "header" else tmx.header(options), "\n")
                with out.element("body"):
                    out.write("\n")
                    for element in elements if head.tag == "header" else _all(head, elements):
                        out.write(merging.kept(element), "\n")
                    for unit in merging.missing():
                        out.write(tmx.element(unit, options), "\n")
                out.write("\n")
    tally.units = count + merging.added


def _all(first: _Element, rest: Iterator[_Element]) -> Iterator[_Element]:
    yield first
    yield from rest


def _elements(file: BinaryIO, name: str) -> Iterator[_Element]:
    """The header and the units of a memory, one by one, forgotten afterwards."""
    from lxml import etree

    found = etree.iterparse(
        file, tag=("header", "tu"), events=("end",), resolve_entities=False, no_network=True, load_dtd=False,
        remove_comments=True, remove_pis=True, remove_blank_text=False,
    )  # fmt: skip
    try:
        for _, element in found:
            element.tail = None
            yield element
            parent = element.getparent()
            element.clear()
            while parent is not None and element.getprevious() is not None:
                del parent[0]
    except etree.XMLSyntaxError as error:
        raise FormatError(f"{name}: not well-formed XML ({error.msg})") from None


class _Merging:
    """Compares the units of a memory, as they come by, with ours."""

    def __init__(self, units: Iterable[Unit], options: ExportOptions, tally: Tally) -> None:
        self.options, self.tally = options, tally
        self.by_source = {unit.src: unit for unit in units}
        self.by_hash = {unit.hash: unit for unit in self.by_source.values() if unit.hash}
        self.done: set[str] = set()
        self.others: dict[str, str] = {}
        self.added = 0

    def kept(self, element: _Element) -> _Element:
        """What stands in the place of a unit: itself, or ours where that has changed."""
        texts = _texts(element)
        if texts is None:
            return element
        src, tgt = texts if self.options.direction == "zh-vi" else texts[::-1]
        digest = next((p.text for p in element.iter("prop") if p.get("type") == "x-hash"), None)
        ours = self.by_hash.get(digest or "")
        if ours is not None and ours.src not in self.done and (ours.src, ours.tgt) != (src, tgt):
            self._list("changed", ours, tgt)
            self.others.pop(ours.src, None)
            return tmx.element(ours, self.options)
        same = self.by_source.get(src)
        if same is not None:
            if same.tgt == tgt:
                self.done.add(src)
                self.others.pop(src, None)
            elif src not in self.done:
                self.others.setdefault(src, tgt)
        return element

    def missing(self) -> Iterator[Unit]:
        """Our units that the memory does not have, those that contradict it aside."""
        for src, tgt in self.others.items():
            self._list("conflict", self.by_source[src], tgt)
            self.tally.left_out["conflict"] += 1
        for unit in self.by_source.values():
            if unit.src not in self.done:
                self._list("new", unit, "")
                self.added += 1
                yield unit
        kinds = [listed.what for listed in self.tally.listed]
        counts = ", ".join(f"{kinds.count(what)} {what}" for what in ("new", "changed", "conflict"))
        self.tally.remarks.append(f"compared with the memory: {counts}")

    def _list(self, what: str, unit: Unit, other: str) -> None:
        self.done.add(unit.src)
        self.tally.listed.append(Listed(what, unit.src, unit.tgt, other, unit.document))


def _texts(element: _Element) -> tuple[str, str] | None:
    """The first Chinese and the first Vietnamese text of a unit, as `tmx.read_units` reads them."""
    found: dict[bool, str] = {}
    for variant in element.iter("tuv"):
        lang = known_language(variant.get(_XML_LANG) or variant.get("lang") or "")
        seg = variant.find("seg")
        if lang and seg is not None:
            found.setdefault(lang == "vi", _text(seg).strip())
    return (found[False], found[True]) if len(found) == len((False, True)) else None


def _text(element: Any) -> str:
    """The text of a segment; of inline elements that of `hi` alone, the others hold codes."""
    parts = [element.text or ""]
    for child in element:
        parts += [_text(child) if child.tag == "hi" else "", child.tail or ""]
    return "".join(parts)
