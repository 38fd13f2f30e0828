"""The rule that needs a glossary."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from aligner.check import check
from aligner.formats.glossaries import GLOSSARY_FORMATS, load_glossary, write_glossary
from aligner.terms.model import EntryStatus, TermEntry

Forms = tuple[str, ...]


def entry(
    zh: str, vi: str, zh_too: Forms = (), vi_too: Forms = (), status: EntryStatus = "approved"
) -> TermEntry:
    """What a person decided on."""
    return TermEntry(zh, vi, zh_too, vi_too, status=status)


MEETING = entry("会晤", "hội kiến", ("会见",), ("cuộc hội kiến",))


def found(making: Any, beads: list[tuple[str, str]], *terms: TermEntry) -> list[tuple[str, str, str]]:
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
    one = entry(term, translation)
    assert not found(making, [(zh, vi)], one)
    assert found(making, [(zh, "chuyện khác")], one)


def test_the_words_must_stand_close_together(making: Any) -> None:
    one = entry("合作伙伴", "đối tác hợp tác")
    assert found(making, [("合作伙伴", "đối tác của chúng ta muốn cùng nhau hợp tác")], one)


def test_the_longer_term_goes_first(making: Any) -> None:
    longer = entry("新春会晤", "gặp gỡ đầu xuân")
    assert not found(making, [("新春会晤", "Gặp gỡ đầu Xuân")], MEETING, longer)


def test_a_second_entry_of_the_same_term_is_a_translation_too(making: Any) -> None:
    assert not found(making, [("会晤", "gặp gỡ")], MEETING, entry("会晤", "gặp gỡ"))


def test_a_deprecated_translation(making: Any) -> None:
    bad = entry("会晤", "gặp mặt", status="deprecated")
    said = "the glossary deprecates gặp mặt"
    beads = [("会晤", "Hai bên gặp mặt")]
    assert found(making, beads, bad) == [("vi", "gặp mặt", said)]
    assert found(making, beads, MEETING, bad) == [("vi", "gặp mặt", f"{said}; approved is hội kiến")]
    assert not found(making, [("见面", "Hai bên gặp mặt")], bad)


@pytest.mark.parametrize("status", ["candidate", "rejected"])
def test_what_nobody_approved_is_no_rule(making: Any, status: EntryStatus) -> None:
    assert not found(making, [("会晤", "gặp nhau")], entry("会晤", "hội kiến", status=status))


@pytest.mark.parametrize("suffix", GLOSSARY_FORMATS.values())
def test_any_format_of_a_term_base_will_do(suffix: str, tmp_path: Path, making: Any) -> None:
    path = tmp_path / f"g{suffix}"
    form = next(form for form, end in GLOSSARY_FORMATS.items() if end == suffix)
    write_glossary([TermEntry("会晤", "hội kiến", status="approved")], form, path)
    collection = making.collection({"beads": [("在口岸会晤", "Gặp nhau ở bến")]}, load_glossary(path))
    assert [one.text for one in check(collection, ["glossary"])] == ["会晤"]
