"""A glossary made from the article, loaded by the real OmegaT, is found in the article's segments."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from aligner.formats import load_bitext

Aligner = Callable[..., "subprocess.CompletedProcess[str]"]

pytestmark = pytest.mark.program("omegat")

HERE = Path(__file__).parent
BITEXT = HERE.parents[1] / "corpus" / "002_9543e6bcbcfb8ab6.bitext.jsonl"
FOLDERS = ("source", "target", "tm", "glossary", "dictionary", "omegat")
PROJECT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<omegat><project version="1.0">
<source_dir>__DEFAULT__</source_dir><target_dir>__DEFAULT__</target_dir><tm_dir>__DEFAULT__</tm_dir>
<glossary_dir>__DEFAULT__</glossary_dir><dictionary_dir>__DEFAULT__</dictionary_dir>
<source_lang>zh-CN</source_lang><target_lang>vi-VN</target_lang><sentence_seg>false</sentence_seg>
</project></omegat>
"""


@pytest.fixture(scope="module")
def glossary(aligner: Aligner, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("terms") / "glossary.tsv"
    result = aligner("terms", BITEXT, "--level", "strict", "-o", path)
    assert result.returncode == 0, result.stderr
    return path


def hits(folder: Path, glossary: Path, source: list[str]) -> set[tuple[str, str, str]]:
    """(segment, source term, target) of everything OmegaT finds."""
    for name in FOLDERS:
        (folder / name).mkdir(parents=True)
    (folder / "omegat.project").write_text(PROJECT, "utf-8")
    (folder / "source" / "a.txt").write_text("\n\n".join(source) + "\n", "utf-8")
    (folder / "glossary" / glossary.name).write_bytes(glossary.read_bytes())
    config = folder.with_name(f"{folder.name}-config")
    config.mkdir()
    command = ["omegat", str(folder), "--mode=console-translate", "--config-dir", str(config), "--no-team"]
    command += ["--disable-project-locking", "--quiet", f"--script={HERE / 'glossary_hits.groovy'}"]
    result = subprocess.run(
        command,
        env={**os.environ, "JAVA_TOOL_OPTIONS": "-Xmx1g", "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stdout
    assert "Exception" not in result.stdout, result.stdout
    lines = [line.split("\t") for line in result.stdout.splitlines() if line.startswith("HIT\t")]
    return {(segment, term, target) for _, segment, term, target in lines}


@pytest.mark.parametrize(("name", "file"), [("tbx", "g.tbx"), ("omegat-glossary", "g.txt")])
def test_terms_of_the_article_are_found_in_its_segments(
    name: str, file: str, aligner: Aligner, glossary: Path, tmp_path: Path
) -> None:
    result = aligner("export", glossary, "--format", name, "-o", tmp_path / file)
    assert result.returncode == 0, result.stderr
    segments = [" ".join(bead.src_text.split()) for bead in load_bitext(BITEXT).beads if not bead.is_null]
    found = hits(tmp_path / "project", tmp_path / file, segments)
    assert len({term for _, term, _ in found}) >= 40
    assert any(
        term in segment and "“十六字”方针" in segment for segment, term, _ in found if term == "“十六字”方针"
    )
    assert ("新春会晤", "Gặp gỡ đầu Xuân") in {(term, target.split("|")[0]) for _, term, target in found}


def test_what_is_no_glossary_hit_is_not_printed(tmp_path: Path) -> None:
    """The test itself can fail: OmegaT finds nothing for terms that are not there."""
    (tmp_path / "g.txt").write_text("渔业\tnghề cá\n", "utf-8")
    assert hits(tmp_path / "p", tmp_path / "g.txt", ["发展渔业。", "发展林业。"]) == {
        ("发展渔业。", "渔业", "nghề cá")
    }
