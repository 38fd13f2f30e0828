"""What the commands share: options, and what is said on stderr while they work."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, TypeVar

import click

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


def is_quiet() -> bool:
    """Whether the user wants no remarks."""
    ctx = click.get_current_context(silent=True)
    return bool(ctx and ctx.meta.get(_QUIET))


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
