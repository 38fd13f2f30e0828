"""`aligner train`: from a memory to a lexicon that `align` takes."""

from __future__ import annotations

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
    assert "from 4 pairs that count as 4" in err
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
