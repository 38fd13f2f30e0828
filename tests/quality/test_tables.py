"""Tables in pages, and what the error count calls a path."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from benchmarks import tables
from benchmarks.cases import ROOT, find_cases
from benchmarks.errors import as_path
from benchmarks.scoring import Row, compared, rows_of
from benchmarks.systems import Run, System, toolkit

from aligner.align.lattice import Edge

RESULTS: dict[str, Any] = {
    "machine": {"processor": "made up", "cores": 1, "system": "none", "python": "3", "numpy": "2"},
    "data": {"article": "0123"},
    "systems": {"aligner": "aligner:0", "other": "other:1"},
    "absent": {"third": "not installed"},
}


@pytest.fixture(scope="module")
def runs() -> dict[System, list[Run]]:
    """The gold of the article as what two systems found."""
    (case,) = find_cases(None)
    run = Run(case, case.gold, 2.0)
    other = System("other", "alone", "other:1", lambda _: run)
    return {toolkit(): [run], other: [run]}


@pytest.fixture(scope="module")
def rows(runs: dict[System, list[Run]]) -> list[Row]:
    system, found = next(iter(runs.items()))
    return rows_of(system, found, samples=0)


PAGE = (
    "# Title\n\n<!-- benchmark accuracy -->\nold\n<!-- end benchmark -->\nbetween\n"
    "<!-- benchmark peers -->\nold peers\n<!-- end benchmark -->\nafter\n"
)


def test_a_page_gets_its_tables_and_keeps_the_rest(
    runs: dict[System, list[Run]], rows: list[Row], tmp_path: Path
) -> None:
    page = tmp_path / "page.md"
    page.write_text(PAGE, "utf-8")
    assert tables.write_page(page, RESULTS, rows, None) == ["accuracy"]
    once = page.read_text("utf-8")
    assert once.startswith("# Title\n\n<!-- benchmark accuracy -->\n\n| set ")
    assert "| article | -" in once
    assert "old\n" not in once.replace("old peers", "")
    assert "old peers" in once
    assert "third" not in once, "what was not measured belongs to the peers' table"
    tables.write_page(page, RESULTS, rows, None)
    assert page.read_text("utf-8") == once
    assert tables.write_page(page, RESULTS, rows, compared(runs)) == ["accuracy", "peers"]
    both = page.read_text("utf-8")
    assert "100.0 / 100.0 / 100.0" in both
    assert "third was not measured: not installed" in both
    assert both.endswith("<!-- end benchmark -->\nafter\n")


def test_a_page_that_is_not_there_is_left_alone(rows: list[Row], tmp_path: Path) -> None:
    assert tables.write_page(tmp_path / "none.md", RESULTS, rows, None) == []
    assert not (tmp_path / "none.md").exists()


def test_the_page_about_accuracy_has_its_places() -> None:
    text = (ROOT / "docs" / "accuracy.md").read_text("utf-8")
    for name in ("accuracy", "types", "peers"):
        assert text.count(f"<!-- benchmark {name} -->") == 1


def test_systems_are_compared_on_the_same_documents_only(runs: dict[System, list[Run]]) -> None:
    (ours, found), (other, _) = runs.items()
    assert {row.system for row in compared(runs)} == {"aligner", "other"}
    assert {row.documents for row in compared(runs)} == {(found[0].case.name,)}
    assert [row.system for row in compared({ours: found, other: []})] == ["aligner"]


def test_beads_as_the_lattice_walks_them() -> None:
    beads = [((), (0,)), ((0,), ()), ((1, 2), (1,)), ((3,), ())]
    assert as_path(beads) == [Edge(0, 1, 0, 0), Edge(1, 1, 0, 1), Edge(1, 3, 1, 2), Edge(3, 4, 2, 2)]
    assert as_path([((0,), (1,)), ((1,), (0,))]) is None, "beads that cross"
    assert as_path([((0, 2), (0,)), ((1,), ())]) is None, "a bead with a hole"
    assert as_path([(tuple(range(8)), tuple(range(5)))]) is None, "a type that is not in the lattice"
