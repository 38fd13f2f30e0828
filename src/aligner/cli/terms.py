"""`aligner terms`: the terms of bitexts, or the glossary of a project brought up to date."""

from __future__ import annotations

from pathlib import Path

import click

from aligner.cli.shared import quiet_option
from aligner.errors import UsageError


@click.command(epilog="Example: aligner terms corpus/article.bitext.jsonl --level strict -o terms.tsv")
@click.argument("files", nargs=-1, metavar="[BITEXT]...", type=click.Path())
@click.option("-o", "--output", metavar="OUT", help="Write to OUT instead of stdout; `-` is stdout.")
@click.option(
    "--level",
    type=click.Choice(["strict", "balanced", "wide"]),
    default="balanced",
    show_default=True,
    help="How sure an entry has to be.",
)
@quiet_option
def terms(files: tuple[str, ...], *, output: str | None, level: str) -> None:
    """Extract the terms of bitexts into a glossary."""
    from typing import cast

    from aligner import project
    from aligner.formats import load_bitexts
    from aligner.formats.glossary import write_entries
    from aligner.output import open_output
    from aligner.terms.extract import extract
    from aligner.terms.model import Level

    inputs = [Path(file) for file in files] or list(project.require().bitexts())
    if not inputs:
        raise UsageError("the corpus holds no bitext yet", "make them with: aligner align")
    found = extract((b for path in inputs for b in load_bitexts(path)), cast("Level", level))
    with open_output(output, inputs=inputs) as file:
        write_entries(found, file)
