"""`aligner check`: faults of translations and texts, found by rules."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aligner.cli.results import check_place, output_option
from aligner.cli.shared import quiet_option, remark, remarks, size_option
from aligner.errors import AlignerError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from aligner.check import Finding
    from aligner.model import Bitext, Document
    from aligner.project import Project

FINDINGS = 3
FORMATS = ("table", "tsv", "json", "sarif")
_path = click.Path(path_type=Path)


def _list_rules(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
    if value:
        from aligner.check import RULES

        for name, rule in RULES.items():
            click.echo(f"{name:<18}{rule.severity:<9}{rule.summary}")
        ctx.exit()


@click.command(epilog="Example: aligner check --fail-on error --no-rule odd-length")
@click.argument("bitexts", nargs=-1, metavar="[BITEXT]...", type=_path)
@click.option("--texts", multiple=True, type=_path, metavar="FILE",
              help="A text that is checked too, or a folder of them; may be repeated.")  # fmt: skip
@click.option("--glossary", type=_path, metavar="FILE",
              help="A term base to follow: TSV, CSV, XLSX, TBX, or OmegaT's glossary.")  # fmt: skip
@click.option("-f", "--format", "format_name", type=click.Choice(FORMATS), default="table",
              show_default=True, help="Format of the findings.")  # fmt: skip
@click.option("--fail-on", type=click.Choice(["warning", "error"]),
              help="Exit code 3 where there are findings of this severity or a graver one.")  # fmt: skip
@click.option("--rule", "only", multiple=True, metavar="ID", help="Apply only this rule; may be repeated.")
@click.option("--no-rule", "without", multiple=True, metavar="ID",
              help="Leave this rule out; may be repeated.")  # fmt: skip
@click.option("--list-rules", is_flag=True, is_eager=True, expose_value=False, callback=_list_rules,
              help="Print the rules with their severity.")  # fmt: skip
@output_option
@size_option
@quiet_option
def check(
    bitexts: tuple[Path, ...],
    *,
    texts: tuple[Path, ...],
    glossary: Path | None,
    format_name: str,
    fail_on: str | None,
    only: tuple[str, ...],
    without: tuple[str, ...],
    output: str | None,
) -> int:
    """Find faults in bitexts and texts: numbers, names, spellings, terms.

    BITEXT is a bitext or a translation memory; a document in its place is checked as a text.
    Without any file the project is checked: the bitexts of its corpus/, its glossary, and its
    seeds/ as texts.
    """
    from aligner import check as checking
    from aligner import project
    from aligner.formats.glossaries import load_glossary
    from aligner.output import is_stdout, write_text

    rules = _chosen(only, without)
    bitexts, texts = _told_apart(bitexts, texts)
    here = project.require() if not (bitexts or texts) else None
    inputs = [*bitexts, *texts, *([glossary] if glossary else [])]
    check_place(output, inputs)
    loaded = _bitexts(here.bitexts() if here else bitexts)
    documents = _documents([here.seeds] if here else texts, here)
    default = here.glossary / "glossary.tsv" if here else None
    chosen = glossary or (default if default and default.exists() else None)
    terms = load_glossary(chosen) if chosen else ()
    findings = checking.check(checking.collect(loaded, documents, terms), rules)
    sources = _sources(loaded, documents, here) if format_name in {"table", "sarif"} else {}
    terminal = is_stdout(output) and sys.stdout.isatty()
    write_text(output, _rendered(format_name, findings, sources, terminal=terminal), inputs=inputs)
    grave = checking.SEVERITIES[checking.SEVERITIES.index(fail_on) :] if fail_on else ()
    return FINDINGS if any(one.severity in grave for one in findings) else 0


def _chosen(only: tuple[str, ...], without: tuple[str, ...]) -> tuple[str, ...]:
    """The ids of the rules to apply."""
    from aligner.check import RULES

    unknown = [name for name in (*only, *without) if name not in RULES]
    if unknown:
        raise UsageError(f"no rule '{unknown[0]}'", f"it is one of {', '.join(RULES)}")
    return tuple(name for name in only or RULES if name not in without)


def _told_apart(
    paths: tuple[Path, ...], texts: tuple[Path, ...]
) -> tuple[tuple[Path, ...], tuple[Path, ...]]:
    """The bitexts and the texts: what is named as the one and by its suffix is a document, is a text."""
    from aligner.documents import READERS
    from aligner.formats.inputs import SUFFIXES

    documents = tuple(path for path in paths if path.suffix.lower() in READERS.keys() - SUFFIXES.keys())
    return tuple(path for path in paths if path not in documents), (*texts, *documents)


def _bitexts(paths: Iterable[Path]) -> list[Bitext]:
    from aligner.formats import load_bitexts

    found = [bitext for path in paths for bitext in load_bitexts(path)]
    remarks(note for bitext in found for note in bitext.notes)
    return found


def _documents(paths: Iterable[Path], here: Project | None) -> list[Document]:
    """The texts of files and folders; of a project, those that cannot be read are passed over."""
    from aligner.documents import is_bilingual, read
    from aligner.project import sources

    files: list[Path] = []
    for path in paths:
        files += [file for source in sources(path)[0] for file in source.paths] if path.is_dir() else [path]
    found = []
    for file in files:
        try:
            document = read(file)
        except AlignerError as error:
            if not here:
                raise
            remark(f"{error}; passed over")
            continue
        if document.lang is None and not is_bilingual(document):
            remark(f"{file}: neither Chinese nor Vietnamese, passed over")
            continue
        found.append(dataclasses.replace(document, path=here.relative(file)) if here else document)
    return found


def _sources(bitexts: list[Bitext], documents: list[Document], here: Project | None) -> dict[str, str]:
    """The decoded text of every document by its path, as far as it is still what it was."""
    from aligner.documents import read

    texts = {document.path: document.text for document in documents}
    for side in (side for bitext in bitexts for side in (bitext.src, bitext.tgt) if side.sha256):
        path = here.root / side.path if here else Path(side.path)
        if side.path not in texts and path.is_file():
            document = read(path)
            if document.sha256 == side.sha256:
                texts[side.path] = document.text
    return texts


def _rendered(
    format_name: str, findings: tuple[Finding, ...], texts: dict[str, str], *, terminal: bool
) -> str:
    from aligner.check import report, sarif

    if format_name == "tsv":
        return report.to_tsv(findings)
    if format_name == "json":
        return report.to_json(findings)
    if format_name == "sarif":
        return sarif.to_sarif(findings, texts)
    from aligner.cli.check_table import render

    return render(findings, texts, terminal=terminal)
