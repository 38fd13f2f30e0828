"""What each command does with good input."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from aligner.cli import main
from aligner.formats import load_bitext
from aligner.formats.units import COLUMNS

ZH = ["河内是越南的首都。", "我们昨天去了图书馆。", "他买了三本书,一共25元。", "图书馆8点开门。"]
VI = [
    "Hà Nội là thủ đô của Việt Nam.",
    "Hôm qua chúng tôi đã đến thư viện.",
    "Anh ấy mua ba quyển sách, tổng cộng 25 tệ.",
    "Thư viện mở cửa lúc 8 giờ.",
]
ROWS = [f"[{i}]:[{i}]" for i in range(4)]

Run = Callable[..., str]
Aligner = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with three documents in it."""
    monkeypatch.chdir(tmp_path)
    lines(tmp_path / "zh.txt", ZH)
    lines(tmp_path / "vi.txt", VI)
    lines(tmp_path / "both.txt", [line for pair in zip(ZH, VI, strict=True) for line in pair])
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in that folder; gives its stdout, fails if the command does."""

    def run(*args: str) -> str:
        code = main(list(args))
        shown = capsys.readouterr()
        assert code == 0, f"{shown.err} in {folder}"
        return shown.out

    return run


def lines(path: Path, texts: list[str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{text}\n" for text in texts), "utf-8")


@pytest.fixture
def project(folder: Path) -> Path:
    """A project with a bilingual seed, a pair, and a text in one language."""
    for name in ("seeds", "corpus", "glossary"):
        (folder / name).mkdir()
    (folder / "both.txt").rename(folder / "seeds" / "both.txt")
    lines(folder / "seeds" / "talk.zh.txt", ZH)
    lines(folder / "seeds" / "talk.vi.txt", VI)
    lines(folder / "seeds" / "alone.txt", VI)
    return folder


# --- segment


def test_segments_one_a_line(run: Run) -> None:
    assert run("segment", "zh.txt").splitlines() == ZH
    assert run("segment", "vi.txt").splitlines() == VI


def test_segments_of_a_bilingual_file(run: Run) -> None:
    assert run("segment", "both.txt").splitlines() == [
        *(f"zh\t{i}\t{text}" for i, text in enumerate(ZH)),
        *(f"vi\t{i}\t{text}" for i, text in enumerate(VI)),
    ]
    assert run("segment", "both.txt", "--lang", "vi").splitlines() == VI
    assert run("segment", "both.txt", "--lang", "zh-CN").splitlines() == ZH


def test_segments_as_json_say_where_they_stand(run: Run, tmp_path: Path) -> None:
    text = (tmp_path / "both.txt").read_text("utf-8")
    segments = [json.loads(line) for line in run("segment", "both.txt", "--json").splitlines()]
    assert [s["id"] for s in segments] == [*range(4), *range(4)]
    assert [s["lang"] for s in segments] == ["zh-Hans"] * 4 + ["vi"] * 4
    assert all(text[s["start"] : s["end"]] == s["text"] for s in segments)


def test_segments_of_a_bitext_are_those_its_beads_name(run: Run) -> None:
    run("align", "both.txt", "-o", "a.bitext.jsonl")
    assert run("segment", "a.bitext.jsonl", "--lang", "zh").splitlines() == ZH


# --- align, one or two files


def test_a_bilingual_file_and_a_pair_in_either_order_give_the_same_beads(run: Run) -> None:
    expected = run("align", "both.txt", "--format", "beads").splitlines()
    assert expected == ROWS
    for args in (["zh.txt", "vi.txt"], ["vi.txt", "zh.txt"], ["zh.txt", "vi.txt", "--segmented"]):
        assert run("align", *args, "--format", "beads").splitlines() == expected


def test_a_stated_language_is_believed(run: Run) -> None:
    args = ("align", "vi.txt", "zh.txt", "--src-lang", "vi", "--tgt-lang", "zh-Hant")
    header = json.loads(run(*args).splitlines()[0])
    assert (header["src"]["lang"], header["src"]["path"]) == ("zh-Hant", "zh.txt")


def test_empty_lines_of_a_segmented_file_count(run: Run, tmp_path: Path) -> None:
    lines(tmp_path / "gaps.txt", [ZH[0], "", ZH[1], ZH[2], ZH[3]])
    beads = run("align", "gaps.txt", "vi.txt", "--segmented", "--format", "beads").splitlines()
    assert set(beads) == {"[0]:[0]", "[1]:[]", "[2]:[1]", "[3]:[2]", "[4]:[3]"}


def test_the_bitext_goes_to_stdout_and_says_what_made_it(run: Run) -> None:
    header, *beads = (json.loads(line) for line in run("align", "both.txt").splitlines())
    assert (header["format"], header["version"]) == ("aligner-bitext", 1)
    assert header["src"]["path"] == header["tgt"]["path"] == "both.txt"
    assert header["signature"]
    assert [bead["id"] for bead in beads] == list(range(len(beads)))
    assert all(0 <= bead["confidence"] <= 1 for bead in beads)


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("a.bitext.jsonl", '{"format": "aligner-bitext"'),
        ("a.jsonl", '{"format": "aligner-bitext"'),
        ("a.beads", "[0]:[0]"),
        ("a.tsv", "id\tsrc\ttgt\t"),
        ("a.tmx", "<?xml"),
        ("a", '{"format": "aligner-bitext"'),
    ],
)
def test_the_name_of_the_output_says_its_format(run: Run, tmp_path: Path, name: str, begins: str) -> None:
    assert run("align", "both.txt", "-o", name) == ""
    assert (tmp_path / name).read_text("utf-8").startswith(begins)


def test_a_table_for_people(run: Run) -> None:
    shown = run("align", "both.txt", "--format", "table")
    assert "bead  Chinese" in shown
    assert ZH[0] in shown
    assert shown.rstrip().splitlines()[-1].startswith("4 beads: 4 one to one")


def test_a_minus_is_stdin(run: Run, aligner: Aligner, folder: Path) -> None:
    run("align", "both.txt", "-o", "gold.beads")
    for args, file, begins in (
        (["segment", "-"], "zh.txt", ZH[0]),
        (["align", "-", "--format", "beads"], "both.txt", ROWS[0]),
        (["align", "-", "vi.txt", "--format", "beads", "-o", "-"], "zh.txt", ROWS[0]),
        (["evaluate", "-", "gold.beads", "--json"], "gold.beads", "{"),
    ):
        result = aligner(*args, input=(folder / file).read_text("utf-8"), cwd=folder)
        assert (result.returncode, result.stderr) == (0, "")
        assert result.stdout.startswith(begins)


@pytest.mark.skipif(sys.platform == "win32", reason="no such terminals")
def test_on_a_terminal_a_person_gets_a_table(aligner: Aligner, folder: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    result = aligner("align", "both.txt", cwd=folder, stdout=theirs)
    os.close(theirs)
    shown = b""
    while True:
        try:
            part = os.read(ours, 1 << 16)
        except OSError:  # how a terminal whose other end is closed ends
            part = b""
        if not part:
            break
        shown += part
    os.close(ours)
    assert result.returncode == 0
    assert "bead  Chinese" in shown.decode()
    assert "4 beads: 4 one to one" in shown.decode()


# --- align, folders and projects


def test_a_project_is_aligned_into_its_corpus(run: Run, project: Path) -> None:
    run("align")
    assert sorted(path.name for path in (project / "corpus").iterdir()) == [
        "both.bitext.jsonl",
        "talk.bitext.jsonl",
    ]
    bitext = load_bitext(project / "corpus" / "talk.bitext.jsonl")
    assert (bitext.src.path, bitext.tgt.path) == ("seeds/talk.zh.txt", "seeds/talk.vi.txt")


def test_only_what_changed_is_aligned_again(run: Run, project: Path) -> None:
    run("align")
    made = {path: path.stat().st_mtime_ns for path in (project / "corpus").iterdir()}
    run("align")
    assert {path: path.stat().st_mtime_ns for path in made} == made
    lines(project / "seeds" / "both.txt", [*ZH[:2], *VI[:2]])
    run("align")
    changed = [path.name for path in made if path.stat().st_mtime_ns != made[path]]
    assert changed == ["both.bitext.jsonl"]
    assert len(load_bitext(project / "corpus" / "both.bitext.jsonl").beads) == 2
    run("align", "--force")
    assert all(path.stat().st_mtime_ns != made[path] for path in made)


def test_a_project_is_found_from_below_and_by_name(
    run: Run, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(project / "seeds")
    run("align")
    (project / "corpus" / "both.bitext.jsonl").unlink()
    monkeypatch.chdir(project.parent)
    run("align", str(project))
    assert (project / "corpus" / "both.bitext.jsonl").exists()


@pytest.mark.usefixtures("project")
def test_what_is_passed_over_is_said_unless_quiet(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["align"]) == 0
    said = capsys.readouterr().err
    assert "alone.txt: in one language only" in said
    assert "2 aligned" in said
    assert main(["align"]) == 0
    assert "2 unchanged" in capsys.readouterr().err
    assert main(["align", "--force", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")
    assert main(["-q", "align", "--force"]) == 0
    assert capsys.readouterr() == ("", "")


def test_a_folder_into_a_folder_a_memory_or_a_table(run: Run, project: Path) -> None:
    run("align", "seeds", "-o", "out")
    assert sorted(path.name for path in (project / "out").iterdir()) == [
        "both.bitext.jsonl",
        "talk.bitext.jsonl",
    ]
    run("align", "seeds", "-o", "beads", "--format", "beads")
    assert (project / "beads" / "talk.beads").read_text("utf-8").splitlines() == ROWS
    run("align", "seeds", "-o", "all.tmx")
    assert (project / "all.tmx").read_text("utf-8").count("</tu>") == 8
    shown = run("align", "seeds", "--format", "tsv").splitlines()
    assert len(shown) == 1 + 8
    assert shown[0].startswith("id\t")


# --- export and evaluate


@pytest.mark.usefixtures("project")
def test_the_whole_corpus_as_one_table(run: Run) -> None:
    run("align")
    header, *rows = run("export", "--format", "tsv").splitlines()
    names = header.split("\t")
    assert names == list(COLUMNS)
    documents = [row.split("\t")[names.index("document")] for row in rows]
    assert documents == ["seeds/both.txt"] * 4 + ["seeds/talk.zh.txt | seeds/talk.vi.txt"] * 4


def test_export_turns_filters_and_deduplicates(run: Run, project: Path) -> None:
    run("align")
    turned = run("export", "-f", "tsv", "--direction", "vi-zh", "--deduplicate").splitlines()[1:]
    assert [row.split("\t")[1] for row in turned] == VI
    assert run("export", "-f", "tsv", "--status", "accepted").splitlines()[1:] == []
    assert run("export", "corpus/both.bitext.jsonl", "-o", "both", "--format", "moses") == ""
    assert (project / "both.vi").read_text("utf-8").splitlines() == VI


def test_export_as_a_table_for_people(run: Run) -> None:
    run("align", "both.txt", "-o", "a.bitext.jsonl")
    assert run("export", "a.bitext.jsonl", "--format", "table") == run(
        "align", "both.txt", "--format", "table"
    )


@pytest.mark.usefixtures("project")
def test_an_empty_corpus_says_how_to_fill_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "--format", "tsv"]) == 2
    assert "aligner align" in capsys.readouterr().err


def test_evaluate_prints_a_table_or_json(run: Run) -> None:
    run("align", "both.txt", "-o", "a.bitext.jsonl")
    run("align", "both.txt", "-o", "gold.beads")
    assert "strict  1.0000 [1.0000, 1.0000]" in run("evaluate", "a.bitext.jsonl", "gold.beads")
    figures = json.loads(run("evaluate", "a.bitext.jsonl", "gold.beads", "--json", "--samples", "0"))
    assert figures["strict"] == {"precision": 1.0, "recall": 1.0, "f1": 1.0, "intervals": None}
    assert figures["calibration"]["bins"]
    assert figures["signature"].startswith("aligner:")


def test_a_list_never_takes_the_place_of_what_is_read_or_written(tmp_path: Path, aligner: Aligner) -> None:
    (tmp_path / "a.txt").write_text("图书馆晚上九点关门。\nThư viện đóng cửa lúc 9 giờ tối.\n", "utf-8")
    for name in ("a.bitext.jsonl", "m.tmx"):
        assert aligner("align", "-q", "a.txt", "-o", name, cwd=tmp_path).returncode == 0
    (tmp_path / "a.decisions.jsonl").write_text("", "utf-8")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    merge = ("a.bitext.jsonl", "--merge", "m.tmx", "-o", "n.tmx")
    for arguments in (
        (*merge, "--list", "m.tmx"),
        (*merge, "--list", "n.tmx"),
        (*merge, "--list", "a.decisions.jsonl"),
        ("a.bitext.jsonl", "-f", "jsonl", "-o", "a.decisions.jsonl"),
    ):
        found = aligner("export", *arguments, cwd=tmp_path)
        assert found.returncode in {1, 2}, arguments
        assert found.stderr.count("\n") == 1
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_projects_term_base_is_no_place_for_a_table(tmp_path: Path, aligner: Aligner) -> None:
    for name in ("seeds", "corpus", "glossary"):
        (tmp_path / name).mkdir()
    base = tmp_path / "glossary" / "glossary.tsv"
    base.write_text("mine", "utf-8")
    (tmp_path / "a.txt").write_text("图书馆晚上九点关门。\nThư viện đóng cửa lúc 9 giờ tối.\n", "utf-8")
    found = aligner("align", "a.txt", "-o", base, cwd=tmp_path)
    assert found.returncode == 2
    assert "term base" in found.stderr
    assert base.read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("out.docx", "has the name of a document"),
        ("out.pdf", "has the name of a document"),
        ("OUT.TXT", "has the name of a document"),
        ("out.omegat", "no format ends in .omegat"),
        ("out.tmy", "no format ends in .tmy"),
    ],
)
def test_a_bitext_is_not_written_under_another_name(
    tmp_path: Path, aligner: Aligner, name: str, said: str
) -> None:
    (tmp_path / "a.txt").write_text("图书馆晚上九点关门。\nThư viện đóng cửa lúc 9 giờ tối.\n", "utf-8")
    (tmp_path / name).write_bytes(b"mine")
    found = aligner("align", "a.txt", "-o", name, cwd=tmp_path)
    assert found.returncode == 2
    assert said in found.stderr
    assert "say --format bitext" in found.stderr
    assert (tmp_path / name).read_bytes() == b"mine"
    assert aligner("align", "-q", "a.txt", "-o", name, "--format", "tsv", cwd=tmp_path).returncode == 0


# --- lines broken at a fixed width


WRAPPED = (
    "来自广西壮族自治区的一百多名代表出席了在河内举行的本次会议，并同越南的代表进行\n"
    "了座谈，气氛十分热烈友好。会议就双方在各个领域的友好合作取得了许多重要的共同认\n"
    "识。\n"
)


def test_no_blank_stands_in_a_chinese_word_wherever_it_is_shown(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mail.zh.txt").write_text(WRAPPED, "utf-8")
    (tmp_path / "mail.vi.txt").write_text(
        "Hơn một trăm đại biểu đã dự hội nghị tại Hà Nội.\nHội nghị đã đạt nhiều nhận thức chung.\n", "utf-8"
    )
    assert run("segment", "mail.zh.txt").splitlines() == [
        f"{sentence}。" for sentence in WRAPPED.replace("\n", "").split("。")[:-1]
    ]
    run("align", "mail.zh.txt", "mail.vi.txt", "-o", "mail.bitext.jsonl")
    shown = {
        "table": run("export", "mail.bitext.jsonl", "--format", "table"),
        "search": run("search", "代表进行了座谈", "mail.bitext.jsonl"),
        "explain": run("explain", "mail.bitext.jsonl", "--bead", "0"),
    }
    for command, text in shown.items():
        assert "进行了座谈" in "".join(text.split()).replace("⟦", "").replace("⟧", ""), command
        assert "进行 了座谈" not in text.replace("⟦", "").replace("⟧", ""), command
    assert "⟦代表进行了座谈⟧" in shown["search"]
    (hit,) = json.loads(run("search", "代表进行了座谈", "mail.bitext.jsonl", "--format", "json"))
    assert [hit["src"][a:b] for a, b in hit["src_marks"]] == ["代表进行\n了座谈"], (
        "offsets are the document's"
    )
