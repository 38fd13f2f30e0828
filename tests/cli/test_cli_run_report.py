"""What `aligner run` says, read aloud."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aligner.cli.run_report import duration, figures, losses

ALIGNED = {"pairs": 1, "unlike": 0, "mined": 0, "failed": 0, "beads": 1}


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "1 second"), (42.4, "42 seconds"), (60, "1 minute"), (3599, "60 minutes"), (9000, "2.5 hours")],
)
def test_durations(seconds: float, said: str) -> None:
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("totals", "lines"),
    [
        ({}, []),
        ({"read": {"documents": 2, "failed": 0}}, ["2 documents read"]),
        ({"read": {"documents": 1, "failed": 3}}, ["1 document read; 3 could not be"]),
        (
            {
                "read": {
                    "documents": 26,
                    "failed": 7,
                    "unlisted": 2,
                    "files": 23,
                    "files failed": 5,
                    "files of both": 3,
                }
            },
            [
                "23 files read; 5 could not be",
                "in them 26 documents of one language each: 3 files hold both",
                "links, folders and empty files that could not be used: 2",
            ],
        ),
        (
            {
                "read": {
                    "documents": 3,
                    "failed": 1,
                    "files": 1,
                    "rows": 1,
                    "rows failed": 1,
                    "rows of both": 1,
                }
            },
            [
                "1 file read",
                "1 row read; 1 could not be",
                "in them 3 documents of one language each: 1 row holds both",
            ],
        ),
        ({"align": ALIGNED}, ["1 document pair aligned: 1 bead"]),
        (
            {"align": ALIGNED, "realign": {"pairs": 7, "unlike": 1, "mined": 4, "failed": 2, "beads": 1004}},
            [
                "7 document pairs aligned: 1,000 beads",
                "1 likely pair given up: too little of them aligns",
                "4 beads mined from documents without counterpart",
                "2 document pairs could not be aligned",
            ],
        ),
        (
            {"clean": {"beads": 5, "dropped null": 2, "dropped copy": 3, "flagged email": 1}},
            ["5 beads kept", "5 dropped: 3 for copy, 2 for null", "personal data flagged: email in 1"],
        ),
    ],
)
def test_what_was_counted(totals: dict[str, dict[str, int]], lines: list[str]) -> None:
    assert figures(totals) == lines


@pytest.mark.parametrize(
    ("clean", "said"),
    [
        ({}, None),
        ({"beads": 50, "dropped boilerplate": 30, "dropped duplicate": 20, "dropped null": 90}, None),
        ({"beads": 10, "dropped confidence": 40, "dropped duplicate": 20}, None),
        (
            {"beads": 33, "dropped boilerplate": 78, "dropped null": 5},
            (
                "78 of 111 beads with two sides were dropped as boilerplate: "
                "to keep them, add --leave-out boilerplate and choose another --output"
            ),
        ),
        (
            {"dropped boilerplate": 1, "dropped duplicate": 2000},
            (
                "2,001 of 2,001 beads with two sides were dropped as boilerplate or duplicate: "
                "to keep them, add --leave-out boilerplate --leave-out duplicate and choose another --output"
            ),
        ),
    ],
)
def test_a_corpus_that_repeats_itself_is_told_how_to_keep_it(clean: dict[str, int], said: str | None) -> None:
    assert losses({"clean": clean}) == said


def test_an_input_of_which_nothing_can_be_read_is_an_error(
    aligner: Callable[..., Any], tmp_path: Path
) -> None:
    pytest.importorskip("datatrove", reason="the engine is not installed")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.docx").write_bytes(b"PK no Word file")
    found = aligner("run", "--input", tmp_path / "in", "--output", tmp_path / "out")
    assert found.returncode == 1
    assert "errors.jsonl" in found.stderr
    assert json.loads((tmp_path / "out" / "errors.jsonl").read_text("utf-8"))["document"] == "a.docx"
