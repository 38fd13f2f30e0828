"""Which editors have a bitext open: each leaves a note with its address, and reads those of the others.

The notes lie in the user's cache folder, a folder for each bitext. An editor holds its note locked as long as
it lives, so that the note of one that was killed is known for what it is, and is removed. Notes decide
nothing: where they cannot be written nobody is told of the other, and decisions are as safe as without.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Iterator
from pathlib import Path

from aligner.review.lock import locked

_LONGEST = 200
"""Characters of an address that are read."""


class Presence:
    """The notes of one editor."""

    def __init__(self, address: str) -> None:
        """Notes will name this address."""
        self.address = address
        self._notes: dict[Path, tuple[int, Path]] = {}

    def join(self, bitext: Path) -> None:
        """Leaves a note that a bitext is open here."""
        if bitext in self._notes:
            return
        folder = _folder(bitext)
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            note = folder / f"{os.getpid()}.note"
            descriptor = os.open(note, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
            if not locked(descriptor):
                os.close(descriptor)
                return
            os.write(descriptor, self.address.encode())
            self._notes[bitext] = descriptor, note

    def others(self, bitext: Path) -> list[str]:
        """The addresses of the other editors that have a bitext open now."""
        own = self._notes.get(bitext, (-1, None))[1]
        return [address for note, address in _living(_folder(bitext)) if note != own]

    def leave(self) -> None:
        """Takes the notes away."""
        for descriptor, note in self._notes.values():
            with contextlib.suppress(OSError):
                note.unlink()
            os.close(descriptor)
        self._notes.clear()


def _folder(bitext: Path) -> Path:
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    name = hashlib.sha256(os.fsencode(bitext.resolve())).hexdigest()[:16]
    return Path(home) / "aligner" / "review" / name


def _living(folder: Path) -> Iterator[tuple[Path, str]]:
    """The notes whose editors live, and what they say; the others are removed."""
    try:
        notes = sorted(folder.glob("*.note"))
    except OSError:
        return
    for note in notes:
        with contextlib.suppress(OSError):
            descriptor = os.open(note, os.O_RDWR)
            try:
                if locked(descriptor):
                    note.unlink()
                else:
                    yield note, os.read(descriptor, _LONGEST).decode("utf-8", "replace")
            finally:
                os.close(descriptor)
