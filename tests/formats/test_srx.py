"""SRX: read back and applied by an interpreter of its own, the rules give the same sentences."""

import io
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
import regex
from lxml import etree

from aligner.formats.srx import srx_text, write
from aligner.language.sentences import Base, rules, split_sentences

NAMESPACE = {"s": "http://www.lisa.org/srx20"}
CASES = json.loads((Path(__file__).parents[1] / "cases" / "segmentation.json").read_text(encoding="utf-8"))
TEXTS: list[tuple[Base, str]] = [
    ("vi" if case["lang"] == "vi" else "zh", case["text"].replace("|", ""))
    for case in itertools.chain.from_iterable(group for group in CASES.values() if isinstance(group, list))
]


def rules_for(document: etree._Element, lang: str) -> list[tuple[bool, str, str]]:
    """As SRX 2.0 says without cascading: the first language map that matches names the rules."""
    for entry in document.iterfind(".//s:languagemap", NAMESPACE):
        if regex.fullmatch(entry.get("languagepattern", ""), lang):
            name = entry.get("languagerulename")
            found = document.iterfind(f".//s:languagerule[@languagerulename='{name}']/s:rule", NAMESPACE)
            return [
                (
                    rule.get("break") == "yes",
                    rule.findtext("s:beforebreak", "", NAMESPACE),
                    rule.findtext("s:afterbreak", "", NAMESPACE),
                )
                for rule in found
            ]
    return []


def apply(text: str, ordered: list[tuple[bool, str, str]]) -> list[str]:
    """Every position, every rule in order; the first whose both patterns match there decides."""
    cuts = [0]
    for position in range(1, len(text)):
        for is_break, before, after in ordered:
            behind = regex.search(f"(?:{before})\\Z", text[:position])
            if behind and regex.match(after, text[position:]):
                if is_break:
                    cuts.append(position)
                break
    pieces = (text[start:end].strip() for start, end in itertools.pairwise([*cuts, len(text)]))
    return [piece for piece in pieces if piece]


@pytest.fixture(scope="module")
def document() -> etree._Element:
    return etree.fromstring(srx_text().encode("utf-8"))


@pytest.mark.parametrize(("lang", "text"), TEXTS)
def test_same_sentences_as_the_splitter(document: etree._Element, lang: Base, text: str) -> None:
    expected = [text[start:end] for start, end in split_sentences(text, lang)]
    assert apply(text, rules_for(document, lang)) == expected


@pytest.mark.parametrize("code", ["zh", "zh-CN", "zh-Hant", "ZH-TW", "vi", "vi-VN", "VI"])
def test_language_codes_of_the_tools_find_their_rules(document: etree._Element, code: str) -> None:
    base: Base = "vi" if code.lower().startswith("vi") else "zh"
    assert rules_for(document, code) == [(r.is_break, r.before, r.after) for r in rules(base)]


def test_shape_of_srx_2_0(document: etree._Element) -> None:
    assert document.tag == "{http://www.lisa.org/srx20}srx"
    assert document.get("version") == "2.0"
    header, body = document
    assert header.get("cascade") == "no"
    assert header.get("segmentsubflows") == "yes"
    assert [(h.get("type"), h.get("include")) for h in header] == [
        ("start", "no"),
        ("end", "yes"),
        ("isolated", "no"),
    ]
    assert [etree.QName(part).localname for part in body] == ["languagerules", "maprules"]


def test_the_file_is_the_text_in_utf_8() -> None:
    file = io.BytesIO()
    write(file)
    assert file.getvalue().decode("utf-8") == srx_text()


@pytest.mark.parametrize("lang", ["zh", "vi"])
def test_icu_reads_the_patterns_alike(document: etree._Element, lang: str) -> None:
    """Okapi, memoQ and others use ICU's regular expressions."""
    icu = pytest.importorskip("icu", reason="PyICU is not installed")
    # A look behind is checked at every position, as ICU would do with the two patterns joined.
    compiled = [
        (is_break, icu.RegexPattern.compile(f"(?:{before})$"), icu.RegexPattern.compile(f"(?:{after})"))
        for is_break, before, after in rules_for(document, lang)
    ]

    def matches(behind: Any, ahead: Any, text: str, position: int) -> bool:
        before, after = icu.UnicodeString(text[:position]), icu.UnicodeString(text[position:])
        return bool(behind.matcher(before).find()) and bool(ahead.matcher(after).lookingAt())

    for base, text in TEXTS:
        if base == lang and "\r" not in text:
            cuts = [0]
            for position in range(1, len(text)):
                verdicts = (b for b, behind, ahead in compiled if matches(behind, ahead, text, position))
                if next(verdicts, False):
                    cuts.append(position)
            pieces = [text[start:end].strip() for start, end in itertools.pairwise([*cuts, len(text)])]
            expected = [text[start:end] for start, end in split_sentences(text, base)]
            assert [piece for piece in pieces if piece] == expected
