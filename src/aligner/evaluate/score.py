"""One evaluation from start to end: ids made to agree, beads counted, intervals drawn, all signed."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

from aligner import __version__
from aligner.errors import InputError
from aligner.evaluate.alignment import Alignment, IdBead, remarks, same_ids
from aligner.evaluate.bootstrap import intervals, units
from aligner.evaluate.calibration import calibrate
from aligner.evaluate.counts import blocks, count_types, ratios, split_nulls, tally, total
from aligner.evaluate.results import Evaluation, Score
from aligner.model import Bitext


def evaluate(
    hyp: Alignment | Bitext | Sequence[Alignment | Bitext],
    gold: Alignment | Bitext | Sequence[Alignment | Bitext],
    *,
    samples: int = 1000,
    seed: int = 0,
) -> Evaluation:
    """Scores a hypothesis against gold; several document pairs are pooled, that is, their counts added.

    Args:
        hyp: one alignment or bitext, or one a document pair.
        gold: the same document pairs in the same order.
        samples: bootstrap samples; 0 leaves the intervals out.
        seed: of the bootstrap: the same seed gives the same intervals.

    Raises:
        InputError: different numbers of documents, or alignments of different documents.

    Nearly linear in the beads, and at most 500 draws a sample.
    """
    pairs, pieces = _agree(_listed(hyp), _listed(gold))
    beads = [(split_nulls(h.beads), split_nulls(g.beads)) for h, g in pairs]
    tallies = [[tally(*block) for block in blocks(*sides)] for sides in beads]
    whole = total(one for document in tallies for one in document)
    drawn_name, drawn = units(tallies)
    strict, lax, null = (
        Score(*figures, intervals=bounds)
        for figures, bounds in zip(ratios(whole), intervals(drawn, samples, seed), strict=True)
    )
    fields = {
        "aligner": __version__,
        "convention": "vecalign+nulls",
        "ids": "pieces" if pieces else "segments",
        "documents": len(pairs),
        "gold": _digest(g.beads for _, g in pairs),
        "hyp": _digest(h.beads for h, _ in pairs),
        "intervals": f"{drawn_name}*{samples},seed={seed}" if samples else "none",
    }
    return Evaluation(
        strict=strict,
        lax=lax,
        null=null,
        types=count_types(beads),
        calibration=calibrate(claim for h, g in pairs for claim in _claims(h, g)),
        documents=len(pairs),
        hyp_beads=whole.hyp,
        gold_beads=whole.gold,
        signature="|".join(f"{name}:{value}" for name, value in fields.items()),
        notes=tuple(note for h, g in pairs for note in remarks(h, g)),
    )


def _listed(value: Alignment | Bitext | Sequence[Alignment | Bitext]) -> list[Alignment]:
    documents = [value] if isinstance(value, Alignment | Bitext) else value
    return [Alignment.of(document) for document in documents]


def _agree(hyp: list[Alignment], gold: list[Alignment]) -> tuple[list[tuple[Alignment, Alignment]], bool]:
    """The pairs with ids that mean the same; whether any had to be cut into pieces for it."""
    if len(hyp) != len(gold):
        raise InputError(f"{len(hyp)} documents cannot be scored against {len(gold)} gold documents")
    agreed = [same_ids(h, g) for h, g in zip(hyp, gold, strict=True)]
    return [(h, g) for h, g, _ in agreed], any(cut for _, _, cut in agreed)


def _claims(hyp: Alignment, gold: Alignment) -> Iterator[tuple[float, bool]]:
    """(confidence, whether strictly right) of every hypothesis bead, null beads one a segment."""
    right = set(split_nulls(gold.beads))
    for bead, confidence in zip(hyp.beads, hyp.confidences, strict=False):
        for one in split_nulls([bead]):
            yield confidence, one in right


def _digest(documents: Iterator[tuple[IdBead, ...]]) -> str:
    """Eight hex digits that tell one set of beads from another."""
    return hashlib.sha256(repr(list(documents)).encode()).hexdigest()[:8]
