"""Plain units are read without the parser: what comes of a file, and where it is refused, stays the same."""

from __future__ import annotations

import io
from unittest import mock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aligner.errors import FormatError
from aligner.formats import Tally, safe_xml, tmx
from aligner.formats.tmx_plain import Skimmer
from aligner.formats.units import Unit

PLAIN = (
    '<tu>\n<prop type="x-confidence">0.5000</prop><note>n</note>\n'
    '<tuv xml:lang="zh-CN"><seg>一。</seg></tuv>\n<tuv xml:lang="vi-VN"><seg> Một. </seg></tuv>\n</tu>\n'
)
PIECES = [
    PLAIN,
    PLAIN.replace("\n", "\r\n"),
    PLAIN.replace("<tu>", '<tu tuid="1" creationdate="20260131T120000Z">').replace("xml:lang", "lang"),
    '<tu><tuv lang="vi"><seg>Hai</seg></tuv><tuv lang="zh_TW" xml:lang="zh"><seg>二</seg></tuv></tu>',
    '<tu><tuv xml:lang="en"><seg>Two</seg></tuv><tuv xml:lang="vi"><seg>Hai</seg></tuv></tu>',
    PLAIN.replace("一", "一<bpt i='1'>&lt;b></bpt><hi>二</hi>"),
    PLAIN.replace("Một", "&lt;Một &amp; hai&#x20;"),
    PLAIN.replace("Một", "<![CDATA[</tu>Một]]>"),
    PLAIN.replace("Một", "M]]>"),
    PLAIN.replace("Một", "\ufffe"),
    PLAIN.replace("Một", "a\rb\tc"),
    PLAIN.replace('lang="zh-CN"', 'lang="zh-CN" xml:lang="vi"'),
    PLAIN.replace("<tuv", "<prop type='late'>x</prop><tuv", 2),
    PLAIN.replace("</tu>", '<tuv xml:lang="zh-TW"><seg>壹</seg></tuv></tu>'),
    f"<!-- {PLAIN} -->",
    f"<![CDATA[ {PLAIN} ]]>",
    f"<?odd {PLAIN} ?>",
    "<!--", "-->", "</tu>", "<tu>", "</body>", "</tmx>", "<body>", "&x;", "<seg>", "]]>", " ", "\n", "\x00",
]  # fmt: skip
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<tmx version="1.4"><header srclang="zh"/>\n<body>\n'
TAIL = "</body></tmx>"
FILES = st.lists(st.sampled_from(PIECES[:7]) | st.sampled_from(PIECES), max_size=12).map("".join)


def outcome(data: bytes, *, skims: bool, chunk: int) -> tuple[list[Unit], list[str]] | str:
    tally = Tally()
    plain: type[Skimmer] | mock.Mock = Skimmer if skims else mock.Mock(return_value=None)
    with mock.patch.object(tmx, "Skimmer", plain), mock.patch.object(safe_xml, "_CHUNK", chunk):
        try:
            return list(tmx.read_units(io.BytesIO(data), "a", tally)), tally.remarks
        except FormatError as error:
            return str(error)


@settings(deadline=None, max_examples=150)
@given(
    FILES,
    st.integers(1, 400),
    st.lists(st.tuples(st.integers(0, 9999), st.binary(max_size=2)), max_size=2),
    st.integers(1, 2),
)
@example(PIECES[14] + PLAIN, 37, [], 1)
@example(PLAIN * 3 + "<tu>\n\n", 9999, [], 1)
def test_with_and_without_the_parser_is_the_same(
    body: str, chunk: int, turned: list[tuple[int, bytes]], parts: int
) -> None:
    data = bytearray((HEAD + body + TAIL).encode())
    for place, more in turned:
        at = place % len(data)
        data[at : at + len(more)] = more
    given_data = bytes(data[: len(data) // parts])
    assert outcome(given_data, skims=True, chunk=chunk) == outcome(given_data, skims=False, chunk=chunk)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_every_encoding_gives_the_same_units(encoding: str) -> None:
    declared = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    data = (HEAD + "".join(PIECES[:7]) + TAIL).replace("UTF-8", declared).encode(encoding)
    found = outcome(data, skims=True, chunk=100)
    assert found == outcome(data, skims=False, chunk=100)
    assert len(found[0]) == 6


@pytest.mark.parametrize("declared", ["klingon", "gb18030", "cp1258", "utf-16", "rot13", "UTF-7"])
def test_a_mark_of_utf_8_counts_more_than_the_declaration(declared: str) -> None:
    data = (HEAD + PLAIN + PIECES[5] + TAIL).replace("UTF-8", declared).encode("utf-8-sig")
    found = outcome(data, skims=True, chunk=1 << 16)
    assert not isinstance(found, str), found
    assert [unit.src for unit in found[0]] == ["一。", "一二。"]


def test_plain_units_do_not_reach_the_parser() -> None:
    reader = mock.Mock(is_between_units=True)
    skimmer = Skimmer(reader)
    assert b"".join(skimmer.rest(PLAIN.encode() * 5 + b"</body>")) == b""
    assert (skimmer.waiting, skimmer.lines, reader.plain.call_count) == (b"\n</body>", 24, 5)
