"""An explanation as a person reads it: the evidence as a waterfall, the words, the runner-up.

It is made for 80 columns; a wider terminal is used up to `WIDEST`. Without colours nothing is lost: a
gain is drawn full, a loss hatched.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from math import floor

import click

from aligner.cli.table import cells_of, wrap
from aligner.evidence.links import BeadLinks, Link, LinkSource, Unlinked, same_words
from aligner.explain import Choice, Explanation, RunnerUp, waterfall
from aligner.language.line_ends import one_line
from aligner.reasons import number

PLAIN_WIDTH = 80
WIDEST = 100
NARROWEST = 60
SHOWN_LINKS = 16
"""Word links in full; the rest is listed in one go, for it hardly weighs."""
LEAST_WEIGHT = 0.1
"""Log2 odds below which a link is no evidence worth a line."""
LEAST_SHARE = 0.15
"""Share of a link from which a source is named."""

_NAME, _FIGURE, _BAR = 12, 6, 24
_SOURCE_ROOM = 35  # cells a row of words leaves to its weight and two sources

_SOURCES: dict[LinkSource, str] = {
    "reading": "Hán-Việt",
    "lexicon": "lexicon",
    "name": "fixed rendering",
    "sound": "by sound",
    "number": "number",
    "latin": "same letters",
    "glossary": "glossary",
    "own": "this document",
}


def render(explanation: Explanation, name: str, *, terminal: bool) -> str:
    """The explanation as text; on a terminal of its width and in colour.

    Args:
        explanation: of a bead.
        name: of the bitext.
        terminal: whether it goes to one.
    """
    width = PLAIN_WIDTH
    if terminal:
        width = max(NARROWEST, min(WIDEST, shutil.get_terminal_size().columns))
    lines = list(_lines(explanation, name, width))
    return "".join(f"{line if terminal else click.unstyle(line)}".rstrip() + "\n" for line in lines)


def _lines(found: Explanation, name: str, width: int) -> Iterator[str]:
    shape = f"{len(found.choice.src)}–{len(found.choice.tgt)}"
    sure = f"{floor(100 * found.confidence + 1e-9)}%"
    for place, line in enumerate(wrap(f"Bead {found.bead.id} of {name}: {shape}, confidence {sure}", width)):
        yield click.style(line, bold=True) if not place else line
    yield ""
    yield from _texts(found.choice, width)
    for place, note in enumerate(found.notes):
        if not place:
            yield ""
        yield from _hanging("  note: ", note, width)
    yield from _heading("Evidence, in log2 odds: 1 doubles them, 10 is a thousand to one", width)
    yield from _waterfall(found, width)
    if found.choice.src and found.choice.tgt:
        yield from _words(found.links, width)
    if found.runner_up is None:
        yield from _heading("No runner-up" if found.bead.moved else "Nothing else is possible here", width)
    elif found.runner_up.match is not None:
        yield from _best_match(found.runner_up, found.runner_up.match, width)
    else:
        yield from _runner_up(found.runner_up, width)


def _heading(text: str, width: int) -> Iterator[str]:
    yield ""
    yield from (click.style(line, bold=True) for line in wrap(text, width))
    yield ""


def _hanging(mark: str, text: str, width: int) -> Iterator[str]:
    """A text whose first line begins with a mark, the others below it."""
    for place, line in enumerate(wrap(text, width - cells_of(mark))):
        yield (" " * cells_of(mark) if place else mark) + line


def _texts(choice: Choice, width: int) -> Iterator[str]:
    """Its segments in full."""
    for lang, side in (("zh", choice.src), ("vi", choice.tgt)):
        if not side:
            yield f"  {lang}  -"
        for segment in side:
            yield from _hanging(f"  {lang}  ", segment.text, width)


def _waterfall(found: Explanation, width: int) -> Iterator[str]:
    """Every weight where the ones before it left off, and their sum."""
    bars = waterfall(found.choice.evidence)
    low, high = min(min(bar[1:]) for bar in bars), max(max(bar[1:]) for bar in bars)
    scale = _BAR / max(high - low, 1.0)
    said = _remarks(found)
    for name, start, end in bars:
        first, last = sorted((round((start - low) * scale), round((end - low) * scale)))
        if last == first and abs(end - start) >= LEAST_WEIGHT / 2:
            first, last = (first, last + 1) if first < _BAR else (first - 1, last)
        gain = end >= start
        drawn = ("█" if gain else "▒") * (last - first)
        bar = " " * first + click.style(drawn, fg="green" if gain else "red") + " " * (_BAR - last)
        weight = _signed(end - start)
        mark = f"  {name:<{_NAME}}{weight:>{_FIGURE}}  {bar}  "
        room = width - cells_of(click.unstyle(mark))
        lines = wrap(said.get(name, ""), room) if room > 0 else [""]
        yield mark + lines[0]
        yield from (" " * cells_of(click.unstyle(mark)) + line for line in lines[1:])


def _signed(weight: float) -> str:
    return number(weight) if round(weight, 1) <= 0 else f"+{number(weight)}"


def _remarks(found: Explanation) -> Mapping[str, str]:
    """What stands behind each weight, in a few words."""
    zh, vi = found.tokens
    if not (found.choice.src and found.choice.tgt):
        return {"prior": "text without counterpart", "structure": "out of a paragraph"}
    linked = sum(link.weight for link in found.links.links)
    return {
        "prior": f"a {len(found.choice.src)}–{len(found.choice.tgt)} bead of this size",
        "translation": f"{_signed(linked)} word links, {_signed(found.links.weight - linked)} the rest",
        "length": f"{zh} zh, {vi} vi tokens",
        "structure": "paragraphs, kinds of text",
        "quotation": "quotation marks",
    }


def _words(links: BeadLinks, width: int, *, shown: int = SHOWN_LINKS) -> Iterator[str]:
    """The word links by weight, and what is left over."""
    ranked = list(_ranked(links.links))
    if ranked:
        yield from _heading("Words that translate each other, their weight, and how it is known", width)
    full = [row for row in ranked[:shown] if row[1] >= LEAST_WEIGHT] or ranked[:1]
    column = min(max((cells_of(pair) for pair, _, _ in full), default=0), width - _SOURCE_ROOM)
    for pair, weight, sources in full:
        mark = f"  {number(weight):>5}  "
        lines = wrap(pair, column)
        named = sources
        while len(named) > 1 and cells_of(", ".join(named)) > width - len(mark) - column - 3:
            named = named[:-1]
        yield mark + lines[0] + " " * (column - cells_of(lines[0]) + 3) + ", ".join(named)
        yield from (" " * len(mark) + line for line in lines[1:])
    if rest := ranked[len(full) :]:
        yield from _hanging("         ", "and " + " · ".join(pair for pair, _, _ in rest), width)
    if links.src_unlinked or links.tgt_unlinked:
        yield from _heading("Left over, and what it costs", width)
        for lang, side in (("zh", links.src_unlinked), ("vi", links.tgt_unlinked)):
            if side:
                yield from _left_over(lang, side, width)


def _ranked(links: Sequence[Link]) -> Iterator[tuple[str, float, list[str]]]:
    """(pair, weight, sources) of the links, those of the same words as one, the heaviest first."""
    for group in same_words(links):
        first = group[0][1]
        times = f" ×{len(group)}" if len(group) > 1 else ""
        pair = f"{one_line(first.src.text)} ↔ {one_line(first.tgt.text)}{times}"
        yield pair, sum(link.weight for _, link in group), _named(first.sources)


def _named(sources: Mapping[LinkSource, float]) -> list[str]:
    """The sources that have a part worth naming, the largest first."""
    return [_SOURCES[source] for source, share in sources.items() if share >= LEAST_SHARE]


def _left_over(lang: str, side: Sequence[Unlinked], width: int) -> Iterator[str]:
    words = Counter(one_line(rest.span.text) for rest in side)
    listed = " · ".join(f"{word} ×{n}" if n > 1 else word for word, n in words.items())
    yield from _hanging(f"  {number(sum(r.weight for r in side)):>5}  {lang}  ", listed, width)


def _runner_up(found: RunnerUp, width: int) -> Iterator[str]:
    """What would be made of the place without the bead, and what is made with it."""
    yield from _heading("Runner-up: the best alignment of this place without the bead", width)
    for choice in found.instead:
        yield from _brief(choice, width)
    if len(found.chosen) > 1:
        yield from _hanging("  instead of ", _listed(found.chosen), width)
    yield ""
    yield from _hanging("  ", found.reason, width)


def _best_match(found: RunnerUp, match: Choice, width: int) -> Iterator[str]:
    """Of a null bead: the bead it would be in, and why it is not."""
    yield from _heading("The best match for it", width)
    yield from _brief(match, width)
    yield from _hanging("  instead of ", _listed(found.chosen), width)
    yield ""
    yield from _hanging("  ", found.reason, width)
    yield from _words(found.links, width, shown=SHOWN_LINKS // 2)


def _brief(choice: Choice, width: int) -> Iterator[str]:
    """A bead with its weights, every segment cut to a line."""
    weights = ", ".join(f"{name} {number(weight)}" for name, weight in choice.evidence.items())
    yield from _hanging("  ", f"{_named_bead(choice)}: {weights}", width)
    for lang, side in (("zh", choice.src), ("vi", choice.tgt)):
        for segment in side:
            lines = list(_hanging(f"       {lang}  ", segment.text, width))
            yield lines[0] if len(lines) == 1 else _cut(lines[0], width)


def _named_bead(choice: Choice) -> str:
    """Shape and score, and which bead of the bitext it is."""
    name = "" if choice.bead is None else f"bead {choice.bead}, "
    return f"{name}{len(choice.src)}–{len(choice.tgt)} {_signed(choice.score)}"


def _listed(choices: Sequence[Choice]) -> str:
    """Several beads in one go."""
    shapes = [f"{len(c.src)}–{len(c.tgt)} {_signed(c.score)}" for c in choices]
    named = [
        shape if choice.bead is None else f"bead {choice.bead} ({shape})"
        for choice, shape in zip(choices, shapes, strict=True)
    ]
    return ", ".join(named)


def _cut(line: str, width: int) -> str:
    """The line with dots at its end that say that more follows."""
    while cells_of(line) > width - 1:
        line = line[:-1]
    return f"{line.rstrip('，,、 ')}…"
