"""Scoring, against cases worked by hand, against a slow recount, and against the field's scorer."""

from __future__ import annotations

import importlib.util
import os
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.errors import FormatError, InputError, UsageError
from aligner.evaluate import Alignment, Evaluation, evaluate, evaluate_files
from aligner.evaluate.alignment import IdBead
from aligner.evaluate.bootstrap import MOST_UNITS, units
from aligner.evaluate.calibration import calibrate
from aligner.evaluate.counts import Tally, blocks, split_nulls, tally, total
from aligner.formats import bitext as bitext_format
from aligner.model import Bead, Bitext, Segment, Side


def beads(text: str) -> Alignment:
    """`[0]:[0] [1]:[1,2]` as an alignment."""
    return Alignment(
        tuple(
            (tuple(map(int, filter(None, src.split(",")))), tuple(map(int, filter(None, tgt.split(",")))))
            for src, tgt in re.findall(r"\[([\d,]*)\]:\[([\d,]*)\]", text)
        )
    )


GOLD = beads("[0]:[0] [1]:[1,2] [2,3]:[3] [4]:[] []:[4] [5]:[5]")


@pytest.mark.parametrize(
    ("hyp", "gold", "strict", "lax", "null"),
    [
        pytest.param(GOLD, GOLD, (1, 1), (1, 1), (1, 1), id="identical"),
        pytest.param(
            beads("[0]:[0] [1]:[1] []:[2] [2,3]:[3] [4]:[] []:[4] [5]:[5]"),
            GOLD,
            (5 / 7, 3 / 4),
            (6 / 7, 1),
            (2 / 3, 1),
            id="a 1-2 cut into 1-1 and a null: strict loses it, lax keeps it",
        ),
        pytest.param(
            beads("[0,1]:[0] [2]:[1]"),
            beads("[0]:[0] [1]:[] [2]:[1]"),
            (1 / 2, 1 / 2),
            (1, 1),
            (0, 0),
            id="a null swallowed by its neighbour costs lax nothing, the nulls' recall all",
        ),
        pytest.param(
            beads("[0]:[1] [1]:[2] [2]:[] []:[0]"),
            beads("[0]:[0] [1]:[1] [2]:[2]"),
            (0, 0),
            (0, 0),
            (0, 0),
            id="off by one everywhere",
        ),
        pytest.param(beads(""), GOLD, (0, 0), (0, 0), (0, 0), id="empty hypothesis"),
        pytest.param(beads("[3,4]:[]"), beads("[3]:[] [4]:[]"), (1, 0), (1, 0), (1, 1), id="a run of nulls"),
    ],
)
def test_cases(
    hyp: Alignment,
    gold: Alignment,
    strict: tuple[float, float],
    lax: tuple[float, float],
    null: tuple[float, float],
) -> None:
    result = evaluate(hyp, gold, samples=0)
    for score, expected in ((result.strict, strict), (result.lax, lax), (result.null, null)):
        assert (score.precision, score.recall) == pytest.approx(expected)


# --- random alignments: monotone partitions of two sides, some crossing, some partial


def partition(draw: st.DrawFn, zh: int, vi: int) -> tuple[IdBead, ...]:
    result: list[IdBead] = []
    i = j = 0
    while i < zh or j < vi:
        m = draw(st.integers(0, min(3, zh - i)))
        n = draw(st.integers(0 if m else 1, max(0 if m else 1, min(3, vi - j))))
        n = min(n, vi - j)
        if m or n:
            result.append((tuple(range(i, i + m)), tuple(range(j, j + n))))
        elif i < zh:
            m = 1
            result.append(((i,), ()))
        i, j = i + m, j + n
    return tuple(result)


@st.composite
def pair(draw: st.DrawFn) -> tuple[tuple[IdBead, ...], tuple[IdBead, ...]]:
    zh, vi = draw(st.integers(0, 7)), draw(st.integers(0, 7))
    hyp, gold = partition(draw, zh, vi), partition(draw, zh, vi)
    kept = draw(st.sets(st.integers(0, 20), max_size=3))
    return tuple(bead for n, bead in enumerate(hyp) if n not in kept), gold


@settings(deadline=None, max_examples=150)
@given(pair())
def test_blocks_add_up_to_the_document(sides: tuple[tuple[IdBead, ...], tuple[IdBead, ...]]) -> None:
    hyp, gold = (split_nulls(side) for side in sides)
    parts = blocks(hyp, gold)
    assert total(tally(*part) for part in parts) == tally(hyp, gold)
    assert sorted(bead for part in parts for bead in part[0]) == sorted(hyp)
    assert sorted(bead for part in parts for bead in part[1]) == sorted(gold)


@pytest.fixture(scope="session")
def scorer() -> ModuleType:
    """The field's scorer, as it lies beside the development data."""
    folder = os.environ.get("ALIGNER_DEV_DATA")
    if not folder:
        pytest.skip("ALIGNER_DEV_DATA is not set")
    spec = importlib.util.spec_from_file_location("score", Path(folder) / "score.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def flat(result: Evaluation) -> Iterator[float]:
    for score in (result.strict, result.lax, result.null):
        yield from (score.precision, score.recall, score.f1)


@settings(deadline=None, max_examples=150)
@given(documents=st.lists(pair(), min_size=1, max_size=3))
def test_equals_the_scorer(
    scorer: ModuleType, documents: list[tuple[tuple[IdBead, ...], tuple[IdBead, ...]]]
) -> None:
    theirs = scorer.score(
        [(scorer.normalise(list(gold)), scorer.normalise(list(hyp))) for hyp, gold in documents]
    )
    ours = evaluate(
        [Alignment(hyp) for hyp, _ in documents], [Alignment(gold) for _, gold in documents], samples=0
    )
    assert list(flat(ours)) == pytest.approx([x for k in ("strict", "lax", "null") for x in theirs[k]])
    assert (ours.hyp_beads, ours.gold_beads) == theirs["beads"]
    assert {row.type: (row.right, row.gold) for row in ours.types if row.gold} == theirs["bytype"]


def test_equals_the_scorer_on_the_development_data(scorer: ModuleType) -> None:
    golds = sorted(Path(os.environ["ALIGNER_DEV_DATA"]).glob("ntrex/*/mn/gold.txt"))
    assert golds
    pairs = [split_nulls(beads(path.read_text("utf-8")).beads) for path in golds]
    shifted = [
        [(src, tuple(j + 1 for j in tgt)) if n % 5 == 0 else (src, tgt) for n, (src, tgt) in enumerate(pair)]
        for pair in pairs
    ]
    theirs = scorer.score(list(zip(pairs, shifted, strict=True)))
    ours = evaluate([Alignment.of(h) for h in shifted], [Alignment.of(g) for g in pairs], samples=0)
    assert list(flat(ours)) == pytest.approx([x for k in ("strict", "lax", "null") for x in theirs[k]])
    assert 0.5 < ours.strict.f1 < 0.9, "a fifth was moved"


# --- intervals


def test_intervals_hold_the_figure_and_are_repeatable() -> None:
    hyp = beads(" ".join(f"[{i}]:[{i if i % 4 else i + 1000}]" for i in range(200)))
    gold = beads(" ".join(f"[{i}]:[{i}]" for i in range(200)))
    one, two, other = (evaluate(hyp, gold, samples=300, seed=seed) for seed in (1, 1, 2))
    assert one == two
    assert one.strict.intervals != other.strict.intervals
    assert one.strict.intervals
    low, high = one.strict.intervals[0]
    assert low < one.strict.precision < high
    # Three quarters of 200 are right: the normal approximation gives ±0.06.
    assert high - low == pytest.approx(0.12, abs=0.03)


def test_many_blocks_are_drawn_in_runs_and_none_is_lost() -> None:
    document = [Tally(strict=i % 2, hyp=1) for i in range(2 * MOST_UNITS + 7)]
    name, drawn = units([document])
    assert name == "blocks"
    assert len(drawn) <= MOST_UNITS
    assert total(drawn) == total(document)
    assert units([document] * 20) == ("documents", [total(document)] * 20)


# --- calibration


def test_calibration_by_hand() -> None:
    result = calibrate([(0.95, True), (1.0, True), (0.9, False), (0.15, False)])
    assert result
    assert [(b.low, b.count, b.right) for b in result.bins] == [(0.1, 1, 0.0), (0.9, 3, pytest.approx(2 / 3))]
    assert result.ece == pytest.approx(1 / 4 * 0.15 + 3 / 4 * (0.95 - 2 / 3))
    assert result.brier == pytest.approx((0.05**2 + 0 + 0.9**2 + 0.15**2) / 4)


def test_no_confidences_no_calibration() -> None:
    assert evaluate(GOLD, GOLD).calibration is None


# --- bitexts: ids by meaning


def bitext(rows: list[tuple[str, str]], digest: str = "d") -> Bitext:
    """One bead a row; `|` parts segments. Offsets are as in one line a side, a space between rows."""
    ids, at = [0, 0], [0, 0]
    result = []
    for number, row in enumerate(rows):
        sides: list[tuple[Segment, ...]] = []
        for side in (0, 1):
            segments = []
            for text in filter(None, row[side].split("|")):
                segments.append(Segment(ids[side], text, at[side], at[side] + len(text)))
                ids[side] += 1
                at[side] += len(text)
            at[side] += bool(segments)
            sides.append(tuple(segments))
        result.append(Bead(number, sides[0], sides[1], confidence=0.5))
    return Bitext(Side("zh-Hans", "a.txt", digest), Side("vi", "a.txt", digest), tuple(result))


def test_bitexts_cut_alike_are_compared_by_id() -> None:
    gold = bitext([("你好。", "Xin chào."), ("再见！", "Tạm biệt!")])
    result = evaluate(gold, gold)
    assert result.strict.f1 == 1
    assert "ids:segments" in result.signature
    assert result.calibration
    assert result.calibration.ece == pytest.approx(0.5)


def test_bitexts_cut_differently_are_compared_by_pieces() -> None:
    # The hypothesis left "你好。" and "再见！" in one segment, which changes every later id.
    hyp = bitext([("你好。再见！", "Xin chào.|Tạm biệt!"), ("谢谢。", "Cảm ơn.")])
    gold = bitext([("你好。|再见！", "Xin chào.|Tạm biệt!"), ("谢谢。", "Cảm ơn.")])
    result = evaluate(hyp, gold)
    assert result.strict.f1 == 1
    assert "ids:pieces" in result.signature
    wrong = bitext([("你好。再见！", "Xin chào."), ("谢谢。", "Tạm biệt!|Cảm ơn.")])
    assert evaluate(wrong, gold).strict.f1 == 0
    assert evaluate(wrong, gold).lax.f1 == 1


def test_other_documents_are_refused() -> None:
    one, other = bitext([("你好。", "Xin chào.")], "x"), bitext([("你们好。", "Chào các bạn.")], "y")
    with pytest.raises(InputError, match="not of the same documents"):
        evaluate(one, other)


def test_doubtful_input_is_noted() -> None:
    notes = "\n".join(evaluate(beads("[0]:[0] [0]:[1] [7]:[2]"), beads("[0]:[0] [1]:[1]")).notes)
    assert "zh segments stand in more than one bead" in notes
    assert "1 zh segments of the hypothesis are not in the gold" in notes
    assert "1 vi segments of the hypothesis are not in the gold" in notes
    assert "1 zh segments of the gold are not in the hypothesis" in notes
    assert not evaluate(GOLD, GOLD).notes


def test_the_report_names_every_figure_and_ends_with_the_signature() -> None:
    lines = str(evaluate(GOLD, GOLD, samples=100)).splitlines()
    assert lines[1].startswith("strict  1.0000 [1.0000, 1.0000]")
    assert any(line.startswith("null ") for line in lines)
    assert any(re.match(r"1-2 +1 +1 +1\.0000 +1", line) for line in lines)
    assert re.fullmatch(r"aligner:\S+\|convention:vecalign\+nulls\|.*seed=0", lines[-1])


# --- files and folders


def write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path


def test_a_bitext_file_against_a_beads_file(tmp_path: Path) -> None:
    with (tmp_path / "a.bitext.jsonl").open("wb") as file:
        bitext_format.write(bitext([("你好。", "Xin chào."), ("再见！", "Tạm biệt!")]), file)
    gold = write(tmp_path / "gold.txt", "[0]:[0]\n[1]:[1]\n")
    result = evaluate_files(tmp_path / "a.bitext.jsonl", gold)
    assert result.strict.f1 == 1
    assert result.calibration


def test_folders_are_matched_by_name_and_pooled(tmp_path: Path) -> None:
    write(tmp_path / "gold" / "a" / "gold.txt", "[0]:[0]\n")
    write(tmp_path / "gold" / "b" / "gold.txt", "[0]:[0]\n[1]:[1]\n")
    write(tmp_path / "gold" / "c.beads", "[0]:[0]\n")
    write(tmp_path / "hyp" / "a" / "hyp.txt", "[0]:[0]\n")
    write(tmp_path / "hyp" / "c.beads", "[0]:[1]\n")
    write(tmp_path / "hyp" / "d.beads", "[0]:[1]\n")
    result = evaluate_files(tmp_path / "hyp", tmp_path / "gold", samples=0)
    assert (result.documents, result.hyp_beads, result.gold_beads) == (3, 2, 4)
    assert (result.strict.precision, result.strict.recall) == (1 / 2, 1 / 4)
    assert "b: no hypothesis, scored as empty" in result.notes


def test_both_in_one_folder(tmp_path: Path) -> None:
    write(tmp_path / "a" / "gold.txt", "[0]:[0]\n[1]:[1]\n")
    write(tmp_path / "a" / "hyp.txt", "[0]:[0]\n[1]:[]\n[]:[1]\n")
    assert evaluate_files(tmp_path, tmp_path, samples=0).strict.recall == 1 / 2


@pytest.mark.parametrize(
    ("hyp", "gold", "error", "said"),
    [
        ("none", "full/a.beads", InputError, "does not exist"),
        ("full", "full/a.beads", UsageError, "one is a file, the other a folder"),
        ("full", "empty", InputError, "holds no alignment"),
        ("other", "full", InputError, "is called as one in"),
        ("full", "twice", InputError, "both alignments of a"),
        ("full/a.beads", "broken.beads", FormatError, "not a bead"),
    ],
)
def test_what_cannot_be_compared(
    tmp_path: Path, hyp: str, gold: str, error: type[Exception], said: str
) -> None:
    write(tmp_path / "full" / "a.beads", "[0]:[0]\n")
    write(tmp_path / "other" / "b.beads", "[0]:[0]\n")
    write(tmp_path / "twice" / "a.beads", "[0]:[0]\n")
    write(tmp_path / "twice" / "a.bitext.jsonl", "")
    write(tmp_path / "broken.beads", "0-0 1-1\n")
    write(tmp_path / "empty" / "readme.txt", "")
    with pytest.raises(error, match=said):
        evaluate_files(tmp_path / hyp, tmp_path / gold)
