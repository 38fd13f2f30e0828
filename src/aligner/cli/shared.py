"""What the commands share: options, remarks on stderr, progress, and where a result may be written."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, TypeVar

import click

from aligner.errors import UsageError

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


def is_quiet() -> bool:
    """Whether the user wants no remarks."""
    ctx = click.get_current_context(silent=True)
    return bool(ctx and ctx.meta.get(_QUIET))


def remark(text: str) -> None:
    """A note on stderr, unless the user wants none."""
    if not is_quiet():
        click.echo(f"note: {' '.join(text.split())}", err=True)


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


def check_output(output: str | None, inputs: Iterable[Path], *, folder: bool = False) -> None:
    """Refuses an output that would overwrite a source document, or a folder where a file is meant.

    Args:
        output: what `-o` said; None and `-` are stdout.
        inputs: the files the command reads.
        folder: whether the output is to be a folder.

    Raises:
        UsageError: the output is one of the inputs, lies in a project's seeds/, or is of the wrong kind.
    """
    from aligner import project

    if output is None or output == "-":
        return
    path = Path(output)
    if path.is_dir() and not folder:
        raise UsageError(f"{output} is a folder", "name a file in it")
    if path.exists() and not path.is_dir() and folder:
        raise UsageError(f"{output} is a file, but several files are to be written", "name a folder")
    if path.exists() and any(one.exists() and path.samefile(one) for one in inputs):
        raise UsageError(f"{output} is one of the source documents", "name another file for the result")
    home = project.find(path.parent)
    if home and path.resolve().is_relative_to(home.seeds):
        raise UsageError(f"{output} lies among the source documents", "write outside seeds/")
