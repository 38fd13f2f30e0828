"""What `aligner run` says of a run: what it would read, how far it is, what it made."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from aligner.cli.shared import remark
from aligner.errors import InputError
from aligner.wording import counted

if TYPE_CHECKING:
    from aligner.scale.plan import Plan

Tallies = Mapping[str, Mapping[str, int]]

_KINDS = {
    "document": ("single file", "single files"),
    "pair": ("pair of files by name", "pairs of files by name"),
    "jsonl": ("row of JSON Lines", "rows of JSON Lines"),
    "parquet": ("row of Parquet", "rows of Parquet"),
    "warc": ("web archive", "web archives"),
}
_STATES = {
    True: "at work",
    False: "stopped: the same command goes on from here",
    None: "not done: the same command goes on from here, unless it is at work",
}
_UNITS = ("file", "row", "page")
_REPEATING = ("boilerplate", "duplicate")
"""Reasons to drop that lie in how often something stands in the corpus: right for a crawl, not for forms."""
_MINUTE, _HOUR = 60, 3600


def show_plan(plan: Plan, *, as_json: bool) -> None:
    """What a run would read."""
    if as_json:
        click.echo(json.dumps(plan.to_json(), ensure_ascii=False, indent=1))
        return
    kinds: dict[str, int] = {}
    for shard in plan.shards:
        for item in shard:
            kinds[item.kind] = kinds.get(item.kind, 0) + item.size
    listed = ", ".join(f"{number:,} {_KINDS[kind][number != 1]}" for kind, number in kinds.items())
    files = sum(len(item.paths) for shard in plan.shards for item in shard if item.unit == "files")
    click.echo(f"{plan.url}: {listed}" + (f": {counted(files, 'file')}" if "pair" in kinds else ""))
    click.echo(f"in {counted(len(plan.shards), 'shard')}")
    for failure in plan.failures:
        remark(f"{failure.document}: {failure.problem}")
    for note in plan.notes:
        remark(note)


def show_status(output: str, *, as_json: bool) -> None:
    """How far a run is."""
    from aligner.scale.run import status

    found = status(output)
    if as_json:
        stages = [{"stage": name, "done": done, "tasks": tasks} for name, done, tasks in found.stages]
        record: dict[str, Any] = {
            "done": found.done,
            "at_work": found.at_work,
            "stages": stages,
            "totals": found.totals,
        }
        record |= {"errors": found.errors, "seconds_left": found.left}
        click.echo(json.dumps(record, indent=1))
        return
    for name, done, tasks in found.stages:
        left = f", about {duration(found.left)} left" if 0 < done < tasks and found.left is not None else ""
        click.echo(f"{name:<12} {done:>6,} of {counted(tasks, 'task')}{left}")
    for line in figures(found.totals):
        click.echo(line)
    click.echo("done" if found.done else _STATES[found.at_work])


def show_manifest(output: str, manifest: Mapping[str, Any], *, as_json: bool) -> None:
    """What a run has made.

    Raises:
        InputError: it could read nothing at all.
    """
    errors = int(manifest["errors"])
    if as_json:
        click.echo(json.dumps(manifest, ensure_ascii=False, indent=1))
    if errors and not manifest["totals"].get("read", {}).get("documents"):
        raise InputError(
            f"nothing could be read, for {counted(errors, 'reason')}", f"see {output}/errors.jsonl"
        )
    if as_json:
        return
    for line in figures(manifest["totals"]):
        click.echo(line)
    for note in manifest["notes"]:
        remark(note)
    if errors:
        remark(f"{output}/errors.jsonl says what could not be used, and why")
    if lost := losses(manifest["totals"]):
        remark(lost)
    if not manifest["totals"].get("clean", {}).get("beads"):
        return
    click.echo(f"the beads: {output}/beads")
    click.echo(f"as a memory: aligner export {output}/beads/*.parquet --format tmx -o corpus.tmx")


def figures(totals: Tallies) -> list[str]:
    """What was counted, in sentences."""
    read, clean = (totals.get(stage, {}) for stage in ("read", "clean"))
    aligned = totals.get("realign") or totals.get("align", {})
    lines = []
    if read:
        lines += _read(read)
    if aligned:
        lines += _aligned(aligned)
    if clean:
        lines.append(f"{counted(clean['beads'], 'bead')} kept")
        dropped, flagged = (_named(clean, verb) for verb in ("dropped ", "flagged "))
        if dropped:
            listed = ", ".join(f"{number:,} for {name}" for name, number in dropped)
            lines.append(f"{sum(number for _, number in dropped):,} dropped: {listed}")
        if flagged:
            listed = ", ".join(f"{name} in {number:,}" for name, number in flagged)
            lines.append(f"personal data flagged: {listed}")
    return lines


def losses(totals: Tallies) -> str | None:
    """Says how to keep what repeats something, where most beads with two sides were dropped for that."""
    clean = totals.get("clean", {})
    dropped = dict(_named(clean, "dropped "))
    full = clean.get("beads", 0) + sum(dropped.values()) - dropped.get("null", 0)
    lost = {reason: dropped[reason] for reason in _REPEATING if reason in dropped}
    if sum(lost.values()) * 2 <= full:
        return None
    options = " ".join(f"--leave-out {reason}" for reason in lost)
    listed = f"{counted(full, 'bead')} with two sides were dropped as {' or '.join(lost)}"
    return f"{sum(lost.values()):,} of {listed}: to keep them, add {options} and choose another --output"


def _read(tally: Mapping[str, int]) -> list[str]:
    """What was read, in the units that the plan counts, and how many documents of one language that makes."""
    lines = [
        _counted_read(unit, read, failed)
        for unit in _UNITS
        if (read := tally.get(f"{unit}s", 0)) + (failed := tally.get(f"{unit}s failed", 0))
    ]
    if not lines:  # of a run that an older version made
        return [_counted_read("document", tally["documents"], tally["failed"])]
    both = {unit: number for unit in _UNITS if (number := tally.get(f"{unit}s of both", 0))}
    if both:
        listed = " and ".join(counted(number, unit) for unit, number in both.items())
        verb = "holds" if sum(both.values()) == 1 else "hold"
        lines.append(
            f"in them {counted(tally['documents'], 'document')} of one language each: {listed} {verb} both"
        )
    if tally.get("unlisted"):
        lines.append(f"links, folders and empty files that could not be used: {tally['unlisted']:,}")
    return lines


def _counted_read(unit: str, read: int, failed: int) -> str:
    return f"{counted(read, unit)} read" + (f"; {failed:,} could not be" if failed else "")


def _named(tally: Mapping[str, int], prefix: str) -> list[tuple[str, int]]:
    """What was counted under names with a prefix, the most frequent first."""
    named = [(name.removeprefix(prefix), n) for name, n in tally.items() if name.startswith(prefix)]
    return sorted(named, key=lambda item: (-item[1], item[0]))


def _aligned(tally: Mapping[str, int]) -> list[str]:
    pairs, beads, mined = tally["pairs"], tally["beads"], tally["mined"]
    lines = [f"{counted(pairs, 'document pair')} aligned: {counted(beads - mined, 'bead')}"]
    if tally["unlike"]:
        lines.append(f"{counted(tally['unlike'], 'likely pair')} given up: too little of them aligns")
    if mined:
        lines.append(f"{counted(mined, 'bead')} mined from documents without counterpart")
    if tally["failed"]:
        lines.append(f"{counted(tally['failed'], 'document pair')} could not be aligned")
    return lines


def duration(seconds: float) -> str:
    """A length of time, as exact as a guess deserves."""
    if seconds < _MINUTE:
        return counted(max(1, round(seconds)), "second")
    if seconds < _HOUR:
        return counted(round(seconds / _MINUTE), "minute")
    return f"{seconds / _HOUR:.1f} hours"
