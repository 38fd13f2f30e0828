"""Parts of the editor without a server: its words, its script, what the panel shows, the screenshots."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from tests.review.web.serving import bitext

from aligner.check import RULES, check, collect
from aligner.errors import UsageError
from aligner.language.readings import readings
from aligner.language.syllables import spelled, syllable_key
from aligner.review.grouping import Draft
from aligner.review.view import FILTERS, ORDERS, Keys, Look, listing, strip
from aligner.review.web.messages import told, translated
from aligner.review.web.strings import LANGUAGES, preferred, strings
from aligner.review.web.why import reading, waterfall
from aligner.terms.model import CATEGORIES, ENTRY_STATUSES

WEB = Path(str(files("aligner.review.web")))
ROOT = Path(__file__).parents[3]


def test_every_word_stands_in_three_languages() -> None:
    table = json.loads((WEB / "strings.json").read_text("utf-8"))
    assert all(
        set(forms) == set(LANGUAGES) and all(map(str.strip, forms.values())) for forms in table.values()
    )


def test_every_word_that_is_asked_for_is_there() -> None:
    pages = "".join(path.read_text("utf-8") for path in WEB.glob("templates/*.html"))
    script = "".join(path.read_text("utf-8") for path in WEB.glob("static/*.js"))
    asked = set(re.findall(r"\bt\.(\w+)", pages + script))
    asked |= {f"only_{name}" for name in FILTERS} | {f"order_{name}" for name in ORDERS}
    asked |= {*CATEGORIES, *ENTRY_STATUSES, "null"}
    assert len(asked) > 100
    assert not asked - set(strings("vi"))


def test_no_template_turns_escaping_off_or_writes_style_or_script() -> None:
    for path in WEB.glob("templates/*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"\|\s*safe|autoescape|style=|\son\w+=|<script>|https?://", text), path.name


def _raised(path: Path) -> Iterator[str]:
    """The texts of the errors that a module raises, an X wherever something is put in."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"UsageError", "StaleRequestError"}:
            for argument in node.args:
                yield from _texts(argument)


def _texts(node: ast.expr) -> Iterator[str]:
    match node:
        case ast.Constant(str(text)):
            yield text
        case ast.JoinedStr(values):
            yield "".join(str(v.value) if isinstance(v, ast.Constant) else "X" for v in values)
        case ast.IfExp():
            yield from (*_texts(node.body), *_texts(node.orelse))


def test_whatever_the_editor_refuses_is_said_in_every_language() -> None:
    modules = [path for path in WEB.parent.rglob("*.py") if not path.name.startswith("table")]
    texts = {text for path in modules for text in _raised(path)}
    assert len(texts) > 30
    assert [text for text in sorted(texts) for lang in ("vi", "zh") if translated(text, lang) == text] == []


def test_what_rules_find_is_said_in_every_language() -> None:
    for rule in RULES:
        assert strings("vi")[f"rule_{rule}"] != rule
    cases = json.loads((ROOT / "tests" / "cases" / "check.json").read_text("utf-8"))
    said = set()
    for case in (case for group in cases.values() if isinstance(group, list) for case in group):
        if "beads" in case:
            made = bitext([([zh] if zh else [], [vi] if vi else []) for zh, vi in case["beads"]])
            sure = made.replace(beads=tuple(bead.replace(confidence=0.99) for bead in made.beads))
            said |= {finding.message for finding in check(collect([sure]))}
    assert len(said) > 20
    assert [text for text in sorted(said) if translated(text, "zh") == text] == []


def test_a_message_keeps_what_it_names() -> None:
    assert translated("there is no bead 7", "zh") == "没有第 7 对"
    assert translated("nobody wrote this", "vi") == "nobody wrote this"
    assert translated("there is no bead 7", "en") == "there is no bead 7"
    error = UsageError("there is no bead 7", "it was divided or joined meanwhile")
    assert told(error, "vi") == "không có cặp 7: cặp này vừa được tách hoặc gộp"


@pytest.mark.parametrize(
    ("chosen", "accepted", "language"),
    [("zh", "vi", "zh"), (None, "vi-VN,vi;q=0.9", "vi"), ("xx", "fr, zh-TW", "zh"), (None, "", "en")],
)
def test_the_language_that_is_spoken(chosen: str | None, accepted: str, language: str) -> None:
    assert preferred(chosen, accepted) == language


@pytest.mark.program("tsc")
def test_the_script_has_sound_types() -> None:
    result = subprocess.run(
        ["tsc", "--noEmit", "--allowJs", "--checkJs", "--strict", "--target", "es2022", "--module", "es2022",
         "--moduleResolution", "node", "--lib", "es2022,dom,dom.iterable", *sorted(WEB.glob("static/*.js"))],
        capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout


@pytest.mark.program("chromium")
def test_the_screenshots_are_made(tmp_path: Path) -> None:
    subprocess.run([sys.executable, ROOT / "tools" / "screenshots.py", tmp_path], check=True)
    for name in ("light", "dark", "why", "glossary", "search"):
        data = (tmp_path / f"review-{name}.png").read_bytes()
        assert (int.from_bytes(data[16:20]), int.from_bytes(data[20:24])) == (1280, 720)
        assert (ROOT / "docs" / "images" / f"review-{name}.png").exists()


def test_a_reading_is_spelled_as_it_was() -> None:
    for char in "国省委书记会晤广宁越南人民友谊":
        assert all(syllable_key(spelled(key)) == key for key in readings(char))
    assert reading("推", {"thôi"}) == "thôi"
    assert reading("A") == ""


def test_the_waterfall_adds_up() -> None:
    bars = waterfall({"translation": 8.0, "prior": 2.0, "length": -4.0})
    assert [bar.name for bar in bars] == ["prior", "translation", "length", "score"]
    assert bars[-1].weight == 6.0
    assert (bars[0].start, bars[1].start, bars[2].start, bars[2].width) == (0.0, 20.0, 60.0, 40.0)


def test_the_least_sure_come_first_and_the_overview_shows_the_gravest() -> None:
    draft = Draft(bitext([([f"{i}"], [f"{i}"]) for i in range(20)]))
    worst = listing(draft, Look(order="worst"), Keys())
    assert [group.confidence for group in worst] == sorted(group.confidence for group in draft.groups)
    assert strip(draft.groups)[:4] == "lsss"
    assert len(strip(draft.groups * 100)) == 360
    assert set(strip(draft.groups * 100)) <= {"l", "d", "s"}


def test_a_search_looks_in_both_languages_in_any_spelling() -> None:
    draft = Draft(bitext([(["会晤"], ["uỷ ban"]), (["會晤"], ["khác"]), (["别"], ["Ủy ban"])]))
    keys = Keys()
    assert [listing(draft, Look(text=text), keys) for text in ("會晤", "ủy ban")] == [
        draft.groups[:2],
        [draft.groups[0], draft.groups[2]],
    ]
