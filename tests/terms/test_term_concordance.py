"""Where terms stand in texts of one language, and in which spellings."""

from __future__ import annotations

import pytest

from aligner.terms.concordance import Hit, Passage, concordance, spellings
from aligner.terms.model import TermEntry

COUNCIL = TermEntry("人民委员会", "Ủy ban nhân dân", id="c")
NAME = TermEntry("武文杰", "Võ Văn Kiệt", id="n")
FISH = TermEntry("渔业", "nghề cá", vi_variants=("ngư nghiệp",), id="f")


def hits(*texts: str, lang: str = "vi") -> list[Hit]:
    passages = [Passage(f"d{n}", 100, text, "vi" if lang == "vi" else "zh") for n, text in enumerate(texts)]
    return list(concordance([COUNCIL, NAME, FISH], passages))


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("Theo Uỷ  Ban nhân dân huyện", "Uỷ  Ban nhân dân"),
        ("UBND huyện", "UBND"),
        ("ông Vũ Văn Kiệt nói", "Vũ Văn Kiệt"),
        ("ngư nghiệp", "ngư nghiệp"),
        ("nghề - cá", "nghề - cá"),
    ],
)
def test_a_term_is_found_however_it_is_spelled(text: str, written: str) -> None:
    (hit,) = hits(text)
    assert hit.written == written
    assert text[hit.start - 100 : hit.end - 100] == written


@pytest.mark.parametrize("text", ["nghề, cá", "nghề. Cá", "nghề cả", "Vũ Văn Kiết", "hoa vũ"])
def test_what_is_no_term_is_not_found(text: str) -> None:
    assert hits(text) == []


def test_chinese_in_either_script() -> None:
    (hit,) = hits("發展漁業", lang="zh")
    assert (hit.written, hit.before, hit.after) == ("漁業", "發展", "")


def test_rejected_entries_are_not_looked_for() -> None:
    entry = FISH.replace(status="rejected")
    assert list(concordance([entry], [Passage("d", 0, "nghề cá", "vi")])) == []


def test_spellings_that_differ_are_told_with_their_documents() -> None:
    found = spellings(hits("Ủy ban nhân dân", "Uỷ ban nhân dân và Uỷ ban Nhân dân", "ỦY BAN NHÂN DÂN"))
    (told,) = found
    assert told.documents == {"Ủy ban nhân dân": ("d0", "d2"), "Uỷ ban nhân dân": ("d1",)}


def test_a_spelling_that_only_the_glossary_has_is_told_too() -> None:
    (told,) = spellings(hits("Vũ Văn Kiệt"))
    assert told.documents == {"Vũ Văn Kiệt": ("d0",), "Võ Văn Kiệt": ()}


def test_one_spelling_is_no_finding() -> None:
    assert spellings(hits("Võ Văn Kiệt", "võ văn kiệt", "nghề cá", "ngư nghiệp")) == []


def test_a_longer_term_is_not_told_for_the_sake_of_a_shorter() -> None:
    longer = TermEntry("省人民委员会", "Ủy ban nhân dân tỉnh", id="l")
    passages = [Passage("a", 0, "Ủy ban nhân dân tỉnh", "vi"), Passage("b", 0, "Uỷ ban nhân dân tỉnh", "vi")]
    (told,) = spellings(concordance([longer, COUNCIL], passages))
    assert list(told.documents) == ["Ủy ban nhân dân", "Uỷ ban nhân dân"]
