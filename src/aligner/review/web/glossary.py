"""The term base as a page: entries, the places where they stand, and what a person decides about them.

The term base is read for every request and written as a whole; a request names the state that it saw, so
what somebody else wrote meanwhile is never lost.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, cast

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from aligner.errors import UsageError
from aligner.review.glossary import Since, since_run, steps, take, taken_back
from aligner.review.lock import writing
from aligner.review.session import StaleRequestError
from aligner.review.web import pages
from aligner.review.web.rows import Piece, cut
from aligner.review.web.sent import one_of
from aligner.review.web.workspace import Workspace
from aligner.search.concordance import Hit, Query, index_of, search
from aligner.termbase import TermBase, open_base
from aligner.terms.model import CATEGORIES, ENTRY_STATUSES, TermEntry

_CONTEXTS = 200
_writing = Lock()


@dataclass(frozen=True, slots=True)
class Context:
    """A bead in which an entry stands, with its forms marked on both sides."""

    hit: Hit
    src: list[Piece]
    tgt: list[Piece]
    number: int


def _path(request: Request) -> Path:
    workspace: Workspace = request.app.state.workspace
    if workspace.glossary is None:
        raise HTTPException(404)
    return workspace.glossary


def _version(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


def page(request: Request) -> Response:
    """The entries, by status or only those that changed since the last run."""
    workspace: Workspace = request.app.state.workspace
    only = one_of(request.query_params, "only", ("all", "new", "changed", *ENTRY_STATUSES), "all")
    if workspace.glossary is None:
        return pages.page(
            request, "glossary.html", entries=None, only=only, version="", statuses=ENTRY_STATUSES
        )
    base = open_base(workspace.glossary)
    since = since_run(base)
    chosen = [entry for entry in base.entries if _shown(entry, only, since)]
    known = steps(workspace.glossary)
    return pages.page(
        request,
        "glossary.html",
        entries=chosen,
        since=since,
        new=sum(entry.id in since.new for entry in base.entries),
        undo=len(known.done),
        redo=len(known.undone),
        only=only,
        version=_version(workspace.glossary),
        statuses=ENTRY_STATUSES,
    )


def _shown(entry: TermEntry, only: str, since: Since) -> bool:
    if only == "changed":
        return entry.id in since.changed
    if only == "new":
        return entry.id in since.new
    return only not in ENTRY_STATUSES or entry.status == only


def entry(request: Request) -> Response:
    """An entry with all its contexts."""
    path = _path(request)
    base = open_base(path)
    found = _entry(base, request.query_params.get("id", ""))
    html = pages.fragment(
        request,
        "entry.html",
        entry=found,
        contexts=list(_contexts(request, found)),
        categories=CATEGORIES,
        others=[other for other in base.entries if other.id != found.id and _akin(other, found)],
        changed=found.id in since_run(base).changed,
        version=_version(path),
    )
    return Response(html, media_type="text/html")


def _akin(other: TermEntry, one: TermEntry) -> bool:
    """Whether two entries could be one concept: they share a form in either language."""
    return bool(other.keys[0] & one.keys[0] or other.keys[1] & one.keys[1])


def _entry(base: TermBase, name: str) -> TermEntry:
    for found in base.entries:
        if found.id == name:
            return found
    raise UsageError("there is no such entry any more")


def _contexts(request: Request, one: TermEntry) -> Iterator[Context]:
    """The beads where a Chinese form of an entry stands, those with its Vietnamese first."""
    workspace: Workspace = request.app.state.workspace
    paths = workspace.paths()
    numbers = {str(path): number for number, path in enumerate(paths)}
    hits: dict[tuple[str, int], Hit] = {}
    with index_of(workspace.index_folder, paths) as index:
        for zh in (one.zh, *one.zh_variants):
            for vi in (one.vi, *one.vi_variants):
                for hit in search(index, Query(zh, (vi,)), _CONTEXTS).hits:
                    hits.setdefault((hit.path, hit.bead), hit)
        for zh in (one.zh, *one.zh_variants):
            for hit in search(index, Query(zh), _CONTEXTS).hits:
                hits.setdefault((hit.path, hit.bead), hit)
    for hit in list(hits.values())[:_CONTEXTS]:
        yield Context(hit, cut(hit.src, hit.src_marks), cut(hit.tgt, hit.tgt_marks), numbers[hit.path])


def do(request: Request, body: dict[str, Any]) -> Response:
    """Does what a person decides about an entry: status, edit, merge, add; or takes the last of it back."""
    path = _path(request)
    name = str(body.get("name"))
    with _writing, writing(path):
        base = open_base(path)
        if name != "add" and body.get("version") != _version(path):
            raise StaleRequestError("the glossary was changed elsewhere", "look again, then decide")
        if name in {"undo", "redo"}:
            return JSONResponse(_back(base, name, path))
        entries, one = _changed(base, body)
        take(base, entries, name)
        return JSONResponse({"done": True, "id": one, "version": _version(path)})


def _back(base: TermBase, name: str, path: Path) -> dict[str, Any]:
    """Takes the last step back, or brings back the last one taken back; the answer to it."""
    known = steps(path)
    last = (known.done if name == "undo" else known.undone)[-1:]
    if not last:
        return {"done": False, "id": "", "version": _version(path)}
    (step,) = last
    take(base, taken_back(base.entries, step), "undo", step.time)
    return {"done": True, "id": step.changes[0].id if step.changes else "", "version": _version(path)}


def _changed(base: TermBase, body: dict[str, Any]) -> tuple[list[TermEntry], str]:
    """All entries after what was asked, and the id of the one to show."""
    entries = list(base.entries)
    name = str(body.get("name"))
    if name == "add":
        made = _added(entries, str(body.get("zh", "")).strip(), str(body.get("vi", "")).strip())
        return [*entries, made], made.id
    one = _entry(base, str(body.get("id")))
    if name in ENTRY_STATUSES:
        changed = one.replace(status=name)
    elif name == "edit":
        changed = _edited(one, body)
    elif name == "merge":
        other = _entry(base, str(body.get("into")))
        entries = [entry for entry in entries if entry.id != one.id]
        one, changed = other, _merged(other, one)
    else:
        raise HTTPException(400)
    if any(entry.key == changed.key for entry in entries if entry.id != one.id):
        raise UsageError(f"{changed.zh} ↔ {changed.vi} is there already", "merge the two")
    return [changed if entry.id == one.id else entry for entry in entries], changed.id


def _added(entries: Sequence[TermEntry], zh: str, vi: str) -> TermEntry:
    from aligner.terms.model import entry_id

    if not (zh and vi):
        raise UsageError("a term needs a form in both languages", "select a word on either side")
    made = TermEntry(zh, vi, status="approved", confidence=1.0, id=entry_id(zh, vi))
    if any(entry.key == made.key or entry.id == made.id for entry in entries):
        raise UsageError(f"{zh} ↔ {vi} is there already")
    return made


def _edited(one: TermEntry, body: dict[str, Any]) -> TermEntry:
    zh, vi = str(body.get("zh", "")).strip(), str(body.get("vi", "")).strip()
    category = body.get("category")
    if not (zh and vi):
        raise UsageError("a term needs a form in both languages")
    if category not in CATEGORIES:
        raise HTTPException(400)
    return one.replace(
        zh=zh,
        vi=vi,
        zh_variants=_forms(body.get("zh_variants"), zh),
        vi_variants=_forms(body.get("vi_variants"), vi),
        category=cast("Any", category),
        note=" ".join(str(body.get("note", "")).split()),
    )


def _forms(text: object, preferred: str) -> tuple[str, ...]:
    forms = (form.strip() for form in str(text or "").split("|"))
    return tuple(dict.fromkeys(form for form in forms if form and form != preferred))


def _merged(kept: TermEntry, other: TermEntry) -> TermEntry:
    """An entry with the forms and places of another."""
    zh = dict.fromkeys((*kept.zh_variants, other.zh, *other.zh_variants))
    vi = dict.fromkeys((*kept.vi_variants, other.vi, *other.vi_variants))
    return kept.replace(
        zh_variants=tuple(form for form in zh if form != kept.zh),
        vi_variants=tuple(form for form in vi if form != kept.vi),
        frequency=kept.frequency + other.frequency,
        beads=" ".join(filter(None, (kept.beads, other.beads))),
        note="; ".join(filter(None, dict.fromkeys((kept.note, other.note)))),
        occurrences=tuple(dict.fromkeys((*kept.occurrences, *other.occurrences))),
    )
