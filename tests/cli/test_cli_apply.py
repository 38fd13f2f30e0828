"""`aligner apply` as a user runs it, through the files of spreadsheet programs."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from aligner.formats import load_bitext

Aligner = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def bitext(aligner: Aligner, article: Path, tmp_path: Path) -> Path:
    path = tmp_path / "a.bitext.jsonl"
    assert aligner("align", article, "-o", path).returncode == 0
    return path


def test_an_edited_table_is_applied_and_reported(aligner: Aligner, bitext: Path, tmp_path: Path) -> None:
    table = tmp_path / "a.tsv"
    assert aligner("export", bitext, "-o", table).returncode == 0
    rows = table.read_text("utf-8").splitlines()
    rows[1] = rows[1].replace("\tauto\t", "\taccepted\t")
    rows[4] = rows[4].replace("2 nước", "hai nước")
    rows.append("\t甲乙丙\tgiáp ất bính" + "\t" * 7)
    del rows[10]
    table.write_text("\n".join(rows) + "\n", "utf-8")
    dry = aligner("apply", table, bitext, "--dry-run")
    assert "would be 1 edited, 1 accepted" in dry.stderr
    assert not (tmp_path / "a.decisions.jsonl").exists()
    result = aligner("apply", table, bitext, "--author", "Lan")
    assert result.returncode == 3
    assert result.stdout == "row 30\tnew\twas added, and its texts are not those of the beads around it\n"
    assert "29 rows; 1 edited, 1 accepted" in result.stderr
    assert "no row for 1 bead (9), left as before" in result.stderr
    beads = load_bitext(bitext).beads
    assert (beads[0].status, beads[3].status) == ("accepted", "edited")
    assert "hai nước" in beads[3].tgt_text
    again = aligner("apply", table, bitext, "--json")
    assert json.loads(again.stdout)[0]["decisions"] == {}


def test_a_table_whose_columns_are_exchanged_says_so(aligner: Aligner, bitext: Path, tmp_path: Path) -> None:
    table = tmp_path / "a.tsv"
    assert aligner("export", bitext, "-o", table).returncode == 0
    assert "holds Vietnamese" not in aligner("apply", table, bitext).stderr
    rows = table.read_text("utf-8").split("\n")
    rows[0] = rows[0].replace("src\ttgt", "tgt\tsrc")
    table.write_text("\n".join(rows), "utf-8")
    result = aligner("apply", table, bitext)
    assert result.returncode == 0
    assert f"note: {table}: its column src holds Vietnamese" in result.stderr


@pytest.mark.program("soffice")
def test_the_round_trip_through_a_spreadsheet(aligner: Aligner, bitext: Path, tmp_path: Path) -> None:
    """Export, open and save in LibreOffice, apply: nothing changed. The same with changes made on the way."""
    book = tmp_path / "a.xlsx"
    assert aligner("export", bitext, "-o", book).returncode == 0
    table = office(book, "csv:Text - txt - csv (StarCalc):44,34,76,1")
    untouched = aligner("apply", table, bitext)
    assert (untouched.returncode, untouched.stdout) == (0, "")
    assert "29 rows; nothing to change" in untouched.stderr
    text = table.read_text("utf-8").replace("Gặp gỡ đầu xuân", "Gặp mặt đầu xuân")
    table.write_text(text, "utf-8")
    saved = office(table, "xlsx:Calc MS Excel 2007 XML", "--infilter=CSV:44,34,76,1")
    result = aligner("apply", saved, bitext)
    assert (result.returncode, result.stdout) == (0, ""), result.stderr
    assert " edited" in result.stderr
    assert any("Gặp mặt đầu xuân" in bead.tgt_text for bead in load_bitext(bitext).beads)


def office(path: Path, target: str, *options: str) -> Path:
    folder = path.parent / "office"
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    command = ["soffice", "--headless", profile, *options, "--convert-to", target, "--outdir", str(folder)]
    subprocess.run([*command, str(path)], check=True, capture_output=True, timeout=110)
    return folder / f"{path.stem}.{target.partition(':')[0]}"


def test_a_corpus_table_is_applied_to_the_bitexts_it_names(
    aligner: Aligner, article: Path, tmp_path: Path
) -> None:
    for name in ("seeds", "corpus", "glossary"):
        (tmp_path / name).mkdir()
    for name in ("a", "b"):
        (tmp_path / "seeds" / f"{name}.txt").write_bytes(article.read_bytes())
    assert aligner("align", cwd=tmp_path).returncode == 0
    assert aligner("export", "-f", "xlsx", "-o", "all.xlsx", cwd=tmp_path).returncode == 0
    assert aligner("export", "-f", "tsv", "-o", "all.tsv", cwd=tmp_path).returncode == 0
    assert "nothing to change" in aligner("apply", "all.xlsx", cwd=tmp_path).stderr
    rows = (tmp_path / "all.tsv").read_text("utf-8").splitlines()
    rows[-1] = rows[-1].replace("\tauto\t", "\trejected\t")
    (tmp_path / "all.tsv").write_text("\n".join(rows) + "\n", "utf-8")
    result = aligner("apply", "all.tsv", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert [path.name for path in (tmp_path / "corpus").glob("*.decisions.jsonl")] == ["b.decisions.jsonl"]


@pytest.mark.parametrize(
    ("table", "target", "said", "code"),
    [
        ("missing.tsv", "a.bitext.jsonl", "missing.tsv cannot be read", 1),
        ("a.bitext.jsonl", "a.bitext.jsonl", "is no table of beads", 1),
        ("foreign.tsv", "a.bitext.jsonl", "no row of the table is about", 1),
        ("foreign.tsv", "foreign.tsv", "is no bitext file", 2),
        ("foreign.tsv", "", "no project", 2),
        ("broken.tsv", "a.bitext.jsonl", "broken.tsv:2", 1),
    ],
)
def test_what_cannot_be_applied(
    table: str, target: str, said: str, code: int, aligner: Aligner, bitext: Path, tmp_path: Path
) -> None:
    (tmp_path / "foreign.tsv").write_text("src\ttgt\n甲\tgiáp\n", "utf-8")
    (tmp_path / "broken.tsv").write_text("src\ttgt\n甲\n", "utf-8")
    result = aligner("apply", table, *filter(None, [target]), cwd=tmp_path)
    assert (result.returncode, result.stdout) == (code, "")
    assert said in result.stderr
    assert result.stderr.startswith("aligner: ")
    assert result.stderr.count("\n") == 1
    assert bitext.exists()


def test_what_became_of_rows_is_said_in_the_words_of_the_documentation(
    aligner: Aligner, tmp_path: Path
) -> None:
    (tmp_path / "p.tsv").write_text("zh\tvi\n甲。\tGiáp.\n乙。\tẤt.\n丙。\tBính.\n", "utf-8")
    assert aligner("export", "p.tsv", "-f", "bitext", "-o", "p.bitext.jsonl", cwd=tmp_path).returncode == 0
    for texts, said in (
        (("甲。乙。\tGiáp. Ất.", "丙。\tBính."), "2 rows; 1 merged\n"),
        (("甲。\tGiáp. Ất.", "乙。\t", "丙。\tBính."), "3 rows; 1 divided\n"),
        (("甲。\tGiáp.", "乙。\tẤt.", "丙。\tBính."), "3 rows; 1 with a segment moved\n"),
    ):
        (tmp_path / "t.tsv").write_text("zh\tvi\n" + "\n".join(texts) + "\n", "utf-8")
        result = aligner("apply", "t.tsv", "p.bitext.jsonl", cwd=tmp_path)
        assert (result.returncode, result.stdout) == (0, "")
        assert result.stderr == f"note: p.bitext.jsonl: {said}"
