"""`aligner run`: a corpus of any size, on this machine or a cluster."""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aligner.cli import run_report as report
from aligner.cli.shared import is_quiet, knowledge_options, quiet_option, remark
from aligner.errors import UsageError
from aligner.scale import CLEANING

if TYPE_CHECKING:
    from aligner.scale.options import Engine, RunOptions


@click.command(epilog="Example: aligner run --input crawl/ --output corpus-2026/")
@click.option("--input", "source", metavar="FOLDER|GLOB|URL", help="What to read.")
@click.option(
    "--output", required=True, metavar="FOLDER|URL", help="Where the results go; a folder of its own."
)
@click.option(
    "--on",
    type=click.Choice(["local", "ray", "slurm"]),
    default="local",
    help="Where to run.",
    show_default=True,
)
@click.option(
    "--workers", type=click.IntRange(min=1), metavar="N", help="Tasks at a time; all cores by default."
)
@click.option("--engine-option", "engine_options", multiple=True, metavar="NAME=VALUE",
              help="An option of ray.init or of datatrove's Slurm executor: partition=cpu.")  # fmt: skip
@click.option("--columns", metavar="NAME=COLUMN,...", help="Columns of JSONL and Parquet: zh, vi, text, id.")
@click.option("--encoding", metavar="NAME", help="Encoding of text files, such as gb18030 or cp1258.")
@click.option("--max-size", type=click.IntRange(1), metavar="MB",
              help="Read documents of up to MB megabytes; usually 1024, and 256 unpacked.")  # fmt: skip
@click.option("--shard-size", type=click.IntRange(min=1), default=500, show_default=True, metavar="N",
              help="Documents a task reads.")  # fmt: skip
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Read N documents only.")
@knowledge_options
@click.option("--min-confidence", type=click.FloatRange(0, 1), default=0.5, show_default=True, metavar="P",
              help="Drop beads less sure than this.")  # fmt: skip
@click.option("--leave-out", multiple=True, type=click.Choice(CLEANING), metavar="STEP",
              help=f"Leave out a step of cleaning: {', '.join(CLEANING)}.")  # fmt: skip
@click.option(
    "--second-pass", is_flag=True, help="Learn a lexicon from the whole corpus and align again with it."
)
@click.option(
    "--mine", is_flag=True, help="Look for sentences that correspond in documents left without counterpart."
)
@click.option("--keep-dropped", is_flag=True, help="Write the dropped beads too, with the reason.")
@click.option("--dry-run", is_flag=True, help="Say what would be read, and do nothing.")
@click.option("--status", is_flag=True, help="Say how far the run in the output folder is.")
@click.option("--json", "as_json", is_flag=True, help="Print the plan, the status or the manifest as JSON.")
@quiet_option
def run(
    *,
    source: str | None,
    output: str,
    on: Engine,
    workers: int | None,
    engine_options: tuple[str, ...],
    columns: str | None,
    encoding: str | None,
    max_size: int | None,
    shard_size: int,
    limit: int | None,
    lexicon: Path | None,
    glossary: Path | None,
    min_confidence: float,
    leave_out: tuple[str, ...],
    second_pass: bool,
    mine: bool,
    keep_dropped: bool,
    dry_run: bool,
    status: bool,
    as_json: bool,
) -> None:
    """Make a parallel corpus of a pile of documents.

    The input is a folder, a pattern or a file, on a disk or anywhere fsspec knows: documents paired by
    name, bilingual ones, piles of unpaired ones, JSON Lines and Parquet with columns of texts, WARC.
    Documents that belong together are found, aligned and cleaned; the beads lie in OUTPUT/beads as
    Parquet, what failed in OUTPUT/errors.jsonl, the figures in OUTPUT/manifest.json.

    The same command again goes on where a run stopped.
    """
    if not output:
        raise UsageError("no output", "name a folder with --output")
    if status:
        report.show_status(output, as_json=as_json)
        return
    if not source:
        raise UsageError("no input", "name it with --input")
    if engine_options and on == "local":
        raise UsageError("--engine-option speaks of Ray and Slurm", "add --on ray or --on slurm")
    if math.isnan(min_confidence):
        raise UsageError("--min-confidence nan is no probability", "give a number from 0 to 1")
    from aligner.scale.engine import Workers
    from aligner.scale.options import RunOptions
    from aligner.scale.plan import make_plan
    from aligner.scale.reading import ReadOptions

    options = RunOptions(
        shard_size=shard_size,
        limit=limit,
        reading=ReadOptions(_columns(columns), encoding, max_size),
        lexicon=lexicon.resolve() if lexicon else None,
        glossary=glossary.resolve() if glossary else None,
        min_confidence=min_confidence,
        leave_out=frozenset(leave_out),
        mine=mine,
        second_pass=second_pass,
        keep_dropped=keep_dropped,
    )
    if dry_run:
        report.show_plan(make_plan(source, shard_size=shard_size, limit=limit), as_json=as_json)
        return
    crew = Workers(on, workers or 0, _engine_options(engine_options))
    if on == "slurm":
        _submit(source, output, options, crew)
        return
    from aligner.cli.run_progress import RunProgress
    from aligner.scale.run import run as run_corpus

    with RunProgress(output, shown=sys.stderr.isatty() and not is_quiet()) as progress:
        manifest = run_corpus(source, output, options, crew, progress.report)
    report.show_manifest(output, manifest, as_json=as_json)


def _columns(text: str | None) -> Any:
    from aligner.scale.reading import Columns

    if not text:
        return Columns()
    named = _pairs(text.split(","), "--columns", "zh=NAME,vi=NAME")
    if len(named) < len(text.split(",")):
        raise UsageError(f"--columns {text}: a role stands twice", "name each of zh, vi, text and id once")
    unknown = sorted(set(named) - {"zh", "vi", "text", "id"})
    if unknown:
        raise UsageError(f"--columns {unknown[0]}=…: no such role", "the roles are zh, vi, text and id")
    return Columns(**named)


def _engine_options(texts: tuple[str, ...]) -> dict[str, Any]:
    """Values as JSON where they are that, else as text."""
    found: dict[str, Any] = {}
    for name, value in _pairs(texts, "--engine-option", "NAME=VALUE").items():
        try:
            found[name] = json.loads(value)
        except ValueError:
            found[name] = value
    return found


def _pairs(texts: tuple[str, ...] | list[str], option: str, form: str) -> dict[str, str]:
    pairs = [text.partition("=") for text in texts]
    for name, equals, value in pairs:
        if not (name.strip() and equals and value.strip()):
            raise UsageError(f"{option} {name}{equals}{value}: not a name and a value", f"write it as {form}")
    return {name.strip(): value.strip() for name, _, value in pairs}


def _submit(source: str, output: str, options: RunOptions, crew: Any) -> None:
    from aligner.scale.run import prepare
    from aligner.scale.slurm import submit
    from aligner.scale.stages import stages

    for name, number in submit(prepare(source, output, options), stages(options), crew):
        click.echo(f"{name}\t{number}")
    remark(f"submitted; see how far it is with: aligner run --status --output {output}")
