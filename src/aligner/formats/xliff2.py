"""XLIFF 2.0: one `file` element for each document, one unit of one segment for each bead.

Written: the state of a segment from its status: `translated` where nobody said anything, `final` where a
person accepted or edited it, with `aligner:accepted` or `aligner:edited` as its sub-state. Bead, confidence
and hash are metadata (the module of the same name).

Read: `xliff_reader`, this version and 1.2.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

from aligner.formats.options import ExportOptions
from aligner.formats.selection import Tally
from aligner.formats.units import Unit
from aligner.formats.xliff_reader import read_units

__all__ = ["read_units", "write_units"]

_START = """<?xml version="1.0" encoding="UTF-8"?>
<xliff version="2.0" xmlns="urn:oasis:names:tc:xliff:document:2.0"\
 xmlns:mda="urn:oasis:names:tc:xliff:metadata:2.0" srcLang="{src}" trgLang="{tgt}">
"""
_FILE = '<file id="f{number}" original={document}>\n'
_END_FILE = "</file>\n"
_END = "</xliff>\n"
_UNIT = """<unit id="u{number}" xml:space="preserve">
<mda:metadata><mda:metaGroup category="aligner"><mda:meta type="bead">{bead}</mda:meta>\
<mda:meta type="confidence">{confidence:.4f}</mda:meta><mda:meta type="hash">{hash}</mda:meta>\
</mda:metaGroup></mda:metadata>
{note}<segment state="{state}"{sub}>
<source>{src}</source>
<target>{tgt}</target>
</segment>
</unit>
"""


def write_units(units: Iterable[Unit], file: BinaryIO, options: ExportOptions, tally: Tally) -> None:
    """Writes cleaned units, none with an empty side; constant memory.

    The format has one pair of languages a file: those of the first unit. A remark tells of documents in
    simplified and traditional characters together.
    """
    opened: str | None = None
    files = 0
    codes: tuple[str, str] | None = None
    mixed = False
    for number, unit in enumerate(units):
        if codes is None:
            codes = options.codes(unit.lang)
            file.write(_START.format(src=codes[0], tgt=codes[1]).encode())
        mixed = mixed or options.codes(unit.lang) != codes
        if opened != unit.document:
            file.write(_END_FILE.encode() if files else b"")
            files += 1
            file.write(_FILE.format(number=files, document=quoteattr(unit.document)).encode())
            opened = unit.document
        file.write(_written(unit, number).encode())
    if codes is None:
        src, tgt = options.codes("zh-Hans")
        # A file must hold a unit at least; this one says nothing.
        empty = '<file id="f1">\n<unit id="u0"><segment><source/></segment></unit>\n'
        file.write((_START.format(src=src, tgt=tgt) + empty).encode())
    file.write((_END_FILE + _END).encode())
    if mixed:
        tally.remarks.append("simplified and traditional Chinese stand in one file under one language code")


def _written(unit: Unit, number: int) -> str:
    is_final = unit.status in {"accepted", "edited"}
    return _UNIT.format(
        number=number,
        bead=unit.id,
        confidence=unit.confidence,
        hash=unit.hash,
        note=f"<notes><note>{escape(unit.note)}</note></notes>\n" if unit.note else "",
        state="final" if is_final else "translated",
        sub=f' subState="aligner:{unit.status}"' if is_final else "",
        src=escape(unit.src),
        tgt=escape(unit.tgt),
    )
