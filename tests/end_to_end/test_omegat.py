"""A translation memory made from the article, loaded by the real OmegaT, translates the article."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from aligner.formats import load_bitext

Aligner = Callable[..., "subprocess.CompletedProcess[str]"]

pytestmark = pytest.mark.program("omegat")
HERE = Path(__file__).parent

PROJECT = """<?xml version="1.0" encoding="UTF-8" standalone="yes"?>
<omegat>
  <project version="1.0">
    <source_dir>__DEFAULT__</source_dir>
    <target_dir>__DEFAULT__</target_dir>
    <tm_dir>__DEFAULT__</tm_dir>
    <glossary_dir>__DEFAULT__</glossary_dir>
    <dictionary_dir>__DEFAULT__</dictionary_dir>
    <source_lang>{source}</source_lang>
    <target_lang>{target}</target_lang>
    <sentence_seg>false</sentence_seg>
  </project>
</omegat>
"""
FOLDERS = ("source", "target", "tm/auto", "glossary", "dictionary", "omegat")
# What OmegaT prints when it drops a memory, which it does with exit code 0.
FAILURES = ("TF_TM_LOAD_ERROR", "XMLStreamException", "TMXR_WARNING_SOURCE_NOT_FOUND")


class Outcome(NamedTuple):
    """What OmegaT did: its exit code, all it printed, and the translated paragraphs."""

    code: int
    printed: str
    target: list[str]


def translate(folder: Path, langs: tuple[str, str], source: list[str], memory: Path) -> Outcome:
    """OmegaT translates paragraphs with a memory in tm/auto, the one folder that fills them in by itself."""
    for name in FOLDERS:
        (folder / name).mkdir(parents=True)
    (folder / "omegat.project").write_text(PROJECT.format(source=langs[0], target=langs[1]), "utf-8")
    (folder / "source" / "a.txt").write_text("\n\n".join(source) + "\n", "utf-8")
    (folder / "tm" / "auto" / "memory.tmx").write_bytes(memory.read_bytes())
    return run_omegat(folder)


def run_omegat(folder: Path, *options: str) -> Outcome:
    config = folder.with_name(f"{folder.name}-config")
    config.mkdir()
    command = ["omegat", str(folder), "--mode=console-translate", "--config-dir", str(config), "--no-team"]
    result = subprocess.run(
        [*command, "--disable-project-locking", "--quiet", *options],
        env={**os.environ, "JAVA_TOOL_OPTIONS": "-Xmx1g", "LC_ALL": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        timeout=120,
        check=False,
    )
    target = folder / "target" / "a.txt"
    text = target.read_text("utf-8-sig") if target.exists() else ""
    return Outcome(result.returncode, result.stdout, text.replace("\r\n", "\n").strip("\n").split("\n\n"))


def check(outcome: Outcome, expected: list[str]) -> None:
    """All four conditions; a memory that was rejected meets the first alone."""
    assert outcome.code == 0, outcome.printed
    assert not [failure for failure in FAILURES if failure in outcome.printed], outcome.printed
    assert "TMXR_INFO_READING_COMPLETE" in outcome.printed, outcome.printed
    assert outcome.target == expected


def one_line(text: str) -> str:
    return re.sub(r"[\t\n\r]", " ", text).strip()


@pytest.fixture(scope="module")
def units(
    aligner: Aligner, article: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[tuple[str, str]]]:
    """The article aligned by the command, and the units that its memory must hold: one a source text."""
    bitext = tmp_path_factory.mktemp("article") / "article.bitext.jsonl"
    result = aligner("align", article, "-o", bitext)
    assert result.returncode == 0, result.stderr
    beads = [bead for bead in load_bitext(bitext).beads if not bead.is_null]
    assert len(beads) > 20
    return bitext, [(one_line(bead.src_text), one_line(bead.tgt_text)) for bead in beads]


@pytest.mark.parametrize("direction", ["zh-vi", "vi-zh"])
def test_the_memory_translates_its_own_article(
    direction: str, aligner: Aligner, units: tuple[Path, list[tuple[str, str]]], tmp_path: Path
) -> None:
    bitext, pairs = units
    result = aligner("export", bitext, "--format", "tmx", "--direction", direction, "-o", tmp_path / "m.tmx")
    assert result.returncode == 0, result.stderr
    langs = ("zh-CN", "vi-VN") if direction == "zh-vi" else ("vi-VN", "zh-CN")
    wanted = pairs if direction == "zh-vi" else [(vi, zh) for zh, vi in pairs]
    outcome = translate(tmp_path / "project", langs, [src for src, _ in wanted], tmp_path / "m.tmx")
    # Of two units with the same source OmegaT takes the last.
    last = dict(wanted)
    check(outcome, [last[src] for src, _ in wanted])


def test_the_exported_project_is_opened_and_used(aligner: Aligner, article: Path, tmp_path: Path) -> None:
    """OmegaT cuts paragraphs by the exported rules as the memory was cut, fills them in, finds the terms."""
    bitext, glossary, project = (tmp_path / name for name in ("a.bitext.jsonl", "g.tsv", "project"))
    for args in (
        ("align", article, "-o", bitext),
        ("terms", bitext, "--level", "strict", "-o", glossary),
        ("export", bitext, "-f", "omegat", "--glossary", glossary, "--status", "candidate", "-o", project),
    ):
        result = aligner(*args)
        assert result.returncode == 0, result.stderr
    paragraphs: dict[int | None, list[tuple[str, str]]] = {}
    for bead in load_bitext(bitext).beads:
        # A headline that alignment has divided is one segment to every other program.
        if bead.src and bead.src[0].kind == "text":
            known = paragraphs.setdefault(bead.src[0].origin.paragraph, [])
            known.append((one_line(bead.src_text), one_line(bead.tgt_text) if len(bead.src) == 1 else ""))
    # Paragraphs of several sentences, each of which the memory has as one unit.
    several = [p for p in paragraphs.values() if len(p) > 1 and all(tgt for _, tgt in p)]
    assert len(several) >= 3
    source = "\n\n".join("".join(src for src, _ in paragraph) for paragraph in several)
    (project / "source" / "a.txt").write_text(source + "\n", "utf-8")
    outcome = run_omegat(project, f"--script={HERE / 'glossary_hits.groovy'}")
    check(outcome, [" ".join(tgt for _, tgt in paragraph) for paragraph in several])
    hits = {line.split("\t")[2] for line in outcome.printed.splitlines() if line.startswith("HIT\t")}
    assert len(hits) > 5


def test_a_broken_memory_is_noticed(tmp_path: Path) -> None:
    """The check itself can fail: OmegaT exits 0 for a memory without srclang, but nothing is translated."""
    (tmp_path / "m.tmx").write_text('<?xml version="1.0"?><tmx version="1.4"><header/><body/></tmx>', "utf-8")
    outcome = translate(tmp_path / "project", ("zh-CN", "vi-VN"), ["你好。"], tmp_path / "m.tmx")
    with pytest.raises(AssertionError):
        check(outcome, ["Xin chào."])
    assert outcome.code == 0
