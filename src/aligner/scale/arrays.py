"""Arrays of a shard as a file: what stages pass on to each other besides tables."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import numpy as np
from numpy.typing import NDArray

from aligner.scale.store import Store, shard_name


def save_arrays(store: Store, folder: str, rank: int, **arrays: NDArray[Any]) -> None:
    """Writes the arrays of a shard, by name."""
    store.write(shard_name(folder, rank, ".npz"), pack(**arrays))


def load_arrays(store: Store, folder: str, rank: int) -> dict[str, NDArray[Any]]:
    """The arrays of a shard."""
    return load_file(store, shard_name(folder, rank, ".npz"))


def load_file(store: Store, name: str) -> dict[str, NDArray[Any]]:
    """The arrays of a file.

    Raises:
        InputError: it is missing or damaged.
    """
    data = store.read(name)
    try:
        return unpack(data)
    except (ValueError, EOFError, zipfile.BadZipFile):
        raise store.damaged(name) from None


def pack(**arrays: NDArray[Any]) -> bytes:
    """Arrays as the bytes of an .npz file."""
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)  # type: ignore[arg-type]  # its other argument is no array
    return buffer.getvalue()


def unpack(data: bytes) -> dict[str, NDArray[Any]]:
    """The arrays of an .npz file; objects in it are refused."""
    with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
        return dict(arrays)
