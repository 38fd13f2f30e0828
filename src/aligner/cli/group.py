"""The commands by name, each loaded when it is called."""

from __future__ import annotations

import importlib

import click

from aligner import __version__
from aligner.cli.shared import quiet_option

# In the order of the work, which is the order of the help.
COMMANDS = {
    "align": "aligner.cli.align:align",
    "segment": "aligner.cli.segment:segment",
    "review": "aligner.cli.review:review",
    "check": "aligner.cli.check:check",
    "explain": "aligner.cli.explain:explain",
    "terms": "aligner.cli.terms:terms",
    "search": "aligner.cli.search:search",
    "export": "aligner.cli.export:export",
    "apply": "aligner.cli.apply:apply",
    "evaluate": "aligner.cli.evaluate:evaluate",
    "train": "aligner.cli.train:train",
    "run": "aligner.cli.run:run",
    "completion": "aligner.cli.completion:completion",
}


class LazyGroup(click.Group):
    """A group that knows its commands by name and imports one when it is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """In the order of `COMMANDS`."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Imports the command's module."""
        if cmd_name not in COMMANDS:
            return None
        module, function = COMMANDS[cmd_name].split(":")
        command = getattr(importlib.import_module(module), function)
        assert isinstance(command, click.Command)  # noqa: S101 - the table above is ours
        return command


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, message="aligner %(version)s")
@quiet_option
@click.pass_context
def cli(ctx: click.Context) -> None:
    """Turns Chinese–Vietnamese bilingual documents into translation memories.

    Results go to stdout or to -o; remarks and progress to stderr.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
