"""A long document aligned anew stretch by stretch, while somebody goes on deciding."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from tests.review.web.serving import stored

from aligner.config import AlignOptions
from aligner.model import Bitext
from aligner.pipeline import align_file
from aligner.review.operations import Request
from aligner.review.web import opened
from aligner.review.web.job import Job
from aligner.review.web.opened import OpenBitext


@pytest.fixture(scope="module")
def aligned(article: Path) -> Bitext:
    return align_file(article, AlignOptions())


@pytest.fixture
def bitext(aligned: Bitext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OpenBitext:
    """The article, taken for a long document; two of its beads are set null, as if nobody had."""
    for name, value in (("LONG", 10), ("_STRETCH", 10), ("_AROUND", 30)):
        monkeypatch.setattr(opened, name, value)
    found = OpenBitext(stored(tmp_path / "a.bitext.jsonl", aligned), "an")
    session = found.session
    for bead in (3, 24):
        session.perform(Request("null", bead), session.version)
    for one in session.current().beads:
        if one.pinned:
            session.perform(Request("unpin", one.id), session.version)
    return found


def texts(bitext: OpenBitext) -> list[tuple[str, str]]:
    return [(bead.src_text, bead.tgt_text) for bead in bitext.session.current().beads]


def finished(bitext: OpenBitext) -> Job:
    assert bitext.job is not None
    bitext.job.join(60)
    assert not bitext.job.is_alive()
    return bitext.job


def test_all_stretches_are_aligned_anew_by_one_decision(bitext: OpenBitext, aligned: Bitext) -> None:
    count = len(bitext.session.decisions)
    assert bitext.realign(None, bitext.session.version)
    job = finished(bitext)
    assert (job.done, job.total, job.changed, job.problem) == (3, 3, True, None)
    assert texts(bitext) == [(bead.src_text, bead.tgt_text) for bead in aligned.beads]
    assert [d.action for d in bitext.session.decisions[count:]] == ["realign"]
    assert bitext.realign(None, bitext.session.version)
    assert finished(bitext).changed is False


def test_what_is_decided_meanwhile_stands(bitext: OpenBitext, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the two places one is pinned while it works, and a segment before the other is cut."""
    session = bitext.session
    arrived, go_on = threading.Event(), threading.Event()
    finish = bitext.take_changes

    def later(found: list[object]) -> bool:
        arrived.set()
        assert go_on.wait(30)
        return finish(found)  # type: ignore[arg-type]

    monkeypatch.setattr(bitext, "take_changes", later)
    bitext.realign(None, session.version)
    assert arrived.wait(60)
    session.perform(Request("pin", 3), session.version)
    session.perform(Request("split", 2, cursors=((0, 20), (0, 60))), session.version)
    before = texts(bitext)
    go_on.set()
    job = finished(bitext)
    assert job.changed, job.problem
    assert texts(bitext)[:7] == before[:7]
    (pair,) = [bead for bead in session.current().beads if bead.id == 24]
    assert pair.src
    assert pair.tgt
    assert len(texts(bitext)) == len(before) - 1
    assert not session.notes()


def test_what_is_stopped_has_done_nothing(bitext: OpenBitext, monkeypatch: pytest.MonkeyPatch) -> None:
    version = bitext.session.version
    work = bitext.stretch_changes

    def stopping(number: int) -> object:
        assert bitext.stop()
        return work(number)

    monkeypatch.setattr(bitext, "stretch_changes", stopping)
    bitext.realign(None, version)
    job = finished(bitext)
    assert (job.done, job.changed, job.state()["works"]) == (1, None, False)
    assert bitext.session.version == version
    assert not bitext.stop()
