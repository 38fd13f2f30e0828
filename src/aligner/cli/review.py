"""`aligner review`: the editor in the browser."""

from __future__ import annotations

import webbrowser
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aligner.cli.shared import quiet_option, remark
from aligner.errors import InputError, MissingBackend, UsageError

if TYPE_CHECKING:
    from aligner.review.web.workspace import Workspace

_PAIR = 2
_NEEDED = ("starlette", "uvicorn", "jinja2", "multipart")


@click.command(epilog="Example: aligner review corpus/article.bitext.jsonl")
@click.argument("paths", nargs=-1, metavar="[BITEXT | SRC TGT | PROJECT]", type=click.Path(path_type=Path))
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N",
              help="Port on this machine; a free one by default.")  # fmt: skip
@click.option("--no-browser", is_flag=True, help="Do not open the page, only print its link.")
@quiet_option
def review(paths: tuple[Path, ...], *, port: int, no_browser: bool) -> None:
    """Review an alignment and its glossary in the browser.

    BITEXT can be a bitext, a memory or table, or a bilingual document; SRC and TGT are aligned
    first. What is made of them is a bitext beside them. Without any, the project is reviewed.

    The link is printed first; it works on this machine alone. Every decision is on the disk before the
    page says so, in NAME.decisions.jsonl beside the bitext. Ctrl-C ends the server.
    """
    if any(find_spec(name) is None for name in _NEEDED):
        raise MissingBackend("aligner review", "review")
    from aligner.review.web.server import serve

    workspace = _workspace(paths)
    if len(workspace.paths()) == 1:
        workspace.opened(0)  # whatever is wrong with it is said here rather than in the page

    def ready(link: str, others: list[str]) -> None:
        click.echo(link)
        for other in others:
            remark(f"it is open in another editor too, at {other}; both see what the other decides")
        if not no_browser and not webbrowser.open(link):
            remark("no browser could be started; open the link yourself")

    serve(workspace, port, ready)


def _workspace(paths: tuple[Path, ...]) -> Workspace:
    from aligner import project
    from aligner.review.web.workspace import Workspace, bitext_for

    if len(paths) > _PAIR:
        raise UsageError(f"{len(paths)} files", "review one bitext or bilingual document, or a pair")
    for path in paths:
        if not path.exists():
            raise InputError(f"{path} does not exist")
    if not paths or (len(paths) == 1 and paths[0].is_dir()):
        here = project.require(paths[0] if paths else None)
        if not here.bitexts():
            raise UsageError(f"{here.corpus} holds no bitext yet", "make them with: aligner align")
        return Workspace(here.bitexts(), here)
    path = bitext_for(paths)
    around = project.find(path.resolve().parent)
    return Workspace([path], folder=path.resolve().parent, glossary=around.term_base if around else None)
