"""The editor's server: on this machine only, behind a secret that its link bears."""

from __future__ import annotations

import gc
import secrets
import socket
from collections.abc import Callable

import uvicorn

from aligner.errors import OutputError
from aligner.review.web.app import application
from aligner.review.web.guard import Guard
from aligner.review.web.workspace import Workspace

HOST = "127.0.0.1"


def serve(workspace: Workspace, port: int, ready: Callable[[str, list[str]], None]) -> None:
    """Serves a workspace until it is interrupted.

    Args:
        workspace: what is reviewed.
        port: where; 0 takes a free one.
        ready: told the link, once the server answers to it, and the addresses of other editors that have
            the same open.

    Raises:
        OutputError: the port is taken.
    """
    listener = _listener(port)
    actual = listener.getsockname()[1]
    token = secrets.token_urlsafe(24)
    config = uvicorn.Config(
        Guard(application(workspace), token=token, port=actual),
        log_level="critical",
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=1,
    )
    # What was read at the start stays: it is not looked through again for what could be freed.
    gc.freeze()
    address = f"http://{HOST}:{actual}/"
    ready(f"{address}?token={token}", workspace.announce(address))
    try:
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        workspace.close()


def _listener(port: int) -> socket.socket:
    """A socket that takes connections already; who comes before the server has started waits."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError:
        listener.close()
        raise OutputError(f"port {port} is taken", "leave out --port for a free one") from None
    return listener
