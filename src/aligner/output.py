"""Writing results: a file is either wholly the new one or untouched, and a line appended is never half lost.

A result goes to a new file beside its destination, is forced to the disk and then renamed. Whatever goes
wrong before the renaming (a full disk, an error in the program, Ctrl-C) leaves what stood there as it was.
"""

from __future__ import annotations

import codecs
import errno
import io
import json
import os
import stat
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO, TextIO, TypeAlias, cast

from aligner.errors import OutputError, UsageError

Destination: TypeAlias = str | Path | None
"""A file's path; `-` and None stand for stdout."""

_REMEDIES = {
    errno.ENOSPC: "free some space, or choose another place with -o",
    errno.EDQUOT: "free some space, or choose another place with -o",
    errno.EFBIG: "choose a place that takes larger files with -o",
    errno.ENAMETOOLONG: "choose a shorter name",
}


def is_stdout(destination: Destination) -> bool:
    """Whether a destination means standard output."""
    return destination is None or str(destination) == "-"


def check_output(destination: Destination, *, inputs: Iterable[str | Path] = ()) -> None:
    """Tells before the work is done that its result could not be written there.

    Args:
        destination: where the result is to go.
        inputs: the files the result is made from: source documents, bitexts, tables.

    Raises:
        OutputError: it is a folder, one of the inputs, write-protected, or its folder is missing.
    """
    if is_stdout(destination):
        return
    path = Path(cast("str | Path", destination))
    try:
        _check(path, inputs)
    except OSError as error:
        raise cannot_write(path, error) from None


def _check(path: Path, inputs: Iterable[str | Path]) -> None:
    if path.is_dir():
        raise OutputError(f"{path} is a folder", "name a file in it")
    if not path.parent.is_dir():
        what = "is not a folder" if path.parent.exists() else "does not exist"
        raise OutputError(f"{path} cannot be written, {path.parent} {what}", "make the folder first")
    for given in inputs:
        if path.exists() and os.path.exists(given) and os.path.samefile(path, given):  # noqa: PTH110, PTH121 - `given` may be "-"
            raise OutputError(f"{path} is an input and would be overwritten", "choose another name with -o")
    if path.exists() and not os.access(path, os.W_OK):
        raise OutputError(f"{path} is write-protected", "choose another name with -o")


def check_inside(path: Path, folder: Path) -> None:
    """Tells that a file of a folder that others may have made lies in it, and is no link out of it.

    Raises:
        OutputError: it leads elsewhere.
    """
    target = Path(os.path.realpath(path))
    if not target.is_relative_to(os.path.realpath(folder)):
        raise OutputError(f"{path} is a link that leads out of {folder}", "remove the link")


@contextmanager
def open_output(
    destination: Destination, *, inputs: Iterable[str | Path] = (), binary: bool = False
) -> Iterator[BinaryIO]:
    """A binary file that becomes the destination when the block ends without an exception.

    A file that is replaced keeps its permissions; through a symbolic link its target is replaced. A device
    or pipe (`/dev/null`) is written directly.

    Args:
        destination: where the result is to go.
        inputs: see `check_output`.
        binary: the result is not text: it is not poured over a terminal.

    Raises:
        OutputError: it cannot be written; what stood there is untouched and nothing is left beside it.
        UsageError: `binary`, and stdout is a terminal.
    """
    if is_stdout(destination):
        with _stdout(binary=binary) as file:
            yield file
        return
    check_output(destination, inputs=inputs)
    path = Path(os.path.realpath(cast("str | Path", destination)))
    if path.exists() and not path.is_file():
        with _opened(path, path, os.O_WRONLY) as file:
            yield file
        return
    with _replacing(path) as file:
        yield file


@contextmanager
def open_text_output(destination: Destination, *, inputs: Iterable[str | Path] = ()) -> Iterator[TextIO]:
    r"""`open_output` for text: UTF-8, lines end in `\n`, a lone surrogate is written as `\ud800`."""
    with open_output(destination, inputs=inputs) as file:
        # Not a TextIOWrapper: it would close the file below, once more, when it is collected.
        yield cast("TextIO", codecs.getwriter("utf-8")(file, "backslashreplace"))


def write_text(destination: Destination, text: str, *, inputs: Iterable[str | Path] = ()) -> None:
    """Writes a whole text; see `open_text_output`."""
    with open_text_output(destination, inputs=inputs) as file:
        file.write(text)


def append_json(path: Path, records: Iterable[Mapping[str, Any]]) -> None:
    """Appends JSON objects, one a line, and returns when they are on the disk.

    A last line that was cut short (the machine or the program died while it was written) is cut off first;
    one that is whole but for its line end is completed. One writer at a time. The cost does not depend on
    the file's length, but for a last line without line end, which is read.

    Raises:
        OutputError: they cannot be written; the file is as it was.
    """
    text = "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)
    data = text.encode("utf-8", "backslashreplace")
    is_new = not path.exists()
    with _opened(path, path, os.O_RDWR | os.O_CREAT | os.O_APPEND, buffered=False) as file:
        size = _mend(file)
        try:
            while data:
                data = data[file.write(data) :]
            _sync(file, path)
        except OutputError:
            file.truncate(size)
            raise
    if is_new:
        _sync_folder(path.parent)


def last_line(path: Path) -> bytes:
    """The last whole line of a JSON Lines file, without its line end; empty where there is none.

    Raises:
        OutputError: the file is there but cannot be read.
    """
    try:
        with path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            torn = _tail(file, size)
            if torn and is_json(torn):
                return torn
            return _tail(file, size - len(torn) - 1)
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise cannot_write(path, error) from None


def _tail(file: BinaryIO, end: int) -> bytes:
    """What stands between the last line end before `end` and `end`."""
    tail = b""
    at = max(0, end)
    while at and b"\n" not in tail:
        step = min(at, 1 << 16)
        at -= step
        file.seek(at)
        tail = file.read(step) + tail
    return tail[tail.rfind(b"\n") + 1 :]


def _mend(file: BinaryIO) -> int:
    """Ends a JSON Lines file in a whole line; returns its size."""
    size = file.seek(0, os.SEEK_END)
    torn = _tail(file, size)
    if not torn:
        return size
    if is_json(torn):
        return size + file.write(b"\n")
    file.truncate(size - len(torn))
    return size - len(torn)


def is_json(line: bytes) -> bool:
    """Whether a line is whole: one JSON value in UTF-8."""
    try:
        json.loads(line.decode())
    except (ValueError, RecursionError):
        return False
    return True


class _File(io.FileIO):
    """A file whose write errors name the file asked for, so that they cannot be taken for read errors."""

    def __init__(self, descriptor: int, path: Path) -> None:
        super().__init__(descriptor, "r+b")
        self.path = path

    def write(self, data: Any, /) -> int:
        """Writes what fits, as `io.FileIO` does."""
        try:
            return super().write(data)
        except OSError as error:
            raise cannot_write(self.path, error) from None


def cannot_write(path: Path, error: OSError) -> OutputError:
    """The error that says why a file could not be written, with a remedy where one is known."""
    reason = (error.strerror or type(error).__name__).lower()
    return OutputError(
        f"{path} cannot be written ({reason})",
        _REMEDIES.get(error.errno or 0, "choose another place with -o"),
    )


@contextmanager
def _opened(
    path: Path, named: Path, flags: int, *, buffered: bool = True, mode: int = 0o666
) -> Iterator[BinaryIO]:
    """Opens a file by descriptor; errors name `named`."""
    try:
        descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0), mode)
    except OSError as error:
        raise cannot_write(named, error) from None
    raw = _File(descriptor, named)
    file = cast("BinaryIO", io.BufferedWriter(raw, 1 << 16) if buffered else raw)
    try:
        yield file
        file.flush()
    finally:
        # After an error the buffer still holds what could not be written, and closing tries once more.
        with suppress(OutputError, OSError, ValueError):
            file.close()


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """A new file beside `path`, put in its place at the end, removed on any exception."""
    # A short name of its own: the destination's may already be as long as a name can be.
    beside = path.with_name(f".aligner-{os.urandom(6).hex()}.tmp")
    try:
        with _opened(beside, path, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as file:
            yield file
            file.flush()
            _sync(file, path)
        try:
            if path.exists():
                beside.chmod(stat.S_IMODE(path.stat().st_mode))
            beside.replace(path)
        except OSError as error:
            raise cannot_write(path, error) from None
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


@contextmanager
def _stdout(*, binary: bool) -> Iterator[BinaryIO]:
    if binary and sys.stdout.isatty():
        raise UsageError("this format is not text and is not written to a terminal", "name a file with -o")
    sys.stdout.flush()
    file = sys.stdout.buffer
    try:
        yield file
        file.flush()
    except BrokenPipeError:
        raise
    except OSError as error:
        if error.errno not in _REMEDIES:
            raise
        raise cannot_write(Path("standard output"), error) from None


def _sync(file: BinaryIO, path: Path) -> None:
    try:
        os.fsync(file.fileno())
    except OSError as error:
        raise cannot_write(path, error) from None


def _sync_folder(folder: Path) -> None:
    """Makes a new name last; a system that cannot do this for folders does without."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
