"""`aligner train`: from a memory to a lexicon that `align` takes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from aligner.cli import main

Run = Callable[..., "tuple[int, str, str]"]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in a folder with a memory of a made-up place, and an ambiguous pair of texts."""
    monkeypatch.chdir(tmp_path)
    rows = [
        ("我们去鬿㟅。", "Chúng tôi đi Zaza."),
        ("鬿㟅很远。", "Zaza rất xa."),
        ("他住在鬿㟅。", "Anh ấy sống ở Zaza."),
        ("鬿㟅的夏天很热。", "Mùa hè ở Zaza rất nóng."),
    ]
    Path("memory.tsv").write_text("src\ttgt\n" + "".join(f"{zh}\t{vi}\n" for zh, vi in rows), "utf-8")
    Path("zh.txt").write_text("我们昨天在鬾㟆买了一本书。\n我们昨天在鬿㟅买了一本书。\n", "utf-8")
    Path("vi.txt").write_text("Hôm qua chúng tôi mua một quyển sách ở Zaza.\n", "utf-8")

    def run(*args: str) -> tuple[int, str, str]:
        code = main(list(args))
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run


def test_what_a_memory_teaches_decides_an_alignment(run: Run) -> None:
    code, out, err = run("train", "memory.tsv", "-o", "own.lexicon")
    assert (code, out) == (0, "")
    assert err.startswith("note: own.lexicon: ")
    assert "from 4 pairs, counted as 4" in err
    first = Path("own.lexicon").read_bytes()
    assert run("train", "memory.tsv", "-o", "own.lexicon", "--quiet") == (0, "", "")
    assert Path("own.lexicon").read_bytes() == first
    args = ("align", "zh.txt", "vi.txt", "--format", "beads")
    assert run(*args, "--lexicon", "own.lexicon")[1].splitlines() == ["[0]:[]", "[1]:[0]"]
    _, out, _ = run("align", "zh.txt", "vi.txt", "--lexicon", "own.lexicon")
    assert "|own_lexicon:1:" in out.splitlines()[0]


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["train", "-o", "x"], 2, "missing argument"),
        (["train", "memory.tsv"], 2, "missing option '-o'"),
        (["train", "none.tmx", "-o", "x"], 1, "none.tmx cannot be read"),
        (["train", "memory.tsv", "-o", "memory.tsv"], 1, "is an input and would be overwritten"),
        (["train", "empty.tsv", "-o", "x"], 1, "nothing to learn from in empty.tsv (they hold no beads)"),
        (["align", "zh.txt", "vi.txt", "--lexicon", "none"], 1, "the lexicon none cannot be read"),
        (["align", "zh.txt", "vi.txt", "--lexicon", "memory.tsv"], 1, "memory.tsv is no lexicon"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(run: Run, args: list[str], code: int, said: str) -> None:
    Path("empty.tsv").write_text("src\ttgt\n", "utf-8")
    result, out, err = run(*args)
    assert (result, out) == (code, "")
    assert len(err.splitlines()) == 1
    assert said in err
    assert not Path("x").exists()


def test_documents_aligned_together_teach_each_other(run: Run) -> None:
    """What is sure in one document, a made-up place, decides in another."""
    lines = [line.split("\t") for line in Path("memory.tsv").read_text("utf-8").splitlines()[1:]]
    Path("texts").mkdir()
    for number in range(4):
        chosen = lines[number:] + lines[:number]
        Path("texts", f"{number}.zh.txt").write_text("".join(f"{zh}\n" for zh, _ in chosen), "utf-8")
        Path("texts", f"{number}.vi.txt").write_text("".join(f"{vi}\n" for _, vi in chosen), "utf-8")
    for lang in ("zh", "vi"):
        Path("texts", f"q.{lang}.txt").write_text(Path(f"{lang}.txt").read_text("utf-8"), "utf-8")
    assert run("align", "texts", "-o", "alone/", "--quiet")[0] == 0
    code, out, err = run("align", "texts", "--together", "-o", "out/")
    assert (code, out) == (0, "")
    assert "5 aligned" in err
    alone, found = (Path(f, "q.bitext.jsonl").read_text("utf-8").splitlines() for f in ("alone", "out"))
    assert "own_lexicon" not in alone[0]
    assert "|own_lexicon:1:" in found[0]
    assert [
        set(json.loads(line)["src"][0]["text"]) & set("鬾鬿") for line in found[1:] if json.loads(line)["tgt"]
    ] == [{"鬿"}]
    again = Path("out", "q.bitext.jsonl").read_bytes()
    assert run("align", "texts", "--together", "-o", "out/", "--quiet")[0] == 0
    assert Path("out", "q.bitext.jsonl").read_bytes() == again


def test_together_asks_for_several_documents(run: Run) -> None:
    for args in (["zh.txt", "vi.txt"], ["zh.txt"]):
        code, _, err = run("align", *args, "--together")
        assert code == 2
        assert "--together speaks of several documents: name a folder" in " ".join(err.split())
    Path("empty").mkdir()
    code, _, err = run("align", "empty", "--together", "-o", "out/")
    assert code == 1
    assert "empty holds no documents" in err
