"""How much of a document is too much: what protects the program from bombs, and its user from waiting."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What holds for a document. The defaults admit a work of many volumes, and no bomb.

    Attributes:
        size: bytes of a file.
        expanded: bytes that the parts of a container that are read may come to together; pictures are not
            read and do not count.
        ratio: how many times its packed size a part may be, from a megabyte on. Text packs to a tenth, sheets
            of repeated cells to a hundredth, nothing but repetition to a thousandth.
        members: files in a container.
        pages: pages of a PDF.
    """

    size: int = 1024 * MEGABYTE
    expanded: int = 256 * MEGABYTE
    ratio: int = 200
    members: int = 20_000
    pages: int = 5_000


LIMITS: ContextVar[Limits] = ContextVar("LIMITS", default=Limits())  # noqa: B039 - it is frozen
"""What holds for the documents read now; `documents.read` sets it."""

REMEDY = "read it in parts, or allow more with --max-size (from Python: limits=Limits(…))"


def raised(megabytes: int) -> Limits:
    """The limits of who expects documents of so many megabytes, packed or not, however well they pack.

    Files in a container and pages grow in proportion; nothing falls below what holds by default but the size.
    """
    usual = Limits()
    factor = max(1.0, megabytes * MEGABYTE / usual.expanded)
    return Limits(
        size=megabytes * MEGABYTE,
        expanded=megabytes * MEGABYTE,
        ratio=sys.maxsize,
        members=int(usual.members * factor),
        pages=int(usual.pages * factor),
    )


@contextmanager
def limited(limits: Limits | None) -> Iterator[None]:
    """Within this context the limits hold; None leaves them as they are."""
    token = LIMITS.set(limits) if limits else None
    try:
        yield
    finally:
        if token:
            LIMITS.reset(token)
