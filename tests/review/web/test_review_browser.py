"""The editor in a real browser against the real server, by keyboard and by mouse."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import axe_playwright_python
import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright
from tests.review.web.serving import Server, bitext, serving, stored

from aligner.config import AlignOptions
from aligner.formats import load_bitext
from aligner.model import Bead, Bitext
from aligner.pipeline import align_file
from aligner.review.decisions import decide, decisions_path, read_decisions, record

pytestmark = pytest.mark.program("chromium")
FILE = "text.bitext.jsonl"
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
SERIOUS = {"serious", "critical"}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        # Containers have no room for Chromium's own sandbox; the pages are ours.
        found = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture(scope="module")
def documents(article: Path) -> dict[str, Bitext]:
    """The article, and a long document whose beads can be told from one another."""
    rows = [([f"第{i}句，合作。"], [f"Câu {i}, hợp tác."]) for i in range(10_000)]
    rows[5] = (["第五句甲。", "第五句乙。"], ["Câu năm một.", "Câu năm hai."])
    return {"article": align_file(article, AlignOptions()), "long": bitext(rows)}


class Window:
    """A page of the editor, and what it complained of."""

    def __init__(self, browser: Browser, server: Server, path: str = "", **options: object) -> None:
        self.context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 720}, "locale": "en-GB", **options}  # type: ignore[arg-type]
        )
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.goto(server.link)
        if path:
            self.page.goto(server.origin + path)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def at(self, bead: int) -> None:
        """Places the cursor on a bead that is shown, by its first segment."""
        self.page.locator(f"#bead-{bead} .segment").first.click()
        expect(self.page.locator(".row.current")).to_have_attribute("data-bead", str(bead))

    def expect_current(self, bead: int) -> None:
        expect(self.page.locator(".row.current")).to_have_attribute("data-bead", str(bead))

    def close(self) -> None:
        self.context.close()
        assert not self.complaints


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Server]]:
    """A project with a server, to which every test adds a bitext of its own."""
    root = tmp_path_factory.mktemp("project")
    for name in ("seeds", "corpus", "glossary"):
        (root / name).mkdir()
    stored(root / "corpus" / "0000.bitext.jsonl", bitext([(["甲。"], ["Một."])]))
    with serving(root) as server:
        yield root / "corpus", server


@pytest.fixture
def server(shared: tuple[Path, Server]) -> Server:
    return shared[1]


@pytest.fixture
def path(shared: tuple[Path, Server], documents: dict[str, Bitext]) -> Path:
    return add(shared[0], documents["article"])


def add(corpus: Path, made: Bitext) -> Path:
    return stored(corpus / f"{len(list(corpus.glob('*.bitext.jsonl'))):04}.bitext.jsonl", made)


def address(path: Path) -> str:
    return f"/b/{int(path.name.split('.')[0])}/"


@pytest.fixture
def window(browser: Browser, server: Server, path: Path) -> Iterator[Window]:
    found = Window(browser, server, address(path))
    yield found
    found.close()


# What is done to bead 5 or its neighbours: operation, key, and what stands in the file afterwards.
OPERATIONS = [
    ("accept", "a"), ("reject", "x"), ("pin", "p"), ("merge", "m"), ("split", "s"),
    ("up", "Shift+ArrowUp"), ("down", "Shift+ArrowDown"), ("null", "0"),
]  # fmt: skip


def last_action(path: Path) -> tuple[int, str]:
    decisions = read_decisions(decisions_path(path))
    return len(decisions), decisions[-1].action if decisions else ""


def act(window: Window, name: str, key: str, how: str) -> None:
    if how == "keyboard":
        window.page.keyboard.press(key)
    else:
        window.page.locator(f".tools [data-do={name}]").click()


@pytest.mark.parametrize("how", ["keyboard", "mouse"])
@pytest.mark.parametrize("document", ["article", "long"])
def test_every_operation_and_back(
    browser: Browser, documents: dict[str, Bitext], shared: tuple[Path, Server], document: str, how: str
) -> None:
    made = documents[document]
    path = add(shared[0], made)
    number = next(b.id for b in made.beads if len(b.src) > 1 or len(b.tgt) > 1)
    side = 0 if len(made.beads[number].src) > 1 else 1
    window = Window(browser, shared[1], address(path))
    expect(window.page.locator(".row.current")).to_be_visible()
    done = 0
    for name, key in OPERATIONS:
        window.at(number)
        window.page.locator(f"#bead-{number} .segment[data-side='{side}']").last.click()
        act(window, name, key, how)
        expect(window.page.locator("#said")).to_have_text("Saved")
        done += 1
        assert last_action(path) == (done, name if name in {"accept", "reject", "pin"} else "regroup")
        act(window, "undo", "z", how)
        expect(window.page.locator("#said")).to_have_text("Taken back")
        done += 1
        assert last_action(path) == (done, "undo")
        expect(window.page.locator(f"#bead-{number} .segment")).to_have_text(texts(made.beads[number]))
    window.close()
    assert load_bitext(path).beads == made.beads


def texts(bead: Bead) -> list[str]:
    return [s.text for s in (*bead.src, *bead.tgt)]


@pytest.mark.parametrize("how", ["keyboard", "mouse"])
def test_writing(window: Window, path: Path, how: str) -> None:
    page = window.page
    window.at(3)
    act(window, "edit", "e", how)
    page.locator("#bead-3 textarea").nth(1).fill("Câu mới.")
    if how == "keyboard":
        page.keyboard.press("Control+Enter")
    else:
        page.locator("[data-do=save]").click()
    expect(page.locator("#bead-3 .side-1 .segment")).to_have_text("Câu mới.")
    expect(page.locator("#bead-3 .original")).to_contain_text("Đây là cơ chế")
    assert load_bitext(path).beads[3].tgt_text == "Câu mới."
    act(window, "note", "n", how)
    page.locator("#bead-3 textarea").fill("Xem lại <b>")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#bead-3 .note")).to_contain_text("Xem lại <b>")
    act(window, "reset", "r", how)
    expect(page.locator("#bead-3 .original")).to_have_count(0)
    act(window, "edit", "Enter", how)
    page.locator("#bead-3 textarea").first.fill("nothing")
    if how == "keyboard":
        page.keyboard.press("Escape")
    else:
        page.locator("[data-do=cancel]").click()
    expect(page.locator("#bead-3 textarea")).to_have_count(0)
    assert load_bitext(path).beads[3].note == "Xem lại <b>"
    assert load_bitext(path).beads[3].original is None


@pytest.mark.parametrize("how", ["keyboard", "mouse"])
def test_a_segment_is_split_at_the_cursor(browser: Browser, shared: tuple[Path, Server], how: str) -> None:
    """The cut starts at the end of a clause, the other side follows it; both can be moved."""
    zh, vi = "双方会晤，讨论合作，签署协议。", "Hai bên gặp gỡ, bàn hợp tác, ký thỏa thuận."
    made = bitext([([zh], [vi]), (["乙。"], ["Hai."])])
    path = add(shared[0], made)
    window = Window(browser, shared[1], address(path))
    page = window.page
    expect(page.locator(".row.current")).to_be_visible()
    if how == "keyboard":
        page.keyboard.press("s")
        expect(page.locator(".cut.leads")).to_have_count(1)
        for key in (
            "Home",
            "Control+ArrowRight",
            "ArrowRight",
            "ArrowLeft",
            "Tab",
            "ArrowRight",
            "ArrowLeft",
        ):
            page.keyboard.press(key)
        expect(page.locator("#said")).to_contain_text("gặp gỡ, ✂ bàn")
        page.keyboard.press("a")  # no command now
        page.keyboard.press("Enter")
    else:
        page.locator(".tools [data-do=cut]").click()
        for side, start in (("0", "双方会晤，"), ("1", "Hai bên gặp gỡ,")):
            click_after(page, f"#bead-0 .segment[data-side='{side}']", start)
        page.locator("[data-do=save]").click()
    expect(page.locator("#said")).to_have_text("Saved")
    expect(page.locator(".row")).to_have_count(3)
    assert last_action(path) == (1, "cut")
    beads = load_bitext(path).beads
    assert [(b.src_text, b.tgt_text) for b in beads[:2]] == [
        ("双方会晤，", "Hai bên gặp gỡ,"), ("讨论合作，签署协议。", "bàn hợp tác, ký thỏa thuận.")
    ]  # fmt: skip
    act(window, "undo", "z", how)
    expect(page.locator(".row")).to_have_count(2)
    expect(page.locator("#bead-0 .segment")).to_have_text([zh, vi])
    page.keyboard.press("Shift+s")
    page.keyboard.press("Escape")
    expect(page.locator(".cut")).to_have_count(0)
    expect(page.locator("#bead-0 .segment")).to_have_text([zh, vi])
    act(window, "redo", "y", how)
    expect(page.locator(".row")).to_have_count(3)
    window.close()
    assert load_bitext(path).beads == beads


def click_after(page: Page, selector: str, start: str) -> None:
    """Clicks in a text, right after its beginning."""
    box = page.evaluate(
        "([selector, units]) => { const node = document.createTreeWalker("
        "document.querySelector(selector), NodeFilter.SHOW_TEXT); let left = units, text = node.nextNode();"
        "while (text.length < left) { left -= text.length; text = node.nextNode(); }"
        "const range = document.createRange(); range.setStart(text, left - 1); range.setEnd(text, left);"
        "const box = range.getBoundingClientRect(); return [box.right, (box.top + box.bottom) / 2]; }",
        [selector, len(start)],
    )
    page.mouse.click(*box)


def test_what_was_written_outlives_a_change_from_elsewhere(
    browser: Browser, server: Server, path: Path, documents: dict[str, Bitext]
) -> None:
    window = Window(browser, server, address(path))
    page = window.page
    window.at(3)
    page.keyboard.press("n")
    page.locator("#bead-3 textarea").fill("nghĩ lại")
    record(decisions_path(path), decide(documents["article"], [4], "accept", author="apply"))
    page.keyboard.press("Control+Enter")
    expect(page.locator("#alarm")).to_contain_text("changed elsewhere")
    expect(page.locator("#bead-3 textarea")).to_have_value("nghĩ lại")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#bead-3 .note")).to_contain_text("nghĩ lại")
    window.context.close()
    assert load_bitext(path).beads[3].note == "nghĩ lại"


def test_keys_are_no_commands_while_somebody_writes(window: Window, path: Path) -> None:
    window.at(3)
    window.page.keyboard.press("n")
    window.page.keyboard.type("axmz0?")
    expect(window.page.locator("#bead-3 textarea")).to_have_value("axmz0?")
    window.page.locator(".tools [data-do=accept]").click()
    expect(window.page.locator("#said")).to_contain_text("Save or cancel")
    assert not decisions_path(path).exists()
    window.page.keyboard.press("Escape")
    expect(window.page.locator("#bead-3 textarea")).to_have_count(0)


def test_accepting_goes_on_and_moving_does_as_the_keys_say(window: Window, path: Path) -> None:
    page = window.page
    for key, bead in [
        ("j", 1),
        ("ArrowDown", 2),
        ("k", 1),
        ("ArrowUp", 0),
        ("End", 28),
        ("Home", 0),
        ("d", 8),
        ("a", 9),
    ]:
        page.keyboard.press(key)
        window.expect_current(bead)
    expect(page.locator("#bead-8")).to_have_class(re.compile("decided"))
    page.keyboard.press("d")
    expect(page.locator("#said")).to_contain_text("No doubtful bead")
    assert load_bitext(path).beads[8].status == "accepted"
    assert page.evaluate("document.activeElement.id") == "bead-9"


@pytest.mark.parametrize("how", ["keyboard", "mouse"])
def test_realigning_between_fixed_beads(window: Window, path: Path, how: str) -> None:
    before = [(b.src, b.tgt) for b in load_bitext(path).beads]
    window.at(3)
    act(window, "null", "0", how)
    for _ in range(2):
        expect(window.page.locator(".row.current.pinned")).to_have_count(1)
        act(window, "pin", "p", how)
        expect(window.page.locator(".row.current.pinned")).to_have_count(0)
        window.page.keyboard.press("j")
    act(window, "realign", "g", how)
    expect(window.page.locator("#said")).to_have_text("Aligned anew", timeout=30_000)
    assert [(b.src, b.tgt) for b in load_bitext(path).beads] == before
    act(window, "realign", "g", how)
    expect(window.page.locator("#said")).to_have_text("Nothing would be aligned otherwise")


def test_undo_survives_a_restart_and_a_kill(
    browser: Browser, documents: dict[str, Bitext], tmp_path: Path
) -> None:
    path = stored(tmp_path / FILE, documents["article"])
    with serving(path) as server:
        window = Window(browser, server)
        window.at(1)
        window.page.keyboard.press("m")
        expect(window.page.locator("#said")).to_have_text("Saved")
        window.page.keyboard.press("x")
        expect(window.page.locator(".row.rejected")).to_have_count(1)
        server.kill()
        window.page.keyboard.press("a")
        expect(window.page.locator("#alarm")).to_contain_text("does not answer")
        window.context.close()
    assert [d.action for d in read_decisions(decisions_path(path))] == ["regroup", "reject"]
    with decisions_path(path).open("ab") as file:
        file.write(b'{"time": "2026-01-31T12:00')  # what a power cut leaves of a decision
    with serving(path) as server:
        window = Window(browser, server)
        expect(window.page.locator(".row.rejected")).to_have_count(1)
        for _ in range(2):
            window.page.keyboard.press("Control+z")
            expect(window.page.locator("#said")).to_have_text("Taken back")
        window.page.keyboard.press("z")
        expect(window.page.locator("#said")).to_contain_text("nothing to take back")
        window.page.keyboard.press("Control+y")
        expect(window.page.locator("#said")).to_have_text("Brought back")
        window.close()
    assert len(load_bitext(path).beads) == len(documents["article"].beads) - 1


def test_two_windows_notice_each_other(browser: Browser, server: Server, path: Path) -> None:
    one, two = (Window(browser, server, address(path)) for _ in range(2))
    one.at(2)
    one.page.keyboard.press("x")
    expect(two.page.locator("#bead-2.rejected")).to_be_visible(timeout=8000)
    expect(two.page.locator("#said")).to_contain_text("from elsewhere")
    two.at(2)
    two.page.route("**/state*", lambda route: route.abort())  # a window that has not looked yet
    one.at(3)
    one.page.keyboard.press("m")
    expect(one.page.locator("#bead-3.pinned")).to_be_visible()
    two.page.keyboard.press("a")
    expect(two.page.locator("#alarm")).to_be_visible()
    two.page.unroute("**/state*")
    assert [d.action for d in read_decisions(decisions_path(path))] == ["reject", "regroup"]
    expect(two.page.locator("#bead-3.pinned")).to_be_visible(timeout=8000)
    one.close()
    two.context.close()


def test_what_another_program_writes_is_noticed(
    window: Window, path: Path, documents: dict[str, Bitext]
) -> None:
    record(decisions_path(path), decide(documents["article"], [4], "accept", author="apply"))
    expect(window.page.locator("#bead-4.decided")).to_be_visible(timeout=8000)
    stored(path, documents["article"].replace(beads=documents["article"].beads[:10]))
    expect(window.page.locator("#counts")).to_contain_text("10 beads", timeout=8000)
    expect(window.page.locator("#bead-4.decided")).to_be_visible()


def test_looking(window: Window) -> None:
    page = window.page
    page.keyboard.press("/")
    page.keyboard.type("會晤")
    expect(page.locator("mark").first).to_have_text("会晤")
    expect(page.locator("#counts")).to_contain_text("shown")
    found = page.locator(".row").count()
    page.keyboard.press("Escape")
    page.keyboard.press("o")
    expect(page.locator("#look [name=order]")).to_have_value("worst")
    expect(page.locator(".row")).to_have_count(found)
    page.locator("#look [name=text]").fill("")
    page.locator("#look [name=only]").select_option("null")
    expect(page.locator(".row")).to_have_count(5)
    page.locator("#look [name=only]").select_option("noted")
    expect(page.locator("#nothing")).to_be_visible()
    page.locator("#look [name=only]").select_option("all")
    page.locator("#look [name=order]").select_option("document")
    page.locator("#strip").click(position={"x": 7, "y": 300})
    wait_until(page, "Number(document.querySelector('.row.current')?.dataset.bead) > 5")
    page.reload()
    expect(page.locator("#bead-0.current")).to_be_visible()


def wait_until(page: Page, condition: str) -> None:
    """Playwright's own waiting asks the page to evaluate texts, which its policy forbids."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(100)
    raise AssertionError(condition)


def test_why(window: Window) -> None:
    page = window.page
    page.keyboard.press("w")
    expect(page.locator("#side .waterfall")).to_be_visible(timeout=30_000)
    page.keyboard.press("j")
    expect(page.locator("#side h2")).to_contain_text("Bead 1")
    page.locator("#side [lang=zh] .word").first.hover()
    expect(page.locator("#side [lang=vi] .word.lit").first).to_be_visible()
    page.locator("#ruby").check()
    expect(page.locator("#side rt").first).to_be_visible()
    for _ in range(5):
        page.keyboard.press("j")
    expect(page.locator("#side")).to_contain_text("The best match for it")
    page.keyboard.press("Escape")
    expect(page.locator("#side")).to_be_hidden()


def test_ten_thousand_beads_are_scrolled_through(
    browser: Browser, documents: dict[str, Bitext], shared: tuple[Path, Server]
) -> None:
    window = Window(browser, shared[1], address(add(shared[0], documents["long"])))
    page = window.page
    page.keyboard.press("End")
    expect(page.locator("#bead-9999.current")).to_be_visible()
    page.keyboard.press("k")
    expect(page.locator("#bead-9998.current")).to_be_visible()
    page.keyboard.press("x")
    expect(page.locator("#bead-9998.rejected")).to_be_visible()
    page.locator("#strip").click(position={"x": 7, "y": 250})
    current = "Number(document.querySelector('.row.current')?.dataset.bead ?? 9999)"
    wait_until(page, f"2000 < {current} && {current} < 8000")
    assert page.locator(".row").count() < 1000
    page.keyboard.press("w")
    expect(page.locator("#side .waterfall")).to_be_visible(timeout=60_000)
    expect(page.locator("#side")).to_contain_text("among the beads around")
    page.keyboard.press("Shift+G")
    expect(page.locator("#job")).to_be_visible()
    page.keyboard.press("j")
    page.locator("[data-do=realign_stop]").click()
    expect(page.locator("#said")).to_contain_text("Stopped; nothing was changed", timeout=60_000)
    expect(page.locator("#job")).to_be_hidden()
    page.locator("#look [name=text]").fill("câu 7777")
    expect(page.locator(".row")).to_have_count(1)
    window.close()


def test_help_lists_every_key(window: Window) -> None:
    window.page.keyboard.press("?")
    expect(window.page.locator("#help")).to_be_visible()
    script = (Path(__file__).parents[3] / "src/aligner/review/web/static/editor.js").read_text("utf-8")
    keys = re.findall(
        r"(?:^|[\s,{])\"?([a-z\[\]/?0])\"?: \"", script[script.index("const keys = {") :].split("};")[0]
    )
    listed = {text.strip().lower() for text in window.page.locator("#help kbd").all_text_contents()}
    assert len(keys) > 20
    assert set(keys) <= listed
    window.page.keyboard.press("Escape")
    expect(window.page.locator("#help")).to_be_hidden()


def test_findings_stand_in_their_rows(window: Window) -> None:
    window.page.keyboard.press("c")
    expect(window.page.locator(".finding").first).to_be_visible(timeout=30_000)
    window.page.locator("#look [name=only]").select_option("finding")
    expect(window.page.locator(".row").first.locator(".finding").first).to_be_visible()


def test_findings_and_refusals_speak_the_language_of_the_page(
    browser: Browser, server: Server, path: Path
) -> None:
    window = Window(browser, server, address(path), locale="vi-VN")
    page = window.page
    page.keyboard.press("c")
    found = page.locator(".finding").first
    expect(found).to_be_visible(timeout=30_000)
    expect(found).not_to_contain_text("counterpart")
    page.keyboard.press("End")
    page.keyboard.press("m")
    expect(page.locator("#alarm")).to_contain_text("không còn cặp nào")
    window.context.close()


def test_exports_are_offered_with_their_counts(window: Window) -> None:
    page = window.page
    page.locator("[data-panel=exports]").first.click()
    expect(page.locator("#side")).to_contain_text("24 units")
    with page.expect_download() as download:
        page.get_by_role("link", name="TMX").click()
    assert "<tu>" in download.value.path().read_text("utf-8")
    page.keyboard.press("Escape")


@pytest.fixture
def project(tmp_path: Path, documents: dict[str, Bitext]) -> Path:
    root = Path(__file__).parents[3]
    for name in ("seeds", "corpus"):
        (tmp_path / name).mkdir()
    shutil.copytree(root / "glossary", tmp_path / "glossary")
    stored(tmp_path / "corpus" / FILE, documents["article"])
    return tmp_path


def test_the_glossary(browser: Browser, project: Path) -> None:
    sheet = project / "glossary" / "glossary.tsv"
    with serving(project) as server:
        window = Window(browser, server, "/glossary")
        page = window.page
        page.locator("#entries tr.candidate [data-entry]").first.click()
        expect(page.locator("#entry .context mark").first).to_be_visible()
        entry = page.locator("#entries tr.current").get_attribute("data-id")
        with page.expect_navigation():
            page.keyboard.press("a")
        expect(page.locator(f"tr[data-id='{entry}'].approved.current")).to_be_visible()
        page.locator("#entry [name=note]").fill("xem lại")
        with page.expect_navigation():
            page.locator("#entry-form button").click()
        expect(page.locator("#entry [name=note]")).to_have_value("xem lại")
        assert "xem lại" in sheet.read_text("utf-8")
        for key in ("z", "Control+z"):
            with page.expect_navigation():
                page.locator(f"[data-entry='{entry}']").focus()
                page.keyboard.press(key)
            expect(page.locator("#said")).to_have_text("Taken back")
        expect(page.locator(f"tr[data-id='{entry}'].candidate.current")).to_be_visible()
        assert "xem lại" not in sheet.read_text("utf-8")
        for _ in range(2):
            with page.expect_navigation():
                page.locator("[data-do=redo]").click()
            expect(page.locator("#said")).to_have_text("Brought back")
        expect(page.locator("#entry [name=note]")).to_have_value("xem lại")
        page.goto(f"{server.origin}/glossary?only=changed")
        expect(page.locator("#entries [data-entry]")).to_have_count(1)
        page.locator("[data-entry]").click()
        expect(page.locator("#entry [name=note]")).to_have_value("xem lại")
        sheet.write_text(sheet.read_text("utf-8").replace("xem lại", "khác"), "utf-8")
        page.locator("#entry [data-do=rejected]").click()
        expect(page.locator("#alarm")).to_contain_text("changed elsewhere")
        assert "khác" in sheet.read_text("utf-8")
        page.goto(f"{server.origin}/b/0/")
        page.locator("[data-panel=exports]").first.click()
        with page.expect_download() as download:
            page.get_by_role("link", name="TBX").click()
        assert "Quảng Ninh" in download.value.path().read_text("utf-8")
        page.keyboard.press("Escape")
        for side, length in ((0, 4), (1, 6)):
            page.evaluate(
                "([side, length]) => {"
                "const node = document.querySelector(`#bead-3 .segment[data-side='${side}']`).firstChild;"
                "getSelection().setBaseAndExtent(node, 0, node, length); }",
                [side, length],
            )
            page.wait_for_timeout(50)
        page.keyboard.press("t")
        expect(page.locator("#said")).to_contain_text("Added to the glossary")
        assert "该机制一\tĐây là" in sheet.read_text("utf-8")
        window.context.close()


def test_the_concordance_page(browser: Browser, project: Path) -> None:
    with serving(project) as server:
        window = Window(browser, server, "/search")
        page = window.page
        page.locator("[name=q]").fill("會晤")
        page.locator("[name=without]").fill("hội nghị")
        page.keyboard.press("Enter")
        expect(page.locator(".hits mark").first).to_have_text("会晤")
        page.locator(".hits a").first.click()
        expect(page.locator(".row.current .segment").first).to_contain_text("会晤")
        window.close()


def test_files_are_opened_in_the_page(browser: Browser, project: Path, article: Path) -> None:
    with serving(project) as server:
        window = Window(browser, server, "/?list")
        window.page.locator("#files").set_input_files(article)
        expect(window.page.locator(".row.current")).to_be_visible(timeout=30_000)
        window.close()
    assert (project / "corpus" / f"{article.stem}.bitext.jsonl").exists()


DROP = """([names, texts]) => {
  const carried = new DataTransfer();
  names.forEach((name, at) => carried.items.add(new File([texts[at]], name)));
  for (const kind of ["dragover", "drop"]) {
    const event = new DragEvent(kind, { dataTransfer: carried, bubbles: true, cancelable: true });
    document.body.dispatchEvent(event);
    if (!event.defaultPrevented) throw new Error(`${kind} was left to the browser`);
  }
}"""


def test_files_are_dropped_into_the_page(browser: Browser, project: Path) -> None:
    zh, vi = "双方会晤。\n讨论合作。\n", "Hai bên gặp gỡ.\nBàn hợp tác.\n"
    with serving(project) as server:
        window = Window(browser, server, "/?list")
        page = window.page
        page.evaluate(DROP, [["tin.zh.txt", "tin.vi.txt"], [zh, vi]])
        expect(page.locator(".row.current")).to_be_visible(timeout=30_000)
        expect(page.locator("h1")).to_have_text("tin")
        page.goto(f"{server.origin}/?list")
        page.evaluate(DROP, [["<b>.txt"], ["no Chinese"]])
        expect(page.locator("#said")).to_contain_text("b_.txt", timeout=30_000)
        expect(page.locator("#said b")).to_have_count(0)
        page.evaluate(DROP, [["tin.zh.txt", "tin.vi.txt"], ["别的。\n", vi]])
        expect(page.locator("#said")).to_contain_text("is there already", timeout=30_000)
        window.context.close()
    assert (project / "seeds" / "tin.zh.txt").read_text("utf-8") == zh
    assert sorted(path.name for path in (project / "seeds").iterdir()) == ["tin.vi.txt", "tin.zh.txt"]
    assert load_bitext(project / "corpus" / "tin.bitext.jsonl").beads[0].tgt_text == "Hai bên gặp gỡ."


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault(browser: Browser, project: Path, scheme: str) -> None:
    with serving(project) as server:
        window = Window(browser, server, "/b/0/", color_scheme=scheme)
        page = window.page
        expect(page.locator(".row.current")).to_be_visible()
        for number, key in ((8, "a"), (9, "x")):
            window.at(number)
            page.keyboard.press(key)
            window.expect_current(number + 1)
        page.keyboard.press("n")
        expect(page.locator("textarea")).to_be_visible()
        examine(page)
        page.keyboard.press("Escape")
        expect(page.locator("textarea")).to_have_count(0)
        page.keyboard.press("w")
        expect(page.locator("#side .waterfall")).to_be_visible(timeout=30_000)
        page.locator("#ruby").check()
        examine(page)
        page.locator("[data-do=help]").click()
        examine(page)
        for path in ("/?list", "/search?q=会晤", "/search?q=(&regex", "/glossary"):
            page.goto(server.origin + path)
            if path == "/glossary":
                page.locator("[data-entry]").first.click()
                expect(page.locator("#entry form").first).to_be_visible()
            examine(page)
        window.close()


def examine(page: Page) -> None:
    page.evaluate(AXE)
    found = json.loads(page.evaluate("axe.run().then(r => JSON.stringify(r.violations))"))
    serious = {
        one["id"]: [node["html"] for node in one["nodes"]][:3] for one in found if one["impact"] in SERIOUS
    }
    assert not serious, page.url
