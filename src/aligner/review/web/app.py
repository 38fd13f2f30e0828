"""The routes of the editor.

Every answer about a bitext bears its version; every request that changes it names the version its page shows.
What is refused is answered with 400 and one line; what was asked of another state with 409.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeAlias

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request as WebRequest
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from aligner.errors import AlignerError
from aligner.review.session import StaleRequestError
from aligner.review.view import FILTERS, ORDERS, Look, counts, strip
from aligner.review.web import glossary, pages, why
from aligner.review.web.exports import download, download_glossary, exports
from aligner.review.web.messages import told, translated
from aligner.review.web.opened import OpenBitext
from aligner.review.web.rows import CHUNK, rows
from aligner.review.web.searching import searched
from aligner.review.web.sent import check_length, json_body, look_of, one_of, request_of, whole
from aligner.review.web.strings import LANGUAGES
from aligner.review.web.workspace import Workspace
from aligner.search.phrases import phrase

_CHUNKS = 12
"""Chunks that an answer holds at most; a page shows fewer."""

Answer: TypeAlias = Callable[[WebRequest], Response]


def application(workspace: Workspace) -> Starlette:
    """The editor of a workspace; to be served behind `guard.Guard`."""
    app = Starlette(
        routes=[
            Route("/", _plain(home)),
            Route("/open", open_files, methods=["POST"]),
            Route("/language", _plain(language)),
            Route("/search", _plain(search_page)),
            Route("/glossary", _plain(glossary.page)),
            Route("/glossary/entry", _plain(glossary.entry)),
            Route("/glossary/export", _plain(download_glossary)),
            Route("/glossary/do", _posted(glossary.do), methods=["POST"]),
            Route("/b/{number:int}/", _plain(editor)),
            Route("/b/{number:int}/state", _plain(state)),
            Route("/b/{number:int}/rows", _plain(chunk)),
            Route("/b/{number:int}/do", _posted(do), methods=["POST"]),
            Route("/b/{number:int}/check", _posted(check), methods=["POST"]),
            Route("/b/{number:int}/why", _plain(why_panel)),
            Route("/b/{number:int}/place", _plain(place)),
            Route("/b/{number:int}/exports", _plain(exports)),
            Route("/b/{number:int}/export", _plain(download)),
            Mount("/static", StaticFiles(directory=Path(__file__).parent / "static")),
        ],
        exception_handlers={HTTPException: _refused},
    )
    app.state.workspace = workspace
    return app


def _plain(answer: Answer) -> Callable[[WebRequest], Awaitable[Response]]:
    """A route that only reads, worked in a thread; errors of ours become one line."""

    async def route(request: WebRequest) -> Response:
        return await run_in_threadpool(_answered, answer, request)

    return route


def _posted(
    answer: Callable[[WebRequest, dict[str, Any]], Response],
) -> Callable[[WebRequest], Awaitable[Response]]:
    """A route that is sent a JSON object."""

    async def route(request: WebRequest) -> Response:
        body = await json_body(request)
        return await run_in_threadpool(_answered, lambda r: answer(r, body), request)

    return route


def _answered(answer: Answer, request: WebRequest) -> Response:
    try:
        return answer(request)
    except AlignerError as error:
        status = 409 if isinstance(error, StaleRequestError) else 400
        return _problem(request, told(error, pages.language_of(request)), status)


def _problem(request: WebRequest, problem: str, status: int) -> Response:
    """A refusal, as the script of our pages reads it, or as a person does who opened an address."""
    if "text/html" in request.headers.get("accept", ""):
        return PlainTextResponse(problem, status)
    return JSONResponse({"problem": problem}, status)


async def _refused(request: WebRequest, error: Exception) -> Response:
    """What no page of ours has asked for."""
    assert isinstance(error, HTTPException)  # noqa: S101 - it is called for no other
    problem = translated(error.detail, pages.language_of(request))
    return _problem(request, problem, error.status_code)


def _opened(request: WebRequest) -> OpenBitext:
    workspace: Workspace = request.app.state.workspace
    found = workspace.opened(request.path_params["number"])
    if found is None:
        raise HTTPException(404)
    return found


def home(request: WebRequest) -> Response:
    """The bitexts there are; the only one at once."""
    workspace: Workspace = request.app.state.workspace
    paths = workspace.paths()
    if len(paths) == 1 and "list" not in request.query_params:
        return RedirectResponse("/b/0/", 303)
    return pages.page(request, "home.html", documents=workspace.summaries())


def language(request: WebRequest) -> Response:
    """Keeps the language of the interface that was chosen."""
    chosen = one_of(request.query_params, "to", LANGUAGES, "")
    back = request.query_params.get("back", "/")
    response = RedirectResponse(
        back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/", 303
    )
    response.set_cookie("aligner-language", chosen, max_age=31_536_000, samesite="lax", httponly=True)
    return response


async def open_files(request: WebRequest) -> Response:
    """Takes one or two files that were opened or dropped in the page, and aligns them if need be."""
    check_length(request)
    async with request.form(max_files=2, max_fields=4) as form:
        sent = [
            (item.filename or "", await item.read())
            for _, item in form.multi_items()
            if not isinstance(item, str)
        ]
    workspace: Workspace = request.app.state.workspace

    def answer(_: WebRequest) -> Response:
        return JSONResponse({"address": f"/b/{workspace.take(sent)}/"})

    return await run_in_threadpool(_answered, answer, request)


def editor(request: WebRequest) -> Response:
    """The page of a bitext, its first rows in it."""
    opened = _opened(request)
    opened.session.refresh()
    look = look_of(request.query_params)
    with opened.session.reading():
        groups = opened.listing(look)
        first = rows(opened, groups, 0, _phrase(look))
        return pages.page(
            request,
            "editor.html",
            opened=opened,
            name=opened.path.name.removesuffix(".bitext.jsonl"),
            bitext=opened.session.bitext,
            rows=first,
            total=len(groups),
            chunk=CHUNK,
            look=look,
            orders=ORDERS,
            filters=FILTERS,
            state={**_state(opened, look), **_beside(request, opened)},
            number=request.path_params["number"],
        )


def _phrase(look: Look) -> Any:
    return phrase(look.text) if look.text.strip() else None


def _state(opened: OpenBitext, look: Look) -> dict[str, Any]:
    """What the page shows beside its rows; looks at every bead."""
    groups = opened.listing(look)
    return {
        **_brief(opened, look),
        "strip": strip(groups),
        "counts": counts(opened.session.draft),
        "notes": list(opened.session.notes()),
    }


def _brief(opened: OpenBitext, look: Look) -> dict[str, Any]:
    """As much of the state as an answer to an edit needs; the page asks for the rest when it has drawn."""
    session = opened.session
    known = session.history()
    return {
        "version": session.version,
        "total": len(opened.listing(look)),
        "undo": len(known.done),
        "redo": len(known.undone),
    }


def state(request: WebRequest) -> Response:
    """The state, after a look at the disk; just its version where the page knows it."""
    opened = _opened(request)
    opened.session.refresh()
    beside = _beside(request, opened)
    with opened.session.reading():
        if request.query_params.get("version") == opened.session.version:
            return JSONResponse({"version": opened.session.version, **beside})
        return JSONResponse({**_state(opened, look_of(request.query_params)), **beside})


def _beside(request: WebRequest, opened: OpenBitext) -> dict[str, Any]:
    """What goes on beside the page: other editors, and a realignment at work or done."""
    workspace: Workspace = request.app.state.workspace
    return {"elsewhere": workspace.elsewhere(opened), "job": _job(request, opened)}


def _job(request: WebRequest, opened: OpenBitext) -> dict[str, Any] | None:
    job = opened.job
    if job is None:
        return None
    problem = told(job.problem, pages.language_of(request)) if job.problem else ""
    return {**job.state(), "problem": problem}


def chunk(request: WebRequest) -> Response:
    """The rows of a chunk."""
    opened = _opened(request)
    look = look_of(request.query_params)
    number = whole(request.query_params, "chunk", 0)
    if number < 0:
        raise HTTPException(404)
    with opened.session.reading():
        html = _chunk(request, opened, look, number)
        return JSONResponse({"version": opened.session.version, "html": html})


def _chunk(request: WebRequest, opened: OpenBitext, look: Look, number: int) -> str:
    found = rows(opened, opened.listing(look), max(number, 0), _phrase(look))
    return pages.fragment(request, "rows.html", rows=found, bitext=opened.session.bitext)


def do(request: WebRequest, body: dict[str, Any]) -> Response:
    """Does what is asked; the answer holds the new state and the rows that the page shows."""
    opened = _opened(request)
    version, name = str(body.get("version")), str(body.get("name"))
    shown = body.get("look")
    look = look_of(shown if isinstance(shown, dict) else {})
    bead: int | None = whole(body, "bead", -1)
    done = True
    if name in {"undo", "redo"}:
        bead = opened.session.undo(version) if name == "undo" else opened.session.redo(version)
        done = bead is not None
    elif name in {"realign", "realign_all"}:
        done = opened.realign(bead if name == "realign" else None, version)
    elif name == "realign_stop":
        done = opened.stop()
    else:
        bead = opened.session.perform(request_of(body), version)
    with opened.session.reading():
        wanted = body.get("chunks")
        numbers = [n for n in wanted if type(n) is int][:_CHUNKS] if isinstance(wanted, list) else []
        html = {str(n): _chunk(request, opened, look, n) for n in numbers}
        answer = {"done": done, "bead": bead, "index": _index(opened, look, bead), "chunks": html}
        return JSONResponse({**answer, **_brief(opened, look), "job": _job(request, opened)})


def _index(opened: OpenBitext, look: Look, bead: int | None) -> int:
    """Where a bead stands in what is looked at; -1 where it does not."""
    group = opened.session.draft.numbered(bead) if bead is not None else None
    groups = opened.listing(look)
    return groups.index(group) if group is not None and group in groups else -1


def place(request: WebRequest) -> Response:
    """Where a bead stands in what is looked at, or the next doubtful one after a place."""
    opened = _opened(request)
    look = look_of(request.query_params)
    after = whole(request.query_params, "after", -2)
    with opened.session.reading():
        if after >= -1:
            letters = [*enumerate(opened.listing(look))][after + 1 :]
            found = next((at for at, group in letters if pages.is_doubtful(group)), -1)
        else:
            found = _index(opened, look, whole(request.query_params, "bead", -1))
        return JSONResponse({"version": opened.session.version, "index": found})


def check(request: WebRequest, _: dict[str, Any]) -> Response:
    """Checks the bitext as it stands."""
    found = _opened(request).check()
    return JSONResponse({"beads": len(found), "findings": sum(map(len, found.values()))})


def why_panel(request: WebRequest) -> Response:
    """Why a bead is a bead."""
    opened = _opened(request)
    found = opened.explain(whole(request.query_params, "bead", -1))
    src, tgt = why.words(found)
    return HTMLResponse(
        pages.fragment(
            request,
            "why.html",
            found=found,
            bars=why.waterfall(found.choice.evidence),
            width=why.WIDTH,
            src=src,
            tgt=tgt,
            pairs=why.pairs(found.links),
            runner_up=found.runner_up,
            differences=why.differences(found.runner_up.differences) if found.runner_up else [],
            shape=why.shape,
            long=opened.is_long,
        )
    )


def search_page(request: WebRequest) -> Response:
    """The concordance over all bitexts of the workspace."""
    workspace: Workspace = request.app.state.workspace
    return pages.page(
        request, "search.html", **searched(workspace, request.query_params, pages.language_of(request))
    )
