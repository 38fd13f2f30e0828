"""`aligner export`: bitexts and glossaries into the formats of other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from aligner.cli.glossaries import (
    ENTRY_STATUSES,
    any_format_option,
    export_glossary,
    glossaries_among,
    glossary_format_of,
    omegat_glossary,
)
from aligner.cli.results import (
    TABLE,
    check_place,
    format_of,
    linker,
    list_units,
    output_option,
    report,
    write,
)
from aligner.cli.shared import quiet_option
from aligner.errors import UsageError

if TYPE_CHECKING:
    from aligner.formats import Direction, ExportOptions
    from aligner.model import Status

STATUSES = ("auto", "accepted", "edited", "rejected")


@click.command(epilog="Example: aligner export corpus/article.bitext.jsonl --format tmx -o article.tmx")
@click.argument("files", nargs=-1, metavar="[FILE]...", type=click.Path())
@any_format_option
@output_option
@click.option("--direction", type=click.Choice(["zh-vi", "vi-zh"]), default="zh-vi", show_default=True,
              help="Which language is the source.")  # fmt: skip
@click.option("--min-confidence", type=click.FloatRange(0, 1), default=0.0, metavar="P",
              help="Leave out what is below P, 0 to 1, unless a person accepted or edited it.")  # fmt: skip
@click.option("--status", "statuses", multiple=True, type=click.Choice([*STATUSES, *ENTRY_STATUSES]),
              help="Only beads or entries of this status; may be given several times.")  # fmt: skip
@click.option("--deduplicate", is_flag=True, help="One target for each source text, the most trusted.")
@click.option("--context", is_flag=True, help="TMX: the source texts before and after each unit.")
@click.option("--split", type=click.IntRange(1), metavar="N", help="At most N units a file, files numbered.")
@click.option("--merge", type=click.Path(path_type=Path), metavar="MEMORY",
              help="TMX: MEMORY with what it does not have yet; what contradicts it stays out.")  # fmt: skip
@click.option("--list", "listing", metavar="FILE",
              help="Table of what --deduplicate left out, and --merge added or left out.")  # fmt: skip
@click.option("--glossary", type=click.Path(path_type=Path), metavar="FILE",
              help="omegat: whose approved entries it gets; by default the project's glossary.")  # fmt: skip
@click.option("--bom", is_flag=True, help="TSV, CSV: a byte order mark, which Excel needs.")
@click.option("--zh-code", metavar="CODE", help="Language code for Chinese instead of zh-CN or zh-TW.")
@click.option("--vi-code", metavar="CODE", help="Language code for Vietnamese instead of vi-VN.")
@click.option("--date", metavar="DATE", help="TMX: creation date, as 20260131T120000Z.")
@quiet_option
def export(
    files: tuple[str, ...],
    *,
    format_name: str | None,
    output: str | None,
    direction: Direction,
    min_confidence: float,
    statuses: tuple[str, ...],
    deduplicate: bool,
    context: bool,
    split: int | None,
    merge: Path | None,
    listing: str | None,
    glossary: Path | None,
    bom: bool,
    zh_code: str | None,
    vi_code: str | None,
    date: str | None,
) -> None:
    """Write bitexts, memories, tables or glossaries in another format.

    Without FILE the whole corpus of the project, in one result; as tbx its glossary. Translation
    memories (tmx, xliff, omegat, moses, pharaoh) hold neither beads without counterpart nor rejected
    ones. The formats moses and pharaoh write several files that begin with OUT, omegat a folder.
    """
    from aligner.formats import ExportOptions

    name = format_of(format_name, output) or glossary_format_of(output)
    if name is None:
        raise UsageError("no format", "say --format tmx, or give -o a name that ends in .tmx")
    if (glossaries := glossaries_among(files, name)) is not None:
        check_place(output, glossaries)
        from aligner.formats.glossaries import GlossaryOptions

        form = GlossaryOptions(direction, zh_code or "zh-CN", vi_code or "vi-VN", bom)
        export_glossary(glossaries, name, output, form, least=min_confidence, statuses=statuses)
        return
    chosen = [status for status in statuses if status in ENTRY_STATUSES] if name == "omegat" else []
    of_beads = [status for status in statuses if status in STATUSES or not chosen]
    options = ExportOptions(
        direction=direction,
        min_confidence=min_confidence,
        statuses=cast("frozenset[Status]", frozenset(of_beads)) or None,
        deduplicate=deduplicate,
        context=context,
        bom=bom,
        zh_code=zh_code,
        vi_code=vi_code,
        date=date,
        split=split,
        merge=merge,
        glossary=omegat_glossary(glossary, chosen) if name == "omegat" else None,
    )
    _export([Path(file) for file in files], name, output, options, listing)


def _export(
    files: list[Path], name: str, output: str | None, options: ExportOptions, listing: str | None
) -> None:
    """Bitexts into a format, or into the table for people."""
    from aligner.formats import FORMATS, export_files, load_bitexts

    if name != TABLE and FORMATS[name].takes == "nothing":
        if files:
            raise UsageError(f"the format {name} is the same for all texts", "leave out the files")
        inputs = []
    else:
        inputs = files or _corpus()
    if name == TABLE:
        check_place(output, inputs)
        write([bitext for path in inputs for bitext in load_bitexts(path)], name, output, inputs=inputs)
        return
    if not FORMATS[name].folder:
        check_place(output, inputs)
    if listing is not None:
        if output is not None and Path(listing).resolve() == Path(output).resolve():
            raise UsageError("--list and -o name one file", "give the list a name of its own")
        check_place(listing, [*inputs, options.merge] if options.merge else inputs)
    tally = export_files(inputs, name, output, options, linker=linker)
    report(tally, name, output)
    if listing is not None:
        list_units(tally, listing, inputs)


def _corpus() -> list[Path]:
    from aligner import project

    here = project.require()
    found = here.bitexts()
    if not found:
        raise UsageError(f"{here.corpus} holds no bitext yet", "make them with: aligner align")
    return list(found)
