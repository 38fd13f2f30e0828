"""The round trip by table: what a person changed in an exported table, as decisions on the bitext.

    rows ──match──▶ rows by bead ──divide──▶ regroupings ──▶ edits, acceptances, rejections, notes

A row that says what the bead says asks for nothing. One that is older than a decision (status `auto`, the
text as aligned, no note) does not take it back, unless `reset` is asked for. What a row cannot mean is not
guessed: it is named, and its bead stays as it is. Applying a table twice is applying it once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from aligner.formats import bitext as bitext_file
from aligner.formats.inputs import open_input
from aligner.formats.units import Unit, clean, no_status
from aligner.language.script import han_share
from aligner.model import Action, Bead, Bitext, Decision
from aligner.review import decisions as log
from aligner.review.grouping import Draft
from aligner.review.groups import Group, Place
from aligner.review.lock import writing
from aligner.review.operations import regrouping
from aligner.review.replay import Replay, already_applied, beads_of, standing
from aligner.review.table_cuts import cut_by_rows
from aligner.review.table_documents import rows_about
from aligner.review.table_groups import Division, divide, new_texts, places_by
from aligner.review.table_match import Matched, match

Trouble = Literal[
    "moved", "doubled", "stale", "new", "unclear", "emptied", "exchanged", "contradicts", "refused", "unknown"
]
HARMLESS: frozenset[Trouble] = frozenset({"moved", "doubled"})
"""What is noticed but loses nothing."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """Something about a row that its author should know.

    Attributes:
        line: of the row in the table.
        what: which kind.
        text: a sentence that says it.
    """

    line: int
    what: Trouble
    text: str


@dataclass(slots=True)
class Applied:
    """What a table came to.

    Attributes:
        decisions: those it made, in the order they were taken.
        noticed: rows that were not simply applied, by line.
        absent: ids of the beads that no row speaks of.
        rows: how many rows speak of this document.
        others: how many rows name each of the documents that this one is not.
    """

    decisions: list[Decision] = field(default_factory=list)
    noticed: list[Noticed] = field(default_factory=list)
    absent: list[int] = field(default_factory=list)
    rows: int = 0
    others: Counter[str] = field(default_factory=Counter)

    @property
    def counts(self) -> Counter[str]:
        """How many decisions of each kind."""
        return Counter(decision.action for decision in self.decisions)

    @property
    def is_whole(self) -> bool:
        """Whether all that the table says was applied."""
        return all(noticed.what in HARMLESS for noticed in self.noticed)


def apply_table(
    rows: Iterable[Unit],
    path: Path,
    *,
    author: str,
    table: str = "",
    unknown: Mapping[int, str] | None = None,
    reset: bool = False,
    dry_run: bool = False,
) -> Applied:
    """Applies the rows of a table to a bitext file: its decisions are written, all or none.

    Args:
        rows: zh first, with their lines; those of other documents are passed over.
        path: the bitext file.
        author: who decides.
        table: what rows without a document have instead: the name they were read under.
        unknown: what rows have as their status that is none, by line; nothing of such a row is applied.
        reset: take the table at its word where it is older than a decision: status `auto` takes back what was
            said, the text as aligned takes back an edit, an empty note a note.
        dry_run: write nothing.

    Raises:
        InputError: the bitext cannot be read, no row is about it, or all name another document.
        OutputError: the decisions cannot be written; the file is as it was.
    """
    decisions_path = log.decisions_path(path)
    with open_input(path) as file:
        bitext = bitext_file.read(file, str(path))
    with writing(decisions_path):
        known = log.read_decisions(decisions_path)
        applying = _Applying(bitext, known, author, unknown or {}, reset=reset)
        own = rows_about(list(rows), bitext, path, table)
        applying.result.others = own.others
        applying.apply(own.rows)
        if applying.result.decisions and not dry_run:
            log.append(decisions_path, applying.result.decisions)
    return applying.result


class _Applying:
    """Takes the decisions of a table on a draft, so that each is made of what the ones before left."""

    def __init__(
        self,
        bitext: Bitext,
        known: Sequence[Decision],
        author: str,
        unknown: Mapping[int, str],
        *,
        reset: bool,
    ) -> None:
        self.draft = Draft(bitext)
        self.replay = Replay(self.draft, known)
        for _, decision in standing(known, already_applied(bitext, known)):
            self.replay.apply(decision)
        self.author, self.unknown, self.reset = author, unknown, reset
        self.result = Applied()
        # Rows that cut segments wait until all else is said, for a cut moves the numbers of those behind it.
        self._cuts: list[Division] = []

    def apply(self, rows: list[Unit]) -> None:
        beads = beads_of(self.draft)
        matched = match(rows, beads)
        self.result.rows = len(rows)
        for row in matched.moved:
            self._notice(row, "moved", "stands out of order; it is applied where its bead stands")
        for row in rows:
            if row.line in self.unknown:
                self._notice(row, "unknown", f"{no_status(self.unknown[row.line])}; the row is left out")
        for row, line in matched.doubled:
            self._notice(row, "doubled", f"says the same as row {line}")
        wanted: list[tuple[Unit, Place, bool]] = []
        for run_rows, run in _runs(matched, beads):
            for division in divide(run_rows, run):
                wanted += self._placed(division, matched)
        for row, place, exact in wanted:
            group = self.draft.group_at(place)
            if group is not None:
                self._say(row, group, regrouped=exact)
        groups = [self._group(division.beads[0]) for division in self._cuts]
        for division, group in zip(self._cuts, groups, strict=True):
            self._cut(division, group)
        self.result.noticed.sort(key=lambda noticed: noticed.line)

    def _notice(self, row: Unit, what: Trouble, text: str) -> None:
        self.result.noticed.append(Noticed(row.line, what, text))

    def _placed(self, division: Division, matched: Matched) -> Iterator[tuple[Unit, Place, bool]]:
        """Regroups what a division says, and says which row speaks of which segments."""
        rows, beads = division.rows, division.beads
        if not rows:
            self.result.absent += [bead.id for bead in beads]
            return
        if any(row.line in self.unknown for row in rows):
            self._beside_unknown(rows)
            return
        if division.counts is None:
            self._unclear(division, matched)
            return
        if len(rows) == 1 and len(beads) == 1 and self._is_none(rows[0], matched):
            self.result.absent.append(beads[0].id)
            return
        groups = [self._group(bead) for bead in beads]
        places = places_by([group.place for group in groups], division.counts)
        if [group.place for group in groups] != places:
            problem = self._take(regrouping(self.draft, groups, places, self.author))
            if problem:
                for row in rows:
                    self._notice(row, "refused", f"these rows cannot be grouped so: {problem}")
                return
        for row, place in zip(rows, places, strict=True):
            yield row, place, division.exact and len(beads) + len(rows) > 2  # noqa: PLR2004 - one of each

    def _cut(self, division: Division, group: Group) -> None:
        """Cuts the segments of a bead where its rows end, all or none."""
        mark, count = self.draft.mark(), len(self.result.decisions)
        groups = cut_by_rows(self.draft, group, division.rows, self.author, self._take)
        if isinstance(groups, str):
            self.draft.roll_back(mark)
            del self.result.decisions[count:]
            for row in division.rows:
                self._notice(row, "refused", f"the bead cannot be cut so: {groups}")
            return
        for row, part in zip(division.rows, groups, strict=True):
            self._say(row, part, regrouped=True)

    def _beside_unknown(self, rows: Sequence[Unit]) -> None:
        """Names the rows that stand and fall with one whose status is unknown."""
        for row in rows:
            if row.line not in self.unknown:
                self._notice(row, "unclear", "it shares its text with a row whose status is unknown")

    def _group(self, bead: Bead) -> Group:
        side, segments = (0, bead.src) if bead.src else (1, bead.tgt)
        group = self.draft.owner(side, segments[0].id)
        assert group is not None  # noqa: S101 - every segment is in a group
        return group

    def _is_none(self, row: Unit, matched: Matched) -> bool:
        """Whether the only row at a bead is one that names no bead."""
        if row.line not in matched.strangers:
            return False
        self._stranger(row, matched)
        return True

    def _stranger(self, row: Unit, matched: Matched) -> None:
        if row.line in matched.stale:
            self._notice(row, "stale", "its bead is no longer in the bitext: export the table again")
        else:
            self._notice(row, "new", "was added, and its texts are not those of the beads around it")

    def _unclear(self, division: Division, matched: Matched) -> None:
        """Names the rows of which nobody can tell what they ask for, and applies the one that is plain."""
        own = [row for row in division.rows if row.line not in matched.strangers]
        if len(own) == len(division.beads) == 1 and _is_plain(own, division.beads[0]):
            for row in division.rows:
                if row is not own[0]:
                    self._stranger(row, matched)
            self._say(own[0], self._group(division.beads[0]), regrouped=False)
            return
        if division.exact and len(division.beads) == 1:
            self._cuts.append(division)
            return
        for row in division.rows:
            if division.exact:
                text = "it, or a row beside it, ends within a segment: cut that in aligner review (⇧S)"
                self._notice(row, "unclear", text)
            elif row.line in matched.strangers:
                self._stranger(row, matched)
            elif len(own) > 1:
                text = "another row for the same bead says otherwise; neither is applied"
                self._notice(row, "contradicts", text)
            else:
                text = "it and the rows added after it are not the bead's texts divided"
                self._notice(row, "unclear", text)

    def _say(self, row: Unit, group: Group, *, regrouped: bool) -> None:
        """The decisions of a row on the bead it stands for."""
        bead = self.draft.bead(group, 0)
        after = None if regrouped else self._edited(row, group, bead)
        if after is not None:
            if self._is_emptied(row, bead) or self._is_exchanged(row, bead):
                return
            if after == self.draft.source_texts(group.place):
                self._decide(group, "reset", row)
            else:
                self._decide(group, "edit", row, after=after)
        status = group.status
        if row.status == "rejected" != status:
            self._decide(group, "reject", row)
        elif row.status in {"accepted", "edited"} and status in {"auto", "rejected"}:
            self._decide(group, "accept", row)
        elif self.reset and row.status == "auto" != status and after is None:
            self._decide(group, "reset", row)
        if row.note != clean(group.note) and (row.note or self.reset):
            self._decide(group, "note", row, value=row.note)

    def _is_emptied(self, row: Unit, bead: Bead) -> bool:
        for text, had, name in ((row.src, bead.src, "Chinese"), (row.tgt, bead.tgt, "Vietnamese")):
            if had and not text:
                self._notice(
                    row, "emptied", f"its {name} text is gone; reject the bead to leave it out of memories"
                )
                return True
            if text and not had:
                self._notice(row, "emptied", f"the bead has no {name} segment that could take the text")
                return True
        return False

    def _is_exchanged(self, row: Unit, bead: Bead) -> bool:
        """Whether the row has Chinese where Vietnamese was and Vietnamese where Chinese was."""
        was, now = (_share_of_han(bead.src_text, bead.tgt_text), _share_of_han(row.src, row.tgt))
        if was <= 0 or now >= 0:
            return False
        text = "its Chinese and its Vietnamese text stand in each other's column: exchange them"
        self._notice(row, "exchanged", text)
        return True

    def _edited(self, row: Unit, group: Group, bead: Bead) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
        """The texts a row gives its segments; None where it leaves them as they are."""
        now = clean(bead.src_text), clean(bead.tgt_text)
        given = row.src, row.tgt
        if given == now:
            return None
        src, tgt = self.draft.source_texts(group.place)
        if given == _joined(src, tgt):
            return (src, tgt) if self.reset else None
        sides = ((bead.src, ""), (bead.tgt, " "))
        return tuple(  # type: ignore[return-value]  # two of them
            tuple(s.text for s in segments) if text == old else new_texts(segments, text, joiner)
            for (segments, joiner), text, old in zip(sides, given, now, strict=True)
        )

    def _decide(
        self,
        group: Group,
        action: Action,
        row: Unit,
        *,
        after: tuple[tuple[str, ...], tuple[str, ...]] | None = None,
        value: str = "",
    ) -> None:
        before = self.draft.source_texts(group.place)
        if action == "edit":
            bead = self.draft.bead(group, 0)
            before = tuple(s.text for s in bead.src), tuple(s.text for s in bead.tgt)
        target = self.draft.target(group)
        decision = Decision(
            log.now(), self.author, action, (target,), (before,), (after,) if after else (), value
        )
        problem = self._take(decision)
        if problem:
            self._notice(row, "refused", problem)

    def _take(self, decision: Decision) -> str:
        """Takes a decision on the draft; why it cannot be taken, or nothing."""
        mark = self.draft.mark()
        self.replay.learn([decision])
        problem = self.replay.apply(decision)
        if problem:
            self.draft.roll_back(mark)
        else:
            self.result.decisions.append(decision)
        return problem


def _runs(
    matched: Matched, beads: Sequence[Bead]
) -> Iterator[tuple[Sequence[Sequence[Unit]], Sequence[Bead]]]:
    """Beads whose row is just theirs, one by one; the others in runs.

    A null bead between two that changed belongs to their run: what they exchanged went over it.
    """
    start = 0
    plain = [_is_plain(rows, bead) for rows, bead in zip(matched.rows, beads, strict=True)]
    for number, bead in enumerate(beads):
        around = plain[max(number - 1, 0)], plain[min(number + 1, len(plain) - 1)]
        if plain[number] and not (bead.is_null and not any(around)):
            if start < number:
                yield matched.rows[start:number], beads[start:number]
            yield matched.rows[number : number + 1], beads[number : number + 1]
            start = number + 1
    if start < len(beads):
        yield matched.rows[start:], beads[start:]


def _is_plain(rows: Sequence[Unit], bead: Bead) -> bool:
    """Whether a bead has one row, with its texts as they are or as they were aligned."""
    if len(rows) != 1:
        return False
    given = rows[0].src, rows[0].tgt
    if given == (clean(bead.src_text), clean(bead.tgt_text)):
        return True
    return bead.original is not None and given == _joined(*bead.original)


def _share_of_han(zh: str, vi: str) -> float:
    """By how much the first text is the more Chinese one."""
    return han_share(zh) - han_share(vi)


def _joined(src: Sequence[str], tgt: Sequence[str]) -> tuple[str, str]:
    """The texts of a bead as a table holds them."""
    return clean("".join(src)), clean(" ".join(filter(None, tgt)))
