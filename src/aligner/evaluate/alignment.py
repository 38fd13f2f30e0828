"""What scoring needs of an alignment: its beads as ids, and when two alignments' ids mean the same.

Ids mean the same only where both were cut into the same segments. Two bitexts of the same documents
that were cut differently (another version of the segmentation rules, say) are compared all the same:
both are first cut into their smallest common pieces, by character offsets, and the pieces get the ids.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeAlias

from aligner.errors import InputError
from aligner.model import Bead, Bitext, Segment

IdBead: TypeAlias = tuple[tuple[int, ...], tuple[int, ...]]


@dataclass(frozen=True, slots=True)
class Alignment:
    """The beads of one document pair as ids.

    Attributes:
        beads: (zh ids, vi ids), ids ascending; one side may be empty.
        confidences: one a bead, or empty where nothing is known of them.
        name: of the document pair.
        src: the zh segments by id; None where only the ids are known (a beads file).
        tgt: the same for vi.
        digests: sha256 of both documents; empty where not known.
    """

    beads: tuple[IdBead, ...]
    confidences: tuple[float, ...] = ()
    name: str = ""
    src: Mapping[int, Segment] | None = None
    tgt: Mapping[int, Segment] | None = None
    digests: tuple[str, str] = ("", "")

    @staticmethod
    def of(value: Alignment | Bitext | Iterable[Bead | IdBead], name: str = "") -> Alignment:
        """From a bitext, from beads, or from id beads; an alignment stays as it is."""
        if isinstance(value, Alignment):
            return value
        if not isinstance(value, Bitext):
            return Alignment(tuple(_ids(bead) for bead in value), name=name)
        return Alignment(
            tuple(_ids(bead) for bead in value.beads),
            tuple(bead.confidence for bead in value.beads),
            name or value.src.path,
            {segment.id: segment for bead in value.beads for segment in bead.src},
            {segment.id: segment for bead in value.beads for segment in bead.tgt},
            (value.src.sha256, value.tgt.sha256),
        )


def _ids(bead: Bead | IdBead) -> IdBead:
    src, tgt = ([s.id for s in bead.src], [s.id for s in bead.tgt]) if isinstance(bead, Bead) else bead
    return tuple(sorted(src)), tuple(sorted(tgt))


def same_ids(hyp: Alignment, gold: Alignment) -> tuple[Alignment, Alignment, bool]:
    """Both with ids that mean the same, and whether they had to be cut into common pieces for it.

    A piece with neither a letter nor a digit is left out: it is what lies between two segments, or a
    mark that only one of the two takes into a segment.

    Raises:
        InputError: their segments differ and they are not known to be of the same documents.
    """
    sides = [(hyp.src, gold.src), (hyp.tgt, gold.tgt)]
    if all(_agree(one, other) for one, other in sides):
        return hyp, gold, False
    if hyp.digests != gold.digests:
        raise InputError(
            f"{hyp.name or 'HYP'} and {gold.name or 'GOLD'} are not of the same documents",
            "score an alignment of the very files the gold was made from",
        )
    pieces = [_pieces(one or {}, other or {}) for one, other in sides]
    return _recut(hyp, [p[0] for p in pieces]), _recut(gold, [p[1] for p in pieces]), True


def _agree(one: Mapping[int, Segment] | None, other: Mapping[int, Segment] | None) -> bool:
    """Whether every id that both have names the same characters; so where one of them has only ids."""
    if one is None or other is None:
        return True
    common = one.keys() & other.keys()
    return all((one[i].start, one[i].end) == (other[i].start, other[i].end) for i in common)


Pieces: TypeAlias = Mapping[int, tuple[int, ...]]


def _pieces(one: Mapping[int, Segment], other: Mapping[int, Segment]) -> tuple[Pieces, Pieces]:
    """By segment id, the pieces that each segment of both consists of: O(n log n)."""
    cuts = sorted({edge for side in (one, other) for s in side.values() for edge in (s.start, s.end)})
    number = {start: i for i, start in enumerate(cuts)}

    def cut(segments: Mapping[int, Segment]) -> Pieces:
        result = {}
        for i, segment in segments.items():
            edges = cuts[number[segment.start] : number[segment.end] + 1]
            spans = pairwise(edges)
            texts = [
                (start, segment.text[start - segment.start : end - segment.start]) for start, end in spans
            ]
            result[i] = tuple(number[start] for start, text in texts if any(c.isalnum() for c in text))
        return result

    return cut(one), cut(other)


def _recut(alignment: Alignment, pieces: list[Pieces]) -> Alignment:
    beads = tuple(
        (
            tuple(piece for i in src for piece in pieces[0][i]),
            tuple(piece for j in tgt for piece in pieces[1][j]),
        )
        for src, tgt in alignment.beads
    )
    return replace(alignment, beads=beads, src=None, tgt=None)


def remarks(hyp: Alignment, gold: Alignment) -> list[str]:
    """What makes the figures of this pair doubtful, one sentence each."""
    result = []
    name = f"{gold.name}: " if gold.name else ""
    for side, lang in enumerate(("zh", "vi")):
        used = [i for bead in hyp.beads for i in bead[side]]
        wanted = {i for bead in gold.beads for i in bead[side]}
        if len(used) != len(set(used)):
            result.append(f"{name}{lang} segments stand in more than one bead of the hypothesis")
        if hyp.beads and (surplus := set(used) - wanted):
            result.append(f"{name}{len(surplus)} {lang} segments of the hypothesis are not in the gold")
        if hyp.beads and (lacking := wanted - set(used)):
            result.append(f"{name}{len(lacking)} {lang} segments of the gold are not in the hypothesis")
    if not hyp.beads:
        result.append(f"{name}no hypothesis, scored as empty")
    return result
