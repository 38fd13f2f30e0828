"""Findings for programs: the check TSV and JSON."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from aligner.check.finding import SEVERITIES, Finding, Severity
from aligner.formats.units import clean

COLUMNS = ("rule", "severity", "document", "bead", "side", "start", "end", "text", "message")
"""Of the check TSV, in this order; a bead that does not exist is an empty cell."""


def to_tsv(findings: Iterable[Finding]) -> str:
    """A header line, then a finding a line; no quoting, TAB and line ends within become spaces."""
    rows = (
        "\t".join(
            "" if cell is None else clean(str(cell)) for cell in (getattr(one, name) for name in COLUMNS)
        )
        for one in findings
    )
    return "".join(f"{row}\n" for row in ("\t".join(COLUMNS), *rows))


def to_json(findings: Sequence[Finding]) -> str:
    """One object: `findings`, with the text before and after each, and how many there are by severity."""
    record: dict[str, Any] = {
        "findings": [dataclasses.asdict(one) for one in findings],
        "counts": counts(findings),
    }
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def counts(findings: Iterable[Finding]) -> dict[Severity, int]:
    """How many findings there are of each severity, the gravest first; all severities are there."""
    found = Counter(one.severity for one in findings)
    return {severity: found[severity] for severity in reversed(SEVERITIES)}
