"""The real server as a process, and plain HTTP requests to it."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from aligner.formats.bitext import write
from aligner.model import Bead, Bitext, Segment, Side


@dataclass
class Server:
    """A running `aligner review`, and who is logged in to it by its link."""

    link: str
    process: subprocess.Popen[str]
    cookie: str = ""
    version: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def port(self) -> int:
        return urlsplit(self.link).port or 0

    @property
    def token(self) -> str:
        return parse_qs(urlsplit(self.link).query)["token"][0]

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def request(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str | None] | None = None
    ) -> tuple[int, str, dict[str, str]]:
        """Status, text and headers of an answer; headers of None are left out."""
        given: dict[str, str | None] = {"Cookie": self.cookie}
        if method == "POST":
            given |= {"Origin": self.origin, "X-Aligner": "1", "Content-Type": "application/json"}
        given |= headers or {}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        try:
            connection.putrequest(method, path, skip_host="Host" in given)
            for name, value in given.items():
                if value is not None:
                    connection.putheader(name, value)
            if data is not None:
                connection.putheader("Content-Length", str(len(data)))
            connection.endheaders(data)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), {k.lower(): v for k, v in answer.getheaders()}
        finally:
            connection.close()

    def login(self) -> None:
        """Takes the cookie that the link gives."""
        status, _, headers = self.request("GET", f"/?token={self.token}")
        assert status == 303
        self.cookie = headers["set-cookie"].split(";")[0]
        self.state()

    def state(self) -> dict[str, Any]:
        status, text, _ = self.request("GET", "/b/0/state")
        assert status == 200, text
        found: dict[str, Any] = json.loads(text)
        self.version = found["version"]
        return found

    def do(self, name: str, bead: int, **more: object) -> tuple[int, dict[str, Any]]:
        """Asks for an operation; keeps the version of the answer."""
        body = {"name": name, "bead": bead, "version": self.version, **more}
        status, text, _ = self.request("POST", "/b/0/do", body)
        found: dict[str, Any] = json.loads(text)
        self.version = found.get("version", self.version)
        return status, found

    def kill(self) -> None:
        """As a power cut does."""
        self.process.kill()
        self.process.wait()


@contextmanager
def serving(*args: str | Path, cwd: Path | None = None) -> Iterator[Server]:
    """`aligner review` on some paths, until the block ends."""
    command = [sys.executable, "-m", "aligner", "review", *map(str, args), "--no-browser"]
    with subprocess.Popen(
        command, cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", env=os.environ
    ) as process:
        try:
            assert process.stdout
            link = process.stdout.readline().strip()
            assert link, process.stderr.read() if process.stderr else ""
            yield Server(link, process)
        finally:
            process.kill()


def bitext(rows: list[tuple[list[str], list[str]]], confidence: float = 0.95) -> Bitext:
    """A bitext of these texts, every fourth bead doubtful."""
    beads = []
    i = j = 0
    for number, (zh, vi) in enumerate(rows):
        src = tuple(Segment(i + k, text, 0, len(text)) for k, text in enumerate(zh))
        tgt = tuple(Segment(j + k, text, 0, len(text)) for k, text in enumerate(vi))
        sure = confidence if number % 4 else 0.4 + number % 50 / 100
        beads.append(Bead(number, src, tgt, 1.0, {"translation": 1.0}, sure))
        i, j = i + len(src), j + len(tgt)
    return Bitext(Side("zh-Hans", "made.txt", ""), Side("vi", "made.txt", ""), tuple(beads), "made:1")


def stored(path: Path, made: Bitext) -> Path:
    """Writes a bitext."""
    with path.open("wb") as file:
        write(made, file)
    return path
