"""A bitext under review: what is stored, what was decided, and the beads that follow from both.

    Request ──▶ Decision ──▶ on the disk ──▶ the beads        and only then the answer

Nothing is kept but what the two files say: opening them again gives the same session. A file that another
program changed is read again before anything is written, and a request made of an older state is refused.
"""

from __future__ import annotations

import gc
import getpass
import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from threading import RLock

from aligner.errors import InputError, UsageError
from aligner.formats import bitext as bitext_file
from aligner.model import Bead, Bitext, Decision
from aligner.review import decisions as log
from aligner.review.grouping import Draft
from aligner.review.groups import Group
from aligner.review.history import History, history
from aligner.review.lock import writing
from aligner.review.operations import Request, decision_for
from aligner.review.replay import Replay, already_applied, beads_of, digest, not_applied, standing


class StaleRequestError(UsageError):
    """A request was made of a state that is no more; the page has to look again."""


@dataclass(frozen=True, slots=True)
class _Applied:
    """A decision as it was applied, and the point of the draft before it."""

    number: int
    decision: Decision
    mark: int
    problem: str


_Stamp = tuple[int, int, int]


class Session:
    """A bitext with its decisions. Methods may be called from several threads.

    Attributes:
        path: the bitext file.
        draft: its beads as they are now; to be read only while `reading` is held.
        bitext: as stored.
        decisions: all that was decided, in order.
        version: names the state; another one wherever a bead could differ.
    """

    def __init__(self, path: Path, author: str | None = None) -> None:
        """Opens a bitext file.

        Raises:
            InputError: it or its decisions cannot be read.
            FormatError: one of them is broken.
        """
        self.path = path
        self.author = author or user_name()
        self._decisions_path = log.decisions_path(path)
        self._lock = RLock()
        self.version = ""
        self._load()

    def _load(self) -> None:
        """Reads both files."""
        self._stamps = self._now_stamps()
        try:
            data = self.path.read_bytes()
        except OSError as error:
            raise InputError(f"{self.path} cannot be read ({(error.strerror or '').lower()})") from None
        self._fingerprint = hashlib.sha256(data).hexdigest()[:8]
        gc.unfreeze()
        with bitext_file.uncollected():
            self.bitext: Bitext = bitext_file.read(BytesIO(data), str(self.path))
            self.draft = Draft(self.bitext)
            # It stays as long as the session does, and is not looked through for what could be freed.
            gc.freeze()
        self._replay = Replay(self.draft)
        self._applied: list[_Applied] = []
        self._take(log.read_decisions(self._decisions_path))

    def _now_stamps(self) -> tuple[_Stamp | None, _Stamp | None]:
        return _stamp(self.path), _stamp(self._decisions_path)

    def _take(self, decisions: Sequence[Decision]) -> None:
        """Brings the draft to where these decisions leave it, from where it is."""
        self._contained = already_applied(self.bitext, decisions)
        wanted = standing(decisions, self._contained)
        self._replay.learn(decisions)
        kept = 0
        for old, (_, decision) in zip(self._applied, wanted, strict=False):
            # What could not be applied is tried again: its texts may be known by now.
            if old.decision != decision or old.problem:
                break
            kept += 1
        if kept < len(self._applied):
            self.draft.roll_back(self._applied[kept].mark)
            del self._applied[kept:]
        for number, decision in wanted[kept:]:
            mark = self.draft.mark()
            self._applied.append(_Applied(number, decision, mark, self._replay.apply(decision)))
        self.decisions = tuple(decisions)
        self.version = f"{self._fingerprint}-{digest(decisions)}"

    @contextmanager
    def reading(self) -> Iterator[Draft]:
        """The draft, which nobody changes meanwhile."""
        with self._lock:
            yield self.draft

    def refresh(self) -> bool:
        """Reads again what other programs wrote; whether that was so.

        Raises:
            InputError: a file is gone or cannot be read; what was known stays.
            FormatError: it is broken.
        """
        with self._lock:
            stamps = self._now_stamps()
            if stamps == self._stamps:
                return False
            before = self.version
            if stamps[0] != self._stamps[0]:
                self._load()
            else:
                self._take(log.read_decisions(self._decisions_path))
                self._stamps = stamps
            return self.version != before

    def perform(self, request: Request, version: str) -> int:
        """Does what a person asks, once it is on the disk.

        Args:
            request: what.
            version: of the state that the person saw.

        Returns:
            The id of the bead that now holds the first segment of the one named.

        Raises:
            StaleRequestError: the state is another one by now.
            UsageError: it cannot be done to this bead.
            OutputError: it cannot be written; nothing has changed.
        """
        with self._writing(version):
            group = self.draft.numbered(request.bead)
            decision = decision_for(self.draft, request, self.author)
            assert group is not None  # noqa: S101 - decision_for has refused
            self._decide(decision)
            return self.draft.number(self._heir(group))

    def decide(self, decision: Decision, version: str) -> None:
        """`perform` for a decision that was made of the state with this version."""
        with self._writing(version):
            self._decide(decision)

    def _decide(self, decision: Decision) -> None:
        mark = self.draft.mark()
        self._replay.learn([decision])
        problem = self._replay.apply(decision)
        if problem:
            self.draft.roll_back(mark)
            raise UsageError(f"this cannot be done: {problem}")
        try:
            (written,) = log.append(self._decisions_path, [decision])
        except BaseException:
            self.draft.roll_back(mark)
            raise
        self.decisions += (written,)
        self._applied.append(_Applied(len(self.decisions), written, mark, ""))
        self.version = f"{self._fingerprint}-{digest(self.decisions)}"

    def undo(self, version: str) -> int | None:
        """Takes back the last decision that stands; None where there is none.

        Returns:
            The id of the bead to look at, -1 where it is not known.

        Raises:
            StaleRequestError, OutputError: see `perform`.
        """
        return self._back(version, redo=False)

    def redo(self, version: str) -> int | None:
        """Brings back what was taken back last; None where there is nothing."""
        return self._back(version, redo=True)

    def _back(self, version: str, *, redo: bool) -> int | None:
        with self._writing(version):
            known = self.history()
            entries = known.undone if redo else known.done
            if not entries:
                return None
            # What a decision names is there before it is applied: now, or once it is taken back.
            seen = self._first_segment(entries[-1]) if redo else None
            (written,) = log.append(self._decisions_path, [log.undo(entries[-1], author=self.author)])
            self._take((*self.decisions, written))
            seen = seen or self._first_segment(entries[-1])
            group = self.draft.owner(*seen) if seen else None
            return self.draft.number(group) if group else -1

    def _first_segment(self, decision: Decision) -> tuple[int, int] | None:
        """Side and number of the first segment of the beads that a decision names."""
        named = decision.targets[:1]
        if decision.action == "undo":
            named = next((d.targets[:1] for d in self.decisions if d.time == decision.value), ())
        group = self.draft.find(named[0].hash, named[0].occurrence) if named else None
        if group is None:
            return None
        side = 0 if group.place[0] else 1
        return side, group.place[side].start

    def _heir(self, group: Group) -> Group:
        side = 0 if group.place[0] else 1
        heir = self.draft.owner(side, group.place[side].start)
        assert heir is not None  # noqa: S101 - every segment is in a group
        return heir

    @contextmanager
    def _writing(self, version: str) -> Iterator[None]:
        """Holds the right to write, of a state that is the one on the disk."""
        with self._lock, writing(self._decisions_path):
            self.refresh()
            self.require(version)
            try:
                yield
            finally:
                self._stamps = self._stamps[0], _stamp(self._decisions_path)

    def require(self, version: str) -> None:
        """Refuses what was asked of another state.

        Raises:
            StaleRequestError: the state has another version.
        """
        if version != self.version:
            raise StaleRequestError("the bitext was changed elsewhere", "look again, then decide")

    def history(self) -> History[Decision]:
        """What can be taken back and brought back."""
        return history(self.decisions, self._contained)

    def notes(self) -> tuple[str, ...]:
        """Remarks on decisions that could not be applied."""
        return tuple(not_applied(a.number, a.decision, a.problem) for a in self._applied if a.problem)

    def current(self) -> Bitext:
        """The bitext as it stands, as loading the files would give it but for its signature and notes."""
        with self._lock:
            return self.bitext.replace(beads=beads_of(self.draft))

    def bead(self, number: int) -> Bead:
        """The bead with this id.

        Raises:
            UsageError: there is none.
        """
        with self._lock:
            group = self.draft.numbered(number)
            if group is None:
                raise UsageError(f"there is no bead {number}", "it was divided or joined meanwhile")
            return self.draft.bead(group, number)


def user_name() -> str:
    """Who decides, as the system knows them."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such user in a container
        return "unknown"


def _stamp(path: Path) -> _Stamp | None:
    """What changes when a file does; None where there is none."""
    try:
        found = os.stat(path)  # noqa: PTH116 - once a second for each file
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns, found.st_ino
