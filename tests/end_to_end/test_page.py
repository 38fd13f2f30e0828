"""The exported page in a real browser: what it shows, and that it prints on pages of its own."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Aligner = Callable[..., "subprocess.CompletedProcess[str]"]

pytestmark = pytest.mark.program("chromium")


@pytest.fixture(scope="module")
def page(aligner: Aligner, article: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("page") / "a.html"
    result = aligner("align", article, "-o", path)
    assert result.returncode == 0, result.stderr
    return path


def browse(page: Path, *options: str) -> str:
    """What the browser prints, which has a profile of its own and no network to go to."""
    profile = page.with_name("profile")
    result = subprocess.run(
        ["chromium", "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={profile}",
         "--host-resolver-rules=MAP * ~NOTFOUND", "--no-pdf-header-footer", *options, page.as_uri()],
        capture_output=True, encoding="utf-8", timeout=110, check=True,
    )  # fmt: skip
    return result.stdout


def test_a_browser_shows_both_sides(page: Path) -> None:
    shown = browse(page, "--dump-dom")
    assert shown.count('lang="zh-CN"') == shown.count('lang="vi-VN"') > 20
    assert "2025年新春会晤活动" in shown


def test_it_prints_with_its_header_on_every_page(page: Path) -> None:
    pdfium = pytest.importorskip("pypdfium2", reason="the extra docs is not installed")
    out = page.with_name("a.pdf")
    browse(page, f"--print-to-pdf={out}")
    pages = [sheet.get_textpage().get_text_bounded() for sheet in pdfium.PdfDocument(out)]
    assert 3 <= len(pages) <= 9
    # The last page may hold the legend alone.
    assert all("Tiếng Việt" in text and "Confidence" in text for text in pages[:-1])
