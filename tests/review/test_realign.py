"""Aligning anew between fixed beads: what is fixed stays, what nothing forces stays as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.review.test_decisions_property import check_covers, texts_of
from tests.review.test_session import stored

from aligner.config import AlignOptions
from aligner.errors import UsageError
from aligner.model import Bitext
from aligner.pipeline import align_file
from aligner.review.operations import Request
from aligner.review.realign import Weighed, changes, free_run_around, free_runs, realignment, weigh_texts
from aligner.review.session import Session


@pytest.fixture(scope="module")
def aligned(article: Path) -> Bitext:
    return align_file(article, AlignOptions())


@pytest.fixture(scope="module")
def stretch(aligned: Bitext) -> Weighed:
    return weigh_texts(aligned, AlignOptions())


@pytest.fixture
def session(aligned: Bitext, tmp_path: Path) -> Session:
    return Session(stored(aligned, tmp_path), "an")


def realign(session: Session, stretch: Weighed) -> bool:
    runs = list(free_runs(session.draft, session.draft.groups))
    decision = realignment(session.draft, changes(runs, stretch), "an")
    if decision:
        session.decide(decision, session.version)
    return decision is not None


def test_without_anything_fixed_the_machine_finds_what_it_found(session: Session, stretch: Weighed) -> None:
    assert not realign(session, stretch)


def test_what_was_broken_around_a_fixed_bead_is_mended(session: Session, stretch: Weighed) -> None:
    """A bead is set null and taken for undecided again: the machine finds it again, and nothing else."""
    before = [(bead.src_text, bead.tgt_text) for bead in session.current().beads]
    session.perform(Request("accept", 8), session.version)
    session.perform(Request("null", 3), session.version)
    assert not realign(session, stretch)
    for bead in session.current().beads:
        if bead.pinned:
            session.perform(Request("unpin", bead.id), session.version)
    assert realign(session, stretch)
    now = session.current().beads
    assert [(bead.src_text, bead.tgt_text) for bead in now] == before
    assert now[8].status == "accepted"
    assert not any(bead.pinned for bead in now)
    assert 0 < now[3].confidence <= 1


def test_a_fixed_bead_forces_its_neighbours(session: Session, stretch: Weighed) -> None:
    texts = texts_of(session.bitext)
    session.perform(Request("down", 3, side=1), session.version)
    fixed = [bead for bead in session.current().beads if bead.pinned]
    session.perform(Request("unpin", fixed[0].id), session.version)
    realign(session, stretch)
    now = session.current()
    check_covers(now, *texts)
    assert fixed[1].hash in [bead.hash for bead in now.beads if bead.pinned]


def test_a_realignment_is_one_step_back(session: Session, stretch: Weighed) -> None:
    for number in (3, 20):
        session.perform(Request("null", number), session.version)
    for bead in session.current().beads:
        if bead.pinned:
            session.perform(Request("unpin", bead.id), session.version)
    broken = session.current()
    assert realign(session, stretch)
    mended = session.current()
    assert [(bead.src, bead.tgt) for bead in mended.beads] == [
        (bead.src, bead.tgt) for bead in session.bitext.beads
    ]
    assert len(session.decisions[-1].targets) < 12
    session.undo(session.version)
    assert session.current() == broken
    session.redo(session.version)
    assert session.current() == mended == Session(session.path).current()


def test_a_run_ends_at_what_is_decided(session: Session) -> None:
    for number in (5, 9):
        session.perform(Request("accept", number), session.version)
    session.perform(Request("note", 7, note="?"), session.version)
    draft = session.draft
    runs = [[draft.number(group) for group in run] for run in free_runs(draft, draft.groups)]
    assert runs[0] == [0, 1, 2, 3, 4]
    assert [4] not in runs
    assert all(not {5, 7, 9} & set(run) for run in runs)
    group = draft.numbered(5)
    assert group
    assert free_run_around(draft, group) in list(free_runs(draft, draft.groups))


def test_nothing_to_align_is_said(session: Session) -> None:
    for bead in session.bitext.beads:
        session.perform(Request("accept", bead.id), session.version)
    group = session.draft.numbered(4)
    assert group
    with pytest.raises(UsageError, match="nothing to align anew"):
        free_run_around(session.draft, group)
