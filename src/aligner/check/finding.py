"""What a rule says, and what a user gets to see of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from aligner.check.collection import Collection, Passage, Side

Severity = Literal["info", "warning", "error"]

SEVERITIES: tuple[Severity, ...] = ("info", "warning", "error")
"""From the least to the gravest."""

_CONTEXT = 40  # characters shown on either side of what is marked


class Mark(NamedTuple):
    """A place in a passage and what is to be said of it: what a rule yields.

    Attributes:
        passage: where.
        start: offset in the passage's text.
        end: offset after the last character; equal to `start` where the whole passage is meant.
        message: one line, without a capital first and without a full stop.
    """

    passage: Passage
    start: int
    end: int
    message: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A place that a rule finds fault with; the first nine attributes are the columns of the check TSV.

    Attributes:
        rule: id of the rule.
        severity: of the rule.
        document: path of the document, as its bitext or the user named it.
        bead: id of the bead; None in a text that is not aligned.
        side: zh or vi.
        start: offset of the first character in the decoded file; where the document is no file (an
            imported memory), offset in the bead's text of that side.
        end: offset after the last character.
        text: what is marked.
        message: what is wrong with it, one line.
        before: what stands before it in its segment, at most 40 characters.
        after: what stands after it.
    """

    rule: str
    severity: Severity
    document: str
    bead: int | None
    side: Side
    start: int
    end: int
    text: str
    message: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: how grave its findings are, what it is about in one line, and how they are found."""

    severity: Severity
    summary: str
    find: Callable[[Collection], Iterator[Mark]]


def finding(rule: str, severity: Severity, mark: Mark) -> Finding:
    """The finding that a rule's mark stands for."""
    passage, start, end, message = mark
    if start == end:
        start, end = 0, len(passage.text)
    located = passage.locate(start, end)
    return Finding(
        rule,
        severity,
        passage.document,
        passage.bead,
        passage.side,
        *located,
        passage.text[start:end],
        message,
        passage.text[max(0, start - _CONTEXT) : start],
        passage.text[end : end + _CONTEXT],
    )
