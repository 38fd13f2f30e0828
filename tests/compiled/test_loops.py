"""The compiled loops beside what numpy does in their place, on texts like real ones, and without them."""

import ctypes
import dataclasses
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.align.generated import made, segments
from tests.align.test_lattice import SIZES, random_lattice

from aligner import compiled
from aligner.align.aligning import align
from aligner.align.lattice import Lattice, reach
from aligner.align.passes import learn, survey
from aligner.align.shares import posteriors
from aligner.config import AlignOptions
from aligner.evidence.combine import Evidence
from aligner.evidence.lexical import LexicalCells, lexical_cells
from aligner.evidence.rectangles import rectangles
from aligner.language import spaced
from aligner.pipeline import evidence_of
from tools import build_compiled

needs_loops = pytest.mark.skipif(compiled.LOOPS is None, reason="the loops are not compiled")
Made = TypeVar("Made")


def both(work: Callable[[], Made]) -> tuple[Made, Made]:
    """What some work makes with the compiled loops, and without."""
    with pytest.MonkeyPatch.context() as patch:
        here = work()
        patch.setattr(compiled, "LOOPS", None)
        return here, work()


def evidence_for(seed: int, size: int) -> Evidence:
    pair = made(seed, size, noise=0.4, size=12)
    return evidence_of(segments(pair.zh), segments(pair.vi), AlignOptions())


def cells_of(evidence: Evidence, blocks: list[tuple[int, int, int, int]]) -> LexicalCells:
    encoding, p = evidence.encoding, evidence.parameters
    return lexical_cells(
        encoding.src,
        encoding.tgt,
        encoding.table,
        rectangles(blocks),
        max_span=4,
        smoothing=p.smoothing,
        dilution=p.dilution,
    )


def all_alike(lattice: Lattice) -> Lattice:
    """The lattice with all its ways of one weight: their number grows from row to row."""
    return dataclasses.replace(
        lattice,
        beads={t: np.where(np.isfinite(w), 0.0, w) for t, w in lattice.beads.items()},
        src_null=lattice.src_null * 0,
        tgt_null=lattice.tgt_null * 0,
        null_open=0.0,
    )


@needs_loops
@settings(deadline=None, max_examples=10)
@given(seed=st.integers(0, 999), widths=st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1))
def test_cells_are_the_same(seed: int, widths: list[tuple[int, int]]) -> None:
    evidence = evidence_for(seed, 12)
    n, m = evidence.shape
    blocks = [(min(k, n), min(k + a, n), min(k, m), min(k + b, m)) for k, (a, b) in enumerate(widths)]
    here, there = both(lambda: cells_of(evidence, blocks))
    assert len(here.forward) == len(there.forward)
    assert len(here.backward) == len(there.backward)
    for k, (i0, i1, j0, j1) in enumerate(blocks):
        for span, (one, other) in enumerate(zip(here.forward, there.forward, strict=True)):
            rows = max(0, i1 - i0 - span)
            assert one[k, :rows, : j1 - j0] == pytest.approx(other[k, :rows, : j1 - j0], rel=1e-4, abs=2e-3)
        for span, (one, other) in enumerate(zip(here.backward, there.backward, strict=True)):
            rows = max(0, j1 - j0 - span)
            assert one[k, :rows, : i1 - i0] == pytest.approx(other[k, :rows, : i1 - i0], rel=1e-4, abs=2e-3)


@needs_loops
def test_a_line_of_many_tokens_overflows_nowhere() -> None:
    """The product of the likelihood ratios of 20,000 tokens is far beyond what a number can hold."""
    pair = made(1, 400, noise=0.0, size=50)
    evidence = evidence_of(segments(["".join(pair.zh)]), segments([" ".join(pair.vi)]), AlignOptions())
    here, there = both(lambda: cells_of(evidence, [(0, 1, 0, 1)]))
    assert here.forward[0][0, 0, 0] > 2000
    assert here.forward[0] == pytest.approx(there.forward[0], rel=1e-4)
    assert here.backward[0] == pytest.approx(there.backward[0], rel=1e-4)


@needs_loops
@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10**6), sizes=SIZES, flat=st.booleans())
def test_ways_and_posteriors_are_the_same(seed: int, sizes: list[tuple[int, int]], *, flat: bool) -> None:
    lattice = random_lattice(seed, sizes)
    lattice = all_alike(lattice) if flat else lattice
    best, slow_best = both(lambda: reach(lattice))
    found, slow = both(lambda: posteriors(lattice))
    assert found.log_total == pytest.approx(slow.log_total)
    assert found.opens == pytest.approx(slow.opens)
    for k, (n, m) in enumerate(sizes):
        inside = k, slice(0, n + 1), slice(0, m + 1)
        for one, other in zip(dataclasses.astuple(best), dataclasses.astuple(slow_best), strict=True):
            assert one[inside] == pytest.approx(other[inside])
        for bead_type, posterior in slow.beads.items():
            assert found.beads[bead_type][inside] == pytest.approx(posterior[inside], abs=1e-12)
        assert found.src_null[k, :n] == pytest.approx(slow.src_null[k, :n])
        assert found.tgt_null[k, :m] == pytest.approx(slow.tgt_null[k, :m])


@needs_loops
def test_many_alike_ways_are_summed_without_overflow() -> None:
    lattice = all_alike(random_lattice(1, [(700, 5)]))
    found, slow = both(lambda: posteriors(lattice))
    assert found.log_total == pytest.approx(slow.log_total)
    assert found.src_null == pytest.approx(slow.src_null)


@needs_loops
@pytest.mark.parametrize("room", [None, 1])
def test_what_a_pass_teaches_is_the_same(room: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    if room:  # links are put away after nearly every bead
        monkeypatch.setattr("aligner.align.own_counts._ROOM", room)
    evidence = evidence_for(5, 60)
    n, m = evidence.shape
    seen = survey(evidence, [(0, n, 0, m)])
    here, there = both(lambda: learn(evidence, seen).encoding.table)
    for one, other in ((here.forward, there.forward), (here.backward, there.backward)):
        assert one.indptr.tolist() == other.indptr.tolist()
        assert one.indices.tolist() == other.indices.tolist()
        assert one.data == pytest.approx(other.data, rel=1e-4)


@needs_loops
@pytest.mark.parametrize("full_area", [150_000, 100])
def test_beads_are_the_same(full_area: int) -> None:
    pair = made(7, 120, noise=0.3, size=10)
    src, tgt = segments(pair.zh), segments(pair.vi)
    evidence = evidence_of(src, tgt, AlignOptions())
    here, there = both(lambda: align(src, tgt, evidence, full_area=full_area))
    assert [(x.src, x.tgt, x.moved) for x in here] == [(x.src, x.tgt, x.moved) for x in there]
    assert [x.score for x in here] == pytest.approx([x.score for x in there], abs=0.02)
    assert [x.confidence for x in here] == pytest.approx([x.confidence for x in there], abs=0.002)


@needs_loops
def test_whole_numbers_are_passed_as_what_c_has() -> None:
    evidence = evidence_for(3, 12)
    whole = dataclasses.replace(evidence.parameters, dilution=1)
    here, there = both(lambda: cells_of(dataclasses.replace(evidence, parameters=whole), [(0, 3, 0, 3)]))
    assert here.forward[0] == pytest.approx(there.forward[0], rel=1e-4, abs=2e-3)


@needs_loops
def test_numbers_of_another_kind_are_refused() -> None:
    lattice = random_lattice(1, [(2, 2)])
    best = reach(lattice)
    single = dataclasses.replace(best, any=best.any.astype(np.float32))
    with pytest.raises(ctypes.ArgumentError, match="float32 where float64"):
        posteriors(lattice, single)


@needs_loops
def test_ways_that_weigh_the_same_are_decided_alike() -> None:
    """Lines of marks may go with the bead before them or after it; a rounding error must not say which."""
    for seed in range(20):
        pair, random = made(seed, 10, noise=0.3, size=8), np.random.default_rng(seed)
        for side, marks in ((pair.zh, ["。", "……", "】", "}"]), (pair.vi, [".", "…", "},", "]}", "/>"])):
            for _ in range(3):
                side.insert(int(random.integers(len(side) + 1)), str(random.choice(marks)))
        src, tgt = segments(pair.zh), segments(pair.vi)
        evidence = evidence_of(src, tgt, AlignOptions())
        here, there = both(lambda s=src, t=tgt, e=evidence: align(s, t, e))  # type: ignore[misc]
        assert [(x.src, x.tgt) for x in here] == [(x.src, x.tgt) for x in there]


@needs_loops
@settings(deadline=None)
@given(
    texts=st.lists(
        st.text(st.sampled_from("ab é\u0301 \n\x1c\x85\u3000\u200b\ud800😀"), max_size=12), max_size=5
    )
)
def test_words_are_the_same(texts: list[str]) -> None:
    numbers, words, lengths = spaced.words_by_loop(texts)
    slow_numbers, slow_words, slow_lengths = spaced.words_split(texts)
    assert (numbers.tolist(), words, lengths.tolist()) == (
        slow_numbers.tolist(),
        slow_words,
        slow_lengths.tolist(),
    )


@needs_loops
def test_words_are_parted_at_what_python_parts_them_at() -> None:
    characters = "".join(map(chr, range(0x110000)))
    numbers, words, lengths = spaced.words_by_loop([characters])
    assert words == characters.split()
    assert (len(numbers), lengths.tolist()) == (len(words), [len(words)])


@needs_loops
def test_many_different_words_find_their_places() -> None:
    words = [f"{k:x}" for k in range(100_000)]
    numbers, found, _ = spaced.words_by_loop([" ".join(words), " ".join(words[::-1])])
    assert found == words
    assert numbers.tolist() == [*range(100_000), *reversed(range(100_000))]


def test_what_no_compiled_loop_can_read_is_refused() -> None:
    with pytest.raises(ValueError, match="row by row"):
        compiled.address(np.zeros((4, 4)).T[::2])


@pytest.mark.skipif(not build_compiled.compiler(), reason="there is no C compiler")
@pytest.mark.parametrize("standard", ["c11", "gnu11"])
def test_the_source_gives_no_cause_for_warnings(standard: str) -> None:
    """With gnu11 the system's headers declare what those of macOS always do."""
    warnings = ["-Wall", "-Wextra", "-Wshadow", "-pedantic", "-Werror"]
    compiler = [*build_compiled.compiler(), f"-std={standard}", *warnings]
    command = [*compiler, "-fsyntax-only", str(compiled.SOURCE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_library_is_that_of_the_source() -> None:
    made_by_tool = build_compiled.library_of(compiled.SOURCE)
    assert made_by_tool == compiled.library_path()


def test_loops_can_be_switched_off() -> None:
    program = "import aligner.compiled; print(aligner.compiled.LOOPS)"
    environment = {**os.environ, "ALIGNER_COMPILED": "0"}
    done = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "None"


def test_a_broken_library_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "loops.c").write_text("int x;")
    monkeypatch.setattr(compiled, "SOURCE", tmp_path / "loops.c")
    compiled.library_path().write_bytes(b"no library")
    assert compiled.load() is None
