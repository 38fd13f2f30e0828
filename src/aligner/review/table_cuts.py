"""Rows that together are the text of one bead and end within its segments: the segments are cut there.

rows ──cursor_after──▶ a cursor on either side for each row but the last ──▶ `cut` decisions, one a row
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aligner.errors import UsageError
from aligner.formats.units import Unit, clean
from aligner.model import Decision
from aligner.review.cutting import Cursor, parted
from aligner.review.grouping import Draft
from aligner.review.groups import Group
from aligner.review.operations import Request, decision_for
from aligner.review.table_groups import bare

Take = Callable[[Decision], str]
"""Takes a decision on the draft; returns why it cannot be taken, or nothing."""


def cut_by_rows(
    draft: Draft, group: Group, rows: Sequence[Unit], author: str, take: Take
) -> list[Group] | str:
    """Cuts a bead where its rows end.

    Args:
        draft: holds the bead; where this fails, it may have been cut in part.
        group: the bead.
        rows: its texts, white space aside, one after another.
        author: who decides.
        take: takes a decision on the draft.

    Returns:
        The beads of the rows, or why they cannot be.
    """
    groups: list[Group] = []
    for row in rows[:-1]:
        src, tgt = draft.texts(group)
        cursors = cursor_after(src, row.src), cursor_after(tgt, row.tgt)
        place = group.place
        try:
            decision = decision_for(draft, Request("split", draft.number(group), cursors=cursors), author)
        except UsageError as error:
            return error.problem
        problem = take(decision)
        head, rest = map(draft.group_at, parted(place, decision.after))
        if problem or head is None or rest is None or not _reads(draft, head, row):
            return problem or "a row ends within a character"
        groups.append(head)
        group = rest
    return [*groups, group]


def cursor_after(texts: Sequence[str], text: str) -> Cursor:
    """Where a text ends in the segments whose texts it is the beginning of, white space aside.

    >>> cursor_after(["Hai bên", "hội đàm."], "Hai bên hội")
    (1, 3)
    >>> cursor_after(["Hai bên", "hội đàm."], "Hai bên")
    (1, 0)
    """
    left = len(bare(text))
    for number, segment in enumerate(texts):
        size = len(bare(segment))
        if left < size:
            return number, _characters(segment, left)
        left -= size
    return len(texts), 0


def _characters(text: str, count: int) -> int:
    """Up to and with so many characters that are no white space, how many there are; no line ends."""
    characters = 0
    for character in text:
        if count == 0:
            break
        characters += character not in "\r\n"
        count -= bool(clean(character))
    return characters


def _reads(draft: Draft, group: Group, row: Unit) -> bool:
    src, tgt = draft.texts(group)
    return (bare("".join(src)), bare("".join(tgt))) == (bare(row.src), bare(row.tgt))
