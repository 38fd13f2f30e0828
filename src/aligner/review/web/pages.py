"""Pages from templates; whatever is put into one is escaped."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse

from aligner.reasons import number
from aligner.review.groups import Group
from aligner.review.view import SURE, is_decided
from aligner.review.web.messages import translated
from aligner.review.web.strings import LANGUAGES, NAMES, Language, preferred, strings


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(
        loader=PackageLoader("aligner.review.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["weight"] = number
    made.filters["signed"] = lambda weight: number(weight) if round(weight, 1) <= 0 else f"+{number(weight)}"
    return made


def language_of(request: Request) -> Language:
    """The language of the interface: chosen, or as the browser asks."""
    return preferred(request.cookies.get("aligner-language"), request.headers.get("accept-language", ""))


def fragment(request: Request, template: str, **values: Any) -> str:
    """A part of a page."""
    language = language_of(request)
    return (
        _environment()
        .get_template(template)
        .render(t=strings(language), lang=language, said=partial(translated, language=language), **values)
    )


def page(request: Request, template: str, **values: Any) -> HTMLResponse:
    """A whole page."""
    workspace = request.app.state.workspace
    return HTMLResponse(
        fragment(
            request,
            template,
            languages=[(name, NAMES[name]) for name in LANGUAGES],
            here=request.url.path + (f"?{request.url.query}" if request.url.query else ""),
            path=request.url.path,
            has_glossary=workspace.glossary is not None,
            **values,
        )
    )


def is_doubtful(group: Group) -> bool:
    """Whether nobody decided on a group and the machine is not sure of it."""
    return not is_decided(group) and group.confidence < SURE
