"""What each rule finds, and what it leaves alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from aligner.check import RULES, check
from aligner.errors import UsageError

CASES = json.loads((Path(__file__).parents[1] / "cases" / "check.json").read_text(encoding="utf-8"))
ALL = [(group, case) for group in CASES["provenance"] for case in CASES[group]]


def _id(value: Any) -> str | None:
    return f"{value['rule']} {value.get('about', value['found'])}" if isinstance(value, dict) else None


@pytest.mark.parametrize(("group", "case"), ALL, ids=_id)
def test_rule(group: str, case: dict[str, Any], making: Any) -> None:
    findings = check(making.collection(case), [case["rule"]])
    assert [one.text for one in findings] == case["found"], group
    assert all(one.rule == case["rule"] and one.message for one in findings)


def test_every_rule_but_the_one_that_needs_a_glossary_has_cases_of_both_kinds() -> None:
    finding = {case["rule"] for _, case in ALL if case["found"]}
    silent = {case["rule"] for _, case in ALL if not case["found"]}
    assert finding == silent == RULES.keys() - {"glossary"}


def test_an_unknown_rule_is_refused(making: Any) -> None:
    with pytest.raises(UsageError, match="no rule 'spelling'"):
        check(making.collection({"texts": ["Một."]}), ["spelling"])


def test_findings_come_in_the_order_of_the_text(making: Any) -> None:
    findings = check(making.collection({"texts": ["Của của tôi,hay.", "Trên các các mặt,đều tốt."]}))
    assert [one.text for one in findings] == ["Của của", "tôi,hay.", "các các", "mặt,đều"]


def test_a_finding_knows_what_stands_around_it(making: Any) -> None:
    (one,) = check(making.collection({"texts": ["Anh mua sách của của bạn."]}))
    assert (one.before, one.text, one.after) == ("Anh mua sách ", "của của", " bạn.")
    assert (one.document, one.bead, one.side, one.severity) == ("text.txt", None, "vi", "warning")


def test_the_commonest_translation_is_the_one_that_is_shown(making: Any) -> None:
    case = {"beads": [["保护环境。", "Giữ gìn môi sinh."], *[["保护环境。", "Bảo vệ môi trường."]] * 2]}
    (one,) = check(making.collection(case), ["two-translations"])
    assert (one.bead, one.text) == (0, "Giữ gìn môi sinh.")
    assert one.message.endswith("in bead 1: Bảo vệ môi trường.")


def test_a_name_is_said_once_a_document(making: Any) -> None:
    usual = "Bà Huỳnh Thị Lan đến. " * 3
    findings = check(
        making.collection({"texts": [usual, "Bà Hoàng Thị Lan về. Bà Hoàng Thị Lan nghỉ."]}), ["names"]
    )
    assert [one.text for one in findings] == ["Hoàng Thị Lan"]
    assert findings[0].message == "also spelled Huỳnh Thị Lan, 3 times, here"


def test_the_words_of_a_mixed_spelling_are_listed(making: Any) -> None:
    findings = check(
        making.collection({"texts": ["Uỷ ban hoà bình, ủy ban ủy, hòa hòa."]}), ["mixed-spelling"]
    )
    assert [one.message for one in findings] == ["tone mark: uỷ (1) and ủy (2), hoà (1) and hòa (2)"]
