"""Stages that make beads: read the documents, align those that belong together."""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from aligner.config import AlignOptions
from aligner.documents import segment
from aligner.evidence.lexicon import load_lexicon
from aligner.formats.units import COLUMNS, Unit, units_of
from aligner.model import bead_hash
from aligner.pipeline import align_documents
from aligner.scale import layout
from aligner.scale.cleaning import line_key, most_common
from aligner.scale.counting import corpus_lexicon
from aligner.scale.job import Job
from aligner.scale.matching import comparable_documents, found_pairs, save_vectors
from aligner.scale.mining import MinedPair, mine
from aligner.scale.plan import Item
from aligner.scale.reading import read_item
from aligner.scale.records import Failure, Record, failure_of, records_of, table_of, texts_of
from aligner.scale.store import shard_name
from aligner.scale.vectors import vi_vectors, zh_vectors

LEAST_ALIGNED = 0.3
"""Share of the segments that must be in sure beads for two documents that were found to be a pair. In a free
translation with inserted and deleted passages most are; in texts that are none, next to none."""

_NOT_ALIGNED = ("could not be aligned", "please report it, with both documents")


class DocumentPair(NamedTuple):
    """Two documents that are taken to translate each other, and how sure that is."""

    zh: Record
    vi: Record
    confidence: float
    was_named: bool


def read(job: Job, rank: int) -> None:
    """Reads the documents of a shard, and describes those that are to be paired.

    What the plan could not list is told by the first task.
    """
    records: list[Record] = []
    failures = list(job.plan.failures) if rank == 0 else []
    counted: Counter[str] = Counter(unlisted=len(failures))
    for item in job.plan.shards[rank]:
        found = list(read_item(item, job.plan.url, job.options.reading))
        read = [one for one in found if isinstance(one, Record)]
        refused = [one for one in found if isinstance(one, Failure)]
        counted.update(_units(item, read, len(refused)))
        records += read
        failures += refused
    job.store.write_table(shard_name(layout.DOCUMENTS, rank), table_of(records))
    lexicon = load_lexicon()
    for side, vectors_of in (("zh", zh_vectors), ("vi", vi_vectors)):
        rows = [
            k for k, r in enumerate(records) if not r.pair and (r.document.lang == "vi") == (side == "vi")
        ]
        alone = [records[k] for k in rows]
        vectors = vectors_of([r.document.sha256 for r in alone], texts_of(alone), lexicon)
        save_vectors(job.store, rank, side, vectors, np.array(rows, np.int64))
    job.store.write_json(shard_name(layout.LINES, rank, ".json"), most_common(_lines(records)))
    job.write_failures("read", rank, failures)
    unpaired = sum(not record.pair for record in records)
    tally = {"documents": len(records), "unpaired": unpaired, "failed": len(failures), **counted}
    job.write_tally("read", rank, tally)


def _units(item: Item, read: Sequence[Record], refused: int) -> dict[str, int]:
    """What was read and refused of an item, in its unit, and how many of these hold both languages."""
    if item.kind == "pair":
        return {"files": len(read), "files failed": len(item.paths) - len(read)}
    both = sum(bool(record.pair) for record in read) // 2
    return {item.unit: len(read) - both, f"{item.unit} failed": refused, f"{item.unit} of both": both}


def _lines(records: Iterable[Record]) -> Counter[str]:
    """In how many documents of a shard each line stands."""
    counts: Counter[str] = Counter()
    for record in records:
        text, blocks = record.document.text, record.document.blocks
        counts.update({line_key(text[block.start : block.end]) for block in blocks})
    return counts


def align(job: Job, rank: int) -> None:
    """Aligns the document pairs of a shard."""
    _align(job, rank, layout.ALIGNED, job.options.align, "align")


def realign(job: Job, rank: int) -> None:
    """Aligns them once more, with the lexicon that the whole corpus has taught."""
    with corpus_lexicon(job) as lexicon:
        options = dataclasses.replace(job.options.align, lexicon=lexicon)
        _align(job, rank, layout.REALIGNED, options, "realign")


def _align(job: Job, rank: int, folder: str, options: AlignOptions, stage: str) -> None:
    rows: list[dict[str, Any]] = []
    failures: list[Failure] = []
    tally: Counter[str] = Counter(pairs=0, unlike=0, mined=0, failed=0)
    for pair in document_pairs(job, rank):
        try:
            found = bead_rows(pair, options)
        except Exception as error:  # noqa: BLE001 - one of millions of documents may break any library
            failures.append(failure_of(f"{pair.zh.id} | {pair.vi.id}", error, _NOT_ALIGNED))
            continue
        if pair.was_named or aligned_share(found) >= LEAST_ALIGNED:
            rows += found
            tally["pairs"] += 1
            continue
        tally["unlike"] += 1
        if job.options.mine:
            mined = mined_rows(pair.zh, [pair.vi], options)
            rows += mined
            tally["mined"] += len(mined)
    if job.options.mine:
        for zh, near in comparable(job, rank):
            mined = mined_rows(zh, near, options)
            rows += mined
            tally["mined"] += len(mined)
    job.store.write_table(shard_name(folder, rank), bead_table(rows))
    job.write_failures(stage, rank, failures)
    job.write_tally(stage, rank, {**tally, "beads": len(rows), "failed": len(failures)})


def aligned_share(rows: Iterable[dict[str, Any]]) -> float:
    """Share of the segments that stand in a bead with a translation more likely right than wrong."""
    inside = total = 0
    for row in rows:
        count = len(row["src_ids"]) + len(row["tgt_ids"])
        total += count
        inside += count * (bool(row["src"]) and bool(row["tgt"]) and row["confidence"] >= 0.5)  # noqa: PLR2004
    return inside / total if total else 0.0


def document_pairs(job: Job, rank: int) -> Iterator[DocumentPair]:
    """The pairs of a shard: those that came together, then those that were found."""
    records = list(records_of(job.store.read_table(shard_name(layout.DOCUMENTS, rank))))
    together: defaultdict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.pair:
            together[record.pair].append(record)
    for pair in together.values():
        zh, vi = sorted(pair[:2], key=lambda record: record.document.lang == "vi")
        yield DocumentPair(zh, vi, 1.0, was_named=True)
    found = list(found_pairs(job.store, rank))
    partners = _fetched(job, [(shard, row) for _, shard, row, _ in found])
    for zh_row, shard, vi_row, confidence in found:
        yield DocumentPair(records[zh_row], partners[shard, vi_row], confidence, was_named=False)


def _fetched(job: Job, places: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Record]:
    """Documents of any shards by (shard, row); each shard is read once."""
    wanted: defaultdict[int, list[int]] = defaultdict(list)
    for shard, row in sorted(set(places)):
        wanted[shard].append(row)
    found: dict[tuple[int, int], Record] = {}
    for shard, rows in wanted.items():
        table = job.store.read_table(shard_name(layout.DOCUMENTS, shard)).take(rows)
        found.update(zip(((shard, row) for row in rows), records_of(table), strict=True))
    return found


def comparable(job: Job, rank: int) -> Iterator[tuple[Record, list[Record]]]:
    """The zh documents of a shard that have no counterpart, and the vi ones nearest to each."""
    near: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
    for zh_row, shard, vi_row in comparable_documents(job.store, rank):
        near[zh_row].append((shard, vi_row))
    if near:
        records = list(records_of(job.store.read_table(shard_name(layout.DOCUMENTS, rank))))
        others = _fetched(job, (place for places in near.values() for place in places))
        for zh_row, places in sorted(near.items()):
            yield records[zh_row], [others[place] for place in places]


def mined_rows(zh: Record, near: Iterable[Record], options: AlignOptions) -> list[dict[str, Any]]:
    """Sentences of some documents that translate each other, as rows."""
    sides = [(record, s) for record in near for s in segment(record.document)]
    where = {id(s): record for record, s in sides}
    pairs = mine(segment(zh.document), [s for _, s in sides], options)
    return [_mined_row(zh, where[id(pair.tgt)], pair) for pair in pairs]


def _mined_row(zh: Record, vi: Record, pair: MinedPair) -> dict[str, Any]:
    texts = pair.src.text, pair.tgt.text
    unit = Unit(
        pair.src.id,
        *texts,
        pair.confidence,
        document=f"{zh.id} | {vi.id}",
        src_ids=(pair.src.id,),
        tgt_ids=(pair.tgt.id,),
        hash=bead_hash([texts[0]], [texts[1]]),
    )
    own = {"src_document": zh.id, "tgt_document": vi.id, "pair_confidence": 0.0, "mined": True}
    return {**dict(zip(COLUMNS, unit, strict=False)), **own}


def bead_rows(pair: DocumentPair, options: AlignOptions) -> list[dict[str, Any]]:
    """The beads of a pair as rows of the output, null beads included."""
    bitext = align_documents(pair.zh.document, pair.vi.document, options)
    common = {
        "src_document": pair.zh.id,
        "tgt_document": pair.vi.id,
        "pair_confidence": pair.confidence,
        "mined": False,
    }
    return [{**dict(zip(COLUMNS, unit, strict=False)), **common} for unit in units_of(bitext)]


def bead_table(rows: list[dict[str, Any]]) -> Any:
    """Rows as a table: the columns of the bead TSV, then those of the run."""
    import pyarrow as pa

    return pa.Table.from_pylist([_plain(row) for row in rows], schema=bead_schema())


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    """A row without lone surrogates, which UTF-8 does not have."""
    return {
        name: value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
        for name, value in row.items()
    }


def bead_schema() -> Any:
    """The columns of a bead."""
    import pyarrow as pa

    ids, text = pa.list_(pa.int32()), pa.string()
    kinds = (pa.int32(), text, text, pa.float64(), text, text, text, ids, ids, text)
    own = [
        ("src_document", text),
        ("tgt_document", text),
        ("pair_confidence", pa.float64()),
        ("mined", pa.bool_()),
    ]
    return pa.schema([*zip(COLUMNS, kinds, strict=True), *own])
