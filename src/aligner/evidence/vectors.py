"""Vectors of texts, kept on disk: encoding takes longer than all the rest together.

One SQLite file in the user's cache folder (`XDG_CACHE_HOME`, or `~/.cache`), a row for each model and text,
both by hash; it may be deleted at any time. Where the folder cannot be written nothing is kept, and nothing
is said.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
_BATCH = 256
"""Texts encoded, and then kept, at a time: what is interrupted has not been for nothing."""


def cache_file() -> Path:
    """Where vectors are kept."""
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "aligner" / "vectors.sqlite"


def cached(model: str, texts: Sequence[str], encode: Callable[[Sequence[str]], Floats]) -> Floats:
    """The vectors of texts, (texts, dimensions); only those that are not kept yet are encoded.

    Args:
        model: names what makes the vectors.
        texts: as the model gets them; an empty one has the vector 0.
        encode: makes vectors.
    """
    keys = {text: _key(model, text) for text in texts if text}
    with closing(_opened()) as kept:
        known = _read(kept, list(keys.values()))
        missing = [text for text, key in keys.items() if key not in known]
        for start in range(0, len(missing), _BATCH):
            some = missing[start : start + _BATCH]
            rows = {keys[text]: vector for text, vector in zip(some, encode(some), strict=True)}
            known.update(rows)
            _keep(kept, rows)
    width = next((len(vector) for vector in known.values()), 1)
    nothing = np.zeros(width, np.float32)
    return np.array([known[keys[text]] if text else nothing for text in texts], np.float32).reshape(-1, width)


def _key(model: str, text: str) -> bytes:
    return hashlib.sha256(f"{model}\0{text}".encode("utf-8", "surrogatepass")).digest()[:16]


def _opened() -> sqlite3.Connection:
    """The file, made where there is none; in memory where it cannot be used."""
    try:
        cache_file().parent.mkdir(parents=True, exist_ok=True)
        kept = sqlite3.connect(cache_file(), timeout=10)
        kept.execute("CREATE TABLE IF NOT EXISTS vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")
    except (OSError, sqlite3.Error):
        kept = sqlite3.connect(":memory:")
        kept.execute("CREATE TABLE vectors (key BLOB PRIMARY KEY, vector BLOB) WITHOUT ROWID")
    return kept


def _read(kept: sqlite3.Connection, keys: Sequence[bytes]) -> dict[bytes, Floats]:
    found: dict[bytes, Floats] = {}
    for key in keys:
        row = kept.execute("SELECT vector FROM vectors WHERE key = ?", (key,)).fetchone()
        if row:
            found[key] = np.frombuffer(row[0], np.float32)
    return found


def _keep(kept: sqlite3.Connection, rows: dict[bytes, Floats]) -> None:
    with suppress(sqlite3.Error), kept:
        kept.executemany(
            "INSERT OR REPLACE INTO vectors VALUES (?, ?)",
            [(key, np.asarray(vector, np.float32).tobytes()) for key, vector in rows.items()],
        )
