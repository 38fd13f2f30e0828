"""Bitexts in and out: the formats, and which is meant.

    Bitext… ──▶ Unit… ──select──▶ tmx, xliff, tsv, xlsx, html, …
    Bitext ◀── Unit… ◀── the same files, by name and content

Each format is one module with its writer and its reader; `registry` names them all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeAlias, cast

from aligner.errors import OutputError, UsageError
from aligner.formats.imported import bitext_of, bitexts_of
from aligner.formats.inputs import detect_format, name_of, no_bitext, open_input
from aligner.formats.options import Direction, ExportOptions
from aligner.formats.registry import FORMATS, Format, find_format
from aligner.formats.selection import Tally, deduplicate, select
from aligner.formats.units import Unit, document_name, units_of
from aligner.model import Bead, Bitext
from aligner.output import Destination, is_stdout, open_output
from aligner.wording import counted

if TYPE_CHECKING:
    from io import BufferedReader

    from aligner.evidence.links import BeadLinks

__all__ = [
    "FORMATS",
    "Direction",
    "ExportOptions",
    "Format",
    "Linker",
    "Tally",
    "Unit",
    "export_files",
    "find_format",
    "load_bitext",
    "load_bitexts",
    "write_bitexts",
]

Linker: TypeAlias = Callable[[Bitext], Iterator[tuple[Bead, "BeadLinks"]]]
"""What knows the word links of a bitext: `aligner.word_links.linked`, which is above this package."""
_MOST_FILES = 500
"""Files of one export: all are open until the last is written, and systems allow a thousand or so."""


def write_bitexts(
    bitexts: Iterable[Bitext],
    format_name: str,
    destination: Destination | BinaryIO = None,
    options: ExportOptions | None = None,
    *,
    inputs: Iterable[str | Path] = (),
    linker: Linker | None = None,
) -> Tally:
    """Writes bitexts in a format; one after another is asked for, so they need not all be in memory.

    Args:
        bitexts: one for `bitext` and `beads`, any number for the others, ignored by `srx`.
        format_name: a key of `FORMATS`.
        destination: a path, `-` or None for stdout, or a file open for writing bytes; for formats of several
            files the path without their suffixes, for `omegat` a folder.
        options: direction and filter.
        inputs: the files these bitexts come from, which must not be overwritten.
        linker: what knows word links; `pharaoh` needs it.

    Returns:
        What was written, what was left out and why.

    Raises:
        UsageError: the format cannot do what is asked.
        OutputError: the destination cannot be written; what stood there is untouched.
    """
    form, options = find_format(format_name), options or ExportOptions()
    if form.takes == "nothing":
        with _opened(destination, inputs, binary=form.binary) as file:
            form.load().write(file)
        return Tally()
    if form.takes == "bitext":
        return _write_one(bitexts, format_name, destination, options, inputs)
    if form.takes == "links":
        return _write_links(bitexts, form, destination, options, inputs, linker)
    units = chain.from_iterable(units_of(bitext, options) for bitext in bitexts)
    return _write_units(units, form, destination, options, inputs, Tally())


def export_files(
    paths: Iterable[str | Path],
    format_name: str,
    destination: Destination | BinaryIO = None,
    options: ExportOptions | None = None,
    *,
    linker: Linker | None = None,
) -> Tally:
    """`write_bitexts` from files: bitexts with their decisions; memories and tables in constant memory.

    Raises:
        InputError: a file cannot be read; otherwise like `write_bitexts`.
    """
    form, options, paths = find_format(format_name), options or ExportOptions(), list(paths)
    if form.takes != "units":
        loaded = (_with_note(load_bitext(path), format_name) for path in paths)
        return write_bitexts(loaded, format_name, destination, options, inputs=paths, linker=linker)
    tally = Tally()
    units = chain.from_iterable(_file_units(path, options, tally) for path in paths)
    return _write_units(units, form, destination, options, paths, tally)


def _with_note(bitext: Bitext, format_name: str) -> Bitext:
    """What comes from a memory or table has no segments but the joined texts: that must be said with ids."""
    if bitext.src.sha256 or format_name != "beads":
        return bitext
    note = "its segments are numbered anew: a memory or table holds each side of a bead as one text"
    return bitext.replace(notes=(*bitext.notes, f"{document_name(bitext)}: {note}"))


def _file_units(path: str | Path, options: ExportOptions, tally: Tally) -> Iterator[Unit]:
    with open_input(path) as file:
        name = _readable(file, path)
        if FORMATS[name].takes == "bitext":
            bitext = load_bitext(path)
            tally.remarks += bitext.notes
            yield from units_of(bitext, options)
            return
        units = FORMATS[name].load().read_units(file, name_of(path), tally)
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
        FORMATS[name].load().write(found[0], file)
    return Tally(units=len(found[0].beads), remarks=list(found[0].notes))


def _write_links(
    bitexts: Iterable[Bitext],
    form: Format,
    destination: Destination | BinaryIO,
    options: ExportOptions,
    inputs: Iterable[str | Path],
    linker: Linker | None,
) -> Tally:
    if linker is None:
        raise UsageError("nothing here knows word links", "give linker=aligner.word_links.linked")
    if options.deduplicate:
        raise UsageError("word links are those of all beads of a document", "leave out --deduplicate")
    tally = Tally()
    with ExitStack() as stack:
        files = _several(stack, form, destination, inputs)
        for bitext in bitexts:
            tally.remarks += bitext.notes
            units = select(units_of(bitext, options), options, tally, memory=True, exact=False)
            chosen = {unit.id for unit in units}
            beads = (pair for pair in linker(bitext) if pair[0].id in chosen)
            form.load().write_links(beads, files, options)
    return tally


def _write_units(
    units: Iterable[Unit],
    form: Format,
    destination: Destination | BinaryIO,
    options: ExportOptions,
    inputs: Iterable[str | Path],
    tally: Tally,
) -> Tally:
    chosen: Iterable[Unit] = select(units, options, tally, memory=form.memory, exact=form.exact)
    if options.deduplicate or options.merge:
        chosen = deduplicate(chosen, tally)
    if form.folder:
        if hasattr(destination, "write") or is_stdout(destination):
            raise UsageError(f"the format {form.module} is a folder", "name it with -o")
        form.load().write_project(chosen, Path(str(destination)), options, tally)
        return tally
    with ExitStack() as stack:
        if options.merge:
            if form is not FORMATS["tmx"]:
                raise UsageError(f"nothing can be merged into {form.module}", "merge into a TMX memory")
            from aligner.formats.merging import merge

            file = stack.enter_context(_opened(destination, (*inputs, options.merge), binary=False))
            merge(chosen, options.merge, file, options, tally)
        elif options.split:
            _write_split(chosen, form, destination, options, inputs, tally, stack)
        elif form.files:
            form.load().write_units(chosen, _several(stack, form, destination, inputs), options, tally)
        else:
            # The first unit is asked for before the file is opened: of broken input nothing is printed.
            chosen = _begun(chosen)
            file = stack.enter_context(_opened(destination, inputs, binary=form.binary))
            form.load().write_units(chosen, file, options, tally)
    return tally


def _begun(units: Iterable[Unit]) -> Iterator[Unit]:
    """The same units, the first of them made already."""
    rest = iter(units)
    return chain(list(islice(rest, 1)), rest)


def _write_split(
    units: Iterable[Unit],
    form: Format,
    destination: Destination | BinaryIO,
    options: ExportOptions,
    inputs: Iterable[str | Path],
    tally: Tally,
    stack: ExitStack,
) -> None:
    """Writes numbered files of so many units each; all of them appear at the end, or none."""
    if hasattr(destination, "write") or is_stdout(destination):
        raise UsageError("stdout is one file and cannot be split", "name the files with -o")
    if form.files:
        raise UsageError(f"the format {form.module} is several files already", "leave out --split")
    path = Path(str(destination))
    rest = iter(units)
    number = 0
    while (group := list(islice(rest, options.split))) or not number:
        number += 1
        if number > _MOST_FILES:
            raise UsageError(f"more than {_MOST_FILES} files of {options.split} units", "make them larger")
        name = _part(path, number)
        file = stack.enter_context(open_output(name, inputs=inputs, binary=form.binary))
        form.load().write_units(group, file, options, tally)
    _refuse_surplus(path, number)
    tally.remarks.append(f"written as {counted(number, 'file')}, {path.stem}.001{path.suffix} and so on")


def _part(path: Path, number: int) -> Path:
    """The name of a part of what is split, counted from 1."""
    return path.with_name(f"{path.stem}.{number:03}{path.suffix}")


def _refuse_surplus(path: Path, count: int) -> None:
    """Keeps parts of an earlier, longer export from being taken for parts of this one.

    They are not deleted: a name alone does not say who wrote a file.
    """
    surplus = [part for n in range(count + 1, _MOST_FILES + 1) if (part := _part(path, n)).exists()]
    if surplus:
        more = f" and {len(surplus) - 1} more" if len(surplus) > 1 else ""
        raise OutputError(
            f"{surplus[0]}{more} would stay among the files of this export, which has no such part",
            "delete what an earlier, longer export left, or choose another name with -o",
        )


def _several(
    stack: ExitStack, form: Format, destination: Destination | BinaryIO, inputs: Iterable[str | Path]
) -> tuple[BinaryIO, ...]:
    """The files of a format that is several, each opened."""
    if hasattr(destination, "write") or is_stdout(destination):
        raise UsageError(
            f"the format {form.module} is {len(form.files)} files", "name their common prefix with -o"
        )
    paths = [f"{destination}{suffix}" for suffix in form.files]
    return tuple([stack.enter_context(open_output(path, inputs=inputs)) for path in paths])


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
        found = _readable(file, path)
        module = FORMATS[found].load()
        if found != "bitext":
            tally = Tally()
            units = list(module.read_units(file, name_of(path), tally))
            return units, name_of(path), tuple(tally.remarks)
        bitext: Bitext = module.read(file, name_of(path))
    return _with_decisions(bitext, Path(path)) if apply and not is_stdout(path) else bitext


def _readable(file: BufferedReader, path: str | Path) -> str:
    """The format of a file that holds texts of both languages.

    Raises:
        FormatError: it holds something else.
    """
    found = detect_format(file, path)
    if found not in FORMATS or not FORMATS[found].reads:
        raise no_bitext(path, found)
    return found


def _with_decisions(bitext: Bitext, path: Path) -> Bitext:
    from aligner.review.decisions import apply_decisions, decisions_path, read_decisions

    decisions = decisions_path(path)
    if not decisions.exists():
        return bitext
    applied = apply_decisions(bitext, read_decisions(decisions))
    retire = f"to be rid of this note, delete the line with that time from {decisions}"
    notes = (note if note in bitext.notes else f"{note}; {retire}" for note in applied.notes)
    return applied.replace(notes=tuple(notes))
