"""A bitext that is open in the editor: its session, and what was worked out from it and still holds."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TypeVar

from aligner import project
from aligner.check import Finding, Term, check, collect
from aligner.config import AlignOptions
from aligner.errors import AlignerError, UsageError
from aligner.explain import Explanation, explain
from aligner.model import Bitext
from aligner.pipeline import signature
from aligner.review.groups import Group
from aligner.review.realign import (
    Change,
    Weighed,
    changes,
    free_run_around,
    free_runs,
    realignment,
    sources,
    weigh_texts,
)
from aligner.review.replay import as_aligned
from aligner.review.session import Session
from aligner.review.view import Keys, Look, listing
from aligner.review.web.job import Job

LONG = 1500
"""Beads from which a document is not weighed whole but in stretches: some seconds of work."""
_STRETCH, _AROUND = 400, 200
_KEPT = 6

Key = TypeVar("Key")
Value = TypeVar("Value")


class OpenBitext:
    """A bitext under review, with its caches. Methods may be called from several threads."""

    def __init__(self, path: Path, author: str | None = None) -> None:
        """Opens a bitext file; raises what `Session` does."""
        self.session = Session(path, author)
        self.keys = Keys()
        self._listings: OrderedDict[tuple[str, Look], list[Group]] = OrderedDict()
        self._stretches: OrderedDict[tuple[object, ...], Weighed] = OrderedDict()
        self._findings: tuple[str, dict[int, list[Finding]]] | None = None
        self._weighing = Lock()
        self.job: Job | None = None

    @property
    def path(self) -> Path:
        """The bitext file."""
        return self.session.path

    @property
    def is_long(self) -> bool:
        """Whether it is weighed in stretches."""
        return len(self.session.bitext.beads) > LONG

    def listing(self, look: Look) -> list[Group]:
        """What is looked at, in order; to be called and used while the session is held for reading."""
        key = (self.session.version, look)
        if key not in self._listings:
            found = listing(
                self.session.draft, look, self.keys, self._found() if look.only == "finding" else ()
            )
            _keep(self._listings, key, found)
        return self._listings[key]

    def findings(self) -> dict[int, list[Finding]]:
        """What `aligner check` finds in this bitext as it was when that was last asked for; by bead."""
        return self._findings[1] if self._findings else {}

    def check(self) -> dict[int, list[Finding]]:
        """Checks the bitext as it is now, with the glossary of its project."""
        version, current = self.session.version, self.session.current()
        if self._findings is None or self._findings[0] != version:
            found: defaultdict[int, list[Finding]] = defaultdict(list)
            for finding in check(collect([current], terms=_terms(self.path))):
                if finding.bead is not None:
                    found[finding.bead].append(finding)
            self._findings = version, dict(found)
            self._listings.clear()
        return self._findings[1]

    def _found(self) -> frozenset[int]:
        return frozenset(self.findings())

    def explain(self, number: int) -> Explanation:
        """Why a bead is a bead; some seconds the first time in a stretch, then at once.

        Raises:
            UsageError: there is no such bead.
            InputError: it holds no text.
        """
        with self.session.reading() as draft:
            bead = self.session.bead(number)
            group = draft.numbered(number)
            assert group is not None  # noqa: S101 - the session has refused
            around = self._around(group)
        options = options_of(self.session.bitext, self.path)
        return explain(around, bead.id, options, self._weighed(around, options).evidence)

    def realign(self, number: int | None, version: str) -> bool:
        """Aligns anew what is free around a bead, or everywhere; whether that changed anything, or will.

        A long document is aligned anew stretch by stretch, while other requests are answered; see `job`.

        Raises:
            UsageError: there is nothing free.
            StaleRequestError, OutputError: as of `Session.perform`.
        """
        session = self.session
        with session.reading() as draft:
            session.require(version)
            if number is None and self.is_long:
                self._start_job()
                return True
            group = draft.numbered(number) if number is not None else None
            if number is not None and group is None:
                raise UsageError(f"there is no bead {number}", "it was divided or joined meanwhile")
            around = self._around(group or draft.groups[0])
            runs = [free_run_around(draft, group)] if group else list(free_runs(draft, draft.groups))
        stretch = self._weighed(around, options_of(session.bitext, self.path))
        with session.reading() as draft:
            session.require(version)
            decision = realignment(draft, changes(_inside(runs, stretch), stretch), session.author)
            if decision is not None:
                session.decide(decision, version)
            return decision is not None

    def _start_job(self) -> None:
        if self.job is None or not self.job.is_alive():
            self.job = Job(len(self._strides()), self.stretch_changes, self.take_changes)
            self.job.start()

    def stop(self) -> bool:
        """Stops the job at work; whether there was one."""
        if self.job is None or not self.job.is_alive():
            return False
        self.job.stop()
        return True

    def _strides(self) -> range:
        return range(0, len(self.session.bitext.beads), _STRETCH)

    def stretch_changes(self, number: int) -> list[Change]:
        """What would be divided otherwise in a stretch; beads that reach over its ends stay."""
        at = self._strides()[number]
        with self.session.reading() as draft:
            inside = [g for g in draft.groups if all(at <= end < at + _STRETCH for end in draft.ends(g))]
            runs = list(free_runs(draft, inside))
            if not runs:
                return []
            around = self._around(runs[0][0])
        stretch = self._weighed(around, options_of(self.session.bitext, self.path))
        return changes(_inside(runs, stretch), stretch)

    def take_changes(self, found: Sequence[Change]) -> bool:
        """Decides what was found in all stretches at once; whether there was anything."""
        session = self.session
        with session.reading() as draft:
            decision = realignment(draft, found, session.author)
            if decision is not None:
                session.decide(decision, session.version)
            return decision is not None

    def _around(self, group: Group) -> Bitext:
        """The bitext, or the beads around a group where it is long; the same ones for groups nearby."""
        session = self.session
        if not self.is_long:
            return session.current()
        draft = session.draft
        at = draft.ends(group)[0] // _STRETCH * _STRETCH
        near = range(at - _AROUND, at + _STRETCH + _AROUND)
        inside = [g for g in draft.groups if all(at in near for at in draft.ends(g))]
        return session.bitext.replace(beads=tuple(draft.bead(g, draft.number(g)) for g in inside))

    def _weighed(self, bitext: Bitext, options: AlignOptions) -> Weighed:
        key = tuple(tuple(sorted(sources(bitext, side))) for side in (0, 1))
        with self._weighing:
            if key not in self._stretches:
                _keep(self._stretches, key, weigh_texts(bitext, options))
            return self._stretches[key]


def _inside(runs: Sequence[list[Group]], stretch: Weighed) -> list[list[Group]]:
    """The runs, without what lies outside of a stretch."""
    rows = stretch.rows
    found = []
    for run in runs:
        kept = [g for g in run if all(i in rows[side] for side in (0, 1) for i in g.place[side])]
        found += [kept] if kept else []
    return found


def _keep(cache: OrderedDict[Key, Value], key: Key, value: Value) -> None:
    cache[key] = value
    while len(cache) > _KEPT:
        cache.popitem(last=False)


def options_of(bitext: Bitext, path: Path) -> AlignOptions:
    """As a bitext was aligned: what its project would take, if that is so signed, else what is shipped."""
    options = AlignOptions()
    here = project.find(path.parent)
    made = as_aligned(bitext.signature)
    if here and here.term_base and made != signature(options):
        in_project = AlignOptions(glossary=here.term_base, approved_only=True)
        try:
            if made == signature(in_project):
                return in_project
        except AlignerError:  # a glossary that cannot be read just now
            return options
    return options


def _terms(path: Path) -> Sequence[Term]:
    from aligner.formats.glossaries import load_glossary

    here = project.find(path.parent)
    return load_glossary(here.term_base) if here and here.term_base else ()
