"""One writer at a time: programs that add decisions to the files of a folder wait for each other.

The lock belongs to an open file and goes with it, so that a program that was killed leaves none behind.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aligner.errors import OutputError
from aligner.output import cannot_write

_PATIENCE = 10.0
"""Seconds that are waited for another writer, who holds the lock for some milliseconds."""
_STEP = 0.005


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Holds the right to write decisions into the folder of a file.

    Not to be taken twice by one program at a time, which would wait for itself.

    Raises:
        OutputError: the folder cannot be opened, or another program does not let go of it.
    """
    try:
        descriptor = _opened(path.parent)
    except OSError as error:
        raise cannot_write(path, error) from None
    try:
        _wait(descriptor, path)
        yield
    finally:
        os.close(descriptor)


def _wait(descriptor: int, path: Path) -> None:
    until = time.monotonic() + _PATIENCE
    while not locked(descriptor):
        if time.monotonic() > until:
            raise OutputError(f"{path} is being written by another program", "close it, then try again")
        time.sleep(_STEP)


if sys.platform == "win32":
    import msvcrt

    _BEYOND = 1 << 20

    def _opened(folder: Path) -> int:
        return os.open(folder / ".aligner.lock", os.O_RDWR | os.O_CREAT)

    def locked(descriptor: int) -> bool:
        """Locks an open file unless another program has; whether that was so."""
        try:
            # Beyond what is written there, for what is locked cannot be read.
            os.lseek(descriptor, _BEYOND, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(descriptor, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _opened(folder: Path) -> int:
        return os.open(folder, os.O_RDONLY)

    def locked(descriptor: int) -> bool:
        """Locks an open file unless another program has; whether that was so."""
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
