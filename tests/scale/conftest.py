"""Documents for runs: short texts in both languages, unlike each other."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

needs_engine = importlib.util.find_spec("datatrove") is None
collect_ignore_glob = ["test_*.py"] if needs_engine else []

PILE = json.loads((Path(__file__).parents[1] / "cases" / "pile.json").read_text("utf-8"))
TEXTS: list[tuple[str, str]] = [(zh, vi) for zh, vi in PILE["pairs"]]
ONLY_ZH: str = PILE["only_zh"]
ONLY_VI: str = PILE["only_vi"]


@pytest.fixture
def pile(tmp_path: Path) -> Path:
    """A pile of unpaired documents whose names tell nothing, two of them without counterpart."""
    folder = tmp_path / "pile"
    folder.mkdir()
    for number, (zh, vi) in enumerate(TEXTS):
        (folder / f"{chr(97 + number)}.txt").write_text(zh + "\n", "utf-8")
        (folder / f"{chr(122 - number)}.txt").write_text(vi + "\n", "utf-8")
    (folder / "m.txt").write_text(ONLY_ZH + "\n", "utf-8")
    (folder / "n.txt").write_text(ONLY_VI + "\n", "utf-8")
    return folder
