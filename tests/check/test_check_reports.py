"""Findings as TSV, JSON, SARIF and table."""

from __future__ import annotations

import json
from typing import Any

from aligner.check import RULES, Finding, check, collect, report
from aligner.check.sarif import to_sarif
from aligner.cli.check_table import render

TEXT = "Dòng một.\r\n\r\nAnh mua 😀 sách của của bạn.\nTrên các các mặt.\n"


def found(making: Any, text: str = TEXT) -> tuple[Finding, ...]:
    return check(collect([], [making.document(text)]), ["doubled-word"])


def test_tsv_keeps_a_finding_on_its_line(making: Any) -> None:
    (one,) = found(making, "Anh mua của\tcủa bạn.")
    assert report.to_tsv([one]).splitlines()[1].split("\t")[5:8] == ["8", "15", "của của"]
    assert one.text == "của\tcủa"


def test_json_counts_by_severity(making: Any) -> None:
    record = json.loads(report.to_json(found(making)))
    assert record["counts"] == {"error": 0, "warning": 2, "info": 0}
    assert [one["text"] for one in record["findings"]] == ["của của", "các các"]


def test_sarif_has_what_the_standard_requires(making: Any) -> None:
    log = json.loads(to_sarif(found(making), {"text.txt": TEXT}))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-schema-2.1.0.json")
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(RULES)
    assert all(rule["shortDescription"]["text"] for rule in rules)
    assert {rule["defaultConfiguration"]["level"] for rule in rules} == {"note", "warning", "error"}
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        assert len(result["locations"]) == 1


def test_sarif_regions_are_the_place_by_offset_and_by_line(making: Any) -> None:
    log = json.loads(to_sarif(found(making), {"text.txt": TEXT}))
    regions = [result["locations"][0]["physicalLocation"]["region"] for result in log["runs"][0]["results"]]
    lines = TEXT.replace("\r\n", "\n").split("\n")
    for region, text in zip(regions, ["của của", "các các"], strict=True):
        start, length = region["charOffset"], region["charLength"]
        assert TEXT[start : start + length] == region["snippet"]["text"] == text
        assert region["startLine"] == region["endLine"]
        line = lines[region["startLine"] - 1]
        assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == text
    assert [region["startLine"] for region in regions] == [3, 4]


def test_sarif_over_several_lines(making: Any) -> None:
    text = "Một.\nHai của\ncủa ba."
    document = making.document(text.replace("\n", " "))
    (one,) = check(collect([], [document]), ["doubled-word"])
    log = json.loads(to_sarif([one], {"text.txt": text}))
    region = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert (region["startLine"], region["startColumn"], region["endLine"], region["endColumn"]) == (
        2,
        5,
        3,
        4,
    )


def test_sarif_without_a_file_names_the_bead(making: Any) -> None:
    bitext = making.bitext([("一。", "Của của tôi.")], located=False)
    findings = check(collect([bitext]), ["doubled-word"])
    log = json.loads(to_sarif(findings, {}))
    (location,) = log["runs"][0]["results"][0]["locations"]
    assert "region" not in location["physicalLocation"]
    assert location["logicalLocations"] == [{"name": "bead 0", "kind": "element"}]


def test_sarif_paths_are_uris(making: Any) -> None:
    for path, uri in (("a b/ủy.txt", "a%20b/%E1%BB%A7y.txt"), ("/x/y z.txt", "file:///x/y%20z.txt")):
        findings = check(collect([], [making.document(TEXT, path)]), ["doubled-word"])
        log = json.loads(to_sarif(findings, {}))
        physical = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]
        assert physical["artifactLocation"] == {"uri": uri}


def test_the_table_says_where_and_marks_it(making: Any) -> None:
    assert render(found(making), {"text.txt": TEXT}, terminal=False) == (
        "text.txt\n\n"
        "  line 3  warning  doubled-word  của stands twice\n"
        "    Anh mua 😀 sách ⟦của của⟧ bạn.\n\n"
        "  line 4  warning  doubled-word  các stands twice\n"
        "    Trên ⟦các các⟧ mặt.\n\n"
        "2 findings: 2 warnings\n"
    )


def test_the_table_of_nothing() -> None:
    assert render((), {}, terminal=False) == "no findings\n"


def test_the_table_is_coloured_on_a_terminal_and_obeys_no_document(making: Any) -> None:
    findings = found(making, "Xem\x1b[31m đây của của\x07 nhé.")
    shown = render(findings, {}, terminal=True)
    assert "\x1b[1m\x1b[7mcủa của" in shown
    assert "\x07" not in shown
    assert "\x1b[31m" not in shown


def test_long_places_are_shortened(making: Any) -> None:
    bitext = making.bitext([("", "Không ai biết vì sao người ấy đi xa đến vậy. " * 10)])
    shown = render(check(collect([bitext]), ["no-counterpart"]), {}, terminal=False)
    assert all(len(line) <= 100 for line in shown.splitlines())
    assert "…" in shown
