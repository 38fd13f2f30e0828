from __future__ import annotations

import gzip
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from aligner.errors import FormatError, UsageError
from aligner.formats import ExportOptions, Tally, load_bitext, load_bitexts, safe_xml, write_bitexts
from aligner.formats.options import Direction
from aligner.formats.tmx import read_units
from aligner.model import Bead, Bitext, Segment, Side

CASES = json.loads((Path(__file__).parents[1] / "cases" / "tmx.json").read_text("utf-8"))


def data_of(case: dict[str, Any]) -> bytes:
    if "hex" in case:
        return bytes.fromhex(case["hex"])
    data: bytes = case["xml"].encode(case.get("encoding", "utf-8"))
    return gzip.compress(data) if case.get("gzip") else data


def ids(cases: list[dict[str, Any]]) -> list[str]:
    return [case["name"] for case in cases]


@pytest.mark.parametrize("case", CASES["written by tools"], ids=ids(CASES["written by tools"]))
def test_what_tools_write_is_read(case: dict[str, Any]) -> None:
    tally = Tally()
    units = list(read_units(io.BytesIO(data_of(case)), "m.tmx", tally))
    assert [[unit.src, unit.tgt, unit.lang] for unit in units] == case["units"]
    assert len(tally.remarks) == case.get("notes", 0)
    assert all(unit.confidence == 1 and unit.status == "auto" and len(unit.hash) == 16 for unit in units)


@pytest.mark.parametrize("case", CASES["broken or hostile"], ids=ids(CASES["broken or hostile"]))
def test_what_is_broken_or_hostile_is_refused_in_one_line(case: dict[str, Any]) -> None:
    with pytest.raises(FormatError, match=case["problem"]) as caught:
        list(read_units(io.BytesIO(data_of(case)), "m.tmx", Tally()))
    assert str(caught.value).startswith("m.tmx")
    assert "\n" not in str(caught.value)


def test_an_error_names_the_line() -> None:
    with pytest.raises(FormatError, match=r"^m\.tmx:3: "):
        list(read_units(io.BytesIO(b"<tmx>\n<body>\n<tu></body>"), "m.tmx", Tally()))


def test_a_gzip_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(safe_xml, "_BOMB_SIZE", 1 << 20)
    bomb = gzip.compress(b"<tmx><body>" + b" " * (1 << 22) + b"</body></tmx>")
    with pytest.raises(FormatError, match="unpacks to more than 300 times its size"):
        list(read_units(io.BytesIO(bomb), "m.tmx", Tally()))


@pytest.mark.parametrize("token", [b"<!--%s-->", b"<tu a='%s'/>", b"<?x %s?>", b"<%s/>"])
def test_an_endless_token_is_refused(token: bytes) -> None:
    """Old versions of expat would take quadratic time for it."""
    xml = b"<tmx><body>" + token % (b"x" * (3 << 20)) + b"</body></tmx>"
    with pytest.raises(FormatError, match="over a megabyte"):
        list(read_units(io.BytesIO(xml), "m.tmx", Tally()))


def test_depth_costs_nothing() -> None:
    deep = b"<hi>" * 100_000 + b"x" + b"</hi>" * 100_000
    xml = b'<tmx><tu><tuv lang="zh"><seg>%s</seg></tuv><tuv lang="vi"><seg>y</seg></tuv></tu></tmx>' % deep
    assert [unit.src for unit in read_units(io.BytesIO(xml), "m.tmx", Tally())] == ["x"]


def test_units_come_before_the_file_is_read_whole() -> None:
    class Endless(io.RawIOBase):
        def __init__(self) -> None:
            self.start: bytes = b"<tmx><body>"

        def read(self, _size: int = -1) -> bytes:
            unit = b'<tu><tuv lang="zh"><seg>x</seg></tuv><tuv lang="vi"><seg>y</seg></tuv></tu>'
            data, self.start = self.start + unit, b""
            return data

    units = read_units(Endless(), "m.tmx", Tally())  # type: ignore[arg-type]
    assert [next(units).id for _ in range(5)] == [0, 1, 2, 3, 4]


def sample(lang: str = "zh-Hans") -> Bitext:
    texts = [("第一。", "Một & <một>."), ("第二。", "Hai."), ("", "Lẻ."), ("第三。", "Ba.")]
    beads: list[Bead] = []
    for i, (zh, vi) in enumerate(texts):
        src = (Segment(len([b for b in beads if b.src]), zh, 0, 3),) if zh else ()
        beads.append(Bead(i, src, (Segment(i, vi, 0, 3),), confidence=0.25 * (i + 1)))
    beads[1] = beads[1].replace(status="accepted", note='Sửa "này" & kia', confidence=0.1)
    side = Side(lang, "seeds/a&b.txt", "")  # type: ignore[arg-type]
    return Bitext(side, Side("vi", "seeds/a&b.txt", ""), tuple(beads))


def written(options: ExportOptions | None = None, *bitexts: Bitext) -> bytes:
    file = io.BytesIO()
    write_bitexts(bitexts or [sample()], "tmx", file, options)
    return file.getvalue()


@pytest.mark.parametrize(
    "options",
    [ExportOptions(), ExportOptions(direction="vi-zh"), ExportOptions(context=True, date="20260131T120000Z")],
    ids=["plain", "turned", "context and date"],
)
def test_it_is_valid(options: ExportOptions, schemas: Path) -> None:
    document = etree.fromstring(written(options))
    dtd = etree.DTD(str(schemas / "omegat_tmx14.dtd"))
    assert dtd.validate(document), dtd.error_log
    schema = etree.XMLSchema(etree.parse(schemas / "omegat_tmx14.xsd"))
    assert schema.validate(document), schema.error_log


@pytest.mark.parametrize("direction", ["zh-vi", "vi-zh"])
def test_another_reader_finds_the_same_units(direction: Direction) -> None:
    from translate.storage import tmx

    store = tmx.tmxfile.parsestring(written(ExportOptions(direction=direction)))  # type: ignore[no-untyped-call]
    expected = [("第一。", "Một & <một>."), ("第二。", "Hai."), ("第三。", "Ba.")]
    if direction == "vi-zh":
        expected = [(vi, zh) for zh, vi in expected]
    assert [(unit.source, unit.target) for unit in store.units] == expected


def test_the_must_haves_of_cat_tools() -> None:
    data = written()
    assert data.startswith(b'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n')
    header = etree.fromstring(data).find("header")
    assert header is not None
    assert set(header.keys()) == {
        "creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype",
    }  # fmt: skip
    types = re.findall(rb'<prop type="([^"]*)"', data)
    assert set(types) == {b"x-confidence", b"x-status", b"x-document", b"x-hash"}
    assert b'<prop type="x-document">seeds/a&amp;b.txt</prop>' in data


@pytest.mark.parametrize(
    ("lang", "options", "codes"),
    [
        ("zh-Hans", ExportOptions(), ["zh-CN", "zh-CN", "vi-VN"]),
        ("zh-Hant", ExportOptions(), ["zh-TW", "zh-TW", "vi-VN"]),
        ("zh-Hant", ExportOptions(direction="vi-zh"), ["vi-VN", "vi-VN", "zh-TW"]),
        ("zh-Hant", ExportOptions(zh_code="zh-HK", vi_code="vi"), ["zh-HK", "zh-HK", "vi"]),
    ],
)
def test_language_codes(lang: str, options: ExportOptions, codes: list[str]) -> None:
    found = re.findall(r'(?:srclang|xml:lang)="([^"]*)"', written(options, sample(lang)).decode())
    assert found[:3] == codes
    assert set(found) == set(codes)


def test_a_unit_of_another_variant_says_so() -> None:
    text = written(None, sample("zh-Hans"), sample("zh-Hant")).decode()
    assert text.count('<tu srclang="zh-TW">') == text.count('xml:lang="zh-TW"') == 3
    assert 'srclang="zh-CN" datatype' in text
    assert (
        "<tu srclang"
        not in written(ExportOptions(zh_code="zh"), sample("zh-Hans"), sample("zh-Hant")).decode()
    )


@pytest.mark.parametrize("code", ["zh_CN", "", "z", "中文", "zh-CN\n", 'zh"'])
def test_a_code_no_tool_would_take_is_refused(code: str) -> None:
    with pytest.raises(UsageError, match="no language code"):
        ExportOptions(zh_code=code)


def test_a_date_only_where_asked_for() -> None:
    assert b"date=" not in written()
    assert b' creationdate="20260131T120000Z"' in written(ExportOptions(date="20260131T120000Z"))
    with pytest.raises(UsageError, match="no date of TMX"):
        ExportOptions(date="2026-01-31")


def test_context_is_that_of_the_document_not_of_the_memory() -> None:
    text = written(ExportOptions(context=True, direction="vi-zh")).decode()
    found = re.findall(r'x-context-pre">(.*?)</prop><prop type="x-context-post">(.*?)</prop>', text)
    assert found == [("", "Hai."), ("Một &amp; &lt;một&gt;.", "Lẻ."), ("Lẻ.", "")]


def test_a_text_too_long_for_some_tools_is_remarked() -> None:
    value = sample()
    long = value.beads[0].replace(src=(Segment(0, "越" * 2001, 0, 2001),))
    tally = write_bitexts([value.replace(beads=(long,))], "tmx", io.BytesIO())
    assert tally.remarks == ["longer than the 2000 characters a side that Trados takes: 1 unit"]
    fits = value.beads[0].replace(src=(Segment(0, "越" * 2000, 0, 2000),))
    assert write_bitexts([value.replace(beads=(fits,))], "tmx", io.BytesIO()).remarks == []


def test_documents_of_a_memory(tmp_path: Path) -> None:
    two = Bitext(Side("zh-Hans", "zh/b.txt", ""), Side("vi", "vi/b.txt", ""), sample().beads[:1])
    (tmp_path / "m.tmx").write_bytes(written(None, sample(), two))
    found = load_bitexts(tmp_path / "m.tmx")
    assert [(b.src.path, b.tgt.path, len(b.beads)) for b in found] == [
        ("seeds/a&b.txt", "seeds/a&b.txt", 3),
        ("zh/b.txt", "vi/b.txt", 1),
    ]
    whole = load_bitext(tmp_path / "m.tmx")
    assert (whole.src.path, len(whole.beads)) == (str(tmp_path / "m.tmx"), 4)
    assert [bead.id for bead in whole.beads] == [0, 1, 2, 3]
