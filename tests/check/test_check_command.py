"""`aligner check` as a user runs it: in the project, on files, in every format."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from aligner.check import RULES
from aligner.check.report import COLUMNS
from aligner.cli import main

ROOT = Path(__file__).parents[2]
PROJECT = json.loads((ROOT / "tests" / "cases" / "check_project.json").read_text(encoding="utf-8"))
MOST_FALSE = 10


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of this repository's project folders, as the working folder."""
    for name in ("seeds", "corpus", "glossary"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def findings(capsys: pytest.CaptureFixture[str], *args: str) -> list[dict[str, Any]]:
    assert main(["check", *args, "--format", "json"]) == 0
    result: list[dict[str, Any]] = json.loads(capsys.readouterr().out)["findings"]
    return result


def test_the_project_s_known_errors_are_found(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found = findings(capsys)
    assert set(PROJECT["must"]) <= {one["text"] for one in found}, project


@pytest.mark.usefixtures("project")
def test_few_findings_in_the_project_are_false_or_not_judged(capsys: pytest.CaptureFixture[str]) -> None:
    judged = {tuple(row[:3]) for row in PROJECT["judged"] if row[3] == "true"}
    found = [(Path(o["document"]).name[:3], o["rule"], o["text"][:40]) for o in findings(capsys)]
    doubtful = [one for one in found if one not in judged]
    assert len(doubtful) <= MOST_FALSE, doubtful


@pytest.mark.usefixtures("project")
def test_places_are_those_of_the_source_files(capsys: pytest.CaptureFixture[str]) -> None:
    for one in findings(capsys):
        assert Path(one["document"]).read_text(encoding="utf-8")[one["start"] : one["end"]] == one["text"]


def test_a_seed_that_is_in_the_corpus_is_not_checked_twice(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    places = [(one["document"], one["rule"], one["start"], one["end"]) for one in findings(capsys)]
    assert len(places) == len(set(places))
    for bitext in (project / "corpus").glob("*.bitext.jsonl"):
        bitext.unlink()
    assert "xuânnhững" in {one["text"] for one in findings(capsys)}


@pytest.mark.usefixtures("project")
def test_the_table_marks_what_it_found(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check"]) == 0
    shown = capsys.readouterr().out
    assert "⟦Võ Đại Thắng⟧" in shown
    assert "bead 22 vi  warning  names  also spelled Vũ Đại Thắng, 5 times" in shown
    assert shown.splitlines()[-1].startswith(f"{len(findings(capsys))} findings: ")
    assert all(len(line) <= 100 for line in shown.splitlines())


@pytest.mark.usefixtures("project")
def test_tsv_has_the_columns(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--format", "tsv"]) == 0
    header, *rows = capsys.readouterr().out.splitlines()
    assert header == "rule severity document bead side start end text message".replace(" ", "\t")
    assert tuple(header.split("\t")) == COLUMNS
    assert len(rows) == len(findings(capsys))
    assert all(len(row.split("\t")) == len(COLUMNS) for row in rows)


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("args", "code"),
    [
        ([], 0),
        (["--fail-on", "warning"], 3),
        (["--fail-on", "error"], 0),
        (["--fail-on", "warning", "--rule", "not-nfc"], 0),
    ],
)
def test_exit_codes(args: list[str], code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *args]) == code
    assert "finding" in capsys.readouterr().out


@pytest.mark.usefixtures("project")
def test_rules_are_chosen(capsys: pytest.CaptureFixture[str]) -> None:
    rules = {one["rule"] for one in findings(capsys)}
    assert {one["rule"] for one in findings(capsys, "--rule", "names", "--rule", "near-miss")} == {
        "names",
        "near-miss",
    }
    assert {one["rule"] for one in findings(capsys, "--no-rule", "names")} == rules - {"names"}


def test_the_rules_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--list-rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in lines] == [[name, rule.severity] for name, rule in RULES.items()]


def test_the_project_s_glossary_is_used(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = project / "glossary" / "glossary.tsv"
    path.write_text("zh\tvi\tstatus\n务实\tthực tế\tapproved\n口岸\tcửa khẩu\tapproved\n", "utf-8")
    found = findings(capsys, "--rule", "glossary")
    assert {(one["side"], one["text"]) for one in found} == {("zh", "务实")}
    other = project / "other.tsv"
    other.write_text("zh\tvi\n口岸\tbến cảng\n", "utf-8")
    found = findings(capsys, "--rule", "glossary", "--glossary", str(other))
    assert {one["text"] for one in found} == {"口岸"}


def test_files_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("memory.tsv").write_text("src\ttgt\n共签署29项协议。\tĐã ký 39 thỏa thuận.\n", "utf-8")
    Path("text.txt").write_text("Anh mua sách của của bạn.\n", "utf-8")
    numbers = [("memory.tsv", 0, "39", 6, 8)]
    doubled = [("text.txt", None, "của của", 13, 20)]

    def places(*args: str) -> list[tuple[Any, ...]]:
        names = ("document", "bead", "text", "start", "end")
        return [tuple(one[name] for name in names) for one in findings(capsys, *args)]

    assert places("memory.tsv") == numbers
    assert places("text.txt") == places("--texts", "text.txt") == doubled
    assert places("memory.tsv", "--texts", "text.txt") == numbers + doubled
    assert main(["check", "memory.tsv", "--fail-on", "error", "-o", "out.tsv", "--format", "tsv"]) == 3
    assert (
        Path("out.tsv")
        .read_text("utf-8")
        .splitlines()[1]
        .startswith("numbers\terror\tmemory.tsv\t0\tvi\t6\t8\t39\t")
    )


@pytest.mark.parametrize(
    ("args", "said", "code"),
    [
        ([], "no project in", 2),
        (["none.tmx"], "none.tmx cannot be read", 1),
        (["none.txt"], "none.txt: no such file", 1),
        (["ok.tsv", "--rule", "typos"], "no rule 'typos': it is one of", 2),
        (["ok.tsv", "--no-rule", "typos"], "no rule 'typos'", 2),
        (["ok.tsv", "--fail-on", "info"], "is not one of", 2),
        (["ok.tsv", "--glossary", "bad.tsv"], "bad.tsv:2: a term without its translation", 1),
        (["ok.tsv", "--glossary", "none.tsv"], "none.tsv cannot be read", 1),
        (["ok.tsv", "-o", "ok.tsv"], "is an input and would be overwritten", 1),
        (["--texts", "english.txt"], "neither Chinese nor Vietnamese", 0),
    ],
)
def test_what_a_user_gets_wrong_is_one_line(
    args: list[str],
    said: str,
    code: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("ok.tsv").write_text("src\ttgt\n一。\tMột.\n", "utf-8")
    Path("bad.tsv").write_text("zh\tvi\n会\t\n", "utf-8")
    Path("english.txt").write_text("The quick brown fox jumps over the lazy dog.\n", "utf-8")
    assert main(["check", *args]) == code
    shown = capsys.readouterr().err.strip()
    assert said in shown
    assert "\n" not in shown


def test_a_project_s_unreadable_seed_is_passed_over(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (project / "seeds" / "broken.txt").write_bytes(b"\xff\xfe\x00")
    assert main(["check", "--format", "json"]) == 0
    shown = capsys.readouterr()
    assert "broken.txt" in shown.err
    assert "passed over" in shown.err
    assert json.loads(shown.out)["findings"]
