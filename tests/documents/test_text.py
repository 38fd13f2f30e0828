"""Plain text: paragraphs, hard-wrapped lines, and kinds by shape."""

import textwrap

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.documents.kinds import kind_of, kinds_of
from aligner.documents.text import read_content
from aligner.documents.wrapping import paragraphs
from aligner.model import Kind

# Written for this test.
STORY = (
    "Ngày xưa ở một làng nhỏ bên sông có hai anh em mồ côi cha mẹ từ sớm, sống nhờ vào một cây khế ngọt "
    "trước sân nhà. Người anh tham lam nên chia cho em mỗi cây khế, còn ruộng vườn thì giữ hết. Năm ấy khế "
    "sai quả, có con chim lạ đến ăn, người em buồn rầu than thở với chim."
)
STORY_ZH = (
    "从前在河边的一个小村子里住着两兄弟，他们的父母很早就去世了，兄弟俩靠着院子里的一棵杨桃树过日子。哥哥很贪心，"
    "分家的时候只给了弟弟那棵树，自己留下了所有的田地。那一年树上结满了果子，飞来一只奇怪的大鸟，弟弟难过地对鸟诉说。"
)


def texts(text: str) -> list[str]:
    return [text[start:end] for start, end in paragraphs(text)[0]]


def unwrapped(text: str) -> list[str]:
    return [" ".join(paragraph.split()) for paragraph in texts(text)]


def wrap_han(text: str, width: int) -> str:
    return "\n".join(text[i : i + width] for i in range(0, len(text), width))


def test_a_line_is_a_paragraph() -> None:
    assert texts("Một câu.\nHai câu.\n\n  Ba câu.  \n") == ["Một câu.", "Hai câu.", "Ba câu."]


@pytest.mark.parametrize("width", [50, 60, 72, 80, 100])
def test_wrapped_paragraphs_are_joined(width: int) -> None:
    wrapped = [textwrap.fill(STORY, width), textwrap.fill(STORY[::1].replace("Ngày xưa", "Thuở ấy"), width)]
    text = "\n\n".join(wrapped)
    assert texts(text) == wrapped
    spans, joined = paragraphs(text)
    assert joined == text.count("\n") - 2
    assert len(spans) == 2


def test_wrapped_paragraphs_with_indents_instead_of_blank_lines() -> None:
    text = "\n".join(textwrap.fill(STORY, 70, initial_indent="    ") for _ in range(2))
    assert unwrapped(text) == [STORY, STORY]


@pytest.mark.parametrize("width", [24, 30, 40])
def test_wrapped_chinese_is_joined(width: int) -> None:
    text = wrap_han(STORY_ZH, width) + "\n\n" + wrap_han(STORY_ZH, width)
    assert [paragraph.replace("\n", "") for paragraph in texts(text)] == [STORY_ZH, STORY_ZH]


def test_wrapped_lines_of_two_languages_are_not_joined() -> None:
    text = wrap_han(STORY_ZH, 35) + "\n" + textwrap.fill(STORY, 70)
    assert len(texts(text)) == 2


def test_wrapped_list_items_stay_apart() -> None:
    item = "- " + textwrap.fill(STORY, 70).replace("\n", "\n  ")
    assert unwrapped(f"{item}\n{item}") == ["- " + STORY, "- " + STORY]


def test_a_heading_above_wrapped_text_stays_apart() -> None:
    text = "Cây khế\n" + textwrap.fill(STORY, 70) + "\n\n" + textwrap.fill(STORY, 70)
    assert unwrapped(text) == ["Cây khế", STORY, STORY]


@pytest.mark.parametrize(
    "text",
    [
        # One sentence a line, lines of like width: nothing runs on.
        (
            "Hôm nay trời rất đẹp, cả nhà tôi cùng nhau đi chơi ở công viên.\n"
            "Em trai tôi thích nhất là được ngồi trên chiếc đu quay màu đỏ.\n"
            "Mẹ tôi chuẩn bị rất nhiều đồ ăn ngon cho cả nhà cùng thưởng thức.\n"
        ),
        # Verse: short lines without marks, each begins with a capital.
        "Trăm năm trong cõi người ta\nChữ tài chữ mệnh khéo là ghét nhau\nTrải qua một cuộc bể dâu\n",
        "床前明月光\n疑是地上霜\n举头望明月\n低头思故乡\n",
        # Small letters below a line with room to spare: a list of words.
        "cây khế\nquả khế\nchim thần\nvàng bạc châu báu\nhai anh em\n",
    ],
)
def test_lines_that_only_look_wrapped_stay_apart(text: str) -> None:
    assert texts(text) == text.splitlines()


def test_the_width_is_that_of_the_prose_not_of_the_longest_line() -> None:
    listing = "    install -m 644 " + " ".join(f"icons/picture-{n:03}.png" for n in range(5))
    verse = "Trăm năm trong cõi người ta\nchữ tài chữ mệnh khéo là ghét nhau"
    table = "cây khế       1   sân nhà trước của người em út trong câu chuyện\nruộng       12   làng"
    prose = [textwrap.fill(STORY, 66, initial_indent="    ", subsequent_indent="    ") for _ in range(3)]
    kept = [listing, "    mkdir icons", verse, table]
    text = "\n\n".join([prose[0], listing + "\n    mkdir icons", prose[1], verse, table, prose[2]])
    assert unwrapped(text) == [
        STORY, *(" ".join(line.split()) for line in "\n".join(kept[:2]).split("\n")),
        STORY, *(" ".join(line.split()) for line in "\n".join(kept[2:]).split("\n")), STORY,
    ]  # fmt: skip


def test_names_inside_wrapped_chinese_do_not_end_its_lines() -> None:
    paragraph = (
        "从前在河边的一个小村子里住着两兄弟，他们靠着院子里的一棵杨桃树过日\n"
        "子。那是一棵很老的 Averrhoa carambola，村里的人们从小就都管它叫做\n"
        "star fruit tree，因为果子切开以后像星星，每年春天开出紫红色的小花，\n"
        "到了秋天就结满果子。"
    )
    assert texts(f"{paragraph}\n\n{paragraph}") == [paragraph, paragraph]


def test_short_lines_of_one_width_among_long_ones_are_no_paragraph() -> None:
    headlines = ["村民在院子里的杨桃树下讲述两兄弟的故事吗", "那一年树上结满了果子飞来一只奇怪的大鸟啊"] * 2
    lines = [*headlines, *[STORY_ZH] * 9]
    assert texts("\n".join(lines)) == lines


def test_long_lines_are_never_joined() -> None:
    lines = [STORY, STORY[0].lower() + STORY[1:], STORY]
    assert texts("\n".join(lines)) == lines


def test_ruled_lines_are_no_paragraphs() -> None:
    assert texts("Một câu.\n-----\nHai câu.\n* * *\nBa câu.\n=====\n") == ["Một câu.", "Hai câu.", "Ba câu."]


def test_joining_is_noted() -> None:
    content = read_content(textwrap.fill(STORY, 60).encode(), path="x", encoding=None)
    assert len(content.blocks) == 1
    assert "joined" in content.notes[0]


@settings(deadline=None, max_examples=150)
@given(
    st.lists(
        st.sampled_from(
            ["cây khế", "Ngày xưa,", "村子里", "。", "- ", "    ", "1. ", "\n", "\n", "\r\n", "\n\n", " "]
        )
    ),
)
def test_paragraphs_cover_every_word(bits: list[str]) -> None:
    text = "".join(bits)
    assert "".join("".join(texts(text)).split()).replace("-", "") == "".join(text.split()).replace("-", "")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Thúc đẩy hợp tác giữa các làng nghề", "heading"),
        ("加强村庄合作", "heading"),
        ("CHƯƠNG II", "heading"),
        ("二、主要任务", "heading"),
        ("II. Kết quả đạt được", "heading"),
        ("Cả làng ra đồng.", "text"),
        ("Gồm có:", "text"),
        ("tiếp theo dòng trên", "text"),
        ("12/5/2024", "text"),
        ("x" * 200, "text"),
        ("花" * 60, "text"),
        ("- Sửa đường làng;", "list"),
        ("• Trồng cây", "list"),
        ("1. Sửa đường làng.", "list"),
        ("1、修路。", "list"),
        ("（1）修路。", "list"),
        ("a) Đơn xin phép;", "list"),
        ("①修路", "list"),
        ("2025年是丰收的一年。", "text"),
        ("Bài: Lý Minh", "byline"),
        ("Bài và ảnh: Lý Minh", "byline"),
        ("Tác giả: P.V", "byline"),
        ("Nguồn: Báo Làng", "byline"),
        ("Theo Báo Làng", "byline"),
        ("文:李明", "byline"),
        ("文/图 李明", "byline"),
        ("来源：村报", "byline"),
        ("記者：李明", "byline"),
        ("本报记者 李明", "byline"),
        ("记者：您今年收成怎么样？", "text"),
        ("Ta\u0301c gia\u0309: Lý Minh", "byline"),
        ("Hình 3. Sơ đồ làng", "caption"),
        ("Bảng 2: Sản lượng khế", "caption"),
        ("图1 村庄全景", "caption"),
        ("图为村民在收割。", "caption"),
        ("Ảnh minh họa", "caption"),
        ("Trong ảnh: Cây khế trăm tuổi.", "caption"),
        ("Bà con thu hoạch khế. (Ảnh: Lý Minh)", "caption"),
        ("村民在收割稻子。（李明 摄）", "caption"),
        ("Hình như trời sắp mưa.", "text"),
        ("表示感谢是应该的。", "text"),
    ],
)
def test_kind_of_a_paragraph(text: str, kind: Kind) -> None:
    assert kind_of(text) == kind


def test_the_first_headings_are_the_title() -> None:
    lines = [
        "Lễ hội làng",
        "村庄庙会",
        "Cả làng cùng vui.",
        "大家都很高兴。",
        "Trò chơi",
        "Trẻ con thích đu quay.",
        "老人下棋。",
    ]
    assert kinds_of(lines) == ["title", "title", "text", "text", "heading", "text", "text"]


def test_a_title_may_be_missing() -> None:
    assert kinds_of(["Cả làng cùng vui.", "Trò chơi", "Trẻ con thích đu quay.", "Trời tối dần."]) == [
        "text",
        "heading",
        "text",
        "text",
    ]


def test_where_most_lines_are_short_none_is_a_heading() -> None:
    assert set(kinds_of(["Cây khế", "Quả khế", "Chim thần", "Cả làng cùng vui."])) == {"text"}


def test_dialogue_is_no_list() -> None:
    assert kinds_of(["- Bác đi đâu đấy?", "- Bác ra chợ.", "- Sửa đường;", "Trời nắng."])[:3] == [
        "list",
        "list",
        "list",
    ]
    assert kinds_of(["- Bác đi đâu đấy?", "– Bác ra chợ.", "Trời nắng."]) == ["text", "text", "text"]
