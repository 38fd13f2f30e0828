"""Exports from the page, with the counts of what will be in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from aligner.formats import FORMATS, ExportOptions, Tally, write_bitexts
from aligner.formats.glossaries import GLOSSARY_FORMATS, load_glossary, write_glossary
from aligner.review.web import pages
from aligner.review.web.opened import OpenBitext
from aligner.review.web.sent import one_of
from aligner.review.web.workspace import Workspace
from aligner.terms.model import TermEntry

_GLOSSARY = {"tbx": "application/xml", "tsv": "text/tab-separated-values"}
"""Formats of the glossary that are offered, with their type."""
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
            glossary_formats=glossary_exports(request.app.state.workspace),
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


def glossary_exports(workspace: Workspace) -> list[tuple[str, int]]:
    """The formats of the glossary, each with how many entries it will hold; none without a glossary."""
    if workspace.glossary is None:
        return []
    entries = load_glossary(workspace.glossary)
    return [(name, len(_kept(entries, name))) for name in _GLOSSARY]


def _kept(entries: Sequence[TermEntry], name: str) -> list[TermEntry]:
    """What a format is given: what a person rejected goes into the sheet alone."""
    return [entry for entry in entries if name == "tsv" or entry.status != "rejected"]


def download_glossary(request: Request) -> Response:
    """The glossary as a file."""
    workspace: Workspace = request.app.state.workspace
    name = request.query_params.get("format", "")
    if name not in _GLOSSARY or workspace.glossary is None:
        raise HTTPException(404)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "glossary"
        write_glossary(_kept(load_glossary(workspace.glossary), name), name, path)
        data = path.read_bytes()
    disposition = f"attachment; filename*=UTF-8''{quote('glossary' + GLOSSARY_FORMATS[name])}"
    return Response(data, media_type=_GLOSSARY[name], headers={"content-disposition": disposition})


def _written(opened: OpenBitext, name: str, values: Mapping[str, str]) -> tuple[bytes, Tally]:
    direction: Any = one_of(values, "direction", ("zh-vi", "vi-zh"), "zh-vi")
    file = BytesIO()
    tally = write_bitexts([opened.session.current()], name, file, ExportOptions(direction=direction))
    return file.getvalue(), tally


def _of(request: Request) -> OpenBitext:
    found: OpenBitext | None = request.app.state.workspace.opened(request.path_params["number"])
    if found is None:
        raise HTTPException(404)
    return found
