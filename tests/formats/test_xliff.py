"""XLIFF 1.2 and 2.0: what other tools write is read, and our own keeps what a person decided."""

from __future__ import annotations

import io
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from aligner.errors import FormatError
from aligner.formats import Direction, ExportOptions, Tally, write_bitexts
from aligner.formats.xliff_reader import read_units
from aligner.model import Bead, Bitext, Segment, Side, Status

CASES = json.loads((Path(__file__).parents[1] / "cases" / "xliff.json").read_text("utf-8"))


def ids(cases: list[dict[str, Any]]) -> list[str]:
    return [case["name"] for case in cases]


@pytest.mark.parametrize("case", CASES["written by tools"], ids=ids(CASES["written by tools"]))
def test_what_tools_write_is_read(case: dict[str, Any]) -> None:
    tally = Tally()
    units = list(read_units(io.BytesIO(case["xml"].encode()), "a.xlf", tally))
    assert [[unit.src, unit.tgt, unit.status] for unit in units] == case["units"]
    assert [unit.document for unit in units] == [case.get("document", "a.xlf")] * len(units)
    assert len(tally.remarks) == case.get("notes", 0)


@pytest.mark.parametrize("case", CASES["refused"], ids=ids(CASES["refused"]))
def test_what_is_refused(case: dict[str, Any]) -> None:
    with pytest.raises(FormatError, match=case["says"]):
        list(read_units(io.BytesIO(case["xml"].encode()), "a.xlf", Tally()))


def bead(number: int, zh: str, vi: str, status: Status, note: str = "") -> Bead:
    src, tgt = Segment(number, zh, 0, len(zh)), Segment(number, vi, 0, len(vi))
    return Bead(number, (src,), (tgt,), confidence=0.25, status=status, note=note)


def sample(path: str = "a<b>.txt") -> Bitext:
    beads = (
        bead(0, "一", "một", "auto"),
        bead(1, "二", "hai", "accepted"),
        bead(2, "三", "ba", "edited", "n"),
    )
    return Bitext(Side("zh-Hans", path, ""), Side("vi", path, ""), beads)


def written(name: str, *bitexts: Bitext, options: ExportOptions | None = None) -> bytes:
    file = io.BytesIO()
    write_bitexts(bitexts, name, file, options)
    return file.getvalue()


def test_the_state_says_what_a_person_said() -> None:
    root = etree.fromstring(written("xliff", sample()))
    found = [
        (target.get("state"), target.get("state-qualifier"), target.getparent().get("approved"))  # type: ignore[union-attr]
        for target in root.iter("{*}target")
    ]
    assert found == [
        ("needs-review-translation", None, None),
        ("final", "x-accepted", "yes"),
        ("final", "x-edited", "yes"),
    ]
    second = etree.fromstring(written("xliff2", sample()))
    states = [(segment.get("state"), segment.get("subState")) for segment in second.iter("{*}segment")]
    assert states == [("translated", None), ("final", "aligner:accepted"), ("final", "aligner:edited")]


@pytest.mark.parametrize("name", ["xliff", "xliff2"])
def test_documents_are_files_with_units_of_their_own(name: str) -> None:
    root = etree.fromstring(written(name, sample("a"), sample("b"), sample("b")))
    files = list(root.iter("{*}file"))
    assert [file.get("original") for file in files] == ["a", "b"]
    for file in files:
        numbers = [e.get("id") for tag in ("trans-unit", "unit") for e in file.iter(f"{{*}}{tag}")]
        assert len(numbers) == len(set(numbers)) > 0


@pytest.mark.parametrize("name", ["xliff", "xliff2"])
def test_the_other_direction_turns_texts_and_languages(name: str) -> None:
    root = etree.fromstring(written(name, sample(), options=ExportOptions(direction="vi-zh")))
    assert [e.text for e in root.iter("{*}source")] == ["một", "hai", "ba"]
    holder = root if name == "xliff2" else next(root.iter("{*}file"))
    stated = {
        key: value for key, value in holder.attrib.items() if "anguage" in str(key) or "Lang" in str(key)
    }
    assert list(stated.values()) == ["vi-VN", "zh-CN"]
    units = list(read_units(io.BytesIO(etree.tostring(root)), "a", Tally()))
    assert [unit.src for unit in units] == ["一", "二", "三"]


@pytest.mark.parametrize("name", ["xliff", "xliff2"])
def test_a_second_program_reads_the_same(name: str, tmp_path: Path) -> None:
    from translate.storage import factory

    path = tmp_path / "a.xlf"
    path.write_bytes(written(name, sample()))
    if name == "xliff":
        store = factory.getobject(str(path))
    else:
        from translate.storage import xliff2

        store = xliff2.Xliff2File.parsefile(str(path))  # type: ignore[no-untyped-call]
    found = [(str(unit.source), str(unit.target)) for unit in store.units if unit.source]
    assert found == [("一", "một"), ("二", "hai"), ("三", "ba")]


# Where Debian's php-symfony-translation has the schemas of OASIS, below / or where it was unpacked.
SYMFONY = "usr/share/php/Symfony/Component/Translation/Resources/schemas"
SCHEMAS = {"xliff": "xliff-core-1.2-strict.xsd", "xliff2": "xliff-core-2.0.xsd"}


@pytest.fixture(params=["xliff", "xliff2"])
def schema(request: pytest.FixtureRequest) -> tuple[str, etree.XMLSchema]:
    """A format and the schema of its version."""
    folder = Path(os.environ.get("ALIGNER_REAL_DOCS", "/"), SYMFONY)
    if not (folder / SCHEMAS[request.param]).exists():
        pytest.skip("ALIGNER_REAL_DOCS does not hold the package php-symfony-translation")
    text = (folder / SCHEMAS[request.param]).read_text("utf-8").partition("?>")[2]
    # The schema of xml:lang, which they would fetch from the net, lies beside them.
    text = re.sub('schemaLocation="[^"]*/xml.xsd"', f'schemaLocation="{(folder / "xml.xsd").as_uri()}"', text)
    return request.param, etree.XMLSchema(etree.fromstring(text))


@pytest.mark.parametrize(
    "bitexts",
    [(), (sample(),), (sample(""), sample("a&b"), sample("c\td"))],
    ids=["nothing", "a document", "several"],
)
@pytest.mark.parametrize("direction", ["zh-vi", "vi-zh"])
def test_it_is_valid(
    schema: tuple[str, etree.XMLSchema], bitexts: tuple[Bitext, ...], direction: Direction
) -> None:
    name, rules = schema
    hostile = bead(3, "=1+1 <g id='1'>&\x0b𠮷", " \u2028ế]]>\ud800 ", "rejected", "a -- b")
    edited = [bitext.replace(beads=(*bitext.beads, hostile)) for bitext in bitexts]
    document = etree.fromstring(written(name, *edited, options=ExportOptions(direction=direction)))
    assert rules.validate(document), rules.error_log
    for element in document.iter("{*}target"):
        element.set("state", "no such state")
        element.getparent().set("state", "no such state")  # type: ignore[union-attr]
    assert rules.validate(document) == (not bitexts), "the schema finds no fault with anything"
