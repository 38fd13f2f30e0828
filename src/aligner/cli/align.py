"""`aligner align`: documents into bitexts, one, a pair, a folder or the project."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aligner.cli.progress import progress_bar
from aligner.cli.results import (
    aligned_format,
    check_place,
    format_of,
    format_option,
    output_option,
    shown_format,
    write,
)
from aligner.cli.shared import (
    align_options,
    encoder_option,
    knowledge_options,
    language_option,
    quiet_option,
    remarks,
    size_option,
)
from aligner.errors import UsageError

if TYPE_CHECKING:
    from aligner.config import AlignOptions
    from aligner.model import Lang

PAIR = 2


@click.command(epilog="Example: aligner align article.txt -o article.tmx")
@click.argument("paths", nargs=-1, metavar="[FILE | SRC TGT | FOLDER]", type=click.Path(path_type=Path))
@output_option
@format_option
@language_option("--src-lang", "Language of SRC, where it is not to be detected.")
@language_option("--tgt-lang", "Language of TGT, where it is not to be detected.")
@click.option("--encoding", metavar="NAME", help="Encoding of the files, such as gb18030 or cp1258.")
@click.option("--segmented", is_flag=True, help="Every line of SRC and TGT is one segment and stays one.")
@knowledge_options
@encoder_option
@click.option(
    "--together",
    is_flag=True,
    help="Of a folder or project: align all documents, learn from what is sure in them, align all again.",
)
@click.option("--force", is_flag=True, help="In a project: align again what has not changed.")
@size_option
@quiet_option
def align(
    paths: tuple[Path, ...],
    *,
    output: str | None,
    format_name: str | None,
    src_lang: Lang | None,
    tgt_lang: Lang | None,
    encoding: str | None,
    segmented: bool,
    lexicon: Path | None,
    glossary: Path | None,
    encoder: str | None,
    together: bool,
    force: bool,
) -> None:
    """Align a Chinese text with its Vietnamese translation.

    FILE holds both languages; SRC and TGT hold one each, in either order; the files of a FOLDER
    are paired by name (x.zh.txt and x.vi.txt, zh/x and vi/x). Without any of them, the seeds/ of
    the project are aligned into its corpus/, as far as they changed; the approved terms of its
    glossary/glossary.tsv count as translations.

    The result goes to stdout: as a bitext, or as a table where stdout is a terminal.
    """
    from aligner import project

    if len(paths) > PAIR:
        raise UsageError(f"{len(paths)} files", "align one bilingual file, a pair of files, or a folder")
    if len(paths) < PAIR and (segmented or src_lang or tgt_lang):
        raise UsageError("--segmented, --src-lang and --tgt-lang speak of two files", "name SRC and TGT")
    if together and (len(paths) == PAIR or (paths and not paths[0].is_dir())):
        raise UsageError("--together speaks of several documents", "name a folder")
    if not paths or project.is_project(paths[0]):
        if output or format_name:
            raise UsageError(
                "a project's bitexts go to its corpus/", "leave out -o and --format, then use aligner export"
            )
        from aligner.cli.align_many import align_project

        here = project.require(paths[0] if paths else None)
        known = align_options(lexicon, glossary, here, encoder)
        with _learned(here.seeds, known, encoding=encoding, together=together) as options:
            align_project(here, options, encoding=encoding, force=force)
        return
    options = align_options(lexicon, glossary, encoder=encoder)
    if len(paths) == 1 and paths[0].is_dir():
        from aligner.cli.align_many import align_folder

        with _learned(paths[0], options, encoding=encoding, together=together) as known:
            align_folder(paths[0], known, output, format_of(format_name, output), encoding=encoding)
        return
    check_place(output, paths)
    form = aligned_format(format_name, output)
    from aligner import pipeline
    from aligner.output import is_stdout

    with progress_bar("segments") as progress:
        if len(paths) == PAIR:
            src, tgt = paths
            bitext = pipeline.align_files(
                src,
                tgt,
                options,
                langs=(src_lang, tgt_lang),
                encoding=encoding,
                one_a_line=segmented,
                progress=progress,
            )
        else:
            bitext = pipeline.align_file(paths[0], options, encoding=encoding, progress=progress)
    remarks(bitext.notes)
    default = shown_format() if is_stdout(output) else "bitext"
    # Its remarks are said; some formats would say them again.
    said = bitext.replace(notes=())
    write([said], form or default, output, inputs=paths)


def _learned(
    folder: Path, options: AlignOptions, *, encoding: str | None, together: bool
) -> AbstractContextManager[AlignOptions]:
    """The options, with what the documents of a folder say together where that was asked for."""
    if not together:
        return nullcontext(options)
    from aligner.cli.align_many import first_pass
    from aligner.together import together as learned

    return learned(first_pass(folder, options, encoding=encoding), options)
