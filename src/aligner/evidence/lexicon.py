"""The lexicon: a general zh–vi translation table, learned from open sources and shipped as figures.

Two directed tables t(target | unit): from units of zh to syllables of vi, and from units of vi to Han
characters. A unit is a single token or a word of several (国, 发展; phát, phát triển); a target is always
a single token, so that nothing is explained twice. Tokens are the keys of `language.tokens`, words are
keys joined by spaces. How the shipped table was made: `data/lexicon.md`, `docs/lexicon.md`.

The file: the line `aligner-lexicon 1`, a line of JSON (what follows, and a signature), then the units as
lines of UTF-8 and the arrays, little-endian. A probability takes a byte: 2^(−q/16), q from 0 to 255.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aligner.errors import FormatError, InputError
from aligner.evidence.sparse import Floats, Ints, Numbers, Sparse
from aligner.output import open_output

_SHIPPED = Path(__file__).parent.parent / "data" / "lexicon.bin"
_MAGIC = b"aligner-lexicon "
_VERSION = 1
_STEPS = 16
"""Steps per factor of two: the rounding error is at most 2.2%, far below what EM knows."""

_KINDS = {"<f4", "<u2", "<u4", "u1"}
"""Types of numbers that a lexicon's arrays have."""

_SHORT = 0xFFFF
"""The largest number that takes two bytes."""


@dataclass(frozen=True, slots=True, eq=False)
class Units:
    """The vocabulary of one side: single tokens first, then words. One is equal to itself alone.

    Attributes:
        keys: unit number → key; the tokens of a word are joined by spaces.
        index: key → unit number.
        singles: how many units are single tokens: these are the other table's targets too.
        longest: tokens in the longest word.
        chance: p(token) of each single token in general text.
        unknown: p(token) of a token that is none of them.
    """

    keys: tuple[str, ...]
    index: Mapping[str, int]
    singles: int
    longest: int
    chance: Floats
    unknown: float

    def find(self, tokens: Sequence[str]) -> list[int]:
        """Numbers of all units in a list of token keys: tokens, and words wherever they stand.

        Overlapping words are all found; a token that is no unit yields nothing. O(tokens · longest).

        >>> units = make_units(["a", "b", "a b"], [0.5, 0.25], unknown=0.01)
        >>> units.find(["a", "b", "c"])
        [0, 1, 2]
        """
        index = self.index
        found = [index[token] for token in tokens if token in index]
        for length in range(2, self.longest + 1):
            for start in range(len(tokens) - length + 1):
                number = index.get(" ".join(tokens[start : start + length]))
                if number is not None:
                    found.append(number)
        return found


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Two translation tables and what is needed to use them.

    Attributes:
        zh, vi: the units of each side.
        forward: (zh units × vi singles) t(vi token | zh unit).
        backward: (vi units × zh singles) t(zh token | vi unit).
        signature: names the table: version and hash.
    """

    zh: Units
    vi: Units
    forward: Sparse
    backward: Sparse
    signature: str


def make_units(
    keys: Sequence[str], chance: Sequence[float] | Floats, unknown: float, longest: int | None = None
) -> Units:
    """Units from their keys; the first `len(chance)` of them are the single tokens.

    `longest`, the tokens of the longest word, is counted where it is not given.
    """
    return Units(
        keys=tuple(keys),
        index=dict(zip(keys, range(len(keys)), strict=True)),
        singles=len(chance),
        longest=longest or max((key.count(" ") for key in keys), default=0) + 1,
        chance=np.asarray(chance, np.float64),
        unknown=unknown,
    )


@lru_cache(maxsize=4)
def load_lexicon(path: Path | None = None) -> Lexicon:
    """Read a lexicon; the shipped one if no path is given. A few milliseconds, once a process.

    Raises:
        InputError: the file cannot be read.
        FormatError: it is no lexicon, is damaged, or was written by a newer version.
    """
    try:
        data = (path or _SHIPPED).read_bytes()
    except OSError as error:
        raise InputError(f"the lexicon {path} cannot be read ({(error.strerror or '').lower()})") from None
    return parse_lexicon(data, str(path or "lexicon.bin"))


def parse_lexicon(data: bytes, name: str) -> Lexicon:
    """A lexicon from the bytes of its file; `name` is for error messages."""
    first = data.find(b"\n")
    version = data[len(_MAGIC) : first]
    if not data.startswith(_MAGIC) or not version.isdigit():
        raise FormatError(f"{name} is no lexicon", "make one with: aligner train")
    if int(version) > _VERSION:
        raise FormatError(f"{name} was written by a newer version", "update aligner")
    try:
        second = data.index(b"\n", first + 1)
        header = json.loads(data[first + 1 : second])
        body = memoryview(data)[second + 1 :]
        arrays = _Reader(body, header["arrays"])
        lexicon = Lexicon(
            zh=_read_units(arrays, "zh", header["units"]["zh"]),
            vi=_read_units(arrays, "vi", header["units"]["vi"]),
            forward=_read_table(arrays, "forward", header["columns"]["forward"]),
            backward=_read_table(arrays, "backward", header["columns"]["backward"]),
            signature=header["signature"],
        )
    except (ValueError, KeyError, TypeError) as error:
        raise FormatError(
            f"the lexicon {name} is damaged", "make it anew, or install aligner again"
        ) from error
    return lexicon


def save_lexicon(lexicon: Lexicon, path: Path) -> None:
    """Write a lexicon; probabilities are rounded to a sixteenth of a factor of two."""
    with open_output(path, binary=True) as file:
        file.write(dump_lexicon(lexicon))


def dump_lexicon(lexicon: Lexicon) -> bytes:
    """The bytes of a lexicon's file."""
    parts: list[tuple[str, str, bytes]] = []
    for side, units in (("zh", lexicon.zh), ("vi", lexicon.vi)):
        parts.append((f"{side}.keys", "text", "\n".join(units.keys).encode()))
        parts.append((f"{side}.chance", "<f4", units.chance.astype("<f4").tobytes()))
    for name, table in (("forward", lexicon.forward), ("backward", lexicon.backward)):
        kind = "<u2" if table.columns <= _SHORT else "<u4"
        parts.append((f"{name}.lengths", kind, np.diff(table.indptr).astype(kind).tobytes()))
        parts.append((f"{name}.indices", kind, table.indices.astype(kind).tobytes()))
        parts.append((f"{name}.steps", "u1", quantise(table.data).tobytes()))
    body = b"".join(part for _, _, part in parts)
    header = {
        "arrays": [[name, kind, len(part)] for name, kind, part in parts],
        "columns": {"forward": lexicon.forward.columns, "backward": lexicon.backward.columns},
        "units": {
            "zh": {"unknown": lexicon.zh.unknown, "longest": lexicon.zh.longest},
            "vi": {"unknown": lexicon.vi.unknown, "longest": lexicon.vi.longest},
        },
        "signature": f"lexicon:{_VERSION}:{hashlib.sha256(body).hexdigest()[:12]}",
    }
    head = json.dumps(header, separators=(",", ":"), sort_keys=True).encode()
    return b"".join([_MAGIC, str(_VERSION).encode(), b"\n", head, b"\n", body])


def quantise(probabilities: Numbers) -> NDArray[np.uint8]:
    """Sixteenths of −log2, from 0 to 255; below 2^−16 all is 2^−16."""
    steps = np.rint(-_STEPS * np.log2(np.maximum(probabilities, 2.0**-20)))
    return np.asarray(np.clip(steps, 0, 255), np.uint8)


class _Reader:
    """The arrays of a file by name, without copying."""

    def __init__(self, body: memoryview, arrays: Sequence[tuple[str, str, int]]) -> None:
        self._views: dict[str, tuple[str, memoryview]] = {}
        start = 0
        for name, kind, size in arrays:
            self._views[name] = (kind, body[start : start + size])
            start += size
        if start != len(body):
            raise ValueError("length")

    def text(self, name: str) -> str:
        return bytes(self._views[name][1]).decode()

    def array(self, name: str) -> NDArray[Any]:
        kind, view = self._views[name]
        if kind not in _KINDS:
            raise ValueError(name)
        return np.frombuffer(view, dtype=kind)


def _read_units(arrays: _Reader, side: str, facts: Mapping[str, Any]) -> Units:
    keys = arrays.text(f"{side}.keys").split("\n")
    return make_units(keys, arrays.array(f"{side}.chance"), facts["unknown"], facts["longest"])


def _read_table(arrays: _Reader, name: str, columns: int) -> Sparse:
    lengths: Ints = arrays.array(f"{name}.lengths").astype(np.int64)
    indptr = np.concatenate([[0], np.cumsum(lengths)])
    probabilities = 2.0 ** (-np.arange(256) / _STEPS)
    indices = arrays.array(f"{name}.indices").astype(np.int64)
    if len(indices) != indptr[-1] or (len(indices) and indices.max() >= columns):
        raise ValueError(name)
    return Sparse(indptr, indices, probabilities[arrays.array(f"{name}.steps")], columns)
