"""Why a bead is a bead, as the panel shows it: a waterfall, linked words, the runner-up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from aligner import explain
from aligner.evidence.links import BeadLinks, Link, Unlinked, same_words
from aligner.evidence.occurrences import Span
from aligner.explain import Choice, Explanation
from aligner.language.line_ends import one_line
from aligner.language.readings import readings
from aligner.language.script import is_han
from aligner.language.syllables import spelled, syllable_key
from aligner.model import Segment

WIDTH = 100.0
"""Units across which the waterfall is drawn."""
_LEAST_SHARE = 0.15
"""Share of a link from which a source is named."""
_WORTH = 0.1
"""Log2 odds below which a difference is not told."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A step of the waterfall: where it starts and how wide it is, in units of `WIDTH`."""

    name: str
    weight: float
    start: float
    width: float


@dataclass(frozen=True, slots=True)
class Word:
    """A stretch of a text.

    Attributes:
        text: the stretch.
        links: numbers of the links that end in it.
        weight: of those links together, in log2 odds.
        sources: how they are known.
        left_over: nothing on the other side explains it.
        characters: (character, reading) one by one; the reading is empty where there is none.
    """

    text: str
    links: tuple[int, ...]
    weight: float
    sources: tuple[str, ...]
    left_over: bool
    characters: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two words that translate each other, all their places together."""

    src: str
    tgt: str
    weight: float
    sources: tuple[str, ...]
    links: tuple[int, ...]


def waterfall(evidence: Mapping[str, float]) -> list[Bar]:
    """Every weight where the ones before it left off, and their sum."""
    spans = explain.waterfall(evidence)
    low, high = min(min(span[1:]) for span in spans), max(max(span[1:]) for span in spans)
    scale = WIDTH / max(high - low, 1.0)
    return [
        Bar(name, end - start, (min(start, end) - low) * scale, max(abs(end - start) * scale, 0.6))
        for name, start, end in spans
    ]


def words(found: Explanation) -> tuple[list[list[Word]], list[list[Word]]]:
    """The segments of both sides, cut at the words that are linked or left over."""
    links = found.links
    src = _side(found.choice.src, [link.src for link in links.links], links.src_unlinked, links.links)
    tgt = _side(found.choice.tgt, [link.tgt for link in links.links], links.tgt_unlinked, links.links)
    return src, tgt


def _side(
    segments: Sequence[Segment], ends: Sequence[Span], unlinked: Sequence[Unlinked], links: Sequence[Link]
) -> list[list[Word]]:
    linked: defaultdict[int, list[tuple[int, Span]]] = defaultdict(list)
    left: defaultdict[int, list[Span]] = defaultdict(list)
    for number, span in enumerate(ends):
        linked[span.segment].append((number, span))
    for rest in unlinked:
        left[rest.span.segment].append(rest.span)
    return [list(_cut(segment, linked[segment.id], left[segment.id], links)) for segment in segments]


def _cut(
    segment: Segment, linked: Sequence[tuple[int, Span]], left: Sequence[Span], links: Sequence[Link]
) -> Iterator[Word]:
    """A segment's text, cut wherever a word begins or ends."""
    text, at = segment.text, segment.start
    numbers: list[tuple[int, ...]] = [()] * len(text)
    rest = [False] * len(text)
    for number, span in linked:
        for i in range(span.start - at, span.end - at):
            numbers[i] += (number,)
    for span in left:
        rest[span.start - at : span.end - at] = [True] * (span.end - span.start)
    start = 0
    for i in range(1, len(text) + 1):
        if i == len(text) or (numbers[i], rest[i]) != (numbers[start], rest[start]):
            yield _word(text[start:i], [(n, links[n]) for n in numbers[start]], left_over=rest[start])
            start = i


def _word(text: str, linked: Sequence[tuple[int, Link]], *, left_over: bool) -> Word:
    sources = dict.fromkeys(name for _, link in linked for name in named_sources(link))
    heard = {syllable_key(syllable) for _, link in linked for syllable in link.tgt.text.split()}
    return Word(
        text,
        tuple(number for number, _ in linked),
        sum(link.weight for _, link in linked),
        tuple(sources),
        left_over and not linked,
        tuple((char, reading(char, heard)) for char in text),
    )


def named_sources(link: Link) -> list[str]:
    """The sources that have a part worth naming, the largest first."""
    return [source for source, share in link.sources.items() if share >= _LEAST_SHARE]


def reading(char: str, heard: Collection[str] = ()) -> str:
    """The Hán-Việt reading of a character as it is written; empty where there is none.

    Args:
        char: the character.
        heard: syllable keys of what it is linked with; a reading among them is taken, else the first.
    """
    known = readings(char) if is_han(char) else ()
    found = next((key for key in known if key in heard), known[0] if known else "")
    return spelled(found)


def pairs(links: BeadLinks) -> list[Pair]:
    """The word links, those of the same words as one, the heaviest first."""
    return [
        Pair(
            one_line(group[0][1].src.text),
            one_line(group[0][1].tgt.text),
            sum(link.weight for _, link in group),
            tuple(named_sources(group[0][1])),
            tuple(number for number, _ in group),
        )
        for group in same_words(links.links)
    ]


def shape(choice: Choice) -> str:
    """How many segments a group has on either side."""
    return f"{len(choice.src)}–{len(choice.tgt)}"


def differences(found: Mapping[str, float]) -> list[tuple[str, float]]:
    """What makes the difference to the runner-up, the largest first, without what hardly counts."""
    return sorted(
        ((name, weight) for name, weight in found.items() if abs(weight) >= _WORTH),
        key=lambda item: -abs(item[1]),
    )
