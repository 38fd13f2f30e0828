"""The aligners that are measured, each a function from a document pair to its beads.

The toolkit itself reads files as a user would have it do. Peers are lists of segments in, ids out: they
are given the lines of a segmented document, the toolkit's own segments of a document that is not, and
the gold's segments of the bilingual article, whose languages no peer separates.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from benchmarks.cases import Case, from_ids

from aligner.config import AlignOptions
from aligner.documents import read, segment, segmented
from aligner.model import Bitext, Document, Segment
from aligner.pipeline import align_file, align_files, signature
from aligner.together import together


class PeerError(Exception):
    """A peer cannot be run here; the message says why and what would help."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a system made of one document pair.

    Attributes:
        case: the document pair.
        hyp: its beads.
        cpu_seconds: what it took, tables and models already loaded.
    """

    case: Case
    hyp: Bitext
    cpu_seconds: float


@dataclass(frozen=True, slots=True)
class System:
    """An aligner.

    Attributes:
        name: as shown.
        protocol: `alone`: every document by itself. A system that learns from a whole set before it
            aligns must say so here.
        signature: version and settings.
        run: aligns one document pair.
    """

    name: str
    protocol: str
    signature: str
    run: Callable[[Case], Run]


@dataclass(frozen=True, slots=True)
class Texts:
    """The segments a peer is given."""

    zh: Document
    vi: Document
    src: tuple[Segment, ...]
    tgt: tuple[Segment, ...]


def toolkit(options: AlignOptions = AlignOptions()) -> System:  # noqa: B008 - frozen
    """The aligner of this repository, every document alone."""

    def run(case: Case) -> Run:
        start = time.process_time()
        if case.way == "bilingual":
            hyp = align_file(case.zh, options)
        else:
            hyp = align_files(case.zh, case.vi, options, one_a_line=case.way == "segmented")
        return Run(case, hyp, time.process_time() - start)

    return System("aligner", "alone", signature(options), run)


def toolkit_together(cases: Sequence[Case]) -> tuple[System, list[Run]]:
    """The same with what all documents of a set say together, `aligner align FOLDER --together`."""
    alone, runs = toolkit(), []
    for set_name in dict.fromkeys(case.set_name for case in cases):
        chosen = [case for case in cases if case.set_name == set_name]
        with together((alone.run(case).hyp for case in chosen), AlignOptions()) as options:
            runs += [toolkit(options).run(case) for case in chosen]
    return System("aligner together", "together", alone.signature, alone.run), runs


def texts_for_peer(case: Case) -> Texts:
    """The segments of a document pair as a peer gets them."""
    if case.way == "segmented":
        (zh, src), (vi, tgt) = segmented(case.zh, lang="zh-Hans"), segmented(case.vi, lang="vi")
        return Texts(zh, vi, src, tgt)
    if case.way == "documents":
        zh, vi = read(case.zh, lang="zh-Hans"), read(case.vi, lang="vi")
        return Texts(zh, vi, segment(zh), segment(vi))
    gold = case.gold
    whole = read(case.zh)
    src = tuple(s for bead in gold.beads for s in bead.src)
    tgt = tuple(s for bead in gold.beads for s in bead.tgt)
    return Texts(whole, whole, src, tgt)


PeerBead = tuple[Iterable[int], Iterable[int]]


def peer_run(case: Case, texts: Texts, ids: Iterable[PeerBead], seconds: float) -> Run:
    """A peer's beads, given as positions in `texts`, as a run."""
    beads = [(tuple(src), tuple(tgt)) for src, tgt in ids]
    return Run(case, from_ids(texts.zh, texts.vi, texts.src, texts.tgt, beads), seconds)
