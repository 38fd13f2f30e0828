"""Documents that this project did not make, in every format, each aligned in one command.

The Debian New Maintainers' Guide in both languages, from the packages maint-guide-vi and
maint-guide-zh-cn, as they lie unpacked under ALIGNER_REAL_DOCS; `.ci/run` gets them. Formats that the
packages do not have are written by LibreOffice from one of its chapters. Subtitles are samples of the Python
packages srt and webvtt-py, and whatever pairs lie in ALIGNER_REAL_DOCS/subtitles.
"""

from __future__ import annotations

import gzip
import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from aligner.documents import read
from aligner.formats import load_bitext
from aligner.model import Bitext

Aligner = Callable[..., "subprocess.CompletedProcess[str]"]
CHAPTER = "checkit"


@pytest.fixture(scope="module")
def guides() -> tuple[Path, Path]:
    """The folders of the Chinese and of the Vietnamese guide."""
    root = Path(os.environ.get("ALIGNER_REAL_DOCS", "/"))
    found = (root / "usr/share/doc/maint-guide-zh-cn", root / "usr/share/doc/maint-guide-vi")
    if not all((folder / "html").is_dir() for folder in found):
        pytest.skip("ALIGNER_REAL_DOCS does not hold the packages maint-guide-zh-cn and maint-guide-vi")
    return found


@pytest.fixture(scope="module")
def chapter(guides: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one chapter as a.zh.html and a.vi.html."""
    folder = tmp_path_factory.mktemp("real")
    for guide, lang, suffix in zip(guides, ("zh", "vi"), ("zh-cn", "vi"), strict=True):
        page = (guide / "html" / f"{CHAPTER}.{suffix}.html").read_bytes()
        (folder / f"a.{lang}.html").write_bytes(page)
    return folder


def converted(folder: Path, name: str, target: str, *options: str) -> Path:
    """A document of the folder in another format, written by LibreOffice beside it."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", "--headless", profile, *options, "--convert-to", target, "--outdir", str(folder)]
    subprocess.run([*command, str(folder / name)], check=True, capture_output=True, timeout=110)
    return folder / f"{Path(name).stem}.{target.partition(':')[0]}"


def aligned(aligner: Aligner, *paths: Path, out: Path) -> Bitext:
    result = aligner("align", *paths, "-o", out)
    assert result.returncode == 0, result.stderr
    return load_bitext(out)


def check(bitext: Bitext, least: int, sure: float = 0.9) -> None:
    """The two sides correspond nearly everywhere, as those of a chapter and its translation do."""
    pairs = [bead for bead in bitext.beads if not bead.is_null]
    assert len(pairs) >= least
    assert len(pairs) / len(bitext.beads) > 0.85
    assert sum(bead.confidence >= 0.9 for bead in pairs) / len(pairs) >= sure


def test_pages(aligner: Aligner, chapter: Path, tmp_path: Path) -> None:
    bitext = aligned(aligner, chapter / "a.vi.html", chapter / "a.zh.html", out=tmp_path / "a.bitext.jsonl")
    check(bitext, 50)
    # What leads through the guide is no part of the chapter.
    assert not any("下一页" in bead.src_text or "Trang sau" in bead.tgt_text for bead in bitext.beads)


@pytest.mark.program("soffice")
@pytest.mark.parametrize("suffix", ["docx", "odt", "rtf", "epub", "pdf"])
def test_what_libreoffice_writes(suffix: str, aligner: Aligner, chapter: Path, tmp_path: Path) -> None:
    if suffix == "pdf":
        pytest.importorskip("pypdfium2", reason="the extra docs is not installed")
    paths = []
    for lang in ("vi", "zh"):
        text = chapter / f"a.{lang}.odt"
        if not text.exists():
            converted(chapter, f"a.{lang}.html", "odt:writer8", "--infilter=HTML (StarWriter)")
        paths.append(text if suffix == "odt" else converted(chapter, text.name, suffix))
    check(aligned(aligner, *paths, out=tmp_path / "a.bitext.jsonl"), 60)


@pytest.mark.program("soffice")
@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_sheet_of_both(suffix: str, aligner: Aligner, chapter: Path, tmp_path: Path) -> None:
    pages = aligned(aligner, chapter / "a.vi.html", chapter / "a.zh.html", out=tmp_path / "a.bitext.jsonl")
    table = tmp_path / "pairs.csv"
    rows = [(b.src_text, b.tgt_text.replace('"', '""')) for b in pages.beads if not b.is_null]
    table.write_text("zh,vi\n" + "".join(f'"{zh}","{vi}"\n' for zh, vi in rows), "utf-8")
    if suffix == "xlsx":
        table = converted(tmp_path, table.name, "xlsx", "--infilter=CSV:44,34,76,1")
    bitext = aligned(aligner, table, out=tmp_path / "b.bitext.jsonl")
    assert "".join(bead.src_text for bead in bitext.beads) == "".join(zh.strip() for zh, _ in rows)
    check(bitext, len(rows))


def test_the_whole_guide_as_text_and_as_pdf(
    guides: tuple[Path, Path], aligner: Aligner, tmp_path: Path
) -> None:
    for guide, lang in zip(guides, ("zh-cn", "vi"), strict=True):
        text = gzip.decompress((guide / f"maint-guide.{lang}.txt.gz").read_bytes())
        (tmp_path / f"a.{lang}.txt").write_bytes(text)
    bitext = aligned(
        aligner, tmp_path / "a.vi.txt", tmp_path / "a.zh-cn.txt", out=tmp_path / "t.bitext.jsonl"
    )
    # Its lines are broken at a fixed width, with lists and listings among them.
    check(bitext, 1900)
    pytest.importorskip("pypdfium2", reason="the extra docs is not installed")
    paths = [guide / f"maint-guide.{lang}.pdf" for guide, lang in zip(guides, ("zh-cn", "vi"), strict=True)]
    check(aligned(aligner, *paths, out=tmp_path / "p.bitext.jsonl"), 1500)


def test_a_folder_of_pages_becomes_one_memory(
    guides: tuple[Path, Path], aligner: Aligner, tmp_path: Path
) -> None:
    for guide, lang in zip(guides, ("zh", "vi"), strict=True):
        (tmp_path / "guide" / lang).mkdir(parents=True)
        for page in (guide / "html").glob("*.html"):
            name = f"{page.name.partition('.')[0]}.html"
            (tmp_path / "guide" / lang / name).write_bytes(page.read_bytes())
    result = aligner("align", tmp_path / "guide", "-o", tmp_path / "guide.tmx")
    assert result.returncode == 0, result.stderr
    assert "11 aligned" in result.stderr
    assert len(load_bitext(tmp_path / "guide.tmx").beads) > 1000


def sample(name: str) -> Path:
    """A file from the source archive of a Python package."""
    path = Path(os.environ.get("ALIGNER_REAL_DOCS", "/"), "samples", name)
    if not path.exists():
        pytest.skip(f"ALIGNER_REAL_DOCS does not hold samples/{name.partition('/')[0]}")
    return path


def test_subtitles_in_an_old_encoding(aligner: Aligner) -> None:
    path = sample("srt-3.5.3/srt_tools/tests/files/gb2312.srt")
    result = aligner("segment", path)
    assert result.returncode == 0, result.stderr
    assert "read as GB18030" in result.stderr
    lines = result.stdout.splitlines()
    assert len(lines) == path.read_text("gb18030").count("-->")
    assert (lines[0], lines[-1]) == ("宇宙守护神 保护我们远离邪恶", "轻轻一跳就能飞跃高楼")


@pytest.mark.parametrize(
    ("name", "cues", "blocks"), [("netflix_chicas_del_cable.vtt", 865, 700), ("youtube_dl.vtt", 4, 1)]
)
def test_subtitles_of_the_web(name: str, cues: int, blocks: int) -> None:
    path = sample(f"webvtt_py-0.6.0/tests/samples/{name}")
    assert path.read_text("utf-8").count("-->") == cues
    document = read(path, lang="vi")
    assert blocks <= len(document.blocks) <= cues
    assert not any(sign in document.text for sign in ("<", "position:", "-->", "NOTE", "color"))
    times = [block.origin.time or "" for block in document.blocks]
    assert times == sorted(times)
    assert all(len(time) == len("00:00:07.960-00:00:16.440") for time in times)


def test_subtitles_of_two_languages(aligner: Aligner, tmp_path: Path) -> None:
    folder = Path(os.environ.get("ALIGNER_REAL_DOCS", "/"), "subtitles")
    pairs = [(zh, zh.with_name(zh.name.replace(".zh.", ".vi."))) for zh in sorted(folder.glob("*.zh.srt"))]
    if not pairs:
        pytest.skip("ALIGNER_REAL_DOCS/subtitles does not hold a NAME.zh.srt beside a NAME.vi.srt")
    for zh, vi in pairs:
        check(aligned(aligner, vi, zh, out=tmp_path / f"{zh.stem}.bitext.jsonl"), 10)
