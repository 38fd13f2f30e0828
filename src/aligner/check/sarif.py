"""Findings as SARIF 2.1.0, which code hosts and editors show at their place in the document.

Source: Static Analysis Results Interchange Format (SARIF) Version 2.1.0, OASIS Standard, 27 March 2020.
Offsets and columns count code points, and the run says so (3.14.17). A file's byte order mark is not
counted (3.30.4), as it is not here. Where a finding has no place in a file (an imported memory), its
location names the document and, as a logical location, the bead.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from aligner import __version__
from aligner.check import RULES
from aligner.check.finding import Finding, Severity

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS: dict[Severity, str] = {"info": "note", "warning": "warning", "error": "error"}
_LINE_END = re.compile("\r\n|\n|\r")


def to_sarif(findings: Sequence[Finding], texts: Mapping[str, str]) -> str:
    """A SARIF log with one run.

    Args:
        findings: in any order.
        texts: the decoded text of each document by its path, for lines and columns; a document that is
            missing here gets none.
    """
    starts = {path: [0, *(m.end() for m in _LINE_END.finditer(text))] for path, text in texts.items()}
    index = {name: number for number, name in enumerate(RULES)}
    run = {
        "tool": {"driver": {"name": "aligner", "version": __version__, "rules": _rules()}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, index[one.rule], starts.get(one.document)) for one in findings],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=1) + "\n"


def _rules() -> list[dict[str, Any]]:
    return [
        {
            "id": name,
            "shortDescription": {"text": rule.summary},
            "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        }
        for name, rule in RULES.items()
    ]


def _result(one: Finding, index: int, starts: list[int] | None) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _artifact(one.document)}
    if starts:
        physical["region"] = _region(one, starts)
    location: dict[str, Any] = {"physicalLocation": physical}
    if one.bead is not None:
        location["logicalLocations"] = [{"name": f"bead {one.bead}", "kind": "element"}]
    return {
        "ruleId": one.rule,
        "ruleIndex": index,
        "level": _LEVELS[one.severity],
        "message": {"text": f"{one.text[:80]}: {one.message}"},
        "locations": [location],
    }


def _artifact(path: str) -> dict[str, Any]:
    """A relative path counts from where the program ran; an absolute one is a file URI."""
    pure = PurePath(path)
    return {"uri": pure.as_uri()} if pure.is_absolute() else {"uri": quote(pure.as_posix())}


def _region(one: Finding, starts: list[int]) -> dict[str, Any]:
    first, last = bisect_right(starts, one.start) - 1, bisect_right(starts, one.end) - 1
    return {
        "charOffset": one.start,
        "charLength": one.end - one.start,
        "startLine": first + 1,
        "startColumn": one.start - starts[first] + 1,
        "endLine": last + 1,
        "endColumn": one.end - starts[last] + 1,
        "snippet": {"text": one.text},
    }
