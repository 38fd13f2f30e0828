"""XLIFF 1.2, bilingual documents for translation tools: one `file` element for each document.

Written: the state of a target from its status: `needs-review-translation` where nobody said anything, `final`
and approved where a person accepted or edited it, with `x-accepted` or `x-edited` as its qualifier. Bead,
confidence and hash stand in a context group, which tools leave alone.

Read: `xliff_reader`, this version and 2.0.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO
from xml.sax.saxutils import escape, quoteattr

from aligner import __version__
from aligner.formats.options import ExportOptions
from aligner.formats.selection import Tally
from aligner.formats.units import Unit
from aligner.formats.xliff_reader import read_units

__all__ = ["read_units", "write_units"]

_START = """<?xml version="1.0" encoding="UTF-8"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
"""
_FILE = """<file original={document} source-language="{src}" target-language="{tgt}" datatype="plaintext">
<header><tool tool-id="aligner" tool-name="aligner" tool-version={version}/></header>
<body>
"""
_END_FILE = "</body>\n</file>\n"
_END = "</xliff>\n"
_UNIT = """<trans-unit id="{id}"{approved} xml:space="preserve">
<source>{src}</source>
<target state="{state}"{qualifier}>{tgt}</target>
{note}<context-group name="{id}" purpose="x-aligner"><context context-type="x-bead">{bead}</context>\
<context context-type="x-confidence">{confidence:.4f}</context>\
<context context-type="x-hash">{hash}</context></context-group>
</trans-unit>
"""


def write_units(units: Iterable[Unit], file: BinaryIO, options: ExportOptions, _tally: Tally) -> None:
    """Writes cleaned units, none with an empty side; constant memory.

    Units of one document that others part come in several `file` elements.
    """
    file.write(_START.encode())
    opened: tuple[str, str] | None = None
    for number, unit in enumerate(units):
        if opened != (unit.document, unit.lang):
            file.write(_END_FILE.encode() if opened else b"")
            file.write(_opening(unit, options).encode())
            opened = unit.document, unit.lang
        file.write(_written(unit, number).encode())
    if not opened:
        # A file must hold one `file` at least.
        file.write(_opening(Unit(0, "", ""), options).encode())
    file.write((_END_FILE + _END).encode())


def _opening(unit: Unit, options: ExportOptions) -> str:
    src, tgt = options.codes(unit.lang)
    version = quoteattr(options.tool_version or __version__)
    return _FILE.format(document=quoteattr(unit.document), src=src, tgt=tgt, version=version)


def _written(unit: Unit, number: int) -> str:
    is_final = unit.status in {"accepted", "edited"}
    return _UNIT.format(
        id=number,
        bead=unit.id,
        approved=' approved="yes"' if is_final else "",
        src=escape(unit.src),
        tgt=escape(unit.tgt),
        state="final" if is_final else "needs-review-translation",
        qualifier=f' state-qualifier="x-{unit.status}"' if is_final else "",
        note=f"<note>{escape(unit.note)}</note>\n" if unit.note else "",
        confidence=unit.confidence,
        hash=unit.hash,
    )
