"""Aligning many documents: the files of a folder, or the seeds of a project that have changed.

A document that cannot be used is said and passed over; the others are aligned all the same, and the
exit code is 1. A document in one language has nothing to be aligned with; that is no error, for a
project keeps such texts too, for their terms.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from aligner import pipeline
from aligner.cli.results import TABLE, check_place, refuse_seeds, shown_format, write
from aligner.cli.shared import near, progress, remark, remarks, say
from aligner.config import AlignOptions
from aligner.documents import is_bilingual, read
from aligner.documents.loading import load
from aligner.errors import AlignerError, InputError, OutputError, UsageError
from aligner.formats import FORMATS
from aligner.formats.bitext import stream
from aligner.model import Bitext, Side
from aligner.output import check_inside, is_stdout
from aligner.project import BITEXT, Project, Source, sources
from aligner.wording import counted

# What becomes of a document, as counted and as said.
ALIGNED, UNCHANGED, ALONE, UNUSABLE = OUTCOMES = (
    "aligned",
    "unchanged",
    "in one language only",
    "not usable",
)


def first_pass(folder: Path, options: AlignOptions, *, encoding: str | None) -> Iterator[Bitext]:
    """The documents of a folder aligned alone; those that cannot be used are for the second pass to name."""
    found, _ = sources(folder)
    for source in progress(found, lambda source: f"{source.name}, alone"):
        with suppress(AlignerError):
            bitext = _align(source, options, encoding)
            if bitext is not None:
                yield bitext


def align_project(here: Project, options: AlignOptions, *, encoding: str | None, force: bool) -> None:
    """Aligns the seeds into the corpus: those whose files changed, or all if program or settings did.

    Raises:
        InputError: there are no seeds, or some could not be used.
    """
    signature = pipeline.signature(options)
    outcomes: Counter[str] = Counter()

    def is_current(source: Source) -> bool:
        return not force and _is_current(here.bitext(source), source, signature)

    def named(side: Side) -> Side:
        return Side(side.lang, here.relative(Path(side.path)), side.sha256)

    seeds = near(here.seeds)
    for source, bitext in _aligned(seeds, options, encoding, outcomes, is_current):
        check_inside(here.bitext(source), here.corpus)
        placed = bitext.replace(src=named(bitext.src), tgt=named(bitext.tgt))
        _write_in_folder(placed, "bitext", near(here.bitext(source)), source)
    _conclude(seeds, outcomes)


def align_folder(
    folder: Path, options: AlignOptions, output: str | None, format_name: str | None, *, encoding: str | None
) -> None:
    """Aligns the documents of a folder: into one memory or table, or one by one into a folder.

    Raises:
        InputError: the folder holds no documents, or some could not be used.
        UsageError: several bitexts cannot be written where the user wants them.
    """
    name = format_name or (shown_format() if is_stdout(output) else "bitext")
    outcomes: Counter[str] = Counter()
    if name == TABLE or (FORMATS[name].takes in {"units", "links"} and not _means_folder(output)):
        check_place(output, [path for source in sources(folder)[0] for path in source.paths])
        write((bitext for _, bitext in _aligned(folder, options, encoding, outcomes)), name, output)
    elif output is None or is_stdout(output):
        raise UsageError("a folder makes several bitexts", "name a folder with -o, or --format tsv or tmx")
    else:
        suffix = (
            BITEXT if name == "bitext" else "" if FORMATS[name].files or FORMATS[name].folder else f".{name}"
        )
        for source, bitext in _aligned(folder, options, encoding, outcomes):
            _write_in_folder(bitext, name, Path(output, f"{source.name}{suffix}"), source)
    _conclude(folder, outcomes)


def _means_folder(output: str | None) -> bool:
    return output is not None and (output.endswith(("/", "\\")) or Path(output).is_dir())


def _aligned(
    folder: Path,
    options: AlignOptions,
    encoding: str | None,
    outcomes: Counter[str],
    is_current: Callable[[Source], bool] = lambda _: False,
) -> Iterator[tuple[Source, Bitext]]:
    """The documents of a folder one by one, aligned; counts what became of them and of the others."""
    found, notes = sources(folder)
    remarks(notes)
    if not found:
        raise InputError(f"{folder} holds no documents", "put the texts to align there")
    for source in progress(found, lambda source: source.name):
        try:
            if is_current(source):
                outcomes[UNCHANGED] += 1
                continue
            bitext = _align(source, options, encoding)
        except AlignerError as error:
            outcomes[UNUSABLE] += 1
            say(f"aligner: {error}")
            continue
        if bitext is None:
            outcomes[ALONE] += 1
            remark(f"{source.paths[0]}: {ALONE}, passed over")
            continue
        outcomes[ALIGNED] += 1
        remarks(f"{source.name}: {note}" for note in bitext.notes)
        yield source, bitext.replace(notes=())


def _conclude(folder: Path, outcomes: Counter[str]) -> None:
    """Sums up, and fails where a document could not be used."""
    remark(
        f"{folder}: "
        + ", ".join(f"{outcomes[outcome]} {outcome}" for outcome in OUTCOMES if outcomes[outcome])
    )
    if outcomes[UNUSABLE]:
        raise InputError(
            f"{outcomes[UNUSABLE]} of {counted(outcomes.total(), 'document')} in {folder} could not be used"
        )


def _align(source: Source, options: AlignOptions, encoding: str | None) -> Bitext | None:
    """The bitext of a document; None where it is in one language only."""
    if len(source.paths) > 1:
        first, second = source.paths
        return pipeline.align_files(first, second, options, encoding=encoding)
    if not is_bilingual(read(source.paths[0], encoding=encoding)):
        return None
    return pipeline.align_file(source.paths[0], options, encoding=encoding)


def _is_current(target: Path, source: Source, signature: str) -> bool:
    """Whether a bitext was made by this very program from these very files."""
    if not target.exists():
        return False
    with target.open("rb") as file:
        header, _ = stream(file, str(target))
    digests = [hashlib.sha256(load(path)).hexdigest() for path in source.paths]
    return header.signature == signature and sorted((header.src.sha256, header.tgt.sha256)) == sorted(
        (digests[0], digests[-1])
    )


def _write_in_folder(bitext: Bitext, format_name: str, target: Path, source: Source) -> None:
    """Writes a bitext where there may be no folder yet."""
    refuse_seeds(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"the folder {target.parent} cannot be made ({reason})") from None
    write([bitext], format_name, str(target), inputs=source.paths)
