"""What is said where an input is not what the command expects, each in the words of its case."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aligner.cli import main

HEADER = {
    "format": "aligner-bitext", "version": 1, "src": {"lang": "zh-Hans", "path": "a", "sha256": "1"},
    "tgt": {"lang": "vi", "path": "b", "sha256": "2"}, "signature": "",
}  # fmt: skip


def bead(zh: str = "你好。") -> str:
    sides = {
        name: [{"id": 0, "text": text, "start": 0, "end": len(text)}]
        for name, text in (("src", zh), ("tgt", "Xin chào."))
    }
    return json.dumps({"id": 0, **sides})


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("ok.bitext.jsonl").write_text(f"{json.dumps(HEADER)}\n{bead()}\n", "utf-8")
    Path("surrogate.bitext.jsonl").write_text(f"{json.dumps(HEADER)}\n{bead(chr(0xD800))}\n", "utf-8")
    Path("gold.beads").write_text("[0]:[0]\n")
    Path("empty.beads").write_text("")
    assert main(["-q", "export", "ok.bitext.jsonl", "-o", "ok.tsv"]) == 0
    assert main(["-q", "export", "ok.bitext.jsonl", "-o", "ok.tmx"]) == 0
    Path("zh.txt").write_bytes("河内是首都。\n你好。\n".encode("gb18030"))
    Path("vi.txt").write_bytes("Hà Nội là thủ đô.\rXin chào.\r".encode("utf-16"))
    return tmp_path


def test_a_table_with_ids_can_be_evaluated_a_memory_cannot(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert folder.exists()
    assert main(["evaluate", "ok.tsv", "gold.beads"]) == 0
    assert "1.0000" in capsys.readouterr().out
    assert main(["evaluate", "ok.tmx", "gold.beads"]) == 1
    assert "states no segment ids" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("args", "said", "code"),
    [
        ("evaluate gold.beads empty.beads", "empty.beads holds no beads", 1),
        ("evaluate - -", "both are standard input", 2),
        ("export ok.tmx -f tmx --zh-code vi", "no code for Chinese", 2),
        ("export ok.tmx -f tmx --vi-code zh-CN", "no code for Vietnamese", 2),
        ("export ok.tmx -f srx", "the same for all texts", 2),
        ("export ok.tmx -f omegat", "is a folder", 2),
        ("export ok.tmx -f csv --merge ok.tmx", "merge into a TMX", 2),
        ("export ok.tmx -f tmx --split 0", "split", 2),
    ],
)
def test_one_line(args: str, said: str, code: int, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert folder.exists()
    assert main(args.split()) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("aligner: ")
    assert err.count("\n") == 1
    assert said in err


def test_ids_that_were_made_up_are_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert folder.exists()
    assert main(["export", "ok.tmx", "-f", "beads"]) == 0
    assert "numbered anew" in capsys.readouterr().err
    assert main(["export", "ok.bitext.jsonl", "-f", "beads"]) == 0
    assert capsys.readouterr().err == ""


def test_notes_say_of_which_file_they_speak_and_once(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert folder.exists()
    assert main(["align", "zh.txt", "vi.txt", "-f", "beads", "--segmented"]) == 0
    notes = capsys.readouterr().err.splitlines()
    assert len(notes) == len(set(notes)) == 4
    assert all(note.startswith(("note: zh.txt: ", "note: vi.txt: ")) for note in notes)
    assert sum("carriage returns" in note for note in notes) == 1


def test_a_lone_surrogate_can_be_explained(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert folder.exists()
    assert main(["explain", "surrogate.bitext.jsonl", "--bead", "0"]) == 0
    assert "Xin chào." in capsys.readouterr().out


def test_limits_can_be_raised_for_one_command(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from aligner.documents.limits import LIMITS, Limits

    (folder / "big.txt").write_text("Trời mưa. " * 150_000, "utf-8")
    assert main(["segment", "big.txt", "--max-size", "1"]) == 1
    assert "larger than 1 MB: read it in parts, or allow more with --max-size" in capsys.readouterr().err
    assert LIMITS.get() == Limits()
    assert main(["-q", "segment", "big.txt", "--max-size", "2", "-o", "out"]) == 0
