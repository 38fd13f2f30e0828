"""Decisions on random bitexts: nothing is lost, nothing is covered twice, and order is kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.model import STATUSES, Action, Bead, Bitext, Decision, Segment, Side
from aligner.review.decisions import apply_decisions, decide, undo
from aligner.review.groups import Texts

Cut = Sequence[tuple[int, int]]
QUICK = settings(max_examples=60, deadline=None)
SINGLE: tuple[Action, ...] = ("accept", "reject", "reset", "edit", "note", "pin", "unpin")


def time(number: int) -> str:
    return f"2026-01-31T12:00:00.{number:06}Z"


def bitext_of(zh: Sequence[str], vi: Sequence[str], cuts: Cut, moved: Sequence[int] = ()) -> Bitext:
    """Beads with so many segments on either side, in order."""
    beads = []
    i = j = 0
    for number, (m, n) in enumerate(cuts):
        src = tuple(Segment(k, zh[k], 10 * k, 10 * k + len(zh[k])) for k in range(i, i + m))
        tgt = tuple(Segment(k, vi[k], 10 * k, 10 * k + len(vi[k])) for k in range(j, j + n))
        beads.append(Bead(number, src, tgt, 1.0, {"translation": 1.0}, 0.5 + number / 1000))
        i, j = i + m, j + n
    if moved:
        one, other = (beads[number] for number in moved)
        beads[moved[0]] = one.replace(tgt=other.tgt, moved=True)
        beads[moved[1]] = other.replace(tgt=one.tgt, moved=True)
    return Bitext(Side("zh-Hans", "a", "0"), Side("vi", "a", "0"), tuple(beads), "made:by=test")


SHAPES = ((1, 1), (2, 1), (1, 2), (1, 0), (0, 1), (2, 2), (3, 1))


@st.composite
def cuts_of(draw: st.DrawFn, zh: int, vi: int) -> Cut:
    """A random alignment of so many segments on either side."""
    cuts = []
    while zh or vi:
        m, n = draw(st.sampled_from([shape for shape in SHAPES if shape[0] <= zh and shape[1] <= vi]))
        cuts.append((m, n))
        zh, vi = zh - m, vi - n
    return cuts


@st.composite
def bitexts(draw: st.DrawFn, *, distinct: bool, move: bool = True) -> Bitext:
    zh, vi = draw(st.integers(1, 9)), draw(st.integers(1, 9))
    names = [f"zh{i}" for i in range(zh)], [f"vi{i}" for i in range(vi)]
    if not distinct:
        names = (
            draw(st.lists(st.sampled_from(["甲乙", "乙", "丙"]), min_size=zh, max_size=zh)),
            draw(st.lists(st.sampled_from(["ab", "b", "c"]), min_size=vi, max_size=vi)),
        )
    cuts = draw(cuts_of(zh, vi))
    if not move:
        return bitext_of(*names, cuts)
    two_sided = [number for number, (m, n) in enumerate(cuts) if m and n]
    moved = st.lists(st.sampled_from(two_sided), min_size=2, max_size=2, unique=True)
    return bitext_of(*names, cuts, draw(moved) if len(two_sided) > 1 and draw(st.booleans()) else ())


@st.composite
def realigned(draw: st.DrawFn, bitext: Bitext) -> Bitext:
    """Another alignment of the same segments."""
    zh, vi = texts_of(bitext)
    return bitext_of(zh, vi, draw(cuts_of(len(zh), len(vi))))


def texts_of(bitext: Bitext) -> tuple[list[str], list[str]]:
    sides: tuple[dict[int, str], dict[int, str]] = ({}, {})
    for bead in bitext.beads:
        originals = bead.original or ([s.text for s in bead.src], [s.text for s in bead.tgt])
        for side, segments, texts in zip(sides, (bead.src, bead.tgt), originals, strict=True):
            side.update({s.id: text for s, text in zip(segments, texts, strict=True)})
    return [sides[0][i] for i in range(len(sides[0]))], [sides[1][i] for i in range(len(sides[1]))]


@st.composite
def next_decision(draw: st.DrawFn, bitext: Bitext, earlier: Sequence[Decision], number: int) -> Decision:
    """A decision a person could take on this bitext."""
    kinds = ["single", "regroup", "cut", *(["undo"] if earlier else [])]
    kind = draw(st.sampled_from(kinds))
    if kind == "undo":
        chosen = undo(draw(st.sampled_from(earlier)), author="an")
    elif kind == "regroup":
        chosen = draw(regroupings(bitext))
    elif kind == "cut":
        chosen = draw(cuts_in(bitext))
    else:
        bead = draw(st.sampled_from(bitext.beads))
        action = draw(st.sampled_from(SINGLE))
        after: list[Texts] = []
        if action == "edit":
            marks = draw(st.lists(st.sampled_from("!?"), min_size=len(bead.src), max_size=len(bead.src)))
            after = [(tuple(marks), tuple(s.text for s in bead.tgt))]
        value = f"note {number}" if action == "note" else ""
        chosen = decide(bitext, [bead.id], action, author="an", after=after, value=value)
    return Decision(
        f"2026-01-31T12:00:00.{number:06}Z", *(getattr(chosen, n) for n in Decision.__slots__[1:])
    )


@st.composite
def regroupings(draw: st.DrawFn, bitext: Bitext) -> Decision:
    start = draw(st.integers(0, len(bitext.beads) - 1))
    stop = draw(st.integers(start + 1, min(len(bitext.beads), start + 3)))
    run = [bead for bead in bitext.beads[start:stop] if not bead.moved] or [bitext.beads[start]]
    zh = [s for b in run for s in ((b.original or (tuple(s.text for s in b.src), ()))[0])]
    vi = [s for b in run for s in ((b.original or ((), tuple(s.text for s in b.tgt)))[1])]
    after: list[Texts] = []
    for m, n in draw(cuts_of(len(zh), len(vi))):
        after.append((tuple(zh[:m]), tuple(vi[:n])))
        zh, vi = zh[m:], vi[n:]
    return decide(bitext, [bead.id for bead in run], "regroup", author="an", after=after)


@st.composite
def cuts_in(draw: st.DrawFn, bitext: Bitext) -> Decision:
    """A cut through a segment, or an attempt at one that is too short."""
    bead = draw(st.sampled_from(bitext.beads))
    original = bead.original or (tuple(s.text for s in bead.src), tuple(s.text for s in bead.tgt))
    side = draw(st.sampled_from([side for side in (0, 1) if original[side]]))
    number = draw(st.integers(0, len(original[side]) - 1))
    at = draw(st.integers(1, max(len(original[side][number]) - 1, 1)))
    texts = list(original[side])
    texts[number : number + 1] = filter(None, [texts[number][:at], texts[number][at:]])
    there = draw(st.integers(0, len(original[1 - side])))
    own = tuple(texts[: number + 1]), tuple(texts[number + 1 :])
    other = original[1 - side][:there], original[1 - side][there:]
    one, two = ((a, b) if side == 0 else (b, a) for a, b in zip(own, other, strict=True))
    value = f"{('src', 'tgt')[side]}:{number}:{at}"
    return decide(bitext, [bead.id], "cut", author="an", after=[one, two], value=value)


@st.composite
def histories(draw: st.DrawFn, *, distinct: bool) -> tuple[Bitext, list[Decision]]:
    bitext = draw(bitexts(distinct=distinct))
    decisions: list[Decision] = []
    for number in range(draw(st.integers(0, 6))):
        decisions.append(draw(next_decision(apply_decisions(bitext, decisions), decisions, number)))
    return bitext, decisions


def check_covers(bitext: Bitext, zh: Sequence[str], vi: Sequence[str]) -> None:
    """Each segment once, unchanged but for edits and cuts; ids unique; all but moved beads in order."""
    for side, (found, known) in enumerate(zip(texts_of(bitext), (zh, vi), strict=True)):
        assert "".join(found) == "".join(known)
        ids = [[s.id for s in (bead.src, bead.tgt)[side]] for bead in bitext.beads]
        assert sorted(i for group in ids for i in group) == list(range(len(found)))
        assert all(group == list(range(group[0], group[-1] + 1)) for group in ids if group)
        in_order = [i for group, bead in zip(ids, bitext.beads, strict=True) if not bead.moved for i in group]
        assert in_order == sorted(in_order)
    assert len({bead.id for bead in bitext.beads}) == len(bitext.beads)
    assert all(bead.src or bead.tgt for bead in bitext.beads)
    for bead in bitext.beads:
        assert bead.status in STATUSES
        if bead.original is not None:
            assert (len(bead.src), len(bead.tgt)) == tuple(map(len, bead.original))
            assert bead.original != (tuple(s.text for s in bead.src), tuple(s.text for s in bead.tgt))


@pytest.mark.parametrize("distinct", [True, False])
@QUICK
@given(data=st.data())
def test_segments_are_covered_once_after_any_decisions(*, distinct: bool, data: st.DataObject) -> None:
    bitext, decisions = data.draw(histories(distinct=distinct))
    check_covers(apply_decisions(bitext, decisions), *texts_of(bitext))
    again = data.draw(realigned(bitext))
    check_covers(apply_decisions(again, decisions), *texts_of(bitext))


@pytest.mark.parametrize("distinct", [True, False])
@QUICK
@given(data=st.data())
def test_applied_twice_is_applied_once(*, distinct: bool, data: st.DataObject) -> None:
    bitext, decisions = data.draw(histories(distinct=distinct))
    once = apply_decisions(bitext, decisions)
    assert apply_decisions(once, decisions) == once
    assert apply_decisions(bitext, decisions) == once


@QUICK
@given(history=histories(distinct=False), data=st.data())
def test_undo_restores(history: tuple[Bitext, list[Decision]], data: st.DataObject) -> None:
    bitext, decisions = history
    now = apply_decisions(bitext, decisions)
    number = len(decisions)
    decision = data.draw(next_decision(now, (), number))
    back = Decision(time(number + 1), "an", "undo", (), value=decision.time)
    again = Decision(time(number + 2), "an", "undo", (), value=back.time)
    assert apply_decisions(bitext, [*decisions, decision, back]).beads == now.beads
    redone = apply_decisions(bitext, [*decisions, decision, back, again])
    assert redone.beads == apply_decisions(bitext, [*decisions, decision]).beads


@QUICK
@given(data=st.data())
def test_decisions_survive_realignment(data: st.DataObject) -> None:
    """Where decisions do not contradict each other, all of them hold in any alignment of the segments."""
    bitext = data.draw(bitexts(distinct=True, move=False))
    decisions = [
        decide(bitext, [bead.id], "accept" if i % 2 else "reject", author="an")
        for i, bead in enumerate(bitext.beads)
        if data.draw(st.booleans())
    ]
    decisions = [dataclasses.replace(d, time=time(i)) for i, d in enumerate(decisions)]
    applied = apply_decisions(data.draw(realigned(bitext)), decisions)
    assert applied.notes == ()
    said = {bead.hash: bead.status for bead in applied.beads if bead.status != "auto"}
    assert said == {d.targets[0].hash: "accepted" if d.action == "accept" else "rejected" for d in decisions}


@QUICK
@given(data=st.data())
def test_regroupings_survive_realignment(data: st.DataObject) -> None:
    bitext = data.draw(bitexts(distinct=True, move=False))
    decision = data.draw(regroupings(bitext))
    applied = apply_decisions(data.draw(realigned(bitext)), [decision])
    assert applied.notes == ()
    pinned = [(tuple(s.text for s in b.src), tuple(s.text for s in b.tgt)) for b in applied.beads if b.pinned]
    assert sorted(pinned) == sorted(decision.after)
