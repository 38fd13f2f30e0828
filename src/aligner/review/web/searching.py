"""The concordance as a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aligner.errors import AlignerError
from aligner.review.web.messages import told
from aligner.review.web.rows import Piece, cut
from aligner.review.web.strings import Language
from aligner.review.web.workspace import Workspace
from aligner.search.concordance import Hit, Query, index_of, search

_SHOWN = 100


@dataclass(frozen=True, slots=True)
class ShownHit:
    """A hit with its texts cut at the marks, and the number of its bitext in the workspace."""

    hit: Hit
    src: list[Piece]
    tgt: list[Piece]
    number: int


def searched(workspace: Workspace, values: Mapping[str, str], language: Language) -> dict[str, Any]:
    """What the page of the concordance shows for a query."""
    query = Query(
        values.get("q", "").strip(),
        tuple(filter(None, [values.get("with", "").strip()])),
        tuple(filter(None, [values.get("without", "").strip()])),
        "regex" in values,
    )
    shown: list[ShownHit] = []
    problem, more = "", False
    paths = workspace.paths()
    if query.text:
        try:
            with index_of(workspace.index_folder, paths) as index:
                found = search(index, query, _SHOWN)
        except AlignerError as error:
            problem = told(error, language)
        else:
            numbers = {str(path): number for number, path in enumerate(paths)}
            more = found.more
            shown = [
                ShownHit(hit, cut(hit.src, hit.src_marks), cut(hit.tgt, hit.tgt_marks), numbers[hit.path])
                for hit in found.hits
            ]
    return {"query": query, "values": values, "hits": shown, "more": more, "problem": problem}
