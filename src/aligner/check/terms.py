"""The terms of a glossary as the check needs them: forms and status.

A glossary is a table parted by TABs whose header names the columns `zh` and `vi`; `zh_variants`,
`vi_variants` (parted by ` | `) and `status` are understood, others are passed over. A row without a
status counts as approved, for somebody wrote it down.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aligner.errors import FormatError
from aligner.formats.inputs import open_input
from aligner.lines import text_lines

STATUSES = ("candidate", "approved", "deprecated", "rejected")
_BETWEEN = "|"


@dataclass(frozen=True, slots=True)
class GlossaryTerm:
    """An entry of a glossary; see `collection.Term`."""

    zh: str
    vi: str
    zh_variants: tuple[str, ...] = ()
    vi_variants: tuple[str, ...] = ()
    status: str = "approved"


def read_terms(path: Path) -> tuple[GlossaryTerm, ...]:
    """The entries of a glossary, in order.

    Raises:
        InputError: it cannot be read.
        FormatError: it is no glossary, or a row is broken; the message names the row.
    """
    with open_input(path) as file:
        return tuple(_terms(text_lines(file, str(path)), str(path)))


def _terms(lines: Iterator[tuple[int, str]], name: str) -> Iterator[GlossaryTerm]:
    _, first = next(lines, (1, ""))
    header = [cell.strip() for cell in first.split("\t")]
    missing = [column for column in ("zh", "vi") if column not in header]
    if missing:
        raise FormatError(
            f"{name}: the column '{missing[0]}' is missing", "name the columns zh and vi in the first line"
        )
    for number, line in lines:
        if line.strip():
            cells = [cell.strip() for cell in line.split("\t")]
            yield _term(dict(zip(header, cells, strict=False)), f"{name}:{number}")


def _term(row: dict[str, str], where: str) -> GlossaryTerm:
    zh, vi, status = row.get("zh", ""), row.get("vi", ""), row.get("status", "") or "approved"
    if not (zh and vi):
        raise FormatError(f"{where}: a term without its translation", "complete the row, or delete it")
    if status not in STATUSES:
        raise FormatError(f"{where}: the status '{status}' is none of {', '.join(STATUSES)}")
    return GlossaryTerm(
        zh, vi, _forms(row.get("zh_variants", "")), _forms(row.get("vi_variants", "")), status
    )


def _forms(cell: str) -> tuple[str, ...]:
    return tuple(form.strip() for form in cell.split(_BETWEEN) if form.strip())
