"""Merging into a memory: what it holds stays as it is, and every difference is named."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from lxml import etree

from aligner.errors import FormatError, OutputError
from aligner.formats import ExportOptions, Tally, load_bitext, write_bitexts
from aligner.formats.options import Direction
from aligner.model import Bead, Bitext, Segment, Side

MEMORY = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header creationtool="other" creationtoolversion="9" segtype="sentence" o-tmf="x"
 adminlang="en" srclang="zh-CN" datatype="plaintext"><note>kept</note></header><body>
<!-- a comment -->
<tu tuid="7" usagecount="3"><prop type="x-client">A &amp; B</prop>
<tuv xml:lang="zh-CN" creationdate="20200101T000000Z">
<seg>按<bpt i="1">&lt;b&gt;</bpt>这里<ept i="1"/></seg></tuv>
<tuv xml:lang="vi-VN"><seg>Bấm <hi>đây</hi></seg></tuv><tuv xml:lang="en"><seg>Click here</seg></tuv></tu>
<tu><tuv xml:lang="zh-CN"><seg>同</seg></tuv><tuv xml:lang="vi-VN"><seg>giống</seg></tuv></tu>
<tu><tuv xml:lang="zh-CN"><seg>异</seg></tuv><tuv xml:lang="vi-VN"><seg>của bộ nhớ</seg></tuv></tu>
</body></tmx>
"""


def bitext(*pairs: tuple[str, str], edited: str = "") -> Bitext:
    beads = [
        Bead(i, (Segment(i, zh, 0, 9),), (Segment(i, vi, 0, 9),), confidence=0.5)
        for i, (zh, vi) in enumerate(pairs)
    ]
    if edited:
        (segment,) = beads[0].tgt
        beads[0] = beads[0].replace(
            tgt=(Segment(0, edited, 0, 9),), original=((pairs[0][0],), (segment.text,)), status="edited"
        )
    return Bitext(Side("zh-Hans", "a", ""), Side("vi", "a", ""), tuple(beads))


def merged(value: Bitext, memory: Path, direction: Direction = "zh-vi") -> tuple[Tally, Path]:
    out = memory.with_name("out.tmx")
    options = ExportOptions(merge=memory, direction=direction)
    return write_bitexts([value], "tmx", out, options), out


@pytest.mark.parametrize("packed", [False, True])
def test_new_same_and_contradicting_units(tmp_path: Path, *, packed: bool) -> None:
    memory = tmp_path / "m.tmx"
    memory.write_bytes(gzip.compress(MEMORY.encode()) if packed else MEMORY.encode())
    value = bitext(("新", "mới"), ("同", "giống"), ("异", "của ta"), ("按这里", "Bấm đây"))
    tally, out = merged(value, memory)
    assert [(unit.what, unit.src, unit.tgt, unit.other) for unit in tally.listed] == [
        ("conflict", "异", "của ta", "của bộ nhớ"),
        ("new", "新", "mới", ""),
    ]
    assert tally.units == 4
    beads = load_bitext(out).beads
    assert [(bead.src_text, bead.tgt_text) for bead in beads] == [
        ("按这里", "Bấm đây"), ("同", "giống"), ("异", "của bộ nhớ"), ("新", "mới"),
    ]  # fmt: skip


def test_what_the_memory_holds_stays_as_it_is(tmp_path: Path) -> None:
    memory = tmp_path / "m.tmx"
    memory.write_text(MEMORY, "utf-8")
    _, out = merged(bitext(("新", "mới")), memory)
    old, new = etree.fromstring(MEMORY.encode()), etree.fromstring(out.read_bytes())

    def canonical(element: etree._Element) -> str:
        element.tail = None
        text: str = etree.tostring(element, method="c14n").decode()
        return text

    assert canonical(new.find("header")) == canonical(old.find("header"))  # type: ignore[arg-type]
    units = [canonical(unit) for unit in new.iter("tu")]
    assert units[:3] == [canonical(unit) for unit in old.iter("tu")]
    assert len(units) == 4


def test_an_edited_bead_replaces_what_was_exported_before(tmp_path: Path) -> None:
    memory = tmp_path / "m.tmx"
    write_bitexts([bitext(("一", "một"), ("二", "hai"))], "tmx", memory)
    tally, out = merged(bitext(("一", "một"), ("二", "hai"), edited="một!"), memory)
    assert [(unit.what, unit.tgt, unit.other) for unit in tally.listed] == [("changed", "một!", "một")]
    assert [bead.tgt_text for bead in load_bitext(out).beads] == ["một!", "hai"]
    again, _ = merged(bitext(("一", "một"), ("二", "hai"), edited="một!"), _moved(out, memory))
    assert again.listed == []


def _moved(out: Path, memory: Path) -> Path:
    return out.rename(memory)


def test_merging_twice_adds_nothing(tmp_path: Path) -> None:
    memory = tmp_path / "m.tmx"
    memory.write_text(MEMORY, "utf-8")
    value = bitext(("新", "mới"), ("异", "của ta"))
    for direction in ("zh-vi", "vi-zh"):
        _, out = merged(value, memory, direction)
        first = out.read_bytes()
        again, _ = merged(value, _moved(out, memory), direction)
        assert [unit for unit in again.listed if unit.what != "conflict"] == []
        assert out.read_bytes() == first


def test_what_is_not_safe_or_no_memory_is_refused(tmp_path: Path) -> None:
    memory = tmp_path / "m.tmx"
    for text, says in (
        (MEMORY.replace('SYSTEM "tmx14.dtd"', '[<!ENTITY a SYSTEM "/etc/passwd">]'), "declares entities"),
        (MEMORY[:-20], "well-formed"),
        ("<xliff/>", "is not TMX"),
        ("", "is empty"),
    ):
        memory.write_text(text, "utf-8")
        with pytest.raises(FormatError, match=says):
            merged(bitext(("新", "mới")), memory)
    assert not (tmp_path / "out.tmx").exists()


def test_the_memory_itself_is_not_written_over(tmp_path: Path) -> None:
    memory = tmp_path / "out.tmx"
    memory.write_text(MEMORY, "utf-8")
    with pytest.raises(OutputError, match="is an input"):
        merged(bitext(("新", "mới")), memory)
    assert memory.read_text("utf-8") == MEMORY
