"""`aligner terms` and `aligner export` of glossaries: a term base is made, edited, brought up to date."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from aligner.cli import main
from aligner.formats.glossaries import load_glossary, write_glossary

ROOT = Path(__file__).parents[2]
LINES = [
    ("渔业技术合作协定已经签署。", "Hiệp định hợp tác kỹ thuật nghề cá đã được ký."),
    ("发展渔业技术是重点。", "Phát triển kỹ thuật nghề cá là trọng tâm."),
    ("王建国出席签字仪式。", "Vương Kiến Quốc dự lễ ký."),
]

Run = Callable[..., "tuple[int, str, str]"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with one bitext, a text in Vietnamese, and the glossary of the widest level."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("seeds", "corpus", "glossary"):
        (folder / name).mkdir()
    table = folder / "bai.tsv"
    table.write_text("src\ttgt\n" + "".join(f"{zh}\t{vi}\n" for zh, vi in LINES), "utf-8")
    (folder / "seeds" / "tin.txt").write_text("Nghề cá và kĩ thuật nghề cá ở tỉnh ta.\n", "utf-8")
    bitext = folder / "corpus" / "bai.bitext.jsonl"
    assert main(["export", str(table), "--format", "bitext", "-o", str(bitext), "--quiet"]) == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(["terms", "--level", "wide", "--quiet"]) == 0
    return folder


@pytest.fixture
def project(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it, as the working folder."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*args: str) -> tuple[int, str, str]:
        code = main(list(args))
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


def rows(path: Path) -> dict[str, str]:
    return {entry.zh: entry.vi for entry in load_glossary(path)}


def edit(sheet: Path, zh: str, **cells: str) -> str:
    """Changes a row as a person would; returns it."""
    header, *lines = [line.split("\t") for line in sheet.read_text("utf-8").splitlines()]
    (row,) = (line for line in lines if line[1] == zh)
    for column, value in cells.items():
        row[header.index(column)] = value
    sheet.write_text("".join("\t".join(line) + "\n" for line in (header, *lines)), "utf-8")
    return "\t".join(row)


def test_a_project_s_glossary_has_its_terms_and_where_they_stand(project: Path) -> None:
    found = rows(project / "glossary" / "glossary.tsv")
    assert found["渔业技术"] == "kỹ thuật nghề cá"
    assert found["王建国"] == "Vương Kiến Quốc"
    header, *hits = (project / "glossary" / "glossary.concordance.tsv").read_text("utf-8").splitlines()
    assert header.split("\t")[3:6] == ["document", "start", "end"]
    places = [line.split("\t")[3:6] for line in hits if "\t渔业技术\t" in line]
    text = (project / "seeds" / "tin.txt").read_text("utf-8")
    assert [text[int(start) : int(end)] for _, start, end in places] == ["kĩ thuật nghề cá"]
    spelled = (project / "glossary" / "glossary.spellings.tsv").read_text("utf-8").splitlines()
    assert [line.split("\t")[3:] for line in spelled[1:]] == [
        ["kĩ thuật nghề cá", "tin"],
        ["kỹ thuật nghề cá", ""],
    ]


def test_running_again_changes_no_decision_and_says_what_is_new(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "an")
    sheet = project / "glossary" / "glossary.tsv"
    decided = [
        edit(sheet, "渔业技术", vi="kỹ thuật ngư nghiệp", status="approved"),
        edit(sheet, "王建国", status="rejected", note="no term"),
    ]
    noted = edit(sheet, "签字仪式", note="ask the client") if "签字仪式" in rows(sheet) else ""
    code, out, err = run("terms", "--level", "strict")
    assert (code, out) == (0, "")
    lines = sheet.read_text("utf-8").splitlines()
    assert [row for row in decided if row not in lines] == []
    assert not noted or "ask the client" in "\n".join(lines)
    assert "gone: " in err
    history = (project / "glossary" / "glossary.history.jsonl").read_text("utf-8")
    assert '"author": "an"' in history
    assert '"status": "rejected"' in history
    code, _, err = run("terms", "--level", "strict")
    assert code == 0
    assert "0 new, 0 gone" in err
    assert sheet.read_text("utf-8").splitlines() == lines
    assert (project / "glossary" / "glossary.history.jsonl").read_text("utf-8") == history
    code, _, err = run("terms", "--level", "wide")
    assert "new: " in err


def test_a_part_of_an_approved_translation_is_not_offered_again(project: Path, run: Run) -> None:
    sheet = project / "glossary" / "glossary.tsv"
    edit(sheet, "渔业技术", vi="các kỹ thuật nghề cá", status="approved")
    code, _, err = run("terms", "--level", "wide")
    assert code == 0
    assert "渔业技术 ↔ kỹ thuật nghề cá" not in err
    assert [entry.vi for entry in load_glossary(sheet) if entry.zh == "渔业技术"] == ["các kỹ thuật nghề cá"]


@pytest.mark.usefixtures("project")
def test_files_go_to_stdout_and_another_base_is_merged(run: Run) -> None:
    Path("client.csv").write_text("zh-CN,vi-VN\n渔业技术,công nghệ thủy sản\n签字仪式,lễ ký\n", "utf-8")
    code, out, err = run("terms", "corpus/bai.bitext.jsonl", "--level", "wide", "--glossary", "client.csv")
    assert code == 0
    header, *lines = [line.split("\t") for line in out.splitlines()]
    assert header[:3] == ["id", "zh", "vi"]
    status = {(cells[1], cells[2]): cells[6] for cells in lines}
    assert status["签字仪式", "lễ ký"] == "approved"
    assert "conflict: 渔业技术" in err


def test_what_another_base_brings_is_written_down_and_kept(
    project: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "an")
    sheet = project / "glossary" / "glossary.tsv"
    client = [("渔业技术", "kỹ thuật nghề cá", "approved"), ("贷款", "khoản vay", "approved")]
    Path("client.csv").write_text(
        "zh-CN,vi-VN,status\n" + "".join(f"{','.join(row)}\n" for row in client), "utf-8"
    )
    code, _, err = run("terms", "--glossary", "client.csv")
    assert code == 0
    assert "client.csv: 1 new entry, 1 candidate decided" in err
    status = {entry.zh: entry.status for entry in load_glossary(sheet)}
    assert (status["渔业技术"], status["贷款"]) == ("approved", "approved")
    log = (project / "glossary" / "glossary.history.jsonl").read_text("utf-8").splitlines()
    *brought, ran = map(json.loads, log)
    assert [(r["zh"], r["author"], r["from"]) for r in brought] == [
        ("贷款", "an", "client.csv"),
        ("渔业技术", "an", "client.csv"),
    ]
    assert (ran["action"], ran["author"]) == ("run", "an")
    code, _, err = run("terms", "--glossary", "client.csv")
    assert "client.csv: 0 new entries\n" in err
    assert len((project / "glossary" / "glossary.history.jsonl").read_text("utf-8").splitlines()) == len(log)
    assert {entry.zh: entry.status for entry in load_glossary(sheet)} == status


FORMATS = ["tsv", "jsonl", "sheet", "csv", "xlsx", "tbx", "tbx3", "omegat-glossary"]
SUFFIX = {"sheet": "xlsx", "tbx3": "tbx", "omegat-glossary": "txt"}


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("name", FORMATS)
def test_a_glossary_is_exported_and_merged_from_there(name: str, run: Run) -> None:
    """Whatever format an approved entry goes out in, a project that imports it has it, approved."""
    sheet = Path("glossary/glossary.tsv")
    edit(sheet, "渔业技术", status="approved", vi_variants="kĩ thuật ngư nghiệp")
    out = f"out.{SUFFIX.get(name, name)}"
    code, _, err = run("export", str(sheet), "--format", name, "--status", "approved", "-o", out)
    assert (code, rows(Path(out))) == (0, {"渔业技术": "kỹ thuật nghề cá"})
    assert err == f"note: {out}: 1 entry\n"
    code, shown, _ = run("terms", "corpus/bai.bitext.jsonl", "--level", "strict", "--glossary", out)
    assert code == 0
    (row,) = (line.split("\t") for line in shown.splitlines() if "\t渔业技术\t" in line)
    assert (row[2], row[6]) == ("kỹ thuật nghề cá", "approved")
    if name != "omegat-glossary":  # has variants in its comment only
        assert "kĩ thuật ngư nghiệp" in row[4].split(" | ")


@pytest.mark.usefixtures("project")
def test_without_files_tbx_is_the_glossary_and_tmx_the_corpus(run: Run) -> None:
    assert "<martif" in run("export", "--format", "tbx")[1]
    assert "<tmx" in run("export", "--format", "tmx")[1]


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("terms corpus/bai.bitext.jsonl -o terms.docx", 2, ".tsv or .xlsx"),
        ("terms corpus/bai.bitext.jsonl --texts seeds/tin.txt", 2, "-o"),
        ("terms corpus/bai.bitext.jsonl --glossary none.tbx", 1, "none.tbx"),
        ("terms none.jsonl", 1, "none.jsonl"),
        ("terms corpus/bai.bitext.jsonl --level loose", 2, "level"),
        ("terms corpus/bai.bitext.jsonl -o corpus/bai.bitext.jsonl", 2, "bai.bitext.jsonl"),
        ("export corpus/bai.bitext.jsonl --format tbx", 2, "aligner terms"),
    ],
)
def test_a_mistake_is_one_line(words: str, code: int, said: str, run: Run) -> None:
    found, out, err = run(*words.split())
    assert (found, out) == (code, "")
    (line,) = err.splitlines()
    assert said in line


def spoiled(sheet: str, how: str) -> bytes:
    """A glossary as it must not be."""
    header, first, *rest = sheet.splitlines()
    cells = first.split("\t")
    table = [line.split("\t") for line in (header, first, *rest)]
    if how == "column":
        table = [row[:6] + row[7:] for row in table]
    elif how == "columns":
        table = [row[:3] for row in table]
    elif how == "key":
        table.insert(2, ["", cells[1], cells[2].upper(), *cells[3:]])
    elif how == "status":
        table[1][6] = "aproved"
    elif how == "confidence":
        table[1][7] = "high"
    elif how == "empty":
        table[1][2] = ""
    text = "".join("\t".join(row) + "\n" for row in table)
    if how == "commas":
        text = text.replace("\t", ",")
    return text.encode("gb18030" if how == "encoding" else "utf-8")


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("column", "the column status is missing"),
        ("columns", "the column zh_variants, vi_variants, category, status"),
        ("commas", "the column id, zh"),
        ("key", ":3: "),
        ("status", ":2: unknown status 'aproved'"),
        ("confidence", ":2: the confidence 'high' is no number"),
        ("empty", ":2: the cell vi is empty"),
        ("encoding", ":2: not UTF-8"),
    ],
)
def test_a_glossary_that_cannot_be_read_is_not_overwritten(
    how: str, said: str, project: Path, run: Run
) -> None:
    sheet = project / "glossary" / "glossary.tsv"
    broken = spoiled(sheet.read_text("utf-8"), how)
    sheet.write_bytes(broken)
    before = {path: path.read_bytes() for path in (project / "glossary").iterdir()}
    code, out, err = run("terms")
    assert (code, out) == (1, "")
    (line,) = err.splitlines()
    assert "glossary.tsv" in line
    assert said in line
    assert {path: path.read_bytes() for path in (project / "glossary").iterdir()} == before


OF_EACH_STATUS = """zh,vi,status
渔业,nghề cá,approved
贷款,khoản vay,candidate
口岸,cửa ải,deprecated
林业,rừng,rejected
"""


@pytest.mark.parametrize(
    ("statuses", "taken"),
    [
        ((), ["渔业"]),
        (("approved", "candidate"), ["渔业", "贷款"]),
        (("approved", "deprecated"), ["渔业", "口岸"]),
        (("auto",), ["渔业"]),
    ],
)
@pytest.mark.usefixtures("project")
def test_an_omegat_project_gets_what_was_approved(
    statuses: tuple[str, ...], taken: list[str], run: Run
) -> None:
    Path("base.csv").write_text(OF_EACH_STATUS, "utf-8")
    options = [word for status in statuses for word in ("--status", status)]
    args = ("export", "bai.tsv", "--format", "omegat", "--glossary", "base.csv", "-o", "folder", *options)
    code, _, err = run(*args)
    assert code == 0
    lines = Path("folder/glossary/aligner.txt").read_text("utf-8").splitlines()
    assert [line.split("\t")[0] for line in lines] == taken
    assert f"glossary: {len(taken)} " in err
    assert " of 4 entries in base.csv\n" in err
    assert ("--status candidate takes the 1 candidate too" in err) == (taken == ["渔业"])


@pytest.mark.usefixtures("project")
def test_any_table_of_terms_is_exported_as_a_glossary(run: Run) -> None:
    Path("base.csv").write_text(OF_EACH_STATUS, "utf-8")
    code, _, err = run("export", "base.csv", "-o", "base.tbx")
    assert (code, err) == (0, "note: base.tbx: 3 entries; left out: 1 rejected\n")
    code, _, err = run("export", "corpus/bai.bitext.jsonl", "-f", "tbx", "-o", "no.tbx")
    assert (code, err) == (
        2,
        "aligner: corpus/bai.bitext.jsonl is no glossary: make one with: aligner terms\n",
    )
    assert not Path("no.tbx").exists()


@pytest.mark.parametrize("name", ["foreign.xlsx", "foreign.csv"])
def test_another_program_s_table_is_merged_but_never_written_over(name: str, project: Path, run: Run) -> None:
    write_glossary(load_glossary(Path("glossary/glossary.tsv")), Path(name).suffix[1:], name)
    before = Path(name).read_bytes()
    code, _, err = run("terms", "corpus/bai.bitext.jsonl", "-o", name)
    assert code == (1 if name.endswith("xlsx") else 2)
    assert len(err.splitlines()) == 1
    assert Path(name).read_bytes() == before, project
    assert run("terms", "corpus/bai.bitext.jsonl", "--glossary", name)[0] == 0


@pytest.mark.usefixtures("project")
def test_a_status_that_another_program_s_table_does_not_explain_is_refused(run: Run) -> None:
    Path("client.csv").write_text(
        "zh-CN,vi-VN,status\n渔业,nghề cá,Preferred\n贷款,khoản vay,maybe\n", "utf-8"
    )
    code, _, err = run("terms", "corpus/bai.bitext.jsonl", "--glossary", "client.csv")
    assert code == 1
    assert err.startswith("aligner: client.csv:3: unknown status 'maybe'")


def test_a_sheet_is_kept_as_a_workbook_too(project: Path, run: Run) -> None:
    for _ in range(2):
        code, _, err = run("terms", "corpus/bai.bitext.jsonl", "--level", "wide", "-o", "terms.xlsx")
        assert code == 0, project
    assert "0 new, 0 gone" in err
    assert rows(Path("terms.xlsx")) == rows(project / "glossary" / "glossary.tsv")


def test_the_glossary_of_this_repository_is_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run
) -> None:
    for name in ("seeds", "corpus", "glossary"):
        shutil.copytree(ROOT / name, tmp_path / name)
    monkeypatch.chdir(tmp_path)
    before = load_glossary("glossary/glossary.tsv")
    code, _, err = run("terms")
    assert code == 0
    assert f"{len(before)} entries, 0 new, 0 gone" in err
    assert (tmp_path / "glossary/glossary.history.jsonl").read_bytes() == (
        ROOT / "glossary/glossary.history.jsonl"
    ).read_bytes()
    after = {entry.id: entry for entry in load_glossary("glossary/glossary.tsv")}
    decided = [entry for entry in before if entry.status != "candidate"]
    assert len(decided) > 60
    assert [entry for entry in decided if after[entry.id] != entry] == []
