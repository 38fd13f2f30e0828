"""Counting: which beads are right, strictly and laxly, in sums that add up over parts of a document."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import NamedTuple

from aligner.evaluate.alignment import IdBead
from aligner.evaluate.results import TypeScore


class Tally(NamedTuple):
    """What every score is made of; the tally of a whole is the sum of its parts' tallies.

    Attributes:
        strict: hypothesis beads that are strictly right.
        lax: hypothesis beads that are laxly right.
        hyp: hypothesis beads.
        found_strict: gold beads, not null, found strictly.
        found_lax: the same laxly.
        gold: gold beads that are not null.
        null_both: null beads in both.
        null_hyp: null beads of the hypothesis.
        null_gold: null beads of the gold.
    """

    strict: int = 0
    lax: int = 0
    hyp: int = 0
    found_strict: int = 0
    found_lax: int = 0
    gold: int = 0
    null_both: int = 0
    null_hyp: int = 0
    null_gold: int = 0


def split_nulls(beads: Iterable[IdBead]) -> list[IdBead]:
    """The beads, with every null bead of several segments cut into one a segment."""
    result: list[IdBead] = []
    for src, tgt in beads:
        if src and tgt:
            result.append((src, tgt))
        else:
            result += [((i,), ()) for i in src]
            result += [((), (j,)) for j in tgt]
    return result


def tally(hyp: Sequence[IdBead], gold: Sequence[IdBead]) -> Tally:
    """Counts of a part of a document, null beads already cut into one a segment."""
    hyp_full, gold_full = ([bead for bead in beads if all(bead)] for beads in (hyp, gold))
    hyp_null, gold_null = ({bead for bead in beads if not all(bead)} for beads in (hyp, gold))
    return Tally(
        *_judge(hyp, gold),
        len(hyp),
        *_judge(gold_full, hyp_full),
        len(gold_full),
        len(hyp_null & gold_null),
        len(hyp_null),
        len(gold_null),
    )


def _judge(test: Sequence[IdBead], reference: Sequence[IdBead]) -> tuple[int, int]:
    """How many of the test beads are strictly and laxly right by the reference."""
    exact = set(reference)
    links: defaultdict[int, set[int]] = defaultdict(set)
    for src, tgt in reference:
        for i in src:
            links[i].update(tgt)
    strict = sum(bead in exact for bead in test)
    lax = sum(
        (src, tgt) in exact or any(not links[i].isdisjoint(tgt) for i in src if i in links)
        for src, tgt in test
    )
    return strict, lax


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum."""
    return Tally(*(sum(column) for column in zip(Tally(), *tallies, strict=True)))


def blocks(hyp: Sequence[IdBead], gold: Sequence[IdBead]) -> list[tuple[list[IdBead], list[IdBead]]]:
    """Both cut into the smallest groups of beads that share no segment, in order of the hypothesis.

    Counting a block needs nothing outside it, so the tallies of the blocks add up to the tally of the
    document. Union–find over the segments: nearly linear, and right for crossing or partial beads too.
    """
    parent: dict[tuple[int, int], tuple[int, int]] = {}

    def root(node: tuple[int, int]) -> tuple[int, int]:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    def nodes(bead: IdBead) -> list[tuple[int, int]]:
        return [(side, i) for side in (0, 1) for i in bead[side]]

    for bead in chain(hyp, gold):
        first, *rest = nodes(bead)
        for node in rest:
            parent[root(node)] = root(first)
    result: dict[tuple[int, int], tuple[list[IdBead], list[IdBead]]] = {}
    for side, beads in enumerate((hyp, gold)):
        for bead in beads:
            result.setdefault(root(nodes(bead)[0]), ([], []))[side].append(bead)
    return list(result.values())


Ratios = tuple[float, float, float]


def ratios(t: Tally) -> tuple[Ratios, Ratios, Ratios]:
    """(precision, recall, F1) strict, lax and of the nulls; 0 where there is nothing to divide by."""
    return (
        _ratios(t.strict, t.hyp, t.found_strict, t.gold),
        _ratios(t.lax, t.hyp, t.found_lax, t.gold),
        _ratios(t.null_both, t.null_hyp, t.null_both, t.null_gold),
    )


def _ratios(right: int, hyp: int, found: int, gold: int) -> Ratios:
    precision = right / hyp if hyp else 0.0
    recall = found / gold if gold else 0.0
    both = precision + recall
    return precision, recall, 2 * precision * recall / both if both else 0.0


def count_types(pairs: Iterable[tuple[Sequence[IdBead], Sequence[IdBead]]]) -> tuple[TypeScore, ...]:
    """How many beads of each type there are on either side, and how many of the gold ones were found."""
    hyps: Counter[str] = Counter()
    golds: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for hyp, gold in pairs:
        found = set(hyp)
        hyps.update(map(_type, hyp))
        golds.update(map(_type, gold))
        right.update(_type(bead) for bead in gold if bead in found)
    rows = [TypeScore(name, golds[name], hyps[name], right[name]) for name in golds | hyps]
    return tuple(sorted(rows, key=lambda row: (-row.gold, -row.hyp, row.type)))


def _type(bead: IdBead) -> str:
    return f"{len(bead[0])}-{len(bead[1])}"
