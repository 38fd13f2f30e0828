"""Stages that find which unpaired documents belong together: frequencies, weigh, neighbours, match."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np

from aligner.evidence.sparse import Sparse
from aligner.scale import layout
from aligner.scale.arrays import load_arrays, load_file, pack, save_arrays
from aligner.scale.pairing import Edges, Match, frequencies, matches, nearest, weights
from aligner.scale.store import Store
from aligner.scale.vectors import COLUMNS, Vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from aligner.evidence.sparse import Ints
    from aligner.scale.job import Job

SIDES = ("zh", "vi")


def save_vectors(store: Store, rank: int, side: str, vectors: Vectors, rows: Ints) -> None:
    """Keeps the vectors of a shard's unpaired documents of one language.

    Args:
        store: where.
        rank: the shard.
        side: zh or vi.
        vectors: of the documents, whose ids are the digests of their texts.
        rows: which rows of the shard's documents they are.
    """
    counted = frequencies(vectors.tokens)
    save_arrays(
        store,
        f"{layout.VECTORS}/{side}",
        rank,
        indptr=vectors.tokens.indptr,
        indices=vectors.tokens.indices,
        data=vectors.tokens.data,
        rows=rows,
        digests=np.array(vectors.ids, dtype="U64"),
        columns=counted.indices,
        counts=counted.data,
    )


def count_frequencies(job: Job, _rank: int) -> None:
    """Sums up in how many vi documents each token stands, and which documents are copies of earlier ones."""
    total = np.zeros(COLUMNS)
    documents = 0
    kept: dict[str, list[list[int]]] = {side: [] for side in SIDES}
    for side in SIDES:
        seen: set[str] = set()
        for rank in range(job.shards):
            shard = load_arrays(job.store, f"{layout.VECTORS}/{side}", rank)
            fresh = [k for k, digest in enumerate(shard["digests"].tolist()) if digest not in seen]
            first: dict[str, int] = {}
            for k in fresh:
                first.setdefault(shard["digests"][k].item(), k)
            kept[side].append(sorted(first.values()))
            seen.update(first)
            if side == "vi":
                total[shard["columns"]] += shard["counts"]
                documents += len(shard["rows"])
    columns = np.nonzero(total)[0]
    arrays: dict[str, NDArray[Any]] = {
        "columns": columns,
        "counts": total[columns],
        "documents": np.array(documents),
    }
    for side in SIDES:
        arrays[f"{side}_sizes"] = np.array([len(k) for k in kept[side]])
        arrays[f"{side}_kept"] = np.array([k for shard in kept[side] for k in shard], np.int64)
    job.store.write(layout.FREQUENCIES, pack(**arrays))


def weigh(job: Job, rank: int) -> None:
    """Vectors of a shard into weighted unit vectors, without copies of earlier documents."""
    known = load_file(job.store, layout.FREQUENCIES)
    frequency = np.zeros(COLUMNS)
    frequency[known["columns"]] = known["counts"]
    for side in SIDES:
        shard = load_arrays(job.store, f"{layout.VECTORS}/{side}", rank)
        tokens = Sparse(shard["indptr"], shard["indices"], shard["data"], COLUMNS)
        sizes = known[f"{side}_sizes"]
        start = int(sizes[:rank].sum())
        kept = known[f"{side}_kept"][start : start + int(sizes[rank])]
        found = weights(tokens, frequency, int(known["documents"]))[kept]
        save_arrays(
            job.store,
            f"{layout.WEIGHTS}/{side}",
            rank,
            indptr=found.indptr,
            indices=found.indices,
            data=found.data.astype(np.float32),
            rows=shard["rows"][kept],
        )


def find_neighbours(job: Job, rank: int) -> None:
    """The nearest documents of the other language, of a shard's documents in both."""
    known = load_file(job.store, layout.FREQUENCIES)
    sizes = {side: known[f"{side}_sizes"] for side in SIDES}
    found: dict[str, NDArray[Any]] = {}
    for side, other in (SIDES, SIDES[::-1]):
        own = _weighted(job.store, side, rank)
        mine, theirs, cosine = nearest(own, _all_weighted(job, other))
        found |= {f"{side}_own": mine + int(sizes[side][:rank].sum()), f"{side}_other": theirs}
        found[f"{side}_cosine"] = cosine
    save_arrays(job.store, layout.NEIGHBOURS, rank, **found)


def match(job: Job, _rank: int) -> None:
    """Pairs documents, and tells each shard of zh documents what belongs to them."""
    near = [load_arrays(job.store, layout.NEIGHBOURS, rank) for rank in range(job.shards)]
    zh_own, zh_other, zh_cosine = (
        np.concatenate([n[f"zh_{k}"] for n in near]) for k in ("own", "other", "cosine")
    )
    vi_own, vi_other, vi_cosine = (
        np.concatenate([n[f"vi_{k}"] for n in near]) for k in ("own", "other", "cosine")
    )
    found = matches(
        Edges(zh_own, zh_other, zh_cosine),
        Edges(vi_other, vi_own, vi_cosine),
        least=job.options.min_pair_confidence,
    )
    places = {side: _places(job, side) for side in SIDES}
    if job.options.mine:
        done_zh, done_vi = {pair.zh for pair in found}, {pair.vi for pair in found}
        edges = zip(zh_own.tolist(), zh_other.tolist(), strict=True)
        comparable = [(zh, vi) for zh, vi in edges if zh not in done_zh and vi not in done_vi]
        _save_comparable(job, [(*places["zh"][zh], *places["vi"][vi]) for zh, vi in comparable])
    by_shard: dict[int, list[tuple[Match, int, int, int]]] = {rank: [] for rank in range(job.shards)}
    for pair in found:
        (zh_shard, zh_row), (vi_shard, vi_row) = places["zh"][pair.zh], places["vi"][pair.vi]
        by_shard[zh_shard].append((pair, zh_row, vi_shard, vi_row))
    for rank, pairs in by_shard.items():
        save_arrays(
            job.store,
            layout.PAIRS,
            rank,
            zh_row=np.array([zh_row for _, zh_row, _, _ in pairs], np.int64),
            vi_shard=np.array([shard for _, _, shard, _ in pairs], np.int64),
            vi_row=np.array([row for _, _, _, row in pairs], np.int64),
            confidence=np.array([pair.confidence for pair, _, _, _ in pairs]),
        )


def _save_comparable(job: Job, found: list[tuple[int, int, int, int]]) -> None:
    for rank in range(job.shards):
        mine = [row for shard, *row in found if shard == rank]
        columns = np.array(mine, np.int64).reshape(-1, 3).T
        names = ("zh_row", "vi_shard", "vi_row")
        save_arrays(job.store, layout.COMPARABLE, rank, **dict(zip(names, columns, strict=True)))


def comparable_documents(store: Store, rank: int) -> Iterator[tuple[int, int, int]]:
    """The documents nearest to those of a shard that have no counterpart: (zh row, vi shard, vi row)."""
    found = load_arrays(store, layout.COMPARABLE, rank)
    yield from zip(*(found[name].tolist() for name in ("zh_row", "vi_shard", "vi_row")), strict=True)


def found_pairs(store: Store, rank: int) -> Iterator[tuple[int, int, int, float]]:
    """What `match` found for the zh documents of a shard: (zh row, vi shard, vi row, confidence)."""
    pairs = load_arrays(store, layout.PAIRS, rank)
    columns = (pairs[name].tolist() for name in ("zh_row", "vi_shard", "vi_row", "confidence"))
    yield from zip(*columns, strict=True)


def _places(job: Job, side: str) -> list[tuple[int, int]]:
    """(shard, row) of every weighed document."""
    return [
        (rank, row)
        for rank in range(job.shards)
        for row in load_arrays(job.store, f"{layout.WEIGHTS}/{side}", rank)["rows"].tolist()
    ]


def _weighted(store: Store, side: str, rank: int) -> csr_matrix:
    from scipy.sparse import csr_matrix

    shard = load_arrays(store, f"{layout.WEIGHTS}/{side}", rank)
    shape = (len(shard["rows"]), COLUMNS)
    return csr_matrix((shard["data"].astype(np.float64), shard["indices"], shard["indptr"]), shape)


def _all_weighted(job: Job, side: str) -> Iterator[csr_matrix]:
    for rank in range(job.shards):
        yield _weighted(job.store, side, rank)
