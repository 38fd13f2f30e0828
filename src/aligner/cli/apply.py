"""`aligner apply`: what a person changed in an exported table, into the decisions of a bitext."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aligner.cli.shared import quiet_option, remark
from aligner.errors import InputError, UsageError
from aligner.wording import counted

if TYPE_CHECKING:
    from aligner.formats import Tally
    from aligner.formats.units import Unit
    from aligner.model import Decision
    from aligner.review.table import Applied

FINDINGS = 3
_TABLES = ("tsv", "csv", "xlsx", "jsonl", "parquet")
_DONE = {
    "merged": "merged",
    "divided": "divided",
    "moved": "with a segment moved",
    "edit": "edited",
    "accept": "accepted",
    "reject": "rejected",
    "reset": "taken back",
    "note": "noted",
}
_MOST_IDS = 12


@click.command(epilog="Example: aligner apply article.xlsx corpus/article.bitext.jsonl")
@click.argument("table", type=click.Path(path_type=Path))
@click.argument("bitext", required=False, type=click.Path(path_type=Path))
@click.option("--author", metavar="NAME", help="Who decided; by default who runs this.")
@click.option("--reset", is_flag=True,
              help="Where the table is older than a decision, take that decision back.")  # fmt: skip
@click.option("--dry-run", is_flag=True, help="Say what would be done; write nothing.")
@click.option("--json", "as_json", is_flag=True, help="What was done and noticed as one JSON object.")
@quiet_option
def apply(
    table: Path, bitext: Path | None, *, author: str | None, reset: bool, dry_run: bool, as_json: bool
) -> int:
    """Take over what was changed in TABLE, an export of BITEXT that a person has edited.

    TABLE is XLSX, TSV, CSV, JSON Lines or Parquet. Changed texts become edits, changed statuses and
    notes what they say; rows joined merge beads, and a row made two splits one. Decisions go
    beside BITEXT; without it, to all bitexts of the project that TABLE names. Rows that were
    reordered, doubled, added or belong to an older bitext are named, and nothing is lost by them.

    Exit code 3 where a row could not be applied.
    """
    from aligner.formats import Tally
    from aligner.formats.inputs import name_of
    from aligner.review.session import user_name
    from aligner.review.table import apply_table

    tally = Tally(unknown={})
    rows = _rows(table, tally)
    done: dict[Path, Applied] = {}
    for path in [bitext] if bitext else _named(rows, table):
        if not path.name.endswith(".bitext.jsonl") and _is_table(path):
            raise UsageError(f"{path} is no bitext file", "decisions go beside a .bitext.jsonl")
        done[path] = apply_table(
            rows,
            path,
            author=author or user_name(),
            table=name_of(table),
            unknown=tally.unknown,
            reset=reset,
            dry_run=dry_run,
        )
    _say_others(table, done)
    if tally.turned:
        remark(f"{table}: its column src holds Vietnamese; the texts were told apart by their characters")
    if as_json:
        click.echo(
            json.dumps([_record(path, one) for path, one in done.items()], ensure_ascii=False, indent=1)
        )
    else:
        for path, one in done.items():
            _report(path, one, dry_run=dry_run)
    return 0 if all(one.is_whole for one in done.values()) else FINDINGS


def _is_table(path: Path) -> bool:
    from aligner.formats import FORMATS
    from aligner.formats.inputs import detect_format, open_input

    with open_input(path) as file:
        found = detect_format(file, path)
    return found not in FORMATS or FORMATS[found].takes != "bitext"


def _rows(table: Path, tally: Tally) -> list[Unit]:
    """The rows of a table, zh first."""
    from aligner.formats import FORMATS
    from aligner.formats.inputs import detect_format, name_of, open_input

    with open_input(table) as file:
        found = detect_format(file, table)
        if found not in _TABLES:
            raise InputError(f"{table} is no table of beads", "make one with: aligner export --format xlsx")
        return list(FORMATS[found].load().read_units(file, name_of(table), tally))


def _named(rows: list[Unit], table: Path) -> list[Path]:
    """The bitexts of the project that a table has rows of."""
    from aligner import project
    from aligner.formats.bitext import stream
    from aligner.formats.inputs import open_input
    from aligner.formats.units import document_name
    from aligner.model import Bitext

    named = {row.document for row in rows}
    found = []
    for path in project.require().bitexts():
        with open_input(path) as file:
            header, _ = stream(file, str(path))
        if document_name(Bitext(header.src, header.tgt, ())) in named:
            found.append(path)
    if not found:
        raise InputError(f"no row of {table} is about a bitext of the project", "name the bitext")
    return found


def _say_others(table: Path, done: dict[Path, Applied]) -> None:
    """Names the documents whose rows no bitext took."""
    others = next(iter(done.values())).others
    left = [document for document in others if all(document in one.others for one in done.values())]
    if left:
        rows = counted(sum(others[document] for document in left), "row")
        more = f" or {len(left) - 1} more" if left[1:] else ""
        whose = f"not of {next(iter(done))}" if len(done) == 1 else "of no bitext of the project"
        remark(f"{table}: {rows} of {left[0]}{more}, {whose}: left out")


def _record(path: Path, one: Applied) -> dict[str, Any]:
    noticed = [asdict(noticed) for noticed in one.noticed]
    return {"bitext": str(path), "decisions": dict(one.counts), "noticed": noticed, "absent": one.absent}


def _kind(decision: Decision) -> str:
    """What a decision does, where its action alone does not say it."""
    if decision.action not in {"regroup", "cut"}:
        return decision.action
    more = len(decision.after) - len(decision.targets)
    return "divided" if more > 0 else "merged" if more else "moved"


def _report(path: Path, one: Applied, *, dry_run: bool) -> None:
    """What was done on stderr, what was noticed on stdout: a row, what it is about, a sentence."""
    counts = Counter(map(_kind, one.decisions))
    done = ", ".join(f"{counts[kind]} {said}" for kind, said in _DONE.items() if counts[kind])
    would = "would be " if dry_run and done else ""
    remark(f"{path}: {counted(one.rows, 'row')}; {would}{done or 'nothing to change'}")
    if one.absent:
        ids = ", ".join(map(str, one.absent[:_MOST_IDS])) + (", …" if len(one.absent) > _MOST_IDS else "")
        remark(f"{path}: no row for {counted(len(one.absent), 'bead')} ({ids}), left as before")
    for noticed in one.noticed:
        click.echo(f"row {noticed.line}\t{noticed.what}\t{noticed.text}")
