"""`aligner search`: the parallel concordance."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from itertools import chain, groupby
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aligner.cli.results import output_option
from aligner.cli.shared import quiet_option, remark
from aligner.cli.table import NARROWEST, PLAIN_WIDTH, cells_of, wrap
from aligner.errors import UsageError

if TYPE_CHECKING:
    from aligner.search.concordance import Found, Hit
    from aligner.search.phrases import Mark

FORMATS = ("table", "tsv", "json")
COLUMNS = ("file", "document", "bead", "zh", "vi", "confidence", "status")
_OPEN, _CLOSE = "⟦", "⟧"


@click.command(epilog="Example: aligner search 会晤 --without 'hội đàm'")
@click.argument("query")
@click.argument("bitexts", nargs=-1, metavar="[BITEXT]...", type=click.Path(path_type=Path))
@click.option("--with", "together", multiple=True, metavar="TEXT",
              help="Only beads that hold this word or phrase too; may be repeated.")  # fmt: skip
@click.option("--without", multiple=True, metavar="TEXT",
              help="Only beads that do not hold this word or phrase; may be repeated.")  # fmt: skip
@click.option("--regex", "is_regex", is_flag=True, help="QUERY is a regular expression; slower.")
@click.option("--limit", type=click.IntRange(0), default=50, show_default=True, metavar="N",
              help="Show N beads at most; 0 shows all.")  # fmt: skip
@click.option("-f", "--format", "format_name", type=click.Choice(FORMATS), default="table",
              show_default=True, help="Format of the result.")  # fmt: skip
@output_option
@quiet_option
def search(
    query: str,
    bitexts: tuple[Path, ...],
    *,
    together: tuple[str, ...],
    without: tuple[str, ...],
    is_regex: bool,
    limit: int,
    format_name: str,
    output: str | None,
) -> None:
    """Find a word or phrase in bitexts, with its translation.

    QUERY is Chinese or Vietnamese, in any spelling: uỷ finds ủy, 会晤 finds 會晤. Without BITEXT the
    corpus of the project is searched, by an index that lies beside it and follows its files; other
    bitexts, memories and tables are read each time.
    """
    from aligner import project
    from aligner.cli.results import check_place
    from aligner.output import is_stdout, write_text
    from aligner.search.concordance import Query, index_of
    from aligner.search.concordance import search as searched

    check_place(output, bitexts)
    here = project.require() if not bitexts else None
    paths = list(bitexts or (here.bitexts() if here else ()))
    if not paths:
        raise UsageError("the corpus holds no bitext yet", "make them with: aligner align")
    wanted = Query(query, together, without, is_regex)
    with index_of(here.corpus if here else None, paths) as index:
        found = searched(index, wanted, limit or None)
    if found.more:
        remark(f"there are more than {limit} beads; --limit 0 shows all")
    terminal = is_stdout(output) and sys.stdout.isatty()
    write_text(output, _rendered(found, format_name, terminal=terminal), inputs=bitexts)


def _rendered(found: Found, format_name: str, *, terminal: bool) -> str:
    if format_name == "json":
        return json.dumps([hit.as_dict() for hit in found.hits], ensure_ascii=False, indent=1) + "\n"
    lines = _tsv(found.hits) if format_name == "tsv" else _table(found, terminal=terminal)
    return "".join(f"{line}\n" for line in lines)


def _tsv(hits: Sequence[Hit]) -> Iterator[str]:
    from aligner.formats.units import clean

    yield "\t".join(COLUMNS)
    for hit in hits:
        cells = (hit.path, hit.document, str(hit.bead), hit.src, hit.tgt, f"{hit.confidence:.4f}", hit.status)
        yield "\t".join(map(clean, cells))


def _table(found: Found, *, terminal: bool) -> Iterator[str]:
    """The hits by document, both languages in full, what was found marked."""
    width = max(shutil.get_terminal_size().columns, NARROWEST) if terminal else PLAIN_WIDTH
    for document, hits in groupby(found.hits, key=lambda hit: hit.document):
        yield from wrap(document, width)
        yield ""
        for hit in hits:
            yield from _side(f"{hit.bead:>6}  zh  ", hit.src, hit.src_marks, width, colour=terminal)
            yield from _side(f"{'':>6}  vi  ", hit.tgt, hit.tgt_marks, width, colour=terminal)
            yield ""
    count = f"{len(found.hits)} {'bead' if len(found.hits) == 1 else 'beads'}"
    yield f"more than {count}" if found.more else count if found.hits else "nothing found"


def _side(lead: str, text: str, marks: Sequence[Mark], width: int, *, colour: bool) -> Iterator[str]:
    lines = wrap(_marked(text, marks) or "-", width - cells_of(lead))
    inside = False
    for number, line in enumerate(lines):
        shown, inside = _coloured(line, inside=inside) if colour else (line, False)
        yield f"{' ' * len(lead) if number else lead}{shown}"


def _marked(text: str, marks: Sequence[Mark]) -> str:
    """The text on one line, what was found between marks; both as the document has them until here."""
    from aligner.language.line_ends import unbroken_at

    text, offsets = unbroken_at(text, chain.from_iterable(marks))
    parts, at = [], 0
    for start, end in zip(offsets[::2], offsets[1::2], strict=True):
        parts += [text[at:start], _OPEN, text[start:end], _CLOSE]
        at = end
    return "".join([*parts, text[at:]])


def _coloured(line: str, *, inside: bool) -> tuple[str, bool]:
    """A line with its marks as colour; a mark may go on over a line end."""
    shown = ""
    for char in line:
        if char in {_OPEN, _CLOSE}:
            inside = char == _OPEN
        else:
            shown += click.style(char, bold=True, reverse=True) if inside else char
    return shown, inside
