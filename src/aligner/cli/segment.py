"""`aligner segment`: the segments of a document, which the ids in beads refer to."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import click

from aligner.cli.results import check_place, output_option
from aligner.cli.shared import (
    align_options,
    knowledge_options,
    language_option,
    quiet_option,
    remarks,
    size_option,
)

if TYPE_CHECKING:
    from aligner.config import AlignOptions
    from aligner.model import Bitext, Lang, Segment


@click.command(epilog="Example: aligner segment article.txt --lang vi | head")
@click.argument("file", type=click.Path(path_type=Path))
@output_option
@language_option(
    "--lang", "Of a bilingual FILE only this side; of another its language, if not to be detected."
)
@click.option("--encoding", metavar="NAME", help="Encoding of FILE, such as gb18030 or cp1258.")
@click.option(
    "--json", "as_json", is_flag=True, help="Every segment as a JSON object: id, offsets, kind, place."
)
@knowledge_options
@size_option
@quiet_option
def segment(
    file: Path,
    *,
    output: str | None,
    lang: Lang | None,
    encoding: str | None,
    as_json: bool,
    lexicon: Path | None,
    glossary: Path | None,
) -> None:
    """Print the segments of FILE, one a line.

    A segment's id, by which beads name it, is its line number counted from 0; line ends inside
    a segment become spaces, or nothing within Chinese. A bilingual FILE has ids of its own for each
    language: without --lang its lines begin with the language and the id, Chinese first. Of a bitext
    the segments are printed that its own beads name. Its alignment may divide headlines otherwise
    with another lexicon or glossary: name those here too.
    """
    from aligner.formats import load_bitext
    from aligner.language.line_ends import unbroken
    from aligner.output import write_text
    from aligner.project import BITEXT

    check_place(output, [file])
    if file.name.endswith(BITEXT):
        sides = _sides_of(load_bitext(file))
    else:
        sides = _document_sides(file, lang, encoding, align_options(lexicon, glossary))
    if len(sides) > 1 and lang:
        sides = [side for side in sides if side[0][:2] == lang[:2]]
    lines = []
    for side_lang, segments in sides:
        for one in segments:
            text = " ".join(unbroken(one.text).splitlines())
            if as_json:
                lines.append(json.dumps({"lang": side_lang, **dataclasses.asdict(one)}, ensure_ascii=False))
            elif len(sides) > 1:
                lines.append(f"{side_lang[:2]}\t{one.id}\t{text}")
            else:
                lines.append(text)
    write_text(output, "".join(f"{line}\n" for line in lines), inputs=[file])


Sides: TypeAlias = "list[tuple[Lang, tuple[Segment, ...]]]"


def _document_sides(file: Path, lang: Lang | None, encoding: str | None, options: AlignOptions) -> Sides:
    """The segments of a document; of a bilingual one as its alignment has them, which may cut a headline."""
    from aligner.documents import is_bilingual, read, segment, separate
    from aligner.pipeline import align_documents, align_file

    document = read(file, encoding=encoding)
    remarks(document.notes)
    if is_bilingual(document):
        if str(file) == "-":  # it can be read once only
            return _sides_of(align_documents(*separate(document), options))
        return _sides_of(align_file(file, options, encoding=encoding))
    document = dataclasses.replace(document, lang=lang or document.lang)
    segments = segment(document)
    assert document.lang  # noqa: S101 - segment has refused a document without
    return [(document.lang, segments)]


def _sides_of(bitext: Bitext) -> Sides:
    """The segments that the beads of a bitext name."""
    src = sorted((s for bead in bitext.beads for s in bead.src), key=lambda s: s.id)
    tgt = sorted((s for bead in bitext.beads for s in bead.tgt), key=lambda s: s.id)
    return [(bitext.src.lang, tuple(src)), (bitext.tgt.lang, tuple(tgt))]
