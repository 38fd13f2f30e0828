"""The beads format, shared by evaluation tools: `[0,1]:[0]`, segment ids from 0, zh first, a bead a line."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import BinaryIO, TypeAlias

from aligner.errors import FormatError
from aligner.lines import text_lines
from aligner.model import Bitext

IdBead: TypeAlias = tuple[tuple[int, ...], tuple[int, ...]]

# Vecalign appends the cost of a bead after a second colon.
_LINE = re.compile(r"\s*\[([\d,\s]*)\]\s*:\s*\[([\d,\s]*)\]\s*(?::.*)?")


def write(bitext: Bitext, file: BinaryIO) -> None:
    """Writes the beads of a bitext as ids, all of them and in order."""
    write_ids((([s.id for s in bead.src], [s.id for s in bead.tgt]) for bead in bitext.beads), file)


def write_ids(beads: Iterable[tuple[Iterable[int], Iterable[int]]], file: BinaryIO) -> None:
    """Writes beads given as ids."""
    for src, tgt in beads:
        sides = [",".join(map(str, ids)) for ids in (src, tgt)]
        file.write("[{}]:[{}]\n".format(*sides).encode())


def read(file: BinaryIO, name: str) -> tuple[IdBead, ...]:
    """The beads of a file; empty lines and lines that begin with `#` are passed over, costs ignored.

    Raises:
        FormatError: a line is no bead, or an id stands in two beads.
    """
    beads: list[IdBead] = []
    seen: tuple[set[int], set[int]] = (set(), set())
    for number, line in text_lines(file, name):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise FormatError(f"{name}:{number}: not a bead", "a bead looks like [0,1]:[0]")
        sides = _ids(match[1], name, number), _ids(match[2], name, number)
        for lang, known, ids in zip(("zh", "vi"), seen, sides, strict=True):
            twice = known.intersection(ids) or len(set(ids)) < len(ids)
            if twice:
                raise FormatError(f"{name}:{number}: a {lang} id that stands in a bead already")
            known.update(ids)
        beads.append(sides)
    return tuple(beads)


def _ids(text: str, name: str, number: int) -> tuple[int, ...]:
    try:
        return tuple([int(part) for part in text.split(",") if part.strip()])
    except ValueError:
        raise FormatError(f"{name}:{number}: not a list of ids: [{text[:40]}]") from None
