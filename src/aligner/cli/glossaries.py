"""What `aligner export` does with a glossary: which formats it knows, and when one is meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from aligner.cli.results import TABLE, FormatName
from aligner.cli.shared import near, remark
from aligner.errors import UsageError
from aligner.wording import counted

if TYPE_CHECKING:
    from aligner.formats import Direction
    from aligner.formats.glossaries import GlossaryOptions
    from aligner.terms.model import TermEntry

# Of both bitexts and glossaries there are TSV, CSV, XLSX and JSON Lines: what the file holds decides.
_ONLY_GLOSSARY = ("tbx", "tbx3", "sheet", "omegat-glossary")
_SUFFIXES = {".tbx": "tbx", ".sheet.xlsx": "sheet"}
ENTRY_STATUSES = ("candidate", "approved", "deprecated", "rejected")
_WHOLE = ("tsv", "sheet", "jsonl")  # keep what was rejected
_SETTLED = ("approved",)


class AnyFormatName(FormatName):
    """A format of bitexts or of glossaries."""

    def _choice(self) -> click.Choice[str]:
        from aligner.formats import FORMATS

        return click.Choice([*dict.fromkeys([*FORMATS, *_ONLY_GLOSSARY]), TABLE])


any_format_option = click.option(
    "-f", "--format", "format_name", type=AnyFormatName(),
    help="Format of the result; by default as the name given to -o ends.",
)  # fmt: skip


def glossary_format_of(output: str | None) -> str | None:
    """The format of glossaries that the end of the output's name says."""
    name = str(output).lower()
    return next((form for suffix, form in _SUFFIXES.items() if name.endswith(suffix)), None)


def glossaries_among(files: Sequence[str], format_name: str) -> list[Path] | None:
    """The glossaries to export: those named, or the project's; None where bitexts are meant."""
    from aligner import project

    if not files:
        return [project.require().glossary / "glossary.tsv"] if format_name in _ONLY_GLOSSARY else None
    if format_name in _ONLY_GLOSSARY:
        return [_glossary(Path(file)) for file in files]
    glossaries = [Path(file) for file in files if is_glossary(Path(file))]
    if glossaries and len(glossaries) < len(files):
        raise UsageError("some of the files are glossaries and some are not", "export them one after another")
    return glossaries or None


def _glossary(path: Path) -> Path:
    """A file that will be read as a glossary; any table of two languages may be one.

    Raises:
        UsageError: it holds beads.
    """
    from aligner.formats.inputs import is_bitext_file

    if not is_glossary(path) and is_bitext_file(path):
        raise UsageError(f"{path} is no glossary", "make one with: aligner terms")
    return path


def is_glossary(path: Path) -> bool:
    """Whether a file is a glossary, by its suffix or its columns."""
    from aligner.errors import FormatError
    from aligner.formats.inputs import detect_format, open_input

    if path.suffix.lower() == ".tbx":
        return True
    if str(path) != "-" and path.exists() and not path.is_file():
        return False  # a pipe can be read once only; beads are what comes through pipes
    try:
        with open_input(path) as file:
            if path.suffix.lower() == ".jsonl":
                return b'"zh_variants"' in file.peek(1 << 16).split(b"\n")[0]
            return detect_format(file, path) == "glossary"
    except FormatError:
        return False


def omegat_glossary(
    path: Path | None, statuses: Sequence[str] = ()
) -> Callable[[BinaryIO, Direction], object] | None:
    """What writes a glossary for an OmegaT project; None where there is none to write.

    A translator takes what the glossary pane shows for settled, so approved entries alone go there unless
    more is asked for. What was taken from where is said.

    Args:
        path: the glossary; None for that of the project here, if there is one.
        statuses: of the entries that are taken; approved ones by default.

    Raises:
        InputError: it cannot be read.
    """
    from aligner import project
    from aligner.formats.glossaries import GlossaryOptions, load_glossary, write_entries

    here = project.find()
    path = path or (here.term_base if here else None)
    if path is None:
        return None
    entries = load_glossary(path)
    wanted = [status for status in ENTRY_STATUSES if status in (statuses or _SETTLED)]
    kept = [entry for entry in entries if entry.status in wanted]
    chosen = f"{len(kept)} {' or '.join(wanted)}"
    remark(f"glossary: {chosen} of {counted(len(entries), 'entry')} in {near(path)}")
    waiting = sum(entry.status == "candidate" for entry in entries)
    if waiting and not statuses:
        more = counted(waiting, "candidate")
        remark(f"glossary: --status approved --status candidate takes the {more} too")
    return lambda file, direction: write_entries(
        kept, "omegat-glossary", file, GlossaryOptions(direction=direction)
    )


def export_glossary(
    paths: Sequence[Path],
    format_name: str,
    output: str | None,
    options: GlossaryOptions,
    *,
    least: float = 0.0,
    statuses: Sequence[str] = (),
) -> None:
    """Writes glossaries in another format, several as one."""
    from aligner.formats.glossaries import load_glossary, write_glossary
    from aligner.output import is_stdout

    found: dict[tuple[str, str], TermEntry] = {}
    for path in paths:
        for entry in load_glossary(path):
            known = entry.status != "candidate" or entry.confidence >= least
            if known and (not statuses or entry.status in statuses):
                found.setdefault(entry.key, entry)
    kept = [entry for entry in found.values() if entry.status != "rejected" or format_name in _WHOLE]
    write_glossary(kept, format_name, output, options, inputs=paths)
    if not is_stdout(output):
        rejected = f"; left out: {len(found) - len(kept)} rejected" if len(kept) < len(found) else ""
        remark(f"{output}: {counted(len(kept), 'entry')}{rejected}")
