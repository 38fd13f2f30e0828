"""`aligner completion`: what makes a shell complete our commands and options."""

from __future__ import annotations

import click


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print what makes SHELL complete our commands.

    \b
    bash:  aligner completion bash >> ~/.bashrc
    zsh:   aligner completion zsh >> ~/.zshrc
    fish:  aligner completion fish > ~/.config/fish/completions/aligner.fish
    """  # noqa: D301 - click's own mark: keep these lines as they are
    from click.shell_completion import get_completion_class

    from aligner.cli.group import cli

    found = get_completion_class(shell)
    assert found  # noqa: S101 - click knows the three
    click.echo(found(cli, {}, "aligner", "_ALIGNER_COMPLETE").source())
