"""What a reader makes of a file: its text and its blocks.

A reader is a module with `read_content(data, *, path, encoding) -> Content`; `documents.READERS` says
which suffix it reads. A format that is not itself text (a Word file) makes its own text, one block a
line, and offsets refer to that.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from aligner.model import Block


@dataclass(frozen=True, slots=True)
class Content:
    """A file as read.

    Attributes:
        text: what offsets refer to.
        blocks: in order, not overlapping, not blank at their ends.
        notes: remarks on what was assumed, one sentence each.
    """

    text: str
    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()


class Reader(Protocol):
    """What a reader module offers."""

    def read_content(self, data: bytes, *, path: str, encoding: str | None) -> Content:
        """Text and blocks of a file's bytes.

        Args:
            data: the file's bytes.
            path: what to call the file in errors.
            encoding: as the user named it; None to find out.

        Raises:
            InputError: the bytes cannot be used; never another exception, whatever they are.
        """
        ...
