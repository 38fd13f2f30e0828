"""Exports from the page, with the counts of what will be in them."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aligner.formats import FORMATS, ExportOptions, Tally, write_bitexts
from aligner.review.web import pages
from aligner.review.web.opened import OpenBitext

_OFFERED = {
    "tmx": (".tmx", "application/xml"),
    "tsv": (".tsv", "text/tab-separated-values"),
    "csv": (".csv", "text/csv"),
    "xlsx": (".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "html": (".html", "text/html"),
    "xliff": (".xlf", "application/xml"),
    "jsonl": (".jsonl", "application/jsonl"),
}
"""Formats offered where this program can write them, with the end of their names and their type."""


def offered() -> list[str]:
    """The formats that the page offers."""
    return [name for name in _OFFERED if name in FORMATS and not FORMATS[name].files]


def exports(request: Request) -> Response:
    """The panel of exports: each format with its counts."""
    opened = _of(request)
    tallies = [(name, *_written(opened, name, request.query_params)) for name in offered()]
    counted = [(name, tally.units, tally.left_out.total()) for name, _, tally in tallies]
    return Response(
        pages.fragment(
            request,
            "exports.html",
            formats=counted,
            glossary_formats=(),
            number=request.path_params["number"],
        ),
        media_type="text/html",
    )


def download(request: Request) -> Response:
    """An export as a file."""
    name = request.query_params.get("format", "")
    if name not in offered():
        raise HTTPException(404)
    opened = _of(request)
    data, _ = _written(opened, name, request.query_params)
    suffix, kind = _OFFERED[name]
    file = opened.path.name.removesuffix(".bitext.jsonl") + suffix
    # Never shown in the browser, whatever it holds.
    disposition = f"attachment; filename*=UTF-8''{quote(file)}"
    return Response(data, media_type=kind, headers={"content-disposition": disposition})


def _written(opened: OpenBitext, name: str, values: Mapping[str, str]) -> tuple[bytes, Tally]:
    direction: Any = "vi-zh" if values.get("direction") == "vi-zh" else "zh-vi"
    file = BytesIO()
    tally = write_bitexts([opened.session.current()], name, file, ExportOptions(direction=direction))
    return file.getvalue(), tally


def _of(request: Request) -> OpenBitext:
    found: OpenBitext | None = request.app.state.workspace.opened(request.path_params["number"])
    if found is None:
        raise HTTPException(404)
    return found
