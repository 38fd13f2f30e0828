"""HTML: the beads side by side on one page that needs nothing beside it, for reading and for paper.

Nothing is loaded and nothing runs: style stands in the page, there are no scripts, and its policy forbids
both. A bar beside a bead shows its confidence by length and colour, the figure stands beside it, so that a
print without colours says the same. Written only.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import PurePath
from typing import BinaryIO

from aligner.formats.options import ExportOptions
from aligner.formats.selection import Tally
from aligner.formats.units import Unit

_STYLE = """
:root { color-scheme: light; }
body { margin: 2rem auto; max-width: 72rem; padding: 0 1rem; color: #1b1b1b; background: #fff;
  font: 16px/1.55 "Noto Sans", "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
h1 { font-size: 1.35rem; margin: 2rem 0 .75rem; overflow-wrap: anywhere; }
p.legend { color: #555; font-size: .85rem; margin: 0 0 1rem; }
table { width: 100%; border-collapse: collapse; table-layout: fixed; }
col.number { width: 3.2rem; } col.sure { width: 6.4rem; }
th { text-align: left; font-size: .8rem; color: #555; border-bottom: 2px solid #888; padding: .3rem .6rem; }
td { vertical-align: top; border-bottom: 1px solid #ddd; padding: .45rem .6rem; overflow-wrap: anywhere; }
td.number, td.sure { font-size: .8rem; color: #555;
  font-variant-numeric: tabular-nums; white-space: nowrap; }
[lang|=zh] { font-family: "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei",
  sans-serif; }
[lang=zh-TW] { font-family: "Noto Sans CJK TC", "Source Han Sans TC", "PingFang TC", "Microsoft JhengHei",
  sans-serif; }
.bar { display: block; width: 4rem; height: .3rem; margin-top: .3rem; background: #e4e4e4; }
.bar i { display: block; height: 100%; background: #2c7a4b; }
.doubtful .bar i { background: #c98a00; } .unlikely .bar i { background: #b3261e; }
.doubtful td { background: #fffaf0; } .unlikely td { background: #fdf1ef; }
.null td.text:empty::after { content: "—"; color: #999; }
.rejected td.text { text-decoration: line-through; color: #777; }
.status { display: block; } .note { display: block; margin-top: .3rem; font-size: .85rem; color: #555; }
@media print {
  @page { margin: 15mm 12mm; }
  body { margin: 0; max-width: none; padding: 0; font-size: 10pt; }
  h1 { font-size: 13pt; break-after: avoid; }
  thead { display: table-header-group; } tr { break-inside: avoid; }
  .doubtful td, .unlikely td { background: none; }
  .bar, .bar i { -webkit-print-color-adjust: exact; print-color-adjust: exact; }
}
"""
_START = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="aligner">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
"""
_TABLE = """<h1>{title}</h1>
<table>
<colgroup><col class="number"><col><col><col class="sure"></colgroup>
<thead><tr><th scope="col">No.</th><th scope="col">{src}</th><th scope="col">{tgt}</th>\
<th scope="col">Confidence</th></tr></thead>
<tbody>
"""
_END_TABLE = "</tbody>\n</table>\n"
_LEGEND = (
    '<p class="legend">{units} beads. The bar shows the confidence that a bead is right; below {doubtful:g}'
    " it is yellow, below {unlikely:g} red. A dash stands for text without counterpart.</p>\n"
)
_END = "</body>\n</html>\n"
_ROW = """<tr{kind}><td class="number">{id}</td><td class="text" lang="{src_code}">{src}</td>\
<td class="text" lang="{tgt_code}">{tgt}</td><td class="sure">{confidence:.2f}\
<span class="bar"><i style="width:{percent:.0f}%"></i></span>{status}</td></tr>
"""
_NAMES = {"zh": "中文", "vi": "Tiếng Việt"}
_DOUBTFUL, _UNLIKELY = 0.9, 0.5


def write_units(units: Iterable[Unit], file: BinaryIO, options: ExportOptions, tally: Tally) -> None:
    """Writes cleaned units, null and rejected beads among them, a table for each document."""
    opened: str | None = None
    heads = (_NAMES["zh"], _NAMES["vi"]) if options.direction == "zh-vi" else (_NAMES["vi"], _NAMES["zh"])
    for unit in units:
        if opened is None:
            file.write(_START.format(title=escape(_title(unit.document)), style=_STYLE).encode())
        if unit.document != opened:
            file.write(_END_TABLE.encode() if opened is not None else b"")
            title = escape(_title(unit.document))
            file.write(_TABLE.format(title=title, src=heads[0], tgt=heads[1]).encode())
            opened = unit.document
        file.write(_row(unit, options).encode())
    if opened is None:
        file.write(_START.format(title="aligner", style=_STYLE).encode())
    else:
        file.write(_END_TABLE.encode())
    legend = _LEGEND.format(units=tally.units, doubtful=_DOUBTFUL, unlikely=_UNLIKELY)
    file.write((legend + _END).encode())


def _title(document: str) -> str:
    """The names of a document's files without their folders."""
    names = [PurePath(path).name for path in document.split(" | ")]
    return " · ".join(filter(None, names)) or "Bitext"


def _row(unit: Unit, options: ExportOptions) -> str:
    src_code, tgt_code = options.codes(unit.lang)
    by_person = unit.status in {"accepted", "edited"}
    kinds = [
        "null" if not (unit.src and unit.tgt) else "",
        "rejected" if unit.status == "rejected" else "",
        "" if by_person or unit.confidence >= _DOUBTFUL
        else "doubtful" if unit.confidence >= _UNLIKELY else "unlikely",
    ]  # fmt: skip
    kind = " ".join(filter(None, kinds))
    said = f'<span class="status">{unit.status}</span>' if unit.status != "auto" else ""
    note = f'<span class="note">{escape(unit.note)}</span>' if unit.note else ""
    return _ROW.format(
        kind=f' class="{kind}"' if kind else "",
        id=unit.id,
        src_code=src_code,
        tgt_code=tgt_code,
        src=escape(unit.src),
        tgt=escape(unit.tgt) + note,
        confidence=unit.confidence,
        percent=100 * unit.confidence,
        status=said,
    )
