"""Files that pair their texts themselves: rows stay rows."""

from __future__ import annotations

from pathlib import Path

import pytest

from aligner.config import AlignOptions
from aligner.pipeline import align_file, align_files

OPTIONS = AlignOptions()
ROWS = [
    ("河内是越南的首都。", "Hà Nội là thủ đô của Việt Nam."),
    # Nothing in common: a person put them side by side all the same.
    ("一切都好。", "Hôm qua mưa to."),
    ("花开了。孩子们很高兴。", "Hoa đã nở. Trẻ con vui lắm."),
    ("没有翻译。", ""),
    ("他买了三本书，一共25元。", "Anh ấy mua ba quyển sách, tổng cộng 25 tệ."),
]


def sheet(folder: Path, rows: list[tuple[str, str]]) -> Path:
    path = folder / "a.csv"
    lines = [f"{n},{zh},{vi}" for n, (zh, vi) in enumerate(rows)]
    path.write_text("\n".join(["no,zh,vi", *(line.replace("，", "、") for line in lines)]) + "\n", "utf-8")
    return path


def test_rows_of_a_sheet_stay_together(tmp_path: Path) -> None:
    plain = [(zh, vi.replace(",", ";")) for zh, vi in ROWS]
    bitext = align_file(sheet(tmp_path, plain), OPTIONS)
    pairs = [(bead.src_text, bead.tgt_text) for bead in bitext.beads]
    assert pairs[:2] == plain[:2]
    assert pairs[2:4] == [("花开了。", "Hoa đã nở."), ("孩子们很高兴。", "Trẻ con vui lắm.")]
    assert pairs[4] == ("没有翻译。", "")
    assert bitext.beads[0].confidence == bitext.beads[1].confidence == 1.0
    assert bitext.beads[0].src[0].origin.cell == "B2"
    assert "its rows pair the texts already, and were taken so" in bitext.notes
    assert [bead.id for bead in bitext.beads] == list(range(len(pairs)))
    numbers = [s.id for bead in bitext.beads for s in bead.src]
    assert numbers == list(range(len(numbers)))


def test_what_would_cross_a_row_becomes_its_row(tmp_path: Path) -> None:
    """The second sentence of a row is translated in the next one: rows are believed, not the words."""
    rows = [
        ("河内是越南的首都。花开了。", "Hà Nội là thủ đô của Việt Nam."),
        ("孩子们很高兴。", "Hoa đã nở. Trẻ con vui lắm."),
        *ROWS[:1],
    ]
    bitext = align_file(sheet(tmp_path, rows), OPTIONS)
    row = {s.origin.paragraph for bead in bitext.beads for s in (*bead.src, *bead.tgt)}
    assert all(len({s.origin.paragraph for s in (*b.src, *b.tgt)}) == 1 for b in bitext.beads)
    assert row == {0, 1, 2}


def catalogue(path: Path, *messages: tuple[str, str]) -> Path:
    text = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
    path.write_text(text + "".join(f'msgid "{a}"\nmsgstr "{b}"\n\n' for a, b in messages), "utf-8")
    return path


@pytest.mark.parametrize("turned", [False, True])
def test_two_catalogues_are_joined_on_their_originals(tmp_path: Path, *, turned: bool) -> None:
    zh = catalogue(
        tmp_path / "zh.po", ("Open", "打开文件夹"), ("Close", "关闭窗口"), ("Print", "打印这个文件")
    )
    vi = catalogue(tmp_path / "vi.po", ("Print", "In tập tin này"), ("Open", "Mở thư mục ra"))
    bitext = align_files(*((vi, zh) if turned else (zh, vi)), OPTIONS)
    assert [(bead.src_text, bead.tgt_text) for bead in bitext.beads] == [
        ("打开文件夹", "Mở thư mục ra"), ("打印这个文件", "In tập tin này"),
    ]  # fmt: skip
    assert all(bead.confidence == 1 for bead in bitext.beads)


def test_a_catalogue_of_translations_is_bilingual_itself(tmp_path: Path) -> None:
    path = catalogue(
        tmp_path / "vi.po",
        ("我们昨天去了图书馆。", "Hôm qua chúng tôi đã đến thư viện."),
        ("一切都好。", "Mưa to."),
        ("河内是首都。", "Hà Nội là thủ đô."),
    )
    bitext = align_file(path, OPTIONS)
    assert [len(bead.src) == len(bead.tgt) == 1 for bead in bitext.beads] == [True] * 3
    assert bitext.beads[1].tgt_text == "Mưa to."


def test_other_catalogues_are_texts_like_any_others(tmp_path: Path) -> None:
    zh = catalogue(tmp_path / "zh.po", ("a", "河内是越南的首都。"))
    vi = catalogue(tmp_path / "vi.po", ("b", "Hà Nội là thủ đô của Việt Nam."))
    bitext = align_files(zh, vi, OPTIONS)
    assert [(bead.src_text, bead.tgt_text) for bead in bitext.beads] == [ROWS[0]]
