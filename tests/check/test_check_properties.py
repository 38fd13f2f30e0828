"""What holds of findings whatever the text, and the fast rule against a slow one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.check import RULES, check
from aligner.check.near_misses import bare
from aligner.check.near_misses import find as near_misses
from aligner.language.syllables import is_syllable, syllable_key

# Pieces that the rules look for, so that random texts are not merely noise.
PIECES = [
    "của", "các", "các", "Vũ", "Võ", "Đại", "Quang", "ủy", "uỷ", "lí", "lý", "(", ")", ",", ".", "…", ":",
    "29", "năm 2025", "ngày 19/2", "会议", "第十六次", "2月20日", "ti\u0309nh", "đãgặp", "the", "of", "\t",
    "\n", "\u200b", "😀", "x",
]  # fmt: skip
texts = st.lists(st.sampled_from(PIECES), max_size=14).flatmap(
    lambda parts: st.lists(st.sampled_from(["", " "]), min_size=len(parts), max_size=len(parts)).map(
        lambda gaps: "".join(part + gap for part, gap in zip(parts, gaps, strict=True))
    )
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(texts, texts), max_size=4), texts)
def test_a_finding_is_a_piece_of_its_document(making: Any, beads: list[tuple[str, str]], text: str) -> None:
    beads = [bead for bead in beads if any(side.strip() for side in bead)]
    collection = making.collection({"beads": beads, "texts": [text]})
    sides = {
        "zh.txt": "\n".join(zh for zh, _ in beads),
        "vi.txt": "\n".join(vi for _, vi in beads),
        "text.txt": text,
    }
    findings = check(collection)
    for one in findings:
        assert sides[one.document][one.start : one.end] == one.text
        assert one.start < one.end
        assert "\n" not in one.message
        assert RULES[one.rule].severity == one.severity
    assert check(collection) == findings


WORDS = ["tỉnh", "tinh", "tính", "ủy", "thư", "thứ", "bí", "an"]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.lists(st.sampled_from(WORDS), min_size=2, max_size=6), min_size=1, max_size=3),
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 5), st.sampled_from(WORDS)), max_size=3),
    st.integers(2, 5),
)
def test_near_misses_are_what_their_definition_says(
    making: Any, phrases: list[list[str]], slips: list[tuple[int, int, str]], times: int
) -> None:
    rows = [*phrases * times]
    for number, at, word in slips:
        phrase = phrases[number % len(phrases)]
        rows.append([word if i == at else other for i, other in enumerate(phrase)])
    collection = making.collection({"beads": [("", " ".join(row)) for row in rows]})
    marked = {(mark.passage.bead, mark.start) for mark in near_misses(collection)}
    expected = {}
    for bead, at in slow_near_misses(rows):
        starts = [sum(len(word) + 1 for word in rows[bead][:i]) for i in range(len(rows[bead]))]
        expected[bead, at] = {starts[at], starts[max(at - 1, 0)]}
    assert len(marked) <= len(expected)
    assert all(any((bead, start) in marked for start in starts) for (bead, _), starts in expected.items())
    allowed = {(bead, start) for (bead, _), starts in expected.items() for start in starts}
    assert marked <= allowed


def slow_near_misses(rows: list[list[str]]) -> Iterator[tuple[int, int]]:
    """Row and place of every near miss, each condition counted over the whole text anew."""
    texts = [[syllable_key(word) for word in row] for row in rows]

    def count(*keys: str) -> int:
        size = len(keys)
        return sum(row[i : i + size] == list(keys) for row in texts for i in range(len(row) - size + 1))

    known = {key for row in texts for key in row if is_syllable(key)}
    for number, row in enumerate(texts):
        for at, key in enumerate(row):
            if any(_is_called_for(row, at, key, rival, count, known) for rival in known):
                yield number, at


def _is_called_for(row: list[str], at: int, key: str, rival: str, count: Any, known: set[str]) -> bool:
    if rival == key or bare(rival) != bare(key):
        return False
    before, after = row[max(0, at - 1) : at], row[at + 1 : at + 2]
    seen = [count(*before, key)] * bool(before) + [count(key, *after)] * bool(after)
    right = [count(*before, rival)] * bool(before) + [count(rival, *after)] * bool(after)
    if not seen or max(seen) > 3 or not all(right):
        return False
    if not any(n >= 3 * m for n, m in zip(right, seen, strict=True)):
        return False
    for start in range(max(0, at - 2), min(at, len(row) - 3) + 1):
        window = row[start : start + 3]
        place = at - start
        fillers = {word: count(*window[:place], word, *window[place + 1 :]) for word in known}
        others = sum(fillers.values()) - fillers[key]
        if fillers[rival] >= max(2, 2 * fillers[key]) and fillers[rival] >= 0.8 * others:
            return True
    return False
