"""The memory of the article read by a second program: translate-toolkit finds the units that we wrote."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Aligner = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.mark.parametrize("direction", ["zh-vi", "vi-zh"])
def test_translate_toolkit_reads_the_same_units(
    direction: str, aligner: Aligner, article: Path, tmp_path: Path
) -> None:
    from translate.storage import tmx

    bitext = tmp_path / "article.bitext.jsonl"
    for args in (
        ("align", article, "-o", bitext),
        ("export", bitext, "-o", tmp_path / "a.tmx", "--direction", direction),
        ("export", bitext, "-o", tmp_path / "a.jsonl", "--format", "jsonl", "--direction", direction),
    ):
        result = aligner(*args)
        assert result.returncode == 0, result.stderr
    rows = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text("utf-8").splitlines()]
    expected = [(row["src"], row["tgt"]) for row in rows if row["src"] and row["tgt"]]
    store = tmx.tmxfile.parsestring((tmp_path / "a.tmx").read_bytes())  # type: ignore[no-untyped-call]
    assert [(unit.source, unit.target) for unit in store.units] == expected
    assert len(expected) > 20
