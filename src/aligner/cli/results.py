"""Where a result goes and in which format, when the user says it and when not."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aligner.cli.shared import remark, remarks
from aligner.errors import UsageError
from aligner.wording import counted

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from aligner.evidence.links import BeadLinks
    from aligner.formats import ExportOptions, Tally
    from aligner.model import Bead, Bitext

# A bitext as a person reads it; ours alone, because nothing reads it back.
TABLE = "table"


class FormatName(click.ParamType):  # type: ignore[type-arg]  # generic only in newer versions of click
    """A name of a format; which there are is asked only when it is needed, to keep the help instant."""

    name = "format"

    def _choice(self) -> click.Choice[str]:
        from aligner.formats import FORMATS

        return click.Choice([*(name for name, form in FORMATS.items() if form.takes != "nothing"), TABLE])

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:  # noqa: ARG002
        """All the names, as help shows them."""
        return f"[{'|'.join(self._choice().choices)}]"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name, if there is such a format."""
        return self._choice().convert(value, param, ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """The names that begin so."""
        return self._choice().shell_complete(ctx, param, incomplete)


format_option = click.option(
    "-f", "--format", "format_name", type=FormatName(),
    help="Format of the result; by default as the name given to -o ends, else a bitext.",
)  # fmt: skip
output_option = click.option(
    "-o", "--output", metavar="OUT", help="Write to OUT instead of stdout; `-` is stdout."
)

_REASONS = {
    "null": "without counterpart",
    "confidence": "below the confidence",
    "status": "of another status",
    "conflict": "another target in the memory",
}


def format_of(name: str | None, output: str | None) -> str | None:
    """The format asked for by name, else by the end of the output's name; None where neither says it."""
    if name or output in {None, "-"}:
        return name
    from aligner.formats.inputs import SUFFIXES

    # A bitext is JSON Lines too, and the less surprising one: it loses nothing.
    suffixes = {**SUFFIXES, ".jsonl": "bitext"}
    fitting = [suffix for suffix in suffixes if str(output).lower().endswith(suffix)]
    return suffixes[max(fitting, key=len)] if fitting else None


def aligned_format(name: str | None, output: str | None) -> str | None:
    """`format_of` for a command whose result is a bitext where nothing else is said.

    Raises:
        UsageError: the end of the output's name is that of a document, for nobody expects a bitext in a Word
            file, or of nothing we know. A name without such an end gets the bitext.
    """
    found = format_of(name, output)
    if found is None and output not in {None, "-"}:
        from pathlib import PurePath

        from aligner.documents import READERS

        suffix = PurePath(str(output)).suffix.lower()
        remedy = "say --format bitext, or end the name in .bitext.jsonl or .tmx"
        if suffix in READERS:
            raise UsageError(f"{output} has the name of a document ({suffix})", remedy)
        if suffix:
            raise UsageError(f"no format ends in {suffix}", remedy)
    return found


def shown_format() -> str:
    """The format of a bitext on stdout: a table for a person, the bitext for a program."""
    return TABLE if sys.stdout.isatty() else "bitext"


def check_place(output: str | None, inputs: Iterable[Path]) -> None:
    """Says before the work is done that its result cannot go there.

    Raises:
        OutputError: a folder, an input, or a place that cannot be written.
        UsageError: it lies among the source documents of a project.
    """
    from aligner.output import check_output, is_stdout

    check_output(output, inputs=inputs)
    if output is not None and not is_stdout(output):
        refuse_seeds(Path(output))
        _refuse_decided(Path(output))


def _refuse_decided(path: Path) -> None:
    """Keeps results off what people decided: the decisions beside a bitext, and a project's term base.

    Raises:
        UsageError: the path is one of these.
    """
    from aligner import project

    if path.name.endswith(project.DECISIONS):
        raise UsageError(f"{path} is the name of a file of decisions", "choose another name with -o")
    home = project.find(path.parent)
    if home and home.term_base and path.resolve() == home.term_base.resolve():
        raise UsageError(f"{path} is the project's term base", "choose another name with -o")


def refuse_seeds(path: Path) -> None:
    """Keeps results out of the folder of source documents, which is never written to.

    Raises:
        UsageError: the path lies in the seeds/ of a project.
    """
    from aligner import project

    home = project.find(path.parent)
    if home and path.resolve().is_relative_to(home.seeds):
        raise UsageError(f"{path} lies among the source documents", "write outside seeds/")


def write(
    bitexts: Iterable[Bitext],
    format_name: str,
    output: str | None,
    options: ExportOptions | None = None,
    inputs: Iterable[Path] = (),
) -> None:
    """Writes bitexts and says on stderr what was left out of a file."""
    from aligner.formats import write_bitexts
    from aligner.output import is_stdout, write_text

    if format_name == TABLE:
        from aligner.cli.table import render

        write_text(output, render(bitexts, terminal=is_stdout(output) and sys.stdout.isatty()), inputs=inputs)
        return
    report(
        write_bitexts(bitexts, format_name, output, options, inputs=inputs, linker=linker),
        format_name,
        output,
    )


def linker(bitext: Bitext) -> Iterator[tuple[Bead, BeadLinks]]:
    """Word links, with what knows them loaded when they are asked for."""
    from aligner.word_links import linked

    return linked(bitext)


def report(tally: Tally, format_name: str, output: str | None) -> None:
    """The remarks of an export; for a file also how much is in it."""
    from aligner.formats import FORMATS
    from aligner.output import is_stdout

    remarks(tally.remarks)
    if is_stdout(output):
        return
    if FORMATS[format_name].takes == "nothing":
        return
    what = "unit" if FORMATS[format_name].memory else "bead"
    left_out = ", ".join(f"{n} {_REASONS.get(why, why)}" for why, n in sorted(tally.left_out.items()) if n)
    remark(f"{output}: {counted(tally.units, what)}" + (f"; left out: {left_out}" if left_out else ""))


def list_units(tally: Tally, output: str, inputs: Iterable[Path]) -> None:
    """Writes what an export left out for another target or merged, as a table."""
    from aligner.formats.selection import Listed
    from aligner.formats.units import clean
    from aligner.output import write_text

    rows = [Listed._fields, *tally.listed]
    write_text(output, "".join("\t".join(map(clean, row)) + "\n" for row in rows), inputs=inputs)
