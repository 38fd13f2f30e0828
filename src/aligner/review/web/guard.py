"""Who may ask: only the page that this server gave to the person who started it.

A page from elsewhere could make the browser send requests here, or make a name of its own point here. So
every request must name this server as its Host, come from its own pages, and carry the secret of the link,
which the browser keeps as a cookie once the link was opened. What changes anything must also say where it
comes from, and bear a header that pages from elsewhere cannot send.
"""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, QueryParams
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aligner.review.web.strings import preferred, strings

HEADER = "x-aligner"
_SAFE = {"GET", "HEAD"}
_HEADERS = {
    # Nothing but our own files; nothing written into a page runs, and no page may frame us.
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-store",
}


class Guard:
    """Lets through what the rules above allow, and adds the headers that bind the browser."""

    def __init__(self, app: ASGIApp, *, token: str, port: int) -> None:
        """Guards an application that is served on a port of 127.0.0.1."""
        self._app = app
        self._token = token
        self._hosts = {f"127.0.0.1:{port}", f"localhost:{port}"}
        # Cookies know no ports: two servers on one machine must not overwrite each other's.
        self._cookie = f"aligner-{port}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers, or passes the request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        app = refusal or self._app
        await app(scope, receive, _with_headers(send))

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if problem := self._foreign(headers, scope["method"]):
            return problem
        given = QueryParams(scope["query_string"]).get("token")
        if given is not None and scope["method"] == "GET" and self._is_token(given):
            return self._welcome(scope)
        if not self._is_token(_cookie(headers, self._cookie)):
            language = preferred(None, headers.get("accept-language", ""))
            return PlainTextResponse(strings(language)["forbidden"], 403)
        return None

    def _foreign(self, headers: Headers, method: str) -> Response | None:
        """The refusal of a request that does not come from our own pages."""
        host, origin = headers.get("host", ""), headers.get("origin")
        if host not in self._hosts:
            return PlainTextResponse("wrong host", 400)
        if origin is not None and origin != f"http://{host}":
            return PlainTextResponse("wrong origin", 403)
        if method in _SAFE:
            alien = headers.get("sec-fetch-site") in {"cross-site", "same-site"} and not _is_link(headers)
        else:
            alien = origin is None or HEADER not in headers
        return PlainTextResponse("not from this page", 403) if alien else None

    def _is_token(self, given: str) -> bool:
        return secrets.compare_digest(given.encode(), self._token.encode())

    def _welcome(self, scope: Scope) -> Response:
        """The token becomes a cookie and goes from the address, which may be seen and copied."""
        response = RedirectResponse(scope["path"], 303)
        response.set_cookie(self._cookie, self._token, httponly=True, samesite="lax", path="/")
        return response


def _is_link(headers: Headers) -> bool:
    """Whether a person opened an address, wherever they found it."""
    return headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"


def _cookie(headers: Headers, name: str) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


def _with_headers(send: Send) -> Callable[[Message], Awaitable[None]]:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            added = [(name.encode(), value.encode()) for name, value in _HEADERS.items()]
            message = {**message, "headers": [*message.get("headers", []), *added]}
        await send(message)

    return sending
