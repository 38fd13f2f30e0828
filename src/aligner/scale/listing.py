"""What lies in the input of a run: its files in order, and what among them cannot be read."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from aligner.errors import InputError
from aligner.scale.records import Failure, failure_of
from aligner.scale.store import is_local, opened

_MARKS = "*?["


@dataclass(frozen=True, slots=True)
class Listing:
    """The files of an input.

    Attributes:
        system: the file system they are on.
        paths: path by name, in the order of the names; a name is the path below the input folder.
        failures: links, pipes and folders that cannot be read.
    """

    system: Any
    paths: Mapping[str, str]
    failures: tuple[Failure, ...] = ()

    def bytes_of(self, path: str) -> int:
        """How large a file is; 0 where that cannot be told."""
        try:
            return int(self.system.size(path) or 0)
        except OSError:
            return 0


def list_input(url: str) -> Listing:
    """The files of an input.

    Args:
        url: a folder, a pattern with `*`, or a file; local, or an address fsspec knows.

    Raises:
        InputError: there is nothing there, or it cannot be listed.
    """
    system, path = opened(url)
    failures: list[Failure] = []
    root = path
    try:
        if any(mark in path for mark in _MARKS):
            found = [str(p) for p in system.glob(path) if not system.isdir(p)]
            root = path[: min(path.index(mark) for mark in _MARKS if mark in path)].rpartition("/")[0]
        elif system.isfile(path):
            found, root = [path], path.rpartition("/")[0]
        elif not system.isdir(path):
            found = []
        else:
            found = _walked(path, failures) if is_local(system) else [str(p) for p in system.find(path)]
    except OSError as error:
        raise InputError(f"{url} cannot be listed ({error.strerror or error})") from None
    if not found and not failures:
        raise InputError(f"{url} is no folder or file with documents", "check the name")
    names = {_below(p, root): p for p in sorted(found)}
    unusable = {name: failure for name, p in names.items() if (failure := _unusable(system, p, name))}
    failures = [replace(f, document=_below(f.document, root) or url) for f in failures]
    usable = {name: p for name, p in names.items() if name not in unusable}
    return Listing(system, usable, tuple(sorted([*failures, *unusable.values()], key=lambda f: f.document)))


def _walked(root: str, failures: list[Failure]) -> list[str]:
    """The files of a folder of this machine and of those below it; neither hidden folders nor linked ones."""
    found = []

    def refused(error: OSError) -> None:
        failures.append(failure_of(str(error.filename), error))

    for parent, folders, files in os.walk(root, onerror=refused):
        folders[:] = [name for name in folders if not name.startswith(".")]
        linked = [name for name in folders if Path(parent, name).is_symlink()]
        failures += [
            Failure(f"{parent}/{name}", "a link to a folder, which is not followed", "name it with --input")
            for name in linked
        ]
        found += [f"{parent.rstrip('/')}/{name}" for name in files]
    return found


def _unusable(system: Any, path: str, name: str) -> Failure | None:
    """Why a file of this machine cannot be read at all: a pipe would be waited for without end."""
    if not is_local(system) or Path(path).is_file():
        return None
    if Path(path).is_symlink() and not Path(path).exists():
        return Failure(name, "a link to a file that is not there", "mend the link, or remove it")
    return Failure(name, "neither a file nor a folder", "only files are read")


def _below(path: str, root: str) -> str:
    return path[len(root) :].lstrip("/") if path.startswith(root) else path
