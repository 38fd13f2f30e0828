"""Loops compiled from C, where numpy would need a pass over memory for each step: `loops.c`.

They come with a wheel, or are compiled when aligner is installed where there is a C compiler. Nothing
depends on them: where there are none, `LOOPS` is None and numpy does the same work, for a long document in
about twice the time. So it does with ALIGNER_COMPILED=0 in the environment.

The library is plain C without Python's headers, so that one build serves every version of Python. Its name
holds a hash of its source: a library of another version is never taken for it. Each function of it is
called from beside its twin in numpy, which says what it computes; what it takes stands here and there, and a
number or array of another kind is converted or refused.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from ctypes import CDLL, POINTER, Array, Structure, addressof, c_double, c_int64, c_void_p
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

SOURCE: Final = Path(__file__).parent / "loops.c"


def library_path() -> Path:
    """Where the library made of the source is, or would be."""
    return SOURCE.with_name(f"loops-{sha256(SOURCE.read_bytes()).hexdigest()[:12]}.so")


class _Record(Structure):
    """A structure of C, some of whose fields point to arrays; it keeps these from being freed."""

    def __init__(self, *values: NDArray[Any] | Array[Any] | float) -> None:
        self._held = values
        super().__init__(*map(_as_field, values))


def _as_field(value: NDArray[Any] | Array[Any] | float) -> Any:
    if isinstance(value, np.ndarray):
        return address(value)
    return addressof(value) if isinstance(value, Array) else value


class Matrix(_Record):
    """A sparse matrix: `indptr`, `indices`, `data` and `columns` of `evidence.sparse.Sparse`."""

    _fields_ = (("indptr", c_void_p), ("indices", c_void_p), ("data", c_void_p), ("columns", c_int64))


class Stretches(_Record):
    """Stretches of segments: first, sizes, how many, and the longest; see `evidence.rectangles`."""

    _fields_ = (("first", c_void_p), ("sizes", c_void_p), ("count", c_int64), ("width", c_int64))


class Lattice(_Record):
    """Lattices: (B, n, m), bead types, weights of beads by type and of nulls, sizes; see `align.lattice`."""

    _fields_ = (
        ("count", c_int64),
        ("n", c_int64),
        ("m", c_int64),
        ("types", c_int64),
        ("a", c_void_p),
        ("b", c_void_p),
        ("beads", c_void_p),
        ("src_null", c_void_p),
        ("tgt_null", c_void_p),
        ("sizes", c_void_p),
        ("null_open", c_double),
    )


def address(array: NDArray[Any]) -> int:
    """Where the numbers of an array lie, row by row."""
    if not array.flags.c_contiguous:
        raise ValueError("an array that is not laid out row by row")
    return array.ctypes.data


def addresses(arrays: Iterable[NDArray[Any]]) -> Array[c_void_p]:
    """Those of several arrays, which it keeps from being freed."""
    held = list(arrays)
    found = (c_void_p * len(held))(*map(address, held))
    found.held = held  # type: ignore[attr-defined]
    return found


class _Numbers:
    """How ctypes is to pass arrays of one kind of number."""

    def __init__(self, kind: type[np.generic]) -> None:
        self._kind = np.dtype(kind)

    def from_param(self, array: NDArray[Any]) -> c_void_p:
        """Where an array lies."""
        if array.dtype != self._kind:
            raise TypeError(f"numbers of kind {array.dtype} where {self._kind} belong")
        return c_void_p(address(array))


_INTS, _FLOATS = _Numbers(np.int64), _Numbers(np.float64)
_CODES, _SLOTS = _Numbers(np.uint32), _Numbers(np.int32)
_ARRAYS, _IN_OUT = POINTER(c_void_p), POINTER(c_int64)
_MATRIX, _STRETCHES, _LATTICE = POINTER(Matrix), POINTER(Stretches), POINTER(Lattice)
_MODEL = (c_double, c_double, c_double)
"""λ, α and N₀ of `evidence.lexical`."""

_ARGUMENTS: Final[dict[str, tuple[Any, ...]]] = {
    "explain_spans": (_MATRIX, _MATRIX, _MATRIX, _FLOATS, _STRETCHES, _STRETCHES, c_int64, *_MODEL, _ARRAYS),
    "link_beads": (
        *(_MATRIX, _MATRIX, _MATRIX, _FLOATS, _INTS, _FLOATS, c_int64, *_MODEL, c_double, c_int64),
        *(_IN_OUT, _IN_OUT, _INTS, _INTS, _FLOATS, _FLOATS, _FLOATS),
    ),
    "best_ways": (_LATTICE, _FLOATS, _FLOATS, _FLOATS, _FLOATS),
    "number_words": (_CODES, _INTS, c_int64, _SLOTS, c_int64, _INTS, _INTS, _INTS, _INTS, _IN_OUT),
    "edge_posteriors": (_LATTICE, _FLOATS, _ARRAYS, _FLOATS, _FLOATS, _FLOATS, _FLOATS),
}
"""What each function takes, as in `loops.c`: else an integer would be passed as one where C has a double."""


def load() -> CDLL | None:
    """The library; None where it was not compiled, not for this machine, or is not wanted."""
    if os.environ.get("ALIGNER_COMPILED") == "0":
        return None
    try:
        library = CDLL(str(library_path()))
    except OSError:
        return None
    for name, arguments in _ARGUMENTS.items():
        getattr(library, name).argtypes = arguments
    return library


LOOPS = load()
"""The library, or None."""


def run(name: str, *arguments: _Record | NDArray[Any] | Array[Any] | c_int64 | float) -> None:
    """Run a function of the library, which must be there. Structures and a c_int64 are passed by reference.

    Raises:
        MemoryError: there is not enough.
    """
    if getattr(LOOPS, name)(*arguments):
        raise MemoryError
