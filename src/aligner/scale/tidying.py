"""Stages that clean: near-duplicates by the engine's MinHash; every bead is kept, or dropped for a reason."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from aligner.language.tokens import token_keys
from aligner.scale import layout
from aligner.scale.cleaning import common_lines, flags, line_key, make_pair, reason
from aligner.scale.job import Job
from aligner.scale.store import Store, opened, shard_name

if TYPE_CHECKING:
    from datatrove.data import Document as EngineDocument

BUCKETS = 14
"""Of the engine's default: two texts whose 5-grams agree to 80% are found with probability .92."""


COUNTED = ("read", "align", "realign", "clean")
"""Stages whose tasks keep a tally."""


def aligned_folder(job: Job) -> str:
    """Where the beads lie that are to be cleaned."""
    return layout.REALIGNED if job.options.second_pass else layout.ALIGNED


def sign(job: Job, rank: int) -> None:
    """The signatures of a shard's beads: the engine's MinHash, step 1."""
    from datatrove.pipeline.dedup import MinhashDedupSignature

    step = MinhashDedupSignature(_folder(job, layout.SIGNATURES), _config(), language=_tokenizer())
    step(_as_documents(job, rank), rank, job.shards)


def compare(job: Job, bucket: int) -> None:
    """Which beads have a signature in common: step 2."""
    from datatrove.pipeline.dedup import MinhashDedupBuckets

    folders = _folder(job, layout.SIGNATURES), _folder(job, layout.DUPLICATES)
    MinhashDedupBuckets(*folders, config=_config())(None, bucket, BUCKETS)


def group(job: Job, _rank: int) -> None:
    """All but one of each group of duplicates: step 3."""
    from datatrove.pipeline.dedup import MinhashDedupCluster

    folders = _folder(job, layout.DUPLICATES), _folder(job, layout.REPEATED)
    MinhashDedupCluster(*folders, config=_config())(None, 0, 1)
    job.store.remove(layout.SIGNATURES)  # by far the largest of all files, and of no use from here on


def _as_documents(job: Job, rank: int) -> Iterator[EngineDocument]:
    from datatrove.data import Document as EngineDocument

    table = job.store.read_table(shard_name(aligned_folder(job), rank), ["src", "tgt"])
    for number, row in enumerate(table.to_pylist()):
        keys = (*token_keys(row["src"], "zh"), *token_keys(row["tgt"], "vi"))
        # A null bead has no translation to repeat: an empty text has no signature.
        yield EngineDocument(" ".join(keys) if row["src"] and row["tgt"] else "", f"{rank}/{number}")


def _config() -> Any:
    from datatrove.pipeline.dedup import MinhashConfig
    from datatrove.utils.hashing import HashConfig
    from datatrove.utils.text import TextNormConfig

    # The texts are token keys already: numbers and diacritics tell beads apart and stay.
    plain = TextNormConfig(
        lowercase=False,
        norm_whitespace=False,
        remove_punctuation=False,
        norm_unicode_diacritics=False,
        norm_numbers=False,
        norm_weekdays=False,
        norm_monthnames=False,
    )
    # A bucket is eight hashes, so that 32 bits each are plenty; they halve the largest files of a run.
    hashes = HashConfig(precision=32, hash_fc="sha1")
    return MinhashConfig(num_buckets=BUCKETS, norm_config=plain, hash_config=hashes)


def _tokenizer() -> Any:
    from datatrove.utils.word_tokenizers import WordTokenizer

    class Spaces(WordTokenizer):  # type: ignore[misc]
        """Tokens parted by spaces."""

        def word_tokenize(self, text: str) -> list[str]:
            return text.split(" ")

        def sent_tokenize(self, text: str) -> list[str]:
            return [text]

        def span_tokenize(self, text: str) -> list[tuple[int, int]]:
            return [(0, len(text))]

    return Spaces()


def _folder(job: Job, name: str) -> Any:
    """A folder of the run as the engine knows it."""
    from datatrove.io import DataFolder

    system, root = opened(job.output)
    return DataFolder(f"{root}/{name}", fs=system)


def common(job: Job, _rank: int) -> None:
    """The lines that stand in too many documents to belong to any."""
    counts: Counter[str] = Counter()
    documents = 0
    for rank in range(job.shards):
        counts.update(job.store.read_json(shard_name(layout.LINES, rank, ".json")))
        documents += int(
            job.store.read_json(shard_name(f"{layout.TALLIES}/read", rank, ".json"))["documents"]
        )
    job.store.write_json(layout.COMMON, {"lines": sorted(common_lines(counts, documents))})


def clean(job: Job, rank: int) -> None:
    """Keeps or drops each bead of a shard; writes the shards of the output."""
    import pyarrow as pa

    options = job.options
    table = job.store.read_table(shard_name(aligned_folder(job), rank))
    repeated = frozenset() if "duplicate" in options.leave_out else _repeated(job.store, rank)
    lines = frozenset(job.store.read_json(layout.COMMON)["lines"])
    reasons: list[str | None] = []
    marks: list[list[str]] = []
    for number, row in enumerate(table.to_pylist()):
        reasons.append(_why(job, row, lines, is_repeated=number in repeated))
        marks.append(list(flags(row["src"], row["tgt"])))
    table = table.append_column("flags", pa.array(marks, pa.list_(pa.string())))
    keep = [k for k, why in enumerate(reasons) if why is None]
    drop = [k for k, why in enumerate(reasons) if why is not None]
    job.store.write_table(shard_name(layout.BEADS, rank), table.take(pa.array(keep, pa.int64())))
    if options.keep_dropped:
        dropped = table.take(pa.array(drop, pa.int64()))
        why_column = pa.array([reasons[k] for k in drop], pa.string())
        job.store.write_table(shard_name(layout.DROPPED, rank), dropped.append_column("reason", why_column))
    tally = Counter(f"dropped {why}" for why in reasons if why)
    tally.update(f"flagged {kind}" for k in keep for kind in marks[k])
    characters = sum(len(text) for text in table["src"].take(pa.array(keep, pa.int64())).to_pylist())
    job.write_tally("clean", rank, {**tally, "beads": len(keep), "zh characters": characters})


def _why(job: Job, row: dict[str, Any], lines: frozenset[str], *, is_repeated: bool) -> str | None:
    """The reason to drop a bead, if there is one."""
    leave_out = job.options.leave_out
    if not (row["src"] and row["tgt"]):
        return "null"
    if "confidence" not in leave_out and row["confidence"] < job.options.min_confidence:
        return "confidence"
    if "boilerplate" not in leave_out and lines and {line_key(row["src"]), line_key(row["tgt"])} & lines:
        return "boilerplate"
    return reason(make_pair(row["src"], row["tgt"]), leave_out) or ("duplicate" if is_repeated else None)


def _repeated(store: Store, rank: int) -> frozenset[int]:
    """Numbers of the beads of a shard that repeat one elsewhere: the engine's list of 4-byte numbers."""
    import numpy as np

    name = f"{layout.REPEATED}/{rank:06d}.remove"
    if not store.exists(name):
        return frozenset()
    return frozenset(np.frombuffer(store.read(name), "<u4").tolist())


def finish(job: Job, _rank: int) -> None:
    """The list of what failed, and the manifest: the run is done when it is there."""
    from aligner.pipeline import signature

    store = job.store
    lines = [line for name in _failure_files(store) for line in store.read(name).splitlines()]
    store.write(layout.ERRORS, b"".join(line + b"\n" for line in lines))
    totals: dict[str, Counter[str]] = {}
    for folder in COUNTED:
        tally: Counter[str] = Counter()
        for name in store.names(f"{layout.TALLIES}/{folder}", ".json"):
            tally.update({key: int(value) for key, value in store.read_json(name).items()})
        if tally:
            totals[folder] = tally
    files = {
        name: _rows(store, name)
        for folder in (layout.BEADS, layout.DROPPED)
        for name in store.names(folder, ".parquet")
    }
    store.write_json(
        layout.MANIFEST,
        {
            "format": "aligner-run",
            "version": 1,
            "input": job.plan.url,
            "plan": job.plan.fingerprint,
            "options": job.options.to_json(),
            "signature": signature(job.options.align),
            "totals": totals,
            "files": files,
            "errors": len(lines),
            "notes": list(job.plan.notes),
        },
    )


def _failure_files(store: Store) -> list[str]:
    folders = (f"{layout.FAILURES}/{stage}" for stage in ("read", "align", "realign"))
    return [name for folder in folders for name in store.names(folder, ".jsonl")]


def _rows(store: Store, name: str) -> dict[str, Any]:
    import hashlib

    import pyarrow.parquet as pq
    from pyarrow import BufferReader

    data = store.read(name)
    return {
        "rows": pq.ParquetFile(BufferReader(data)).metadata.num_rows,
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def manifest_of(store: Store) -> dict[str, Any] | None:
    """The manifest of a run that is done; None while it is not."""
    return json.loads(store.read(layout.MANIFEST)) if store.exists(layout.MANIFEST) else None
