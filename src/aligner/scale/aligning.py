"""Stages that make beads: read the documents, align those that belong together."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import numpy as np

from aligner.config import AlignOptions
from aligner.errors import AlignerError
from aligner.evidence.lexicon import load_lexicon
from aligner.formats.units import COLUMNS, units_of
from aligner.pipeline import align_documents
from aligner.scale import layout
from aligner.scale.cleaning import line_key, most_common
from aligner.scale.job import Job
from aligner.scale.matching import found_pairs, save_vectors
from aligner.scale.reading import read_item
from aligner.scale.records import Failure, Record, records_of, table_of, texts_of
from aligner.scale.store import shard_name
from aligner.scale.vectors import vi_vectors, zh_vectors


class DocumentPair(NamedTuple):
    """Two documents that are taken to translate each other, and how sure that is."""

    zh: Record
    vi: Record
    confidence: float


def read(job: Job, rank: int) -> None:
    """Reads the documents of a shard, and describes those that are to be paired."""
    records: list[Record] = []
    failures: list[Failure] = []
    for item in job.plan.shards[rank]:
        for found in read_item(item, job.plan.url, job.options.columns):
            (failures if isinstance(found, Failure) else records).append(found)  # type: ignore[arg-type]
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
    tally = {"documents": len(records), "unpaired": unpaired, "failed": len(failures)}
    job.write_tally("read", rank, tally)


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


def _align(job: Job, rank: int, folder: str, options: AlignOptions, stage: str) -> None:
    rows: list[dict[str, Any]] = []
    failures: list[Failure] = []
    pairs = 0
    for pair in document_pairs(job, rank):
        try:
            rows += bead_rows(pair, options)
            pairs += 1
        except AlignerError as error:
            failures.append(Failure(f"{pair.zh.id} | {pair.vi.id}", error.problem, error.remedy))
        except Exception as error:  # noqa: BLE001 - one of millions of documents may break any library
            failures.append(Failure(f"{pair.zh.id} | {pair.vi.id}", f"{type(error).__name__}: {error}"))
    job.store.write_table(shard_name(folder, rank), bead_table(rows))
    job.write_failures(stage, rank, failures)
    job.write_tally(stage, rank, {"pairs": pairs, "beads": len(rows), "failed": len(failures)})


def document_pairs(job: Job, rank: int) -> Iterator[DocumentPair]:
    """The pairs of a shard: those that came together, then those that were found."""
    records = list(records_of(job.store.read_table(shard_name(layout.DOCUMENTS, rank))))
    together: defaultdict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.pair:
            together[record.pair].append(record)
    for pair in together.values():
        zh, vi = sorted(pair[:2], key=lambda record: record.document.lang == "vi")
        yield DocumentPair(zh, vi, 1.0)
    found = list(found_pairs(job.store, rank))
    wanted: defaultdict[int, list[int]] = defaultdict(list)
    for _, shard, row, _ in found:
        wanted[shard].append(row)
    partners: dict[tuple[int, int], Record] = {}
    for shard, rows in wanted.items():
        table = job.store.read_table(shard_name(layout.DOCUMENTS, shard)).take(rows)
        partners.update(zip(((shard, row) for row in rows), records_of(table), strict=True))
    for zh_row, shard, vi_row, confidence in found:
        yield DocumentPair(records[zh_row], partners[shard, vi_row], confidence)


def bead_rows(pair: DocumentPair, options: AlignOptions) -> list[dict[str, Any]]:
    """The beads of a pair as rows of the output, null beads included."""
    bitext = align_documents(pair.zh.document, pair.vi.document, options)
    common = {"src_document": pair.zh.id, "tgt_document": pair.vi.id, "pair_confidence": pair.confidence}
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
    own = [("src_document", text), ("tgt_document", text), ("pair_confidence", pa.float64())]
    return pa.schema([*zip(COLUMNS, kinds, strict=True), *own])
