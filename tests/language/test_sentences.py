"""Sentence ends: the case file, the examples of the rules, and what must hold for any text."""

import itertools
import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
import regex
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aligner.language.blanks import trim
from aligner.language.sentences import Base, Rule, rules, split_sentences

CASES = json.loads((Path(__file__).parents[1] / "cases" / "segmentation.json").read_text(encoding="utf-8"))
LANGS: tuple[Base, ...] = ("zh", "vi")
ALL_RULES = [(lang, rule) for lang in LANGS for rule in rules(lang)]

# Bits that the rules look at, so that random text is dense in hard places.
BITS = [
    *"。！？.?!：；《》“”‘’「」（）()\"'²`-–—•的等曰甲二AB5🎉\u3000\u200b\ufeff\u2028",
    *("……", "...", "，", "**", "[1]", "2025", "1.", "a)", "他说。", "问。", "中文", "e\u0301", "v.v."),
    *("Hà", "đẹp", "Đông", "Ông", "GS", "TP", "Q", "tr.", "vitamin C", "Điều 5.", "Yahoo", "Com"),
]
hard_text = st.lists(st.sampled_from([*BITS, " ", "  ", "\n", "\r\n", "\r", "\n\n"]), max_size=40).map(
    "".join
)
any_text = st.one_of(hard_text, st.text(max_size=80))


def sentences(text: str, lang: Base) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, lang)]


def cases(group: str) -> list[Any]:
    return [pytest.param(case, id=f"{case['lang']}: {case['about']}") for case in CASES[group]]


def check(case: dict[str, str]) -> None:
    expected = [part.strip() for part in case["text"].split("|")]
    assert sentences(case["text"].replace("|", ""), "vi" if case["lang"] == "vi" else "zh") == expected


@pytest.mark.parametrize("case", cases("vietnamese"))
def test_vietnamese(case: dict[str, str]) -> None:
    check(case)
    decomposed = {**case, "text": unicodedata.normalize("NFD", case["text"])}
    check(decomposed)


@pytest.mark.parametrize("case", cases("chinese, simplified") + cases("chinese, traditional"))
def test_chinese(case: dict[str, str]) -> None:
    check(case)


@pytest.mark.parametrize("case", cases("seeds"))
def test_traps_of_the_seeds(case: dict[str, str]) -> None:
    check(case)


@pytest.mark.xfail(strict=True, reason="not visible to rules of this kind; see the module's docstring")
@pytest.mark.parametrize("case", cases("known failures"))
def test_known_failures(case: dict[str, str]) -> None:
    check(case)


@pytest.mark.parametrize(("lang", "rule"), ALL_RULES, ids=lambda value: getattr(value, "name", value))
def test_a_rule_does_what_it_shows(lang: Base, rule: Rule) -> None:
    check({"lang": lang, "text": rule.shows})


@pytest.mark.parametrize(("lang", "rule"), ALL_RULES, ids=lambda value: getattr(value, "name", value))
def test_a_rule_is_needed_for_what_it_shows(lang: Base, rule: Rule) -> None:
    others = [r for r in rules(lang) if r is not rule]
    text = rule.shows.replace("|", "")
    assert slow_split(text, others) != slow_split(text, rules(lang))


def slow_split(text: str, ordered: "list[Rule] | tuple[Rule, ...]") -> list[str]:
    """The model of SRX word for word: every position, rule by rule, the first that matches decides."""
    cuts = [0]
    for position in range(1, len(text)):
        for rule in ordered:
            if regex.search(f"(?:{rule.before})$(?![\r\n])", text[:position]) and regex.match(
                rule.after, text[position:]
            ):
                if rule.is_break:
                    cuts.append(position)
                break
    cuts.append(len(text))
    spans = [trim(text, start, end) for start, end in itertools.pairwise(cuts)]
    return [text[span[0] : span[1]] for span in spans if span]


@settings(deadline=None, max_examples=150)
@given(hard_text, st.sampled_from(LANGS))
def test_same_as_trying_every_rule_at_every_position(text: str, lang: Base) -> None:
    assert sentences(text, lang) == slow_split(text, rules(lang))


@settings(deadline=None, max_examples=300)
@given(any_text, st.sampled_from(LANGS))
def test_spans_cover_all_but_white_space(text: str, lang: Base) -> None:
    position = 0
    for start, end in split_sentences(text, lang):
        assert start < end
        assert trim(text, position, start) is None
        assert trim(text, start, end) == (start, end)
        position = end
    assert trim(text, position, len(text)) is None


@settings(deadline=None, max_examples=500)
@given(any_text, st.sampled_from(LANGS))
@example("v.v. ` ", "vi")
def test_a_sentence_is_one_sentence(text: str, lang: Base) -> None:
    for sentence in sentences(text, lang):
        assert sentences(sentence, lang) == [sentence]


def test_a_sentence_of_the_cases_is_one_sentence() -> None:
    for case in itertools.chain.from_iterable(group for group in CASES.values() if isinstance(group, list)):
        lang: Base = "vi" if case["lang"] == "vi" else "zh"
        for sentence in sentences(case["text"].replace("|", ""), lang):
            assert sentences(sentence, lang) == [sentence]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("blank", ["", " ", "\n\n", "\u3000", "\u200b\ufeff \u2060"])
def test_blank_text_has_no_sentence(blank: str, lang: Base) -> None:
    assert split_sentences(blank, lang) == ()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(
    "unit",
    [
        ".",
        "。",
        "...。",
        'a."',
        '。"',
        "(",
        "《！",
        "1. ",
        ". " * 3 + "a",
        "\n",
        "\r",
        "“。”",
        "GS. ",
        "。 \u3000",
        "[1]",
        ".[1]",
    ],
)
def test_one_long_line_stays_linear(unit: str, lang: Base) -> None:
    # Quadratic work on this many characters would take minutes, so the suite itself would tell.
    text = unit * (20_000 // len(unit))
    kept = "".join(sentences(text, lang))
    assert "".join(kept.split()) == "".join(text.split())
