"""`aligner terms`: the terms of bitexts, or the glossary of a project brought up to date."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

import click

from aligner.cli.shared import is_quiet, near, quiet_option, remark, remarks, size_option
from aligner.errors import UsageError
from aligner.language.line_ends import one_line
from aligner.wording import counted

if TYPE_CHECKING:
    from aligner.model import Bitext
    from aligner.project import Project
    from aligner.termbase import TermBase
    from aligner.terms.concordance import Passage, Spelling
    from aligner.terms.merge import Update
    from aligner.terms.model import Level, TermEntry

_SHOWN = 20  # entries that a remark names one by one


@click.command(epilog="Example: aligner terms corpus/article.bitext.jsonl --level strict -o terms.tsv")
@click.argument("files", nargs=-1, metavar="[BITEXT]...", type=click.Path())
@click.option(
    "-o", "--output", metavar="OUT", help="The glossary: made, or brought up to date (.tsv, .xlsx)."
)
@click.option(
    "--level",
    type=click.Choice(["strict", "balanced", "wide"]),
    default="balanced",
    show_default=True,
    help="How sure an entry has to be.",
)
@click.option(
    "--glossary",
    "bases",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="G",
    help="A term base to merge: TSV, CSV, XLSX, TBX or OmegaT; may be given several times.",
)
@click.option(
    "--texts",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="A text in one language in which to look the terms up; may be given several times.",
)
@size_option
@quiet_option
def terms(
    files: tuple[str, ...],
    *,
    output: str | None,
    level: str,
    bases: tuple[Path, ...],
    texts: tuple[Path, ...],
) -> None:
    """Extract the terms of bitexts into a glossary, or bring it up to date.

    Without BITEXT the whole corpus of the project, into glossary/glossary.tsv. Rows that a
    person approved, deprecated or rejected are never changed. With --texts, where the terms
    stand in them is written beside the glossary, as NAME.concordance.tsv, and what is spelled
    in several ways as NAME.spellings.tsv; in a project the texts are the seeds in one language.
    """
    from aligner import project
    from aligner.output import check_output, is_stdout
    from aligner.termbase import TermBase, open_base, save_base

    here = None if files else project.require()
    inputs = [Path(file) for file in files] or list(cast("Project", here).bitexts())
    if not inputs:
        raise UsageError("the corpus holds no bitext yet", "make them with: aligner align")
    place = _place(output, here)
    if texts and place is None:
        raise UsageError("no place for what is found in the texts", "name the glossary with -o")
    check_output(place, inputs=inputs)
    base = read = open_base(place) if place else TermBase(Path())
    base, imports = _merged(base, bases)
    found = _updated(base, imports, inputs, cast("Level", level))
    entries = found.entries
    if place:
        save_base(read, entries, imports=imports, run=found)
    _report(base, found, place)
    if place:
        _look_up(entries, texts or _monolingual(here), place)
    else:
        _show(entries, terminal=is_stdout(output) and sys.stdout.isatty())


def _place(output: str | None, here: Project | None) -> Path | None:
    """Where the glossary lies; None for stdout."""
    if output == "-" or (output is None and here is None):
        return None
    place = Path(output) if output else cast("Project", here).glossary / "glossary.tsv"
    if place.suffix.lower() not in {".tsv", ".xlsx"}:
        raise UsageError(f"{place}: a glossary is kept as .tsv or .xlsx", "other formats: aligner export")
    return place


def _merged(base: TermBase, bases: Sequence[Path]) -> tuple[TermBase, list[tuple[str, TermEntry]]]:
    """The glossary with other bases merged, and what each of them brought or decided."""
    from dataclasses import replace

    from aligner.formats.glossaries import load_glossary
    from aligner.terms.merge import merge

    imports: list[tuple[str, TermEntry]] = []
    for path in bases:
        merged = merge(base.entries, load_glossary(path))
        known = f", {counted(len(merged.decided), 'candidate')} decided" if merged.decided else ""
        remark(f"{path}: {counted(len(merged.new), 'new entry')}{known}")
        remarks(f"conflict: {conflict.text} ({path})" for conflict in merged.conflicts)
        base = replace(base, entries=merged.entries)
        imports += [(path.name, entry) for entry in (*merged.new, *merged.decided)]
    return base, imports


def _updated(
    base: TermBase, imports: Sequence[tuple[str, TermEntry]], inputs: Sequence[Path], level: Level
) -> Update:
    """The glossary brought up to date."""
    from aligner.formats import load_bitexts
    from aligner.terms.extract import extract
    from aligner.terms.merge import update

    def bitexts() -> Iterator[Bitext]:
        for path in inputs:
            yield from load_bitexts(path)

    with _progress() as progress:
        found = extract(bitexts(), level, glossary=base.entries, processes=_processors(), progress=progress)
    return update(base.entries, found, base.edited | {entry.id for _, entry in imports})


def _processors() -> int:
    import os

    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@contextmanager
def _progress() -> Iterator[Callable[[int, int], None]]:
    """What is told how many beads are done: a bar on a terminal's stderr, nothing elsewhere."""
    if not sys.stderr.isatty() or is_quiet():
        yield lambda _done, _total: None
        return
    with click.progressbar(length=1, label="terms", file=sys.stderr) as bar:

        def show(done: int, total: int) -> None:
            bar.length = total
            bar.update(done - bar.pos)

        yield show


def _report(base: TermBase, found: Update, place: Path | None) -> None:
    """What is new, what is gone, and what a person has to look at."""
    where = f"{near(place)}: " if place else ""
    if base.entries:
        remark(f"{where}{counted(len(found.entries), 'entry')}, {len(found.new)} new, {len(found.gone)} gone")
        _name("new", found.new)
        _name("gone", found.gone)
    else:
        remark(f"{where}{counted(len(found.entries), 'entry')}")
    remarks(f"conflict: {conflict.text}" for conflict in found.conflicts)


def _name(what: str, entries: Sequence[TermEntry]) -> None:
    for entry in entries[:_SHOWN]:
        remark(f"{what}: {entry.zh} ↔ {entry.vi}")
    if len(entries) > _SHOWN:
        remark(f"{what}: and {len(entries) - _SHOWN} more")


def _show(entries: Sequence[TermEntry], *, terminal: bool) -> None:
    """The entries on stdout: the glossary for a program, a short list for a person."""
    from aligner.formats.glossaries import write_glossary

    if not terminal:
        write_glossary(entries, "tsv")
        return
    for entry in entries:
        variants = f"  ({'; '.join(entry.vi_variants)})" if entry.vi_variants else ""
        click.echo(f"{entry.confidence:.2f} {entry.frequency:4}  {entry.zh}  ↔  {entry.vi}{variants}")


def _monolingual(here: Project | None) -> tuple[Path, ...]:
    """The source documents of a project that no bitext was made of."""
    from aligner import project

    if here is None:
        return ()
    sources, _ = project.sources(here.seeds)
    alone = [source for source in sources if len(source.paths) == 1 and not here.bitext(source).exists()]
    return tuple(source.paths[0] for source in alone)


def _look_up(entries: Sequence[TermEntry], texts: Sequence[Path], place: Path) -> None:
    """Writes where the terms stand in some texts, and which are spelled in several ways."""
    from aligner.output import open_text_output
    from aligner.terms.concordance import concordance, spellings

    if not texts:
        return
    hits = list(concordance(entries, _passages(texts)))
    target = place.with_name(f"{place.stem}.concordance.tsv")
    with open_text_output(target, inputs=texts) as file:
        file.write("id\tzh\tvi\tdocument\tstart\tend\tlang\texact\tbefore\twritten\tafter\n")
        for hit in hits:
            entry = hit.entry
            cells = (entry.id, entry.zh, entry.vi, hit.document, str(hit.start), str(hit.end), hit.lang)
            context = (str(int(hit.exact)), hit.before, one_line(hit.written), hit.after)
            file.write("\t".join((*cells, *context)) + "\n")
    found = len({hit.entry.id for hit in hits})
    places = f"{counted(len(hits), 'place')} in {counted(len(texts), 'text')}"
    remark(f"{near(target)}: {counted(found, 'term')}, {places}")
    _list_spellings(spellings(hits), place, texts)


def _list_spellings(found: Sequence[Spelling], place: Path, texts: Sequence[Path]) -> None:
    """Writes the spellings, a row each; without a document where only the glossary spells it so."""
    from aligner.output import open_text_output

    target = place.with_name(f"{place.stem}.spellings.tsv")
    with open_text_output(target, inputs=texts) as file:
        file.write("id\tzh\tlang\twritten\tdocuments\n")
        for one in found:
            for written, documents in one.documents.items():
                cells = (one.entry.id, one.entry.zh, one.lang, one_line(written), " ".join(documents))
                file.write("\t".join(cells) + "\n")
    if found:
        remark(f"{near(target)}: {counted(len(found), 'term')} spelled in several ways")
    for one in found[:_SHOWN]:
        ways = (f"{form} ({', '.join(where) or 'the glossary'})" for form, where in one.documents.items())
        remark(f"spelled in several ways: {'; '.join(ways)}")


def _passages(texts: Iterable[Path]) -> Iterator[Passage]:
    from aligner.documents import is_bilingual, read, separate
    from aligner.terms.concordance import Passage

    for path in texts:
        document = read(path)
        sides = separate(document) if document.lang is None and is_bilingual(document) else (document,)
        for side in sides:
            for block in side.blocks:
                text = side.text[block.start : block.end]
                yield Passage(path.stem, block.start, text, "vi" if side.lang == "vi" else "zh")
