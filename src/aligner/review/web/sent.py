"""What pages send, checked: what they cannot have sent is refused with 400, what is too large with 413."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request as WebRequest

from aligner.review.cutting import Cursor
from aligner.review.operations import NAMES, Request
from aligner.review.view import FILTERS, ORDERS, Look

LARGEST_FILES = 200 * 1024 * 1024
"""Bytes of files dropped into the page at once."""
_LARGEST = 8 * 1024 * 1024
"""Bytes of anything else: the texts of a bead are far shorter."""
_DIGITS = 18


async def json_body(request: WebRequest) -> dict[str, Any]:
    """The JSON object that was sent.

    Raises:
        HTTPException: it is too large, or none.
    """
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size > LARGEST_FILES:
            raise HTTPException(413, "too large")
        # Read to its end even so: who is cut off while sending sees no answer.
        parts.append(part if size <= _LARGEST else b"")
    if size > _LARGEST:
        raise HTTPException(413, "too large")
    try:
        body = json.loads(b"".join(parts))
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise HTTPException(400, "not a JSON object")
    return body


def check_length(request: WebRequest) -> None:
    """Refuses files that are too large, or whose length is not told.

    Raises:
        HTTPException: so it is.
    """
    length = request.headers.get("content-length", "")
    if not length.isdecimal():
        raise HTTPException(411, "no length")
    if len(length) > _DIGITS or int(length) > LARGEST_FILES:
        raise HTTPException(413, "too large")


def look_of(values: Mapping[str, Any]) -> Look:
    """What is to be shown.

    Raises:
        HTTPException: there is no such order or filter.
    """
    order, only, text = values.get("order", "document"), values.get("only", "all"), values.get("text", "")
    if order not in ORDERS or only not in FILTERS or not isinstance(text, str):
        raise HTTPException(400, "no such order or filter")
    return Look(order, only, text)


def whole(values: Mapping[str, Any], name: str, otherwise: int) -> int:
    """A whole number that was sent by name.

    Raises:
        HTTPException: it is something else.
    """
    value = values.get(name)
    if value is None:
        return otherwise
    if type(value) is int:
        return value
    if type(value) is str and len(value) <= _DIGITS and value.removeprefix("-").isdecimal():
        return int(value)
    raise HTTPException(400, f"{name} is no whole number")


def one_of(values: Mapping[str, Any], name: str, known: tuple[str, ...], otherwise: str) -> str:
    """One of some words, sent by name.

    Raises:
        HTTPException: it is another one.
    """
    value = values.get(name, otherwise)
    if value not in known:
        raise HTTPException(400, f"{name} is none of {', '.join(known)}")
    return str(value)


def request_of(body: Mapping[str, Any]) -> Request:
    """What is asked for.

    Raises:
        HTTPException: it is no request.
    """
    texts, note = body.get("texts", [[], []]), body.get("note", "")
    match texts:
        case [list(src), list(tgt)] if all(type(text) is str for text in (*src, *tgt)):
            pass
        case _:
            raise HTTPException(400, "no texts")
    if type(note) is not str:
        raise HTTPException(400, "no note")
    name: Any = one_of(body, "name", NAMES, "")
    return Request(
        name,
        whole(body, "bead", -1),
        1 if whole(body, "side", 0) == 1 else 0,
        whole(body, "at", 0),
        (tuple(src), tuple(tgt)),
        note,
        _cursors(body.get("cursors")),
    )


def _cursors(value: object) -> tuple[Cursor, Cursor] | None:
    match value:
        case None:
            return None
        case [[int(zh), int(zh_at)], [int(vi), int(vi_at)]]:
            return (zh, zh_at), (vi, vi_at)
    raise HTTPException(400, "no cursors")
