"""The rule that needs a glossary, and the reading of glossaries."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aligner.check import check
from aligner.check.terms import GlossaryTerm, read_terms
from aligner.errors import FormatError, InputError
from aligner.formats.glossary import write_entries
from aligner.terms.model import TermEntry

MEETING = GlossaryTerm("会晤", "hội kiến", ("会见",), ("cuộc hội kiến",))


def found(making: Any, beads: list[tuple[str, str]], *terms: GlossaryTerm) -> list[tuple[str, str, str]]:
    findings = check(making.collection({"beads": beads}, terms), ["glossary"])
    return [(one.side, one.text, one.message) for one in findings]


def test_a_term_without_its_translation(making: Any) -> None:
    beads = [
        ("双方会晤。", "Hai bên gặp nhau."),
        ("双方会见。", "Hai bên họp."),
        ("会晤。", "Cuộc hội kiến."),
    ]
    said = "not translated as the glossary says: hội kiến"
    assert found(making, beads, MEETING) == [("zh", "会晤", said), ("zh", "会见", said)]


@pytest.mark.parametrize(
    ("zh", "vi", "term", "translation"),
    [
        ("经济社会", "phát triển KT-XH", "经济社会", "kinh tế - xã hội"),
        ("“十六字”方针", "phương châm “16 chữ”", "十六字方针", "phương châm mười sáu chữ"),
        ("委员会", "Uỷ ban", "委员会", "ủy ban"),
        ("會談", "hội đàm", "会谈", "các cuộc hội đàm"),
        ("合作伙伴", "đối tác tin cậy hợp tác", "合作伙伴", "đối tác hợp tác"),
        ("友谊", "hữu nghị tình", "友谊", "tình hữu nghị"),
    ],
)
def test_other_ways_to_write_it(making: Any, zh: str, vi: str, term: str, translation: str) -> None:
    entry = GlossaryTerm(term, translation)
    assert not found(making, [(zh, vi)], entry)
    assert found(making, [(zh, "chuyện khác")], entry)


def test_the_words_must_stand_close_together(making: Any) -> None:
    entry = GlossaryTerm("合作伙伴", "đối tác hợp tác")
    assert found(making, [("合作伙伴", "đối tác của chúng ta muốn cùng nhau hợp tác")], entry)


def test_the_longer_term_goes_first(making: Any) -> None:
    longer = GlossaryTerm("新春会晤", "gặp gỡ đầu xuân")
    assert not found(making, [("新春会晤", "Gặp gỡ đầu Xuân")], MEETING, longer)


def test_a_second_entry_of_the_same_term_is_a_translation_too(making: Any) -> None:
    assert not found(making, [("会晤", "gặp gỡ")], MEETING, GlossaryTerm("会晤", "gặp gỡ"))


def test_a_deprecated_translation(making: Any) -> None:
    bad = GlossaryTerm("会晤", "gặp mặt", status="deprecated")
    said = "the glossary deprecates gặp mặt"
    beads = [("会晤", "Hai bên gặp mặt")]
    assert found(making, beads, bad) == [("vi", "gặp mặt", said)]
    assert found(making, beads, MEETING, bad) == [("vi", "gặp mặt", f"{said}; approved is hội kiến")]
    assert not found(making, [("见面", "Hai bên gặp mặt")], bad)


@pytest.mark.parametrize("status", ["candidate", "rejected"])
def test_what_nobody_approved_is_no_rule(making: Any, status: str) -> None:
    assert not found(making, [("会晤", "gặp nhau")], GlossaryTerm("会晤", "hội kiến", status=status))


def test_reading(tmp_path: Path) -> None:
    path = tmp_path / "glossary.tsv"
    path.write_text(
        "vi\tzh\tvi_variants\tstatus\tnote\nhội kiến\t会晤\tgặp | họp\tapproved\tx\n\nvăn\t文\n", "utf-8"
    )
    assert read_terms(path) == (
        GlossaryTerm("会晤", "hội kiến", (), ("gặp", "họp")),
        GlossaryTerm("文", "văn"),
    )


def test_a_glossary_of_ours_is_read_as_elsewhere(tmp_path: Path, making: Any) -> None:
    path = tmp_path / "glossary.tsv"
    entries = [TermEntry("会晤", "hội kiến", status="approved"), TermEntry("口岸", "cửa khẩu")]
    with path.open("wb") as file:
        write_entries(entries, file)
    assert [(term.zh, term.vi, term.status) for term in read_terms(path)] == [
        ("会晤", "hội kiến", "approved"),
        ("口岸", "cửa khẩu", "candidate"),
    ]
    collection = making.collection({"beads": [("在口岸会晤", "Gặp nhau ở bến")]}, read_terms(path))
    assert [one.text for one in check(collection, ["glossary"])] == ["会晤"]
    path.write_text(path.read_text("utf-8").replace("approved", "aproved"), "utf-8")
    with pytest.raises(FormatError, match="unknown status 'aproved'"):
        read_terms(path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("zh\tnote\n会\tx\n", "the column 'vi' is missing"),
        ("zh\tvi\n会\t\n", "glossary.tsv:2: a term without its translation"),
        ("zh\tvi\tstatus\n会\thội\tapprove\n", "glossary.tsv:2: the status 'approve' is none of candidate"),
        ("", "the column 'zh' is missing"),
    ],
)
def test_a_broken_glossary_is_one_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "glossary.tsv"
    path.write_text(text, "utf-8")
    with pytest.raises(FormatError, match=r"glossary\.tsv") as refused:
        read_terms(path)
    assert said in str(refused.value)


def test_other_encodings(tmp_path: Path) -> None:
    path = tmp_path / "glossary.tsv"
    path.write_bytes("zh\tvi\n会\thội\n".encode("utf-16"))
    assert read_terms(path) == (GlossaryTerm("会", "hội"),)
    path.write_bytes("zh\tvi\n会\thội\n".encode("gb18030", "replace"))
    with pytest.raises(FormatError, match="not UTF-8"):
        read_terms(path)
    with pytest.raises(InputError, match="cannot be read"):
        read_terms(tmp_path / "none.tsv")
