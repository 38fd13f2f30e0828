"""Bitexts in and out: the formats, and which is meant.

    Bitext… ──▶ Unit… ──select──▶ tmx, tsv, csv, jsonl, moses
    Bitext ◀── Unit… ◀── the same files, by name and content

Each format is one module with its writer and its reader; the dict literal below is all that binds them
together. A new format of units is a module with `write_units` and, if it can be read, `read_units`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib import import_module
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, Literal, cast

from aligner.errors import FormatError, UsageError
from aligner.formats.imported import bitext_of, bitexts_of
from aligner.formats.inputs import detect_format, name_of, open_input
from aligner.formats.options import Direction, ExportOptions
from aligner.formats.selection import Tally, deduplicate, select
from aligner.formats.units import Unit, units_of
from aligner.model import Bitext
from aligner.output import Destination, is_stdout, open_output

__all__ = [
    "FORMATS",
    "Direction",
    "ExportOptions",
    "Format",
    "Tally",
    "Unit",
    "export_files",
    "find_format",
    "load_bitext",
    "load_bitexts",
    "write_bitexts",
]


@dataclass(frozen=True, slots=True)
class Format:
    """What the rest of the program needs to know of a format.

    Attributes:
        module: its module in this package.
        takes: what it is written from: one bitext, or units of any number of bitexts.
        memory: it is a translation memory: null and rejected beads are left out.
        exact: it holds any text as it is; otherwise texts are cleaned for one line.
        files: suffixes of the files it consists of, per language, where it is more than one file.
        binary: it is not text.
    """

    module: str
    takes: Literal["bitext", "units"] = "units"
    memory: bool = False
    exact: bool = False
    files: tuple[str, ...] = ()
    binary: bool = False


FORMATS: dict[str, Format] = {
    "bitext": Format("bitext", takes="bitext", exact=True),
    "beads": Format("beads", takes="bitext"),
    "tmx": Format("tmx", memory=True),
    "tsv": Format("tsv"),
    "csv": Format("csv"),
    "jsonl": Format("jsonl", exact=True),
    "moses": Format("moses", memory=True, files=(".zh", ".vi")),
}


def find_format(name: str) -> Format:
    """The format of this name.

    Raises:
        UsageError: there is none.
    """
    if name not in FORMATS:
        raise UsageError(f"no format '{name}'", f"it is one of {', '.join(FORMATS)}")
    return FORMATS[name]


def _module(form: Format) -> Any:
    return import_module(f"{__name__}.{form.module}")


def write_bitexts(
    bitexts: Iterable[Bitext],
    format_name: str,
    destination: Destination | BinaryIO = None,
    options: ExportOptions | None = None,
    *,
    inputs: Iterable[str | Path] = (),
) -> Tally:
    """Writes bitexts in a format; one after another is asked for, so they need not all be in memory.

    Args:
        bitexts: one for `bitext` and `beads`, any number for the others.
        format_name: a key of `FORMATS`.
        destination: a path, `-` or None for stdout, or a file open for writing bytes; for `moses` the path
            without `.zh` and `.vi`.
        options: direction and filter.
        inputs: the files these bitexts come from, which must not be overwritten.

    Returns:
        What was written, what was left out and why.

    Raises:
        UsageError: the format cannot do what is asked.
        OutputError: the destination cannot be written; what stood there is untouched.
    """
    form, options = find_format(format_name), options or ExportOptions()
    if form.takes == "bitext":
        return _write_one(bitexts, format_name, destination, options, inputs)
    units = chain.from_iterable(units_of(bitext, options) for bitext in bitexts)
    return _write_units(units, form, destination, options, inputs)


def export_files(
    paths: Iterable[str | Path],
    format_name: str,
    destination: Destination | BinaryIO = None,
    options: ExportOptions | None = None,
) -> Tally:
    """`write_bitexts` from files: bitexts with their decisions; memories and tables in constant memory.

    Raises:
        InputError: a file cannot be read; otherwise like `write_bitexts`.
    """
    form, options, paths = find_format(format_name), options or ExportOptions(), list(paths)
    if form.takes == "bitext":
        return _write_one(map(load_bitext, paths), format_name, destination, options, paths)
    tally = Tally()
    units = chain.from_iterable(_file_units(path, options, tally) for path in paths)
    return _write_units(units, form, destination, options, paths, tally)


def _file_units(path: str | Path, options: ExportOptions, tally: Tally) -> Iterator[Unit]:
    with open_input(path) as file:
        name = detect_format(file, path)
        if FORMATS[name].takes == "bitext":
            bitext = load_bitext(path)
            tally.remarks += bitext.notes
            yield from units_of(bitext, options)
            return
        units = _module(FORMATS[name]).read_units(file, name_of(path), tally)
        yield from (unit.turned() for unit in units) if options.direction == "vi-zh" else units


def _write_one(
    bitexts: Iterable[Bitext],
    name: str,
    destination: Destination | BinaryIO,
    options: ExportOptions,
    inputs: Iterable[str | Path],
) -> Tally:
    if options.filters:
        raise UsageError(f"the format {name} holds all beads of a bitext", "filter into another format")
    found = list(islice(bitexts, 2))
    if len(found) != 1:
        raise UsageError(f"the format {name} holds one bitext", "name one, or choose another format")
    with _opened(destination, inputs, binary=False) as file:
        _module(FORMATS[name]).write(found[0], file)
    return Tally(units=len(found[0].beads), remarks=list(found[0].notes))


def _write_units(
    units: Iterable[Unit],
    form: Format,
    destination: Destination | BinaryIO,
    options: ExportOptions,
    inputs: Iterable[str | Path],
    tally: Tally | None = None,
) -> Tally:
    tally = tally or Tally()
    chosen: Iterable[Unit] = select(units, options, tally, memory=form.memory, exact=form.exact)
    with ExitStack() as stack:
        if form.files:
            if hasattr(destination, "write") or is_stdout(destination):
                raise UsageError(
                    f"the format {form.module} is {len(form.files)} files", "name their common prefix with -o"
                )
            file: Any = tuple(
                stack.enter_context(open_output(f"{destination}{suffix}", inputs=inputs))
                for suffix in form.files
            )
        else:
            file = stack.enter_context(_opened(destination, inputs, binary=form.binary))
        if options.deduplicate:
            chosen = deduplicate(chosen, tally)
        _module(form).write_units(chosen, file, options, tally)
    return tally


@contextmanager
def _opened(
    destination: Destination | BinaryIO, inputs: Iterable[str | Path], *, binary: bool
) -> Iterator[BinaryIO]:
    if hasattr(destination, "write"):
        yield cast("BinaryIO", destination)
        return
    with open_output(destination, inputs=inputs, binary=binary) as file:
        yield file


def load_bitext(path: str | Path, *, apply: bool = True) -> Bitext:
    """The bitext in a file of any format that can be read: bitext, TMX, TSV, CSV, JSONL.

    A memory or table of several documents becomes one bitext; see `load_bitexts`.

    Args:
        path: the file, `-` for stdin.
        apply: take the decisions that lie beside a bitext file into account.

    Raises:
        InputError: it cannot be read.
        FormatError: it is broken, or no bitext.
    """
    found = _load(path, apply=apply)
    return found if isinstance(found, Bitext) else bitext_of(*found)


def load_bitexts(path: str | Path, *, apply: bool = True) -> tuple[Bitext, ...]:
    """`load_bitext`, with one bitext for each document a memory or table names, in order of appearance."""
    found = _load(path, apply=apply)
    return (found,) if isinstance(found, Bitext) else bitexts_of(*found)


def _load(path: str | Path, *, apply: bool) -> Bitext | tuple[list[Unit], str, tuple[str, ...]]:
    """A bitext file's bitext, or the units of another file with its name and remarks."""
    with open_input(path) as file:
        found = detect_format(file, path)
        if found not in FORMATS or found == "beads":
            raise FormatError(f"{path} is a {found} file, not a bitext", "name a bitext, TMX, TSV or JSONL")
        module = _module(FORMATS[found])
        if found != "bitext":
            tally = Tally()
            units = list(module.read_units(file, name_of(path), tally))
            return units, name_of(path), tuple(tally.remarks)
        bitext: Bitext = module.read(file, name_of(path))
    return _with_decisions(bitext, Path(path)) if apply and not is_stdout(path) else bitext


def _with_decisions(bitext: Bitext, path: Path) -> Bitext:
    from aligner.review.decisions import apply_decisions, decisions_path, read_decisions

    decisions = decisions_path(path)
    return apply_decisions(bitext, read_decisions(decisions)) if decisions.exists() else bitext
