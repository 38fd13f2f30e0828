"""The screenshots of the documentation, made of the project in this repository.

    python tools/screenshots.py [FOLDER]

Starts `aligner review` on a copy of the project, aligned anew, and takes pictures of it in Debian's Chromium
at the size of a small laptop. Needs the packages chromium and fonts-noto-cjk.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parent.parent
SIZE = {"width": 1280, "height": 720}
PICTURES = (
    "review-light.png",
    "review-dark.png",
    "review-why.png",
    "review-glossary.png",
    "review-search.png",
)


def main(folder: Path) -> None:
    """Makes every picture in a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as work, sync_playwright() as playwright:
        project = Path(work) / "project"
        for name in ("seeds", "corpus", "glossary"):
            shutil.copytree(ROOT / name, project / name, ignore=shutil.ignore_patterns(".*"))
        subprocess.run([sys.executable, "-m", "aligner", "align", "--quiet"], cwd=project, check=True)
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with _served(project) as link:
            for scheme, locale in (("light", "vi-VN"), ("dark", "zh-CN")):
                _alignment(browser, link, scheme, locale, folder)
            _pages(browser, link, folder)
        browser.close()


@contextmanager
def _served(project: Path) -> Iterator[str]:
    """The link of an editor of a project."""
    command = [sys.executable, "-m", "aligner", "review", str(project), "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8", env=os.environ) as server:
        assert server.stdout  # noqa: S101 - asked for above
        try:
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


def _opened(browser: Browser, link: str, scheme: str, locale: str, path: str) -> Page:
    page = browser.new_context(viewport=SIZE, color_scheme=scheme, locale=locale).new_page()  # type: ignore[arg-type]
    page.goto(link)
    page.goto(link.split("/?", maxsplit=1)[0] + path)
    return page


def _alignment(browser: Browser, link: str, scheme: str, locale: str, folder: Path) -> None:
    """The alignment with some decisions, then the panel that says why."""
    page = _opened(browser, link, scheme, locale, "/b/0/")
    page.wait_for_selector(".row.current")
    if scheme == "light":
        for _ in range(4):
            page.keyboard.press("a")
            page.wait_for_timeout(300)
        page.keyboard.press("j")
    page.wait_for_timeout(3000)  # until nothing is said any more
    page.screenshot(path=folder / f"review-{scheme}.png")
    if scheme == "light":
        page.keyboard.press("d")
        page.keyboard.press("w")
        page.wait_for_selector(".waterfall")
        page.wait_for_timeout(300)
        page.locator("#side .pairs tr").first.hover()
        page.screenshot(path=folder / "review-why.png")
    page.context.close()


def _pages(browser: Browser, link: str, folder: Path) -> None:
    """The glossary with an entry, and the concordance."""
    page = _opened(browser, link, "light", "en-GB", "/glossary")
    page.locator("[data-entry]").nth(2).click()
    page.wait_for_selector(".context")
    page.screenshot(path=folder / "review-glossary.png")
    page.goto(link.split("/?", maxsplit=1)[0] + "/search?q=會晤&without=hội+nghị")
    page.wait_for_selector(".hits .row")
    page.screenshot(path=folder / "review-search.png")
    page.context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images")
