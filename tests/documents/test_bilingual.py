"""Separating the two languages of a document: the case file, and what must hold for any text."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.documents.bilingual import is_bilingual, separate
from aligner.documents.text import read_content
from aligner.errors import InputError
from aligner.model import Document

CASES = json.loads((Path(__file__).parents[1] / "cases" / "bilingual.json").read_text(encoding="utf-8"))
FIRST, LAST = "今年春天的雨水特别多。\n", "\nMùa xuân năm nay mưa rất nhiều."

BITS = [
    *("天亮了", "村里的花都开了。", "（陈明）", "2025年", "他说：“走吧。”", "春节", "，", "。", "《红楼梦》"),
    *(
        "Trời sáng rồi",
        "Hoa nở.",
        "(Trần Minh)",
        "2025",
        "Hà Nội",
        "đẹp",
        ".",
        "“",
        "”",
        '"',
        "OCOP",
        "World Bank",
    ),
    *(
        " ",
        " ",
        "\t",
        "\n",
        "\n",
        "\n\n",
        "\r\n",
        " | ",
        " / ",
        "1. ",
        "https://vidu.vn/中文",
        "🎉",
        "---",
        "\u2028",
    ),
]
mixed_text = st.lists(st.sampled_from(BITS), min_size=1, max_size=40).map("".join)


def document(text: str) -> Document:
    content = read_content(text.encode(), path="x.txt", encoding=None)
    return Document(None, "x.txt", "0" * 64, content.text, content.blocks, content.notes)


def parts_of(line: str) -> list[list[str]]:
    """The stretches of a line between a Chinese and a Vietnamese one, in order."""
    whole = document(FIRST + line + LAST)
    zh, vi = separate(whole)
    found = [(b.start, "zh", b) for b in zh.blocks] + [(b.start, "vi", b) for b in vi.blocks]
    return [[side, whole.text[b.start : b.end]] for _, side, b in sorted(found)[1:-1]]


@pytest.mark.parametrize("case", [pytest.param(c, id=c["about"]) for c in CASES["lines"]])
def test_lines(case: dict[str, Any]) -> None:
    # What has no language of its own goes with the Chinese line before it.
    assert parts_of(case["line"]) == (case["parts"] or [["zh", case["line"]]])


@pytest.mark.xfail(strict=True, reason="nothing in the line shows the seam; see the module's docstring")
@pytest.mark.parametrize("case", [pytest.param(c, id=c["about"]) for c in CASES["known failures"]])
def test_known_failures(case: dict[str, Any]) -> None:
    assert parts_of(case["line"]) == case["parts"]


@pytest.mark.parametrize("case", [pytest.param(c, id=c["about"]) for c in CASES["documents"]])
def test_documents(case: dict[str, Any]) -> None:
    whole = document(case["text"])
    assert is_bilingual(whole)
    zh, vi = separate(whole)
    for half, expected in ((zh, case["zh"]), (vi, case["vi"])):
        assert [[b.kind, whole.text[b.start : b.end]] for b in half.blocks] == expected


def test_the_halves_share_the_document() -> None:
    whole = document("天亮了。\nTrời sáng rồi.\n")
    zh, vi = separate(whole)
    assert (zh.lang, vi.lang) == ("zh-Hans", "vi")
    for half in (zh, vi):
        assert (half.path, half.sha256, half.text, half.notes) == (
            whole.path,
            whole.sha256,
            whole.text,
            whole.notes,
        )


def test_traditional_characters_are_known() -> None:
    zh, _ = separate(document("村裡的花都開了。\nHoa trong làng nở rộ.\n"))
    assert zh.lang == "zh-Hant"


def test_headlines_of_one_line_share_their_paragraph() -> None:
    zh, vi = separate(document("春天的村庄庙会 全村老少共同欢庆 Hội làng mùa xuân\n花开了。\nHoa nở rộ.\n"))
    assert [b.origin.paragraph for b in zh.blocks] == [0, 0, 1]
    assert [b.origin.paragraph for b in vi.blocks] == [0, 2]


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Trời sáng rồi.\nTrần Minh (陈明) dậy sớm.\n", "Chinese"),
        ("天亮了。\n陈明（Trần Minh）起床了。\n", "Vietnamese"),
    ],
)
def test_one_language_only(text: str, missing: str) -> None:
    whole = document(text)
    assert not is_bilingual(whole)
    with pytest.raises(InputError) as caught:
        separate(whole)
    assert missing in caught.value.problem
    assert "aligner align" in caught.value.remedy


def test_a_quotation_does_not_make_a_document_bilingual() -> None:
    assert not is_bilingual(document("Trời sáng rồi, cả làng ra đồng.\n" * 30 + "床前明月光。\n"))


def test_a_third_language_alone_is_neither() -> None:
    whole = document("The sun rose over the village.\nEverybody was busy with the harvest.\n")
    assert not is_bilingual(whole)
    with pytest.raises(InputError):
        separate(whole)


@settings(deadline=None, max_examples=400)
@given(mixed_text)
def test_blocks_of_both_sides_rebuild_the_file(text: str) -> None:
    whole = document(FIRST + text + LAST)
    zh, vi = separate(whole)
    position = 0
    for block in sorted((*zh.blocks, *vi.blocks), key=lambda b: b.start):
        assert position <= block.start < block.end
        between = whole.text[position : block.start]
        assert not any(c.isalnum() for c in between), between
        assert whole.text[block.start : block.end].strip() == whole.text[block.start : block.end]
        position = block.end
    assert not any(c.isalnum() for c in whole.text[position:])
    for half in (zh, vi):
        starts = [b.start for b in half.blocks]
        assert starts == sorted(starts)


@pytest.mark.parametrize(
    "unit", [", ", ",", "“", '"', "(", "《", " \t", "  ", "!", ". ", "天 ", "à ", "天à", "1. "]
)
def test_one_long_line_stays_linear(unit: str) -> None:
    line = "天" + unit * (20_000 // len(unit)) + "à"
    zh, vi = separate(document(FIRST + line + LAST))
    assert zh.blocks
    assert vi.blocks
