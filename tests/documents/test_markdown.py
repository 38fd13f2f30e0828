"""Markdown: what is a block, of which kind, and where exactly."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.documents.markdown import read_content
from aligner.model import Block

SAMPLE = """---
title: Không phải văn bản
---
# Cây **khế** #

Ngày xưa ở một làng nhỏ
có hai anh em. Họ nghèo.

<!-- ghi chú
nhiều dòng -->

- Mục một
  nối tiếp
- Mục hai
  1. Mục con

> Lời trích

```python
print("không phải văn bản")
```

    cũng là mã

| Cây | Quả \\| hạt |
|-----|------|
| khế | 100  |
|     | mít  |

Chương hai
----------

<Tip warning={true}>
Nhớ tưới cây.
</Tip>

<Component
  name="x"
/>

[tham chiếu]: https://vidu.vn
![](anh.png)

Hình 1: Cây khế

***
"""


def blocks(text: str) -> list[tuple[str, str]]:
    content = read_content(text.encode(), path="x.md", encoding=None)
    assert content.text == text
    return [(b.kind, text[b.start : b.end]) for b in content.blocks]


EXPECTED = [
    ("title", "Cây **khế**"),
    ("text", "Ngày xưa ở một làng nhỏ\ncó hai anh em. Họ nghèo."),
    ("list", "Mục một\n  nối tiếp"),
    ("list", "Mục hai"),
    ("list", "Mục con"),
    ("text", "Lời trích"),
    ("cell", "Cây"),
    ("cell", "Quả \\| hạt"),
    ("cell", "khế"),
    ("cell", "100"),
    ("cell", "mít"),
    ("heading", "Chương hai"),
    ("text", "Nhớ tưới cây."),
    ("caption", "Hình 1: Cây khế"),
]


def test_sample() -> None:
    assert blocks(SAMPLE) == EXPECTED


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_line_ends_of_other_systems(end: str) -> None:
    assert blocks(SAMPLE.replace("\n", end)) == [(kind, text.replace("\n", end)) for kind, text in EXPECTED]


def test_cells_say_where_they_are() -> None:
    content = read_content(SAMPLE.encode(), path="x.md", encoding=None)
    cells = [b.origin.cell for b in content.blocks if b.kind == "cell"]
    assert cells == ["1:1", "1:2", "2:1", "2:2", "3:2"]
    assert [b.origin.paragraph for b in content.blocks] == list(range(len(content.blocks)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1. 1\n", [("list", "1")]),
        ("# a # a\n", [("title", "a # a")]),
        ("## 第一章\n\n### 第二节 ##\n", [("title", "第一章"), ("heading", "第二节")]),
        ("- [ ] Việc cần làm\n", [("list", "[ ] Việc cần làm")]),
        ("> > Trích trong trích\n", [("text", "Trích trong trích")]),
        ("> Câu một.\n> Câu hai,\n> nối tiếp.\n", [("text", "Câu một."), ("text", "Câu hai,\n> nối tiếp.")]),
        ("> [!NOTE]\n> Nhớ tưới cây.\n", [("text", "Nhớ tưới cây.")]),
        ("{% if cây %}\n\nCó cây.\n\n{% endif %}\n", [("text", "Có cây.")]),
        ("<b>Đậm</b> và nhạt\n", [("text", "<b>Đậm</b> và nhạt")]),
        ("<div>\nMột dòng\n<p>hai dòng</p>\n</div>\n", [("text", "Một dòng"), ("text", "hai dòng")]),
        ("<script>\nvar a = 'không';\n</script>\n\nCó\n", [("text", "Có")]),
        ("<pre>\nkhông\n\nkhông\n</pre>\nCó\n", [("text", "Có")]),
        ("```\nkhông kết thúc\n", []),
        ("a | b\n--|--\nc | d\n", [("cell", "a"), ("cell", "b"), ("cell", "c"), ("cell", "d")]),
        ("---\nkhông phải đầu tệp", [("text", "không phải đầu tệp")]),
        ("Bài: Lý Minh\n", [("byline", "Bài: Lý Minh")]),
        ("Một\u2028hai\x85ba\n", [("text", "Một\u2028hai\x85ba")]),
        ("\tmã\n\nvăn\n", [("text", "văn")]),
    ],
)
def test_small_texts(text: str, expected: list[tuple[str, str]]) -> None:
    assert blocks(text) == expected


BITS = [
    *(
        "# ",
        "## ",
        "- ",
        "1. ",
        "> ",
        "```\n",
        "---\n",
        "===\n",
        "| a | b |\n",
        "|--|--|\n",
        "<div>",
        "</div>",
        "<!-- ",
    ),
    *(
        "-->",
        "khế",
        "花。",
        "**",
        "`",
        "[a](b)",
        "\\|",
        "|",
        "\t",
        "    ",
        " ",
        "\n",
        "\n\n",
        "\r\n",
        "\r",
        "<",
        ">",
        "&lt;",
    ),
]


@settings(deadline=None, max_examples=300)
@given(st.lists(st.sampled_from(BITS), min_size=1, max_size=40).map("".join).filter(str.strip))
def test_blocks_are_in_order_and_not_blank(text: str) -> None:
    content = read_content(text.encode(), path="x.md", encoding=None)
    previous = Block(0, 0)
    for block in content.blocks:
        assert previous.end <= block.start < block.end <= len(text)
        assert text[block.start : block.end].strip() == text[block.start : block.end]
        previous = block
