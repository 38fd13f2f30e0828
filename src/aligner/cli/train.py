"""`aligner train`: a lexicon of the user's own, from their bitexts and memories."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from aligner.cli.results import check_place
from aligner.cli.shared import is_quiet, quiet_option, remark
from aligner.wording import counted


@click.command(epilog="Example: aligner train corpus/*.bitext.jsonl memory.tmx -o own.lexicon")
@click.argument("files", nargs=-1, required=True, metavar="BITEXT|TMX...", type=click.Path(path_type=Path))
@click.option("-o", "--output", required=True, metavar="LEXICON", help="Write the lexicon to LEXICON.")
@quiet_option
def train(files: tuple[Path, ...], *, output: str) -> None:
    """Learn a lexicon from your own bitexts, memories and tables.

    Beads that a person accepted or edited count fully, those of the program by their confidence,
    rejected ones not at all. The lexicon is used with aligner align --lexicon, beside the shipped
    one, which it takes as what is known before.
    """
    check_place(output, files)
    from aligner.evidence.lexicon import save_lexicon
    from aligner.training import train as learned

    shown = sys.stderr.isatty() and not is_quiet()

    def say(text: str) -> None:
        if shown:
            click.echo(f"\r\033[K{text[:76]}", err=True, nl=False)

    try:
        found = learned(files, say=say)
    finally:
        say("")
    save_lexicon(found.lexicon, Path(output))
    passed = ", ".join(f"{count} {reason}" for reason, count in found.passed_over.most_common())
    remark(
        f"{output}: {found.units[0]} Chinese and {found.units[1]} Vietnamese tokens and words "
        f"from {counted(found.pairs, 'pair')}, counted as {found.weight:.0f}"
        + (f"; passed over: {passed}" if passed else "")
    )
