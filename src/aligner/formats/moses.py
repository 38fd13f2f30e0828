r"""Moses format: two files with the same number of lines, PREFIX.zh and PREFIX.vi; no quoting.

A line ends at `\n` alone: `str.splitlines` would cut at U+2028 too, and the two files would drift apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import BinaryIO

from aligner.errors import FormatError
from aligner.formats.options import ExportOptions
from aligner.formats.selection import Tally
from aligner.formats.units import Unit, imported_hash
from aligner.lines import text_lines


def write_units(
    units: Iterable[Unit], files: tuple[BinaryIO, BinaryIO], options: ExportOptions, _tally: Tally
) -> None:
    """Writes cleaned units, one text a line: the zh file first, whatever the direction."""
    src_file, tgt_file = files if options.direction == "zh-vi" else reversed(files)
    for unit in units:
        src_file.write(unit.src.encode() + b"\n")
        tgt_file.write(unit.tgt.encode() + b"\n")


def read_units(zh_file: BinaryIO, vi_file: BinaryIO, names: tuple[str, str]) -> Iterator[Unit]:
    """The units of two files, zh first.

    Raises:
        FormatError: one file has more lines than the other, or is not UTF-8.
    """
    vi_lines = text_lines(vi_file, names[1])
    number = 0
    for number, zh in text_lines(zh_file, names[0]):
        pair = next(vi_lines, None)
        if pair is None:
            raise FormatError(f"{names[0]} has more lines than {names[1]}, which ends after {number - 1}")
        yield Unit(number - 1, zh, pair[1], document=names[0], hash=imported_hash(zh, pair[1]))
    if next(vi_lines, None):
        raise FormatError(f"{names[1]} has more lines than {names[0]}, which ends after {number}")
