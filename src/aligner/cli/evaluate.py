"""`aligner evaluate`: an alignment scored against a gold one."""

from __future__ import annotations

import json
from pathlib import Path

import click

from aligner.cli.shared import quiet_option, remarks


@click.command(epilog="Example: aligner evaluate corpus corpus/gold")
@click.argument("hyp", type=click.Path(path_type=Path))
@click.argument("gold", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="All figures as one JSON object.")
@click.option(
    "--samples", type=click.IntRange(0, 100_000), default=1000, show_default=True,
    help="Bootstrap samples for the 95% intervals; 0 leaves the intervals out.",
)  # fmt: skip
@click.option("--seed", type=int, default=0, show_default=True, help="Of the bootstrap.")
@quiet_option
def evaluate(hyp: Path, gold: Path, *, as_json: bool, samples: int, seed: int) -> None:
    """Score the alignment HYP against the alignment GOLD.

    Both are bitexts or beads files, or both are folders of them, matched by name; of a folder
    the counts are pooled. Strict counts identical beads, lax beads with a link in common;
    precision is over all beads of HYP, recall over the beads of GOLD that are not null.
    """
    from aligner.evaluate import evaluate_files

    evaluation = evaluate_files(hyp, gold, samples=samples, seed=seed)
    remarks(evaluation.notes)
    click.echo(json.dumps(evaluation.as_dict(), ensure_ascii=False, indent=1) if as_json else str(evaluation))
