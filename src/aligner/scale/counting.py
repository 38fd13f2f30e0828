"""Stages of the second pass: what the sure beads of the whole corpus say of words, as a lexicon.

    align ─▶ count (a shard) ─▶ learn (1) ─▶ realign (a shard)

The lexicon is a result of its own: `aligner align --lexicon` takes it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aligner.evidence.lexicon import dump_lexicon
from aligner.evidence.parameters import shipped_parameters
from aligner.evidence.pooling import Counts, SideCounts, count, pooled
from aligner.evidence.sparse import Sparse
from aligner.evidence.user import lexicon_with
from aligner.model import Bead, Segment
from aligner.scale import layout
from aligner.scale.arrays import load_arrays, save_arrays
from aligner.scale.job import Job
from aligner.scale.store import shard_name
from aligner.together import SURE
from aligner.training import corpus_of


def count_words(job: Job, rank: int) -> None:
    """Counts what the sure beads of a shard say."""
    corpus, _ = corpus_of(_sure_beads(job, rank))
    known = lexicon_with(job.options.lexicon)
    found = count(corpus, known, strength=shipped_parameters().own_counts)
    arrays: dict[str, NDArray[Any]] = {"pairs": np.array(found.pairs)}
    for name, side in (("zh", found.zh), ("vi", found.vi)):
        parts = (_packed_keys(side.keys), side.tokens, side.seen)
        arrays.update(zip((f"{name}_keys", f"{name}_tokens", f"{name}_seen"), parts, strict=True))
    for name, table in (("forward", found.forward), ("backward", found.backward)):
        columns = (table.indptr, table.indices, table.data)
        arrays.update(zip((f"{name}_indptr", f"{name}_indices", f"{name}_data"), columns, strict=True))
    save_arrays(job.store, layout.COUNTS, rank, **arrays)


def _sure_beads(job: Job, rank: int) -> Iterator[Bead]:
    columns = ["src", "tgt", "confidence"]
    for row in job.store.read_table(shard_name(layout.ALIGNED, rank), columns).to_pylist():
        if row["src"] and row["tgt"] and row["confidence"] >= SURE:
            sides = (Segment(0, row[name], 0, len(row[name])) for name in ("src", "tgt"))
            src, tgt = sides
            yield Bead(0, (src,), (tgt,), confidence=row["confidence"])


def learn(job: Job, _rank: int) -> None:
    """Adds the counts of all shards up, in their order, and writes the lexicon."""
    known = lexicon_with(job.options.lexicon)
    parts = (_counts(job, rank) for rank in range(job.shards))
    lexicon = pooled(parts, known, strength=shipped_parameters().own_counts)
    job.store.write(layout.LEXICON, dump_lexicon(lexicon or known))


def _counts(job: Job, rank: int) -> Counts:
    found = load_arrays(job.store, layout.COUNTS, rank)
    zh, vi = (
        SideCounts(_unpacked_keys(found[f"{name}_keys"]), found[f"{name}_tokens"], found[f"{name}_seen"])
        for name in ("zh", "vi")
    )
    forward, backward = (
        Sparse(found[f"{name}_indptr"], found[f"{name}_indices"], found[f"{name}_data"], len(taker.tokens))
        for name, taker in (("forward", vi), ("backward", zh))
    )
    return Counts(zh, vi, forward, backward, int(found["pairs"]))


def _packed_keys(keys: tuple[str, ...]) -> NDArray[np.uint8]:
    return np.frombuffer("\n".join(keys).encode("utf-8", "surrogatepass"), np.uint8)


def _unpacked_keys(data: NDArray[np.uint8]) -> tuple[str, ...]:
    text = data.tobytes().decode("utf-8", "surrogatepass")
    return tuple(text.split("\n")) if text else ()


@contextmanager
def corpus_lexicon(job: Job) -> Iterator[Path]:
    """The lexicon as a file of this machine, while the context lasts."""
    with TemporaryDirectory(prefix="aligner-") as folder:
        path = Path(folder, "corpus.lexicon")
        path.write_bytes(job.store.read(layout.LEXICON))
        yield path
