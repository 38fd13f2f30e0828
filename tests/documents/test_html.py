"""HTML pages: blocks by element, what is left out, and what never is."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.documents import read
from aligner.documents.content import Content
from aligner.documents.html import read_content
from aligner.errors import InputError


def page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head><title>T</title>{head}</head><body>{body}</body></html>".encode()


def content(body: str) -> Content:
    return read_content(page(body), path="a.html", encoding=None)


def blocks(body: str) -> list[tuple[str, str]]:
    found = content(body)
    return [(b.kind, found.text[b.start : b.end]) for b in found.blocks]


def texts(body: str) -> list[str]:
    return [text for _, text in blocks(body)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("<h1>Làng  tôi</h1><p>Nhà ở\n ven sông.</p>", [("title", "Làng tôi"), ("text", "Nhà ở ven sông.")]),
        ("<p>Một.<h2>Hai</h2>Ba.", [("text", "Một."), ("heading", "Hai"), ("text", "Ba.")]),
        (
            "<ul><li>Một</li><li>Hai<ul><li>Ba</ul><li>Bốn</ul>",
            [("list", "Một"), ("list", "Hai"), ("list", "Ba"), ("list", "Bốn")],
        ),
        ("<dl><dt>井<dd>打水的地方。</dl>", [("list", "井"), ("list", "打水的地方。")]),
        (
            "<table><caption>Chợ</caption><tr><th>Thứ<th>Giá<tr><td>Gạo<td>Hai đồng</table>",
            [("caption", "Chợ"), ("cell", "Thứ"), ("cell", "Giá"), ("cell", "Gạo"), ("cell", "Hai đồng")],
        ),
        ("<figure><img alt='x'><figcaption>河边的树</figcaption></figure>", [("caption", "河边的树")]),
        ("<div>Trước<p>Giữa</p>sau</div>", [("text", "Trước"), ("text", "Giữa"), ("text", "sau")]),
        ("<p>一<b>二</b>三<a href='x'>四</a>五<sup>[1]</sup></p>", [("text", "一二三四五[1]")]),
        ("<p>Chúng tôi gọi <q>chị</q> là chị.</p>", [("text", "Chúng tôi gọi “chị” là chị.")]),
        ("<p>Ảnh: Lan Anh</p>", [("byline", "Ảnh: Lan Anh")]),
    ],
)
def test_blocks_by_element(body: str, expected: list[tuple[str, str]]) -> None:
    assert blocks(body) == expected


def test_cells_know_their_place_and_a_table_for_layout_has_none() -> None:
    data = content("<table><tr><td>一<td>Một<tr><td>二<td>Hai</table>")
    assert [b.origin.cell for b in data.blocks] == ["1:1", "1:2", "2:1", "2:2"]
    layout = content("<table><tr><td><h1>Tin</h1><p>Trời mưa.</p><td>Hết.</table>")
    assert [(b.kind, b.origin.cell) for b in layout.blocks] == [
        ("title", None),
        ("text", None),
        ("text", None),
    ]


def test_text_and_blocks_agree() -> None:
    found = content("<h1>Một</h1><p>Hai<br>ba</p>")
    assert found.text == "Một\nHai\nba\n"
    assert [b.origin.paragraph for b in found.blocks] == [0, 1, 2]


@pytest.mark.parametrize(
    "hidden",
    [
        "<script>var a = 'chữ';</script>",
        "<style>p {}</style>",
        "<!-- chữ -->",
        "<?php chữ ?>",
        "<template>chữ</template>",
        "<p hidden>chữ</p>",
        "<p style='color: red; display : none'>chữ</p>",
        "<span aria-hidden=true>chữ</span>",
        "<select><option>chữ</select>",
        "<textarea>chữ</textarea>",
        "<svg><text>chữ</text></svg>",
        "<iframe>chữ</iframe>",
        "<pre>for i in range(10): print(i)</pre>",
    ],
)
def test_what_is_not_shown_or_not_translated_is_no_text(hidden: str) -> None:
    assert texts(f"<p>Một.</p>{hidden}<p>Hai.</p>") == ["Một.", "Hai."]


def test_the_link_of_a_heading_to_itself_is_no_text() -> None:
    assert texts("<h1>Làng tôi<a href='#x'>¶</a></h1><p>C<a href='#y'>#</a> 4</p>") == ["Làng tôi", "C 4"]


def test_readings_of_ruby_are_no_text() -> None:
    assert texts("<p>我在<ruby>河<rp>(</rp><rt>hé</rt><rp>)</rp></ruby>边。</p>") == ["我在河边。"]


def test_prose_set_as_code_is_kept() -> None:
    assert texts("<pre>Ngày xưa có một ông lão.\nÔng sống bên bờ sông.</pre>") == [
        "Ngày xưa có một ông lão.",
        "Ông sống bên bờ sông.",
    ]
    assert texts("<pre>从前有一位老人。\n他住在河边。</pre>") == ["从前有一位老人。", "他住在河边。"]


def test_line_ends_of_the_source() -> None:
    assert texts("<p>他住在\n  河边，叫\nLinux 的\n人。</p>") == ["他住在河边，叫 Linux 的人。"]
    assert texts("<p>hai\u00a0 ba</p>") == ["hai\u00a0 ba"]


def test_breaks_end_paragraphs_but_not_headings() -> None:
    assert texts("<h1>Làng<br>tôi</h1><div>Một.<br><br>　　Hai.<br/>Ba</div>") == [
        "Làng tôi",
        "Một.",
        "Hai.",
        "Ba",
    ]
    assert texts("<h1>我的<br>村庄</h1>") == ["我的村庄"]


def test_breaks_at_a_fixed_width_do_not_end_paragraphs() -> None:
    words = "chúng tôi đi qua cánh đồng lúa chín vàng rồi men theo con đường nhỏ ven sông để về làng " * 4
    lines: list[str] = [""]
    for word in words.split():
        if len(lines[-1]) + 1 + len(word) > 60:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    assert texts("<div>" + "<br>".join(lines) + "</div>") == ["\n".join(lines)]


SENTENCES = "".join(f"<p>Câu thứ {n} của bài kể chuyện trong làng, có đầu có cuối.</p>" for n in range(6))
ITEMS = "".join(f"<li><a href='/{n}'>Trang khác số {n}</a></li>" for n in range(5))


@pytest.mark.parametrize(
    "trimming",
    [
        f"<nav><ul>{ITEMS}</ul></nav>",
        f"<div role='navigation'>{ITEMS}</div>",
        f"<ul class='main-menu'>{ITEMS}</ul>",
        f"<div id='breadcrumb'>{ITEMS}</div>",
        "<header><a href='/'>Báo làng</a> | Hotline: 123</header>",
        "<footer>Bản quyền thuộc về báo làng</footer>",
        f"<aside class='sidebar'><h3>Tin liên quan</h3>{ITEMS}</aside>",
        "<div class='social-share'><a href='x'>Chia sẻ</a></div>",
        "<p><a href='javascript:print()'>In</a> <a href='mailto:?x'>Gửi</a> <a href='https://zalo.me/share?u'>Zalo</a></p>",
        f"<div class='li-relatedlinks'><h3>Tin liên quan</h3><ul>{ITEMS}</ul><p>2 giờ trước</p></div>",
        "<div class='comments'><p>Bài này hay lắm, cảm ơn tác giả đã viết cho chúng tôi đọc.</p></div>",
        "<div class='cookie-banner'>Trang này dùng cookie, xin bạn hãy đồng ý.</div>",
        f"<div><div><ul>{ITEMS}</ul></div></div>",
    ],
)
def test_trimmings_of_a_news_page_are_left_out(trimming: str) -> None:
    article = f"<div class='x'><h1>Chuyện làng</h1>{SENTENCES}</div>"
    expected = texts(article)
    assert len(expected) == 7
    assert texts(f"{trimming}{article}") == expected
    assert texts(f"{article}{trimming}") == expected
    assert "navigation" in content(trimming + article).notes[-1]


@pytest.mark.parametrize(
    "part",
    [
        f"<h2>Xem thêm</h2><ul>{ITEMS}</ul>",
        f"<section id='menu'><h2>Menu</h2><p>Thực đơn.</p><ul>{ITEMS}</ul></section>",
        "<div class='sidebar'><p>Một đoạn trong khung, có câu có chữ hẳn hoi.</p></div>",
        "<article><header><h2>Phần hai</h2></header><p>Chữ.</p><footer>Viết năm 2020</footer></article>",
        "<p class='menu'>Cơm, canh.</p>",
        "<div class='header'>Chương hai</div><div class='tag'>Danh từ</div>",
        "<article><aside><p>Bên lề.</p></aside></article>",
        "<p><a href='x'>Một</a> <a href='y'>Hai</a> <a href='z'>Ba</a></p>",
    ],
)
def test_nothing_of_a_plain_page_is_left_out(part: str) -> None:
    body = f"<h1>Sách</h1>{SENTENCES}{part}"
    words = "".join(texts(body))
    assert [text for text in texts(part) if text not in words] == []
    assert content(body).notes == ()


def test_a_list_of_the_pages_own_headings_is_left_out() -> None:
    sections = "".join(f"<h2 id='s{n}'>Phần {n}</h2>{SENTENCES}" for n in range(4))
    contents = "".join(f"<li><a href='#s{n}'>Phần {n}</a></li>" for n in range(4))
    found = texts(f"<h1>Sách</h1><div><p>Mục lục</p><ul>{contents}</ul></div>{sections}")
    assert found == texts(f"<h1>Sách</h1>{sections}")


def test_the_title_of_the_page_belongs_to_its_text_though_it_stands_far_from_it() -> None:
    logo = f"<div><h1>Báo làng</h1><ul>{ITEMS}</ul></div>"
    story = f"<div><div><h1>Chuyện làng</h1></div><div><ul>{ITEMS}</ul></div><div>{SENTENCES}</div></div>"
    data = f"<title>Chuyện làng - Báo</title>{logo}{story}"
    found = read_content(data.encode(), path="a.html", encoding=None).text.split("\n")
    assert found[0] == "Chuyện làng"
    assert found.count("Trang khác số 1") == 1


def test_an_index_is_kept_as_it_is() -> None:
    assert len(texts(f"<h1>Mục lục</h1><ul>{ITEMS}</ul>")) == 6


def test_an_element_that_holds_all_text_is_kept_whatever_it_is_called() -> None:
    assert len(texts(f"<div class='menu'><h1>Sách</h1>{SENTENCES}</div>")) == 7


CHINESE = "<html><head><meta charset={}></head><body><p>村里的花都开了，孩子们很高兴。</p></body></html>"


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (CHINESE.format("utf-8").encode(), None),
        (CHINESE.format("gb2312").encode("gb18030"), "GB18030"),
        (CHINESE.format("'GBK'").encode("gb18030"), "GB18030"),
        (CHINESE.format("gb2312").encode(), None),  # declared wrongly: valid UTF-8 is UTF-8
        (CHINESE.format("x").encode("utf-16"), "UTF-16"),
        (
            b"<?xml version='1.0' encoding='GB18030'?>" + CHINESE.format("").encode("gb18030"),
            "GB18030",
        ),
    ],
)
def test_the_declared_encoding_is_used_unless_the_page_is_utf_8(data: bytes, note: str | None) -> None:
    found = read_content(data, path="a.html", encoding=None)
    assert found.text == "村里的花都开了，孩子们很高兴。\n"
    assert (note in "".join(found.notes)) if note else not found.notes


def test_no_entity_of_ones_own_is_expanded_and_no_file_is_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("bí mật")
    path = tmp_path / "a.html"
    path.write_text(
        f'<!DOCTYPE html [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY y "yyy">]>'
        "<html><p>Một &x; &y; &amp; &eacute;.</p></html>"
    )
    assert "bí mật" not in read(path).text
    assert "yyy" not in read(path).text
    assert "& é." in read(path).text


@pytest.mark.parametrize(
    "data", [b"<html></html>", b"<p> </p>", b"<!-- -->", b"<html><frameset></frameset></html>"]
)
def test_a_page_without_text_is_refused(data: bytes) -> None:
    with pytest.raises(InputError, match="holds no text"):
        read_content(data, path="a.html", encoding=None)


def test_deep_nesting_is_read_or_refused_in_one_line() -> None:
    assert texts("<div>" * 1000 + "Một." + "</div>" * 1000) == ["Một."]
    with pytest.raises(InputError, match="nested too deep"):
        content("<div>" * 100_000 + "Một.")


OPENING = ["p", "br", "div", "ul", "li", "table", "tr", "td", "h1", "pre", "nav", "q"]
TAGS = (
    [f"<{tag}>" for tag in OPENING]
    + [f"</{tag}>" for tag in OPENING]
    + ["<a href=x>", "</a>", "<!--", "&amp;"]
)


@settings(deadline=None, max_examples=150)
@given(st.lists(st.sampled_from(TAGS) | st.text(alphabet="ab 中đ\n\0\r<&>", max_size=5), max_size=30))
def test_any_soup_is_read_or_refused(parts: list[str]) -> None:
    body = "".join(parts)
    try:
        found = content(body)
    except InputError:
        return
    assert found.text == "".join(found.text[b.start : b.end] + "\n" for b in found.blocks)
