"""Where sentences end: Chinese and Vietnamese text into sentence spans.

The rules are data (`data/segmentation.toml`) in the model of SRX 2.0, the exchange format of
segmentation rules: a position is judged by the first rule whose `before` pattern matches the text
that ends there and whose `after` pattern matches the text that begins there. `formats.srx` writes
the same rules out, so a translation tool can cut a source text as the memory was cut.

To be fast, only positions behind an end mark and the closing marks that follow it, and behind a line
end, are judged: no rule breaks anywhere else. Everything a rule looks back on is bounded, so the cost
is linear in the length of the text, whatever it holds.

What the rules cannot see: whether a capital letter after an initial begins a surname or a sentence
("ông N. Sau đó"), and whether a straight quote opens or closes where no space tells it.
"""

from __future__ import annotations

import functools
import itertools
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import regex

from aligner.language.blanks import Span, trim

Base = Literal["zh", "vi"]

_DATA = Path(__file__).parent.parent / "data" / "segmentation.toml"

# Positions worth judging: behind a run of end marks, and behind each closing or footnote mark after it.
_CANDIDATE = regex.compile(
    r"""(?P<end>[.?!…。！？｡．]+)(?:["'”’»」』）】》〉〕)\]}*_`＂⁰¹²³⁴-⁹]|\[\p{N}{1,3}\])*(?:\s["”»](?=\s))?|[\r\n]""",
    regex.V0,
)
_NAME = regex.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Rule:
    """One segmentation rule, in the model of SRX.

    Attributes:
        name: what it is about.
        is_break: whether a position it matches ends a sentence, or is kept from ending one.
        before: pattern of what ends at the position.
        after: pattern of what begins there; empty matches everything.
        shows: an example, `|` at the breaks.
    """

    name: str
    is_break: bool
    before: str
    after: str
    shows: str


@functools.cache
def rules(lang: Base) -> tuple[Rule, ...]:
    """The rules of a language, in the order in which they are tried, with all names filled in.

    Reads the data file on first use, some 10 ms; kept afterwards.
    """
    table = _table()
    words = {name: _alternatives(tuple(values), table["classes"]) for name, values in table["lists"].items()}
    names = _filled(table["classes"]) | words
    return tuple(
        Rule(r["name"], r["break"], _fill(r["before"], names), _fill(r["after"], names), r["shows"])
        for r in table[lang]
    )


def split_sentences(text: str, lang: Base) -> tuple[Span, ...]:
    """Spans of the sentences of a paragraph: `text[start:end]`, without white space at the ends.

    Between two spans lies white space only, or nothing; no span is blank; splitting a sentence again
    gives the sentence. A line end inside the text is white space like any other, a blank line ends a
    sentence.

    Args:
        text: a paragraph, in any normal form; offsets are Python's.
        lang: whose rules.

    Returns:
        The spans in order; none where the text is blank.

    Linear; some millions of characters a second.
    """
    cuts = itertools.chain(_breaks(text, lang), (len(text),))
    spans = []
    start = 0
    for cut in cuts:
        span = trim(text, start, cut)
        if span is not None:
            spans.append(span)
        start = cut
    return tuple(spans)


def _breaks(text: str, lang: Base) -> Iterator[int]:
    """The positions where a sentence ends, in order."""
    decide = _decider(lang)
    for candidate in _CANDIDATE.finditer(text):
        first = candidate.end("end")
        for position in range(first if first >= 0 else candidate.end(), candidate.end() + 1):
            verdict = decide(text, position)
            if verdict and verdict.lastindex:
                yield position


@functools.cache
def _decider(lang: Base) -> Any:
    """All rules as one pattern, tried in order; a rule that breaks leaves an empty group behind it."""
    tries = (f"{_test(r)}{'()' if r.is_break else ''}" for r in rules(lang))
    return regex.compile("|".join(tries), regex.V0).match


def _test(rule: Rule) -> str:
    """The rule as a pattern that consumes nothing; what fails sooner stands first."""
    behind = f"(?<={rule.before})"
    ahead = f"(?={rule.after})" if rule.after else ""
    starts_with_literal = rule.after[:1].isalnum() or rule.after.startswith('"')
    return ahead + behind if starts_with_literal else behind + ahead


@functools.cache
def _table() -> dict[str, Any]:
    import tomllib

    return tomllib.loads(_DATA.read_text(encoding="utf-8"))


def _fill(pattern: str, names: dict[str, str]) -> str:
    """The pattern with every {name} replaced; a name nobody defined is an error of the data file."""
    return str(_NAME.sub(lambda m: names[m[1]], pattern))


def _filled(classes: dict[str, str]) -> dict[str, str]:
    """Classes may use the classes above them."""
    names: dict[str, str] = {}
    for name, pattern in classes.items():
        names[name] = _fill(pattern, names)
    return names


def _alternatives(words: tuple[str, ...], classes: dict[str, str]) -> str:
    """A pattern for any of the words, composed or decomposed, the longest first."""
    forms = {unicodedata.normalize(form, word) for word in words for form in ("NFC", "NFD")}
    ordered = sorted(forms, key=lambda word: (-len(word), word))
    return f"(?:{'|'.join(w.replace('.', '[.]').replace(' ', classes['space']) for w in ordered)})"
