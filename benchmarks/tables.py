"""Rows as Markdown tables, and the pages that show them.

A page has a place for a table between two comments, `<!-- benchmark NAME -->` and
`<!-- end benchmark -->`; what stands between them is written anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from benchmarks.scoring import SURE, Row

_PLACE = "<!-- benchmark {name} -->\n(.*?)<!-- end benchmark -->\n"
NONE = "–"


def set_names(rows: Iterable[Row]) -> list[str]:
    """The sets, in order."""
    return list(dict.fromkeys(row.set_name for row in rows))


def accuracy(rows: Sequence[Row]) -> str:
    """Scores, trust and speed by set and half, in percent."""
    heads = ["set", "half", "documents", "strict F1", "lax F1", "null F1", "cut F1", "kept"]
    heads += [f"right at ≥ {SURE}", f"reach {SURE}", "ECE", "segments / CPU s"]
    body = []
    for row in rows:
        scores, trusted = row.evaluation, row.trust
        has_nulls = scores and any("0" in one.type.split("-") and one.gold for one in scores.types)
        body.append(
            [
                row.set_name,
                row.half,
                str(len(row.documents)),
                _interval(row) if scores else NONE,
                _percent(scores.lax.f1) if scores else NONE,
                _percent(scores.null.f1) if scores and has_nulls else NONE,
                _percent(row.cuts.f1) if row.cuts else NONE,
                _percent(row.kept[0] / row.kept[1]) if row.kept else NONE,
                _percent(trusted.right) if trusted else NONE,
                _percent(trusted.reached) if trusted else NONE,
                _percent(trusted.ece) if trusted else NONE,
                f"{row.segments / row.cpu_seconds:.0f}" if row.cpu_seconds else NONE,
            ]
        )
    return _table(heads, body, left=2)


def bead_types(rows: Sequence[Row]) -> str:
    """How many gold beads of each type were found exactly, both halves together."""
    whole = [row for row in rows if row.evaluation and row.half in {"all", "-"}]
    whole += [row for row in rows if row.evaluation and row.set_name not in {one.set_name for one in whole}]
    totals: dict[str, int] = {}
    for row in whole:
        for one in row.evaluation.types if row.evaluation else ():
            totals[one.type] = totals.get(one.type, 0) + one.gold
    shown = [name for name in sorted(totals, key=lambda name: -totals[name]) if totals[name]]
    body = []
    for row in whole:
        found = {one.type: one for one in row.evaluation.types} if row.evaluation else {}
        cells = [
            f"{found[name].right}/{found[name].gold}" if name in found and found[name].gold else ""
            for name in shown
        ]
        body.append([row.set_name, *cells])
    return _table(["set", *shown], body, left=1)


def side_by_side(rows: Sequence[Row]) -> str:
    """Systems on the same documents: strict / lax / null F1 in percent, and segments a CPU second."""
    rows = [row for row in rows if row.evaluation]
    names = list(dict.fromkeys(row.system for row in rows))
    groups: dict[tuple[str, str, tuple[str, ...]], dict[str, Row]] = {}
    for row in rows:
        groups.setdefault((row.set_name, row.half, row.documents), {})[row.system] = row
    body = [
        [set_name, half, str(len(documents)), *(_triple(by_name.get(name)) for name in names)]
        for (set_name, half, documents), by_name in groups.items()
        if len(by_name) > 1
    ]
    return _table(["set", "half", "documents", *names], body, left=2)


def alone_and_together(alone: Sequence[Row], together: Sequence[Row]) -> str:
    """Sets of several documents, each aligned alone and with what all say together, in percent."""
    by_place = {(row.set_name, row.half): row for row in alone}
    several = {row.set_name for row in together if row.half == "all"}
    body = []
    for row in together:
        pair = by_place[row.set_name, row.half], row
        if row.set_name not in several:
            continue
        cells = [row.set_name, row.half, str(len(row.documents))]
        cells += [_percent(one.evaluation.strict.f1) for one in pair if one.evaluation]
        cells += [_percent(one.trust.right) if one.trust else NONE for one in pair]
        cells += [_percent(one.trust.reached) if one.trust else NONE for one in pair]
        body.append(cells)
    heads = [
        "set",
        "half",
        "documents",
        "strict F1 alone",
        "together",
        f"right at ≥ {SURE} alone",
        "together",
    ]
    return _table([*heads, f"reach {SURE} alone", "together"], body, left=2)


def footnotes(results: dict[str, Any]) -> list[str]:
    """What the figures hang on: signatures, data, machine, and what was not measured."""
    facts = results["machine"]
    lines = [f"- {name}: `{signature}`" for name, signature in results["systems"].items()]
    lines += [f"- {name} was not measured: {reason}" for name, reason in results["absent"].items()]
    lines.append("- data: " + ", ".join(f"{name} `{value}`" for name, value in results["data"].items()))
    lines.append(
        f"- machine: {facts['processor']}, {facts['cores']} cores, {facts['system']}, "
        f"Python {facts['python']}, numpy {facts['numpy']}"
    )
    return lines


def write_page(
    page: Path,
    results: dict[str, Any],
    rows: Sequence[Row],
    peers: Sequence[Row] | None,
    together: Sequence[Row] = (),
) -> list[str]:
    """Put the tables into their places in a page; a page without places, or no page, is left alone.

    Returns:
        Names of the places that were filled.
    """
    if not page.exists():
        return []
    text = page.read_text("utf-8")
    ours = {**results, "systems": {"aligner": results["systems"]["aligner"]}, "absent": {}}
    own_notes = "\n".join(footnotes(ours))
    parts = {
        "accuracy": f"{accuracy(rows)}\n\n{own_notes}",
        "types": bead_types(rows),
        "summary": summary(rows),
    }
    if together:
        parts["together"] = alone_and_together(rows, together)
    if peers is not None:
        notes = "\n".join(footnotes(results))
        parts["peers"] = f"{side_by_side(peers)}\n\n{notes}"
    filled = []
    for name, part in parts.items():
        place = re.search(_PLACE.format(name=name), text, re.DOTALL)
        if place:
            text = text[: place.start(1)] + f"\n{part}\n\n" + text[place.end(1) :]
            filled.append(name)
    page.write_text(text, "utf-8")
    return filled


TITLES = {
    "ntrex/mn": "news, neighbours merged (NTREX `mn`)",
    "ntrex/noisy": "news, merged, deleted and inserted (`noisy`)",
    "ntrex/mono": "news, not segmented beforehand (`mono`)",
    "threekingdoms/real": "a novel's chapters as translated",
    "threekingdoms/noisy": "the same with deletions and insertions",
    "tech/manuals": "manuals",
    "article": "the article above",
}
"""What the summary shows, by name of set."""


def summary(rows: Sequence[Row]) -> str:
    """The few figures a newcomer needs: strict F1 of each half, and trust over both."""
    body = []
    for name, title in TITLES.items():
        halves = {row.half: row for row in rows if row.set_name == name and row.evaluation}
        whole = halves.get("all") or halves.get("-")
        if whole is None:
            continue
        scores = [_percent(r.evaluation.strict.f1) if r and r.evaluation else NONE for r in (
            halves.get("tune"), halves.get("report") or halves.get("-"))]  # fmt: skip
        trusted = (
            [_percent(x) for x in (whole.trust.right, whole.trust.reached)] if whole.trust else [NONE, NONE]
        )
        body.append([title, str(len(whole.documents)), *scores, *trusted])
    heads = ["", "documents", "tuning half", "report half", f"right at ≥ {SURE}", f"reach {SURE}"]
    return _table(heads, body, left=1)


def _percent(share: float) -> str:
    return f"{100 * share:.1f}"


def _interval(row: Row) -> str:
    """Strict F1 with its 95% interval."""
    assert row.evaluation  # noqa: S101 - asked by the caller
    score = row.evaluation.strict
    if not score.intervals:
        return _percent(score.f1)
    low, high = score.intervals[2]
    return f"{_percent(score.f1)} [{_percent(low)}, {_percent(high)}]"


def _triple(row: Row | None) -> str:
    if row is None or not row.evaluation:
        return NONE
    scores = row.evaluation
    nulls = any("0" in one.type.split("-") and one.gold for one in scores.types)
    figures = [_percent(scores.strict.f1), _percent(scores.lax.f1)]
    figures.append(_percent(scores.null.f1) if nulls else NONE)
    speed = f"{float(f'{row.segments / row.cpu_seconds:.2g}'):,g}/s" if row.cpu_seconds else ""
    return f"{' / '.join(figures)} {speed}".rstrip()


def _table(heads: Sequence[str], body: Sequence[Sequence[str]], *, left: int) -> str:
    """A Markdown table, padded so that it reads in a terminal; the first columns are set left."""
    columns = list(zip(heads, *body, strict=True)) if body else [(head,) for head in heads]
    widths = [max(map(len, column)) for column in columns]

    def line(cells: Sequence[str]) -> str:
        padded = [
            cell.ljust(width) if number < left else cell.rjust(width)
            for number, (cell, width) in enumerate(zip(cells, widths, strict=True))
        ]
        return f"| {' | '.join(padded)} |"

    rule = ["-" * width if number < left else "-" * (width - 1) + ":" for number, width in enumerate(widths)]
    return "\n".join([line(heads), line(rule), *map(line, body)])
