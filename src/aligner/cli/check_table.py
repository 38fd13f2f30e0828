"""Findings as a person reads them: by document, each with what is wrong, the place marked in its context."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

import click

from aligner.check import Finding, Severity
from aligner.check.report import counts
from aligner.cli.table import NARROWEST, PLAIN_WIDTH, cells_of, wrap
from aligner.language.line_ends import unbroken_at

_COLOURS: dict[Severity, str] = {"info": "blue", "warning": "yellow", "error": "red"}
_NAMES: dict[Severity, tuple[str, str]] = {
    "error": ("error", "errors"), "warning": ("warning", "warnings"), "info": ("info", "info"),
}  # fmt: skip
_OPEN, _CLOSE, _CUT = "⟦", "⟧", "…"
_INDENT = 4


def render(findings: Sequence[Finding], texts: Mapping[str, str], *, terminal: bool) -> str:
    """The findings with a line that sums them up.

    Args:
        findings: by document.
        texts: decoded texts of documents by path, for the lines where findings of unaligned texts stand.
        terminal: of its width and in colour; otherwise 100 cells wide, what is found between ⟦ and ⟧.
    """
    width = max(shutil.get_terminal_size().columns, NARROWEST) if terminal else PLAIN_WIDTH
    lines: list[str] = []
    for document, group in groupby(findings, key=lambda one: one.document):
        lines += [_plain(document), ""]
        for one in group:
            lines += [*_entry(one, texts.get(document), width, colour=terminal), ""]
    return "\n".join([*lines, summary(findings)]) + "\n"


def summary(findings: Sequence[Finding]) -> str:
    """How many findings there are of which severity, in one line."""
    if not findings:
        return "no findings"
    parts = (f"{n} {_NAMES[severity][n != 1]}" for severity, n in counts(findings).items() if n)
    return f"{len(findings)} {'finding' if len(findings) == 1 else 'findings'}: {', '.join(parts)}"


def _entry(one: Finding, text: str | None, width: int, *, colour: bool) -> Iterator[str]:
    severity = click.style(one.severity, fg=_COLOURS[one.severity]) if colour else one.severity
    head = f"{_place(one, text)}  {severity}  {one.rule}  "
    first, *more = wrap(one.message, max(width - cells_of(head) - 2, width // 2))
    yield f"  {head}{first}"
    yield from (" " * _INDENT + line for line in more)
    yield " " * _INDENT + _in_context(one, width - _INDENT, colour=colour)


def _place(one: Finding, text: str | None) -> str:
    if one.bead is not None:
        return f"bead {one.bead} {one.side}"
    if text is None:
        return f"at {one.start}"
    return f"line {text.count(chr(10), 0, one.start) + 1}"


def _in_context(one: Finding, width: int, *, colour: bool) -> str:
    """What is marked with what stands around it, in one line."""
    text = f"{one.before}{one.text}{one.after}"
    begin, end = len(one.before), len(one.before) + len(one.text)
    if "\n" in text:
        text, (begin, end) = unbroken_at(text, (begin, end))
    found = _shortened(_plain(text[begin:end]), width - 2)
    room = max(width - cells_of(found) - 2, 0)
    before = _last(_plain(text[:begin]), room // 2)
    after = _first(_plain(text[end:]), room - cells_of(before))
    marked = click.style(found, bold=True, reverse=True) if colour else f"{_OPEN}{found}{_CLOSE}"
    return f"{before}{marked}{after}".rstrip()


def _plain(text: str) -> str:
    """The text without control characters and line ends; blanks at its ends stay."""
    if not text.strip():
        return " " if text else ""
    lead, tail = " " * text[0].isspace(), " " * text[-1].isspace()
    return f"{lead}{' '.join(wrap(text, cells_of(text) + 1))}{tail}"


def _shortened(text: str, width: int) -> str:
    """The text, its middle cut out where it is too wide."""
    if cells_of(text) <= width:
        return text
    return f"{_first(text, width // 2)}{_last(text, width // 2 - 1).lstrip(_CUT)}"


def _first(text: str, width: int) -> str:
    """As much of the beginning as fits."""
    if cells_of(text) <= width:
        return text
    while text and cells_of(text) >= width:
        text = text[:-1]
    return f"{text}{_CUT}" if width else ""


def _last(text: str, width: int) -> str:
    """As much of the end as fits."""
    if cells_of(text) <= width:
        return text
    while text and cells_of(text) >= width:
        text = text[1:]
    return f"{_CUT}{text}" if width else ""
