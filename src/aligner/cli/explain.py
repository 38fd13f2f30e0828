"""`aligner explain`: the evidence behind a bead, and its runner-up."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aligner.cli.shared import align_options, encoder_option, knowledge_options, quiet_option, remarks

if TYPE_CHECKING:
    from aligner.config import AlignOptions
    from aligner.model import Bitext


@click.command(epilog="Example: aligner explain corpus/article.bitext.jsonl --bead 8")
@click.argument("bitext", type=click.Path(path_type=Path))
@click.option("--bead", "-b", "bead_id", type=click.IntRange(0), required=True, metavar="N",
              help="Which bead, by its id: the number that tables show first.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="All of it as one JSON object.")
@knowledge_options
@encoder_option
@quiet_option
def explain(
    bitext: Path,
    *,
    bead_id: int,
    as_json: bool,
    lexicon: Path | None,
    glossary: Path | None,
    encoder: str | None,
) -> None:
    """Show why a bead of BITEXT is a bead.

    Its evidence adds up from the prior to the score; its words are linked, with how each link is
    known; and the runner-up is how this place would be aligned without it, with what made the
    difference. Of a text without counterpart it shows the best match, and why that was not made.

    BITEXT can be a bitext, a translation memory or a table; its documents are not needed.
    """
    from aligner.explain import explain as explained
    from aligner.formats import load_bitext

    loaded = load_bitext(bitext)
    remarks(loaded.notes)
    found = explained(loaded, bead_id, _options(loaded, bitext, lexicon, glossary, encoder))
    if as_json:
        click.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=1))
        return
    from aligner.cli.explained import render

    click.echo(render(found, str(bitext), terminal=sys.stdout.isatty()), nl=False)


def _options(
    loaded: Bitext, path: Path, lexicon: Path | None, glossary: Path | None, encoder: str | None
) -> AlignOptions:
    """As it was aligned: what the user names, or else what its project would take, if that is so signed."""
    from aligner import project
    from aligner.pipeline import signature
    from aligner.review.replay import as_aligned

    made = as_aligned(loaded.signature)
    options = align_options(lexicon, glossary, encoder=encoder)
    here = project.find(path.parent)
    if here and not glossary and made != signature(options):
        in_project = align_options(lexicon, glossary, here, encoder)
        if made == signature(in_project):
            return in_project
    return options
