"""The folder a run writes to, on a disk or on anything fsspec knows: every file whole or not there.

Nothing here keeps a file open: a shard is made in memory and put in its place in one step, so a process
that is killed leaves the shard as it was.
"""

from __future__ import annotations

import errno
import io
import json
import os
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from aligner.errors import InputError, MissingBackend, OutputError

if TYPE_CHECKING:
    import pyarrow as pa

NUMBER = "05d"
"""How shards are numbered in file names."""
GOES_ON = "the same command goes on from here"
_ANEW = "remove the output folder, and repeat the command"
_CLOSED = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


@dataclass(frozen=True, slots=True)
class Store:
    """A folder, by its address.

    Attributes:
        url: a local path or an address fsspec knows (`s3://…`).
    """

    url: str

    def write(self, name: str, data: bytes) -> None:
        """Puts a file in its place.

        Raises:
            OutputError: it cannot be written; what stood there is untouched.
        """
        system, root = opened(self.url)
        path = f"{root}/{name}"
        beside = f"{path.rpartition('/')[0]}/.aligner-{secrets.token_hex(6)}.tmp"
        try:
            system.makedirs(path.rpartition("/")[0], exist_ok=True)
            if not is_local(system):
                system.pipe_file(path, data)  # object stores show a file only when all of it is there
                return
            try:
                with open(beside, "wb") as file:  # noqa: PTH123 - a path of fsspec
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                os.replace(beside, path)  # noqa: PTH105
            except BaseException:
                with suppress(OSError):
                    os.unlink(beside)  # noqa: PTH108
                raise
        except OSError as error:
            reason = (error.strerror or str(error) or type(error).__name__).lower()
            raise OutputError(
                f"{self.url}/{name} cannot be written ({reason})", f"{remedy_of(error)}; {GOES_ON}"
            ) from None

    def read(self, name: str) -> bytes:
        """The bytes of a file.

        Raises:
            InputError: it cannot be read.
        """
        system, root = opened(self.url)
        try:
            return bytes(system.cat_file(f"{root}/{name}"))
        except FileNotFoundError:
            raise InputError(f"{self.url}/{name} has been removed", _ANEW) from None
        except OSError as error:
            reason = (error.strerror or str(error) or type(error).__name__).lower()
            raise InputError(f"{self.url}/{name} cannot be read ({reason})", GOES_ON) from None

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        system, root = opened(self.url)
        return bool(system.exists(f"{root}/{name}"))

    def names(self, folder: str, suffix: str = "") -> list[str]:
        """Names of the files in a folder, in order; none where there is no such folder."""
        system, root = opened(self.url)
        try:
            found = system.ls(f"{root}/{folder}", detail=False, refresh=True)
        except FileNotFoundError:
            return []
        names = (str(path).rpartition("/")[2] for path in found)
        return sorted(f"{folder}/{name}" for name in names if name.endswith(suffix) and name[0] != ".")

    def changed(self, *names: str) -> float | None:
        """When the last of some files was written, in seconds of the epoch; None where there is none."""
        system, root = opened(self.url)
        return max((system.modified(f"{root}/{name}").timestamp() for name in names), default=None)

    def remove(self, folder: str) -> None:
        """Removes a folder with all that is in it, if it is there."""
        system, root = opened(self.url)
        if system.exists(f"{root}/{folder}"):
            system.rm(f"{root}/{folder}", recursive=True)

    def write_json(self, name: str, value: Mapping[str, Any]) -> None:
        """Writes a JSON file; equal values give equal bytes."""
        text = json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True)
        self.write(name, text.encode("utf-8", "backslashreplace") + b"\n")

    def read_json(self, name: str) -> dict[str, Any]:
        """A JSON file; see `read`.

        Raises:
            ValueError: it is not what `write_json` writes.
        """
        value = json.loads(self.read(name))
        if not isinstance(value, dict):
            raise ValueError(f"{name} is no object")  # noqa: TRY004 - as broken JSON is
        return value

    def write_table(self, name: str, table: pa.Table) -> None:
        """Writes a Parquet file."""
        import pyarrow.parquet as pq

        buffer = io.BytesIO()
        pq.write_table(table, buffer, compression="zstd", row_group_size=1 << 16)
        self.write(name, buffer.getvalue())

    def read_table(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """A Parquet file, or some of its columns; see `read`."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            return pq.read_table(io.BytesIO(self.read(name)), columns=columns)
        except (pa.ArrowException, OSError):
            raise self.damaged(name) from None

    def damaged(self, name: str) -> InputError:
        """What is to be said of a file of a run that is not as it was written."""
        return InputError(f"{self.url}/{name} is damaged", _ANEW)


def remedy_of(error: OSError) -> str:
    """What to do where something cannot be written."""
    return "let it be written there" if error.errno in _CLOSED else "make room or choose another --output"


def shard_name(folder: str, rank: int, suffix: str = ".parquet") -> str:
    """Where a shard lies: `beads/00042.parquet`."""
    return f"{folder}/{rank:{NUMBER}}{suffix}"


@lru_cache(maxsize=8)
def opened(url: str) -> tuple[Any, str]:
    """The file system of an address, and the path in it."""
    try:
        import fsspec
    except ImportError:
        raise MissingBackend("aligner run", "scale") from None
    try:
        system, path = fsspec.core.url_to_fs(url)
    except (ValueError, ImportError, OSError) as error:
        raise InputError(
            f"{url} cannot be opened ({error})", "name a folder, or an address fsspec knows"
        ) from None
    return system, str(path).rstrip("/")


def is_local(system: Any) -> bool:
    """Whether a file system is a disk of this machine."""
    protocol = system.protocol
    return "file" in ((protocol,) if isinstance(protocol, str) else protocol)
