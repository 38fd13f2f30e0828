"""The terms of a glossary as the check needs them: forms and status.

A glossary of ours is read as `formats.glossary` reads it. Any other table parted by TABs will do whose
header names the columns `zh` and `vi`; `zh_variants`, `vi_variants` (parted by ` | `) and `status` are
understood, others are passed over. There a row without a status counts as approved, for somebody wrote
it down.
"""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from aligner.check.collection import Term
from aligner.errors import FormatError
from aligner.formats.glossary import COLUMNS, read_entries
from aligner.formats.inputs import open_input
from aligner.lines import text_lines
from aligner.terms.model import ENTRY_STATUSES

_BETWEEN = "|"


@dataclass(frozen=True, slots=True)
class GlossaryTerm:
    """An entry of a glossary; see `collection.Term`."""

    zh: str
    vi: str
    zh_variants: tuple[str, ...] = ()
    vi_variants: tuple[str, ...] = ()
    status: str = "approved"


def read_terms(path: Path) -> tuple[Term, ...]:
    """The entries of a glossary, in order.

    Raises:
        InputError: it cannot be read.
        FormatError: it is no glossary, or a row is broken; the message names the row.
    """
    with open_input(path) as file:
        data = file.read()
    lines = text_lines(BytesIO(data), str(path))
    _, first = next(lines, (1, ""))
    header = [cell.strip().strip('"').lower() for cell in first.split("\t")]
    if set(COLUMNS) <= set(header):
        return tuple(read_entries(BytesIO(data), str(path)))
    missing = [column for column in ("zh", "vi") if column not in header]
    if missing:
        raise FormatError(
            f"{path}: the column '{missing[0]}' is missing", "name the columns zh and vi in the first line"
        )
    rows = ((number, line.split("\t")) for number, line in lines if line.strip())
    return tuple(
        _term(dict(zip(header, (cell.strip() for cell in row), strict=False)), f"{path}:{number}")
        for number, row in rows
    )


def _term(row: dict[str, str], where: str) -> GlossaryTerm:
    zh, vi, status = row.get("zh", ""), row.get("vi", ""), row.get("status", "") or "approved"
    if not (zh and vi):
        raise FormatError(f"{where}: a term without its translation", "complete the row, or delete it")
    if status not in ENTRY_STATUSES:
        raise FormatError(f"{where}: the status '{status}' is none of {', '.join(ENTRY_STATUSES)}")
    return GlossaryTerm(
        zh, vi, _forms(row.get("zh_variants", "")), _forms(row.get("vi_variants", "")), status
    )


def _forms(cell: str) -> tuple[str, ...]:
    return tuple(form.strip() for form in cell.split(_BETWEEN) if form.strip())
