"""The quality gate on development data, and the gate's own tests on made-up documents."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from pathlib import Path

import pytest
from benchmarks.cases import ROOT, Case, find_cases
from benchmarks.floors import (
    SLACK,
    Breach,
    Figure,
    Floors,
    breaches,
    changed_data,
    data_hashes,
    figures,
    gated_cases,
    load,
    lowered,
    main,
    raised,
    renewed,
    save,
)
from benchmarks.scoring import measure, rows_of
from benchmarks.systems import Run, System, toolkit
from benchmarks.tables import summary

from aligner.model import Bead, Bitext

_NUMBER = re.compile(r"\d+(?:\.\d+)?")

REMEDY = """
Mend it; or, where it is wanted, say why and lower the floors on purpose:
    python -m benchmarks.floors --lower SET --because WHY"""


@functools.cache
def runs_on(data: Path) -> list[Run]:
    """The toolkit on all gated documents, once a test session."""
    return measure(toolkit(), gated_cases(data))


def test_no_figure_is_below_its_floor(dev_data: Path) -> None:
    floors = load()
    changed = changed_data(floors, data_hashes(gated_cases(dev_data)))
    assert not changed, (
        f"{', '.join(changed)}: not the data that the floors were measured on. Set ALIGNER_DEV_DATA to that "
        "data; or, where the data changed on purpose, pin it anew:\n"
        "    python -m benchmarks.floors --new-data --because WHY"
    )
    found = figures(rows_of(toolkit(), runs_on(dev_data), samples=0, both_halves=False))
    below = breaches(floors, found)
    assert not below, "\n".join(map(str, below)) + REMEDY


def test_the_readme_shows_what_is_measured(dev_data: Path) -> None:
    """Within half a percent: another processor's arithmetic may turn a bead."""
    text = (ROOT / "README.md").read_text("utf-8")
    shown = text.split("<!-- benchmark summary -->\n")[1].split("<!-- end benchmark -->")[0].strip()
    found = summary(rows_of(toolkit(), runs_on(dev_data), samples=0))
    assert _NUMBER.sub("N", shown) == _NUMBER.sub("N", found), "make benchmark WRITE=1"
    figures_of = ([float(n) for n in _NUMBER.findall(table)] for table in (shown, found))
    assert next(figures_of) == pytest.approx(next(figures_of), abs=0.5), "make benchmark WRITE=1"


def test_every_set_has_a_floor(dev_data: Path) -> None:
    assert {case.set_name for case in gated_cases(dev_data)} == set(load().data)


def test_worse_alignments_of_the_data_fail(dev_data: Path) -> None:
    """One bead in ten merged with the next: below the floors of every set that has ids."""
    runs = [Run(run.case, merged(run.hyp, every=10), run.cpu_seconds) for run in runs_on(dev_data)]
    found = figures(rows_of(toolkit(), runs, samples=0, both_halves=False))
    below = {breach.key[0] for breach in breaches(load(), found) if breach.key[2] == "strict F1"}
    assert below == {case.set_name for case in gated_cases(dev_data) if case.has_ids}


# --- the gate itself, without development data


def merged(bitext: Bitext, *, every: int) -> Bitext:
    """Every so many beads one is merged with the next."""
    beads: list[Bead] = []
    for number, bead in enumerate(bitext.beads):
        if number % every == 1:
            last = beads.pop()
            beads.append(last.replace(src=last.src + bead.src, tgt=last.tgt + bead.tgt))
        else:
            beads.append(bead)
    return bitext.replace(beads=tuple(beads))


@pytest.fixture
def cases(tmp_path: Path) -> list[Case]:
    """Three documents of thirty lines each, in sets and folders as in the development data."""
    for name in ("one", "two", "three"):
        folder = tmp_path / "novel" / name / "real"
        folder.mkdir(parents=True)
        (folder / "zh.txt").write_text("".join(f"第{k}句。\n" for k in range(30)), "utf-8")
        (folder / "vi.txt").write_text("".join(f"Câu thứ {k}.\n" for k in range(30)), "utf-8")
        (folder / "gold.txt").write_text("".join(f"[{k}]:[{k}]\n" for k in range(30)), "utf-8")
    return [case for case in find_cases(tmp_path) if case.set_name == "novel/real"]


def perfect(case: Case) -> Run:
    gold = case.gold
    return Run(case, gold.replace(beads=tuple(b.replace(confidence=0.95) for b in gold.beads)), 1.0)


def measured(cases: Sequence[Case], *, every: int = 0) -> dict[tuple[str, str, str], Figure]:
    """Figures of a perfect system, or of one that merges beads."""

    def run(case: Case) -> Run:
        good = perfect(case)
        return Run(case, merged(good.hyp, every=every), 1.0) if every else good

    system = System("made up", "alone", "made up", run)
    return figures(rows_of(system, measure(system, cases), samples=0, both_halves=False))


@pytest.fixture
def floors(cases: list[Case]) -> Floors:
    return raised(Floors({}, {}, []), measured(cases), data_hashes(cases))


def test_the_made_up_set_is_found(cases: list[Case]) -> None:
    assert [case.name for case in cases] == ["one", "three", "two"]
    assert {case.half for case in cases} == {"tune", "report"}


def test_what_was_pinned_passes(cases: list[Case], floors: Floors) -> None:
    beads = {half: 30 * sum(case.half == half for case in cases) for half in ("tune", "report")}
    for half, count in beads.items():
        assert floors.values["novel/real", half, "strict F1"] == pytest.approx(1 - SLACK / count, abs=1e-4)
    assert not breaches(floors, measured(cases))


def test_a_worse_hypothesis_fails(cases: list[Case], floors: Floors) -> None:
    below = breaches(floors, measured(cases, every=10))
    assert {breach.key[2] for breach in below} == {"strict F1", "right at 0.9"}
    assert all(breach.measured is not None and breach.measured < breach.floor for breach in below)


def test_a_figure_that_is_not_measured_any_more_fails(floors: Floors) -> None:
    assert {breach.key for breach in breaches(floors, {})} == floors.values.keys()


def test_other_data_is_noticed(cases: list[Case], floors: Floors) -> None:
    path = cases[0].gold_path
    path.write_text(path.read_text("utf-8").replace("[3]:[3]", "[3]:[]\n[]:[3]"), "utf-8")
    assert changed_data(floors, data_hashes(cases)) == ["novel/real"]
    assert changed_data(floors, {}) == ["novel/real"]
    anew = renewed(floors, data_hashes(cases), "the gold was corrected")
    assert anew.values == {}
    assert anew.history[-1]["because"] == "the gold was corrected"


def test_raising_never_lowers(cases: list[Case], floors: Floors) -> None:
    worse = measured(cases, every=10)
    assert raised(floors, worse, data_hashes(cases)).values == floors.values


def test_lowering_says_why_and_lowers_only_what_is_named(cases: list[Case], floors: Floors) -> None:
    worse = measured(cases, every=10)
    assert lowered(floors, worse, ["another/set"], "no reason").values == floors.values
    new = lowered(floors, worse, ["novel/real"], "a slower world")
    assert not breaches(new, worse)
    assert {entry["because"] for entry in new.history} == {"a slower world"}
    assert {entry["lowered"] for entry in new.history} == {
        " ".join(breach.key) for breach in breaches(floors, worse)
    }


def test_the_file_keeps_everything(floors: Floors, tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    whole = Floors(floors.data, floors.values, [{"lowered": "x", "because": "y"}])
    save(whole, path)
    assert load(path) == whole
    assert load(tmp_path / "none.json") == Floors({}, {}, [])


def test_lowering_without_a_reason_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([str(tmp_path), "--lower", "ntrex/mn"])
    assert stopped.value.code == 2
    assert "say why" in capsys.readouterr().err


def test_a_breach_reads_as_a_sentence() -> None:
    assert str(Breach(("a/b", "tune", "lax F1"), 0.9, 0.8)) == (
        "a/b tune lax F1 is 0.8000, the floor is 0.9000"
    )
