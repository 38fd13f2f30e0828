"""What users get wrong, given to the real command: one line, exit code 1 or 2, nothing written or lost."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Aligner = Callable[..., "subprocess.CompletedProcess[str]"]

ZH = "河内是越南的首都。\n我们昨天去了图书馆。\n他买了三本书,一共25元。\n"
VI = (
    "Hà Nội là thủ đô của Việt Nam.\nHôm qua chúng tôi đã đến thư viện.\n"
    "Anh ấy mua ba quyển sách, tổng cộng 25 tệ.\n"
)
HEADER = (
    '{"format": "aligner-bitext", "version": %d, "src": {"lang": "zh-Hans", "path": "a", "sha256": ""}, '
    '"tgt": {"lang": "vi", "path": "b", "sha256": ""}, "signature": ""}\n'
)
BEAD = (
    '{"id": 0, "src": [{"id": 0, "text": "你好。", "start": 0, "end": 3}], '
    '"tgt": [{"id": 0, "text": "Xin chào.", "start": 0, "end": 9}]}\n'
)
FILES: dict[str, bytes] = {
    "zh.txt": ZH.encode(),
    "vi.txt": VI.encode(),
    "vi2.txt": VI.encode(),
    "both.txt": (ZH + VI).encode(),
    "empty.txt": b"",
    "blank.txt": b" \n\n\t\n",
    "picture.txt": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 4,
    "noise.txt": bytes(range(256)) * 8,
    "gb18030.txt": ZH.encode("gb18030"),
    "utf16-unmarked.txt": ZH.encode("utf-16-le"),
    "german.txt": "Die Straße führt über die Brücke zum größten Hügel.\n".encode("latin-1"),
    "english.txt": b"The quick brown fox jumps over the lazy dog. It does so every day.\n" * 3,
    "digits.txt": b"1 2 3\n4 5 6\n",
    "cut.bitext.jsonl": (HEADER % 1 + BEAD).encode()[:-20],
    "new.bitext.jsonl": (HEADER % 99 + BEAD).encode(),
    "noheader.bitext.jsonl": BEAD.encode(),
    "good.bitext.jsonl": (HEADER % 1 + BEAD).encode(),
    "broken.tmx": b'<?xml version="1.0"?><tmx version="1.4"><header srclang="zh-CN"/><body><tu>',
    "bomb.tmx": b'<?xml version="1.0"?><!DOCTYPE tmx [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]><tmx/>',
    "page.html": "<html><body><p>你好。</p><p>Xin chào.</p></body></html>".encode(),
    "word.docx": b"PK\x03\x04 not looked into",
    "gold.beads": b"[0]:[0]\n",
    "words.beads": b"0-0 1-1\n",
}

CASES: list[tuple[str, str, int]] = [
    # command, a part of what is said, exit code
    ("align missing.txt", "missing.txt", 1),
    ("align missing.txt vi.txt", "missing.txt", 1),
    ("align empty.txt", "empty.txt", 1),
    ("align blank.txt", "blank.txt", 1),
    ("align empty.txt vi.txt", "empty.txt", 1),
    ("align vi.txt", "vi.txt", 1),
    ("align zh.txt", "zh.txt", 1),
    ("align english.txt", "english.txt", 1),
    ("align digits.txt", "digits.txt", 1),
    ("align picture.txt", "PNG", 1),
    ("align noise.txt", "noise.txt", 1),
    ("align picture.txt vi.txt", "PNG", 1),
    ("align german.txt vi.txt", "not UTF-8 at byte 8", 1),
    ("align gb18030.txt vi.txt --encoding big5", "gb18030.txt", 1),
    ("align zh.txt vi.txt --encoding klingon", "klingon", 2),
    ("align vi.txt vi2.txt", "Vietnamese", 1),
    ("align zh.txt zh.txt", "Chinese", 1),
    ("align zh.txt english.txt", "english.txt", 1),
    ("align zh.txt vi.txt both.txt", "3 files", 2),
    ("align zh.txt vi.txt --src-lang vi --tgt-lang vi", "Vietnamese", 1),
    ("align both.txt --segmented", "--segmented", 2),
    ("align zh.txt vi.txt -o vi.txt", "vi.txt", 1),
    ("align both.txt -o both.txt", "both.txt", 1),
    ("align both.txt -o folder", "folder is a folder", 1),
    ("align both.txt -o none/x.jsonl", "none", 1),
    ("align both.txt --format parchment", "parchment", 2),
    ("align both.txt --format moses", "moses", 2),
    ("align", "no project", 2),
    ("align folder", "several bitexts", 2),
    ("align folder -o out", "no documents", 1),
    ("align zh.txt vi.txt --src-lang klingon", "klingon", 2),
    ("segment missing.txt", "missing.txt", 1),
    ("segment empty.txt", "empty.txt", 1),
    ("segment noise.txt", "noise.txt", 1),
    ("segment zh.txt -o zh.txt", "zh.txt", 1),
    ("segment cut.bitext.jsonl", "cut.bitext.jsonl", 1),
    ("export missing.bitext.jsonl --format tmx", "missing.bitext.jsonl", 1),
    ("export cut.bitext.jsonl --format tmx", "cut.bitext.jsonl:2", 1),
    ("export new.bitext.jsonl --format tmx", "newer", 1),
    ("export noheader.bitext.jsonl --format tmx", "noheader.bitext.jsonl:1", 1),
    ("export zh.txt --format tmx", "zh.txt", 1),
    ("export noise.txt -o out.tsv", "noise.txt", 1),
    ("export empty.txt -o out.tsv", "empty.txt", 1),
    ("export broken.tmx -o out.tsv", "broken.tmx", 1),
    ("export bomb.tmx -o out.tsv", "bomb.tmx", 1),
    ("export good.bitext.jsonl", "no format", 2),
    ("export good.bitext.jsonl --format tmx -o good.bitext.jsonl", "good.bitext.jsonl", 1),
    ("export good.bitext.jsonl --format tmx -o folder", "folder is a folder", 1),
    ("export good.bitext.jsonl --format tmx --min-confidence 7", "7", 2),
    ("export good.bitext.jsonl --format tmx --zh-code zh_CN", "zh_CN", 2),
    ("export good.bitext.jsonl --format bitext --min-confidence 0.5", "filter", 2),
    ("export good.bitext.jsonl good.bitext.jsonl --format beads", "one bitext", 2),
    ("export good.bitext.jsonl --format moses", "-o", 2),
    ("export --format tsv", "no project", 2),
    *(
        (f"{command} {name}", f"{name} is a document, not a bitext: align it first: aligner align {name}", 1)
        for command in ("terms", "search 你好", "train -o l.lexicon", "explain --bead 0", "export -f tmx")
        for name in ("both.txt", "page.html", "word.docx")
    ),
    ("export gold.beads -f tmx", "gold.beads holds beads, and no texts", 1),
    ("align both.txt --glossary word.docx", "word.docx is a document, not a term base", 1),
    ("align both.txt --glossary both.txt", "both.txt is no term base", 1),
    ("evaluate missing.beads gold.beads", "missing.beads", 1),
    ("evaluate gold.beads folder", "folder", 2),
    ("evaluate words.beads gold.beads", "words.beads:1", 1),
    ("evaluate cut.bitext.jsonl gold.beads", "cut.bitext.jsonl", 1),
    ("evaluate folder folder", "no alignment", 1),
    ("evaluate gold.beads", "GOLD", 2),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, data in FILES.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "folder").mkdir()
    return tmp_path


def contents(folder: Path) -> dict[str, bytes | None]:
    return {str(path): path.read_bytes() if path.is_file() else None for path in sorted(folder.rglob("*"))}


def is_one_line(text: str) -> bool:
    return text.startswith("aligner: ") and text.count("\n") == 1 and text.endswith("\n")


@pytest.mark.parametrize(("command", "said", "code"), CASES, ids=[command for command, _, _ in CASES])
def test_one_line_and_nothing_written(
    command: str, said: str, code: int, aligner: Aligner, folder: Path
) -> None:
    before = contents(folder)
    result = aligner("--quiet", *command.split(), cwd=folder)
    assert is_one_line(result.stderr), result.stderr
    assert "mistake in aligner itself" not in result.stderr
    assert said in result.stderr
    assert result.returncode == code
    assert result.stdout == ""
    assert contents(folder) == before


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full")
@pytest.mark.parametrize(
    "command", ["align zh.txt vi.txt", "segment zh.txt", "export good.bitext.jsonl -f tsv"]
)
def test_a_full_disk(command: str, aligner: Aligner, folder: Path) -> None:
    with Path("/dev/full").open("w") as full:
        result = aligner(*command.split(), cwd=folder, stdout=full)
    assert is_one_line(result.stderr), result.stderr
    assert "no space left" in result.stderr
    assert result.returncode == 1


@pytest.mark.skipif(os.name == "nt", reason="no limits of this kind")
@pytest.mark.parametrize("format_name", ["bitext", "tmx", "tsv"])
def test_a_file_that_cannot_be_finished_leaves_what_was_there(
    format_name: str, aligner: Aligner, folder: Path
) -> None:
    import resource

    (folder / "zh.txt").write_text(ZH * 40, "utf-8")
    (folder / "vi.txt").write_text(VI * 40, "utf-8")
    (folder / "out").write_text("what was there", "utf-8")
    before = contents(folder)
    limit = 4096

    def small_files_only() -> None:
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    result = aligner(
        "align", "zh.txt", "vi.txt", "--format", format_name, "-o", "out",
        cwd=folder, preexec_fn=small_files_only,
    )  # fmt: skip
    assert is_one_line(result.stderr), result.stderr
    assert "out cannot be written" in result.stderr
    assert result.returncode == 1
    assert contents(folder) == before


@pytest.mark.parametrize(
    "args",
    [
        ("zh.txt", "vi.txt", "-o", "seeds/new.bitext.jsonl"),
        ("texts", "-o", "seeds"),
        ("texts", "-o", "seeds/below/"),
        ("texts", "-o", "seeds/all.tmx"),
    ],
)
def test_seeds_are_not_written_to(args: tuple[str, ...], aligner: Aligner, folder: Path) -> None:
    (folder / "texts").mkdir()
    (folder / "both.txt").rename(folder / "texts" / "both.txt")
    for name in ("seeds", "corpus", "glossary"):
        (folder / name).mkdir()
    before = contents(folder)
    result = aligner("align", *args, cwd=folder)
    assert is_one_line(result.stderr), result.stderr
    assert "source documents" in result.stderr
    assert result.returncode == 2
    assert contents(folder) == before


def test_a_folder_form_spares_the_files_of_the_folder(aligner: Aligner, folder: Path) -> None:
    for name in ("both.txt", "both.tsv"):
        (folder / "folder" / name).write_text(ZH + VI, "utf-8")
    before = contents(folder)
    for args in (("-o", "folder/both.txt", "-f", "tsv"), ("-o", "folder/both.tsv")):
        result = aligner("align", "folder", *args, "--quiet", cwd=folder)
        assert is_one_line(result.stderr), result.stderr
        assert "would be overwritten" in result.stderr
        assert contents(folder) == before


def test_one_bad_seed_does_not_stop_the_others(aligner: Aligner, folder: Path) -> None:
    for name in ("seeds", "corpus", "glossary"):
        (folder / name).mkdir()
    for name in ("both.txt", "noise.txt", "vi.txt"):
        (folder / name).rename(folder / "seeds" / name)
    before = contents(folder / "seeds")
    result = aligner("align", cwd=folder)
    assert result.returncode == 1
    lines = result.stderr.splitlines()
    assert sum("noise.txt" in line for line in lines) == 1
    assert lines[-1].startswith("aligner: 1 of 3 documents")
    assert "Traceback" not in result.stderr
    assert [path.name for path in (folder / "corpus").iterdir()] == ["both.bitext.jsonl"]
    assert contents(folder / "seeds") == before


def test_good_input_for_comparison(aligner: Aligner, folder: Path) -> None:
    """The cases above fail for their reason, not because nothing works."""
    result = aligner("align", "zh.txt", "vi.txt", "--format", "beads", "--segmented", cwd=folder)
    assert (result.returncode, result.stdout) == (0, "[0]:[0]\n[1]:[1]\n[2]:[2]\n"), result.stderr
    for other in ("gb18030.txt", "utf16-unmarked.txt"):
        again = aligner("align", other, "vi.txt", "--format", "beads", cwd=folder)
        assert (again.returncode, again.stdout) == (0, result.stdout), again.stderr
        assert "that makes sense of it" in again.stderr
    turned = aligner("align", "vi.txt", "zh.txt", "--format", "beads", "--segmented", cwd=folder)
    assert turned.stdout == result.stdout
