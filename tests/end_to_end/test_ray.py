"""`aligner run` on a real Ray cluster of two nodes on this machine, which the test starts itself."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.skipif(importlib.util.find_spec("ray") is None, reason="ray is not installed"),
    pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc to find the workers"),
]
OPTIONS = ["--shard-size", "8", "--leave-out", "duplicate", "-q"]


@dataclass(frozen=True)
class Cluster:
    """A running cluster: its address, and the sessions of its nodes."""

    address: str
    sessions: tuple[int, ...]

    def workers(self) -> list[int]:
        """Process ids of the workers that do a task now."""
        found = []
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and (entry / "cmdline").read_bytes().startswith(b"ray::_do"):
                    fields = (entry / "stat").read_text().rpartition(")")[2].split()
                    found += [int(entry.name)] if int(fields[3]) in self.sessions else []
            except OSError:
                continue
        return found


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    """Two nodes of one processor each, on the loopback."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = tempfile.mkdtemp(prefix="ray", dir="/tmp")  # sockets in it: a long path is refused
    ray = str(Path(sys.executable).with_name("ray"))
    address = f"127.0.0.1:{port}"
    common = ["--node-ip-address=127.0.0.1", "--num-cpus=1", "--disable-usage-stats", "--block"]
    head = ["--head", f"--port={port}", "--include-dashboard=false", f"--temp-dir={place}"]
    environment = {**os.environ, "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "1", "PYTHONWARNINGS": "ignore"}
    nodes: list[subprocess.Popen[bytes]] = []
    try:
        for options in (head, [f"--address={address}"]):
            nodes.append(
                subprocess.Popen(
                    [ray, "start", *common, *options],
                    start_new_session=True,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    env=environment,
                )
            )
            wait_for(lambda: listens(port))
        wait_for(lambda: counted(ray, address) == len(nodes))
        yield Cluster(address, tuple(node.pid for node in nodes))
    finally:
        for node in reversed(nodes):
            node.terminate()
        for node in nodes:
            try:
                node.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(node.pid, signal.SIGKILL)
                node.wait()
        shutil.rmtree(place, ignore_errors=True)


def listens(port: int) -> bool:
    """Whether somebody answers at a port of this machine."""
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def counted(ray: str, address: str) -> int:
    """How many nodes a cluster has."""
    found = subprocess.run([ray, "status", "--address", address], capture_output=True, text=True, check=False)
    return found.stdout.count("1 node_")


def wait_for(condition: Callable[[], object]) -> None:
    """Waits until something is so; fails after a minute and a half."""
    deadline = time.monotonic() + 90
    while not condition():
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copies of the article: enough work for a task to last while something happens to it."""
    folder = tmp_path_factory.mktemp("articles")
    seed = Path(__file__).parents[2] / "seeds" / "002_9543e6bcbcfb8ab6.txt"
    for number in range(24):
        shutil.copy(seed, folder / f"{number:02d}.txt")
    return folder


def start(source: Path, output: Path, *more: str) -> subprocess.Popen[bytes]:
    """Starts the command."""
    command = [sys.executable, "-m", "aligner", "run", "--input", str(source), "--output", str(output)]
    return subprocess.Popen([*command, *OPTIONS, *more], stdout=subprocess.DEVNULL)


def on(cluster: Cluster) -> list[str]:
    """The options that send a run to the cluster."""
    return ["--on", "ray", "--engine-option", f"address={cluster.address}"]


def digests(output: Path) -> dict[str, str]:
    """SHA-256 of every file of the result."""
    files = (path for path in output.rglob("*") if path.is_file() and "work" not in path.parts)
    return {str(p.relative_to(output)): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(files)}


@pytest.fixture(scope="module")
def local(articles: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What a run on this machine makes."""
    output = tmp_path_factory.mktemp("local") / "out"
    assert start(articles, output, "--workers", "1").wait(timeout=300) == 0
    found = digests(output)
    assert "manifest.json" in found
    return found


def test_a_cluster_makes_what_one_machine_makes_though_a_worker_dies(
    cluster: Cluster, articles: Path, local: dict[str, str], tmp_path: Path
) -> None:
    output = tmp_path / "out"
    run = start(articles, output, *on(cluster))
    wait_for(lambda: list(output.glob("work/stages/align/logs/*")))
    wait_for(cluster.workers)
    os.kill(cluster.workers()[0], signal.SIGKILL)
    assert run.wait(timeout=300) == 0
    assert digests(output) == local


def test_a_killed_driver_is_gone_on_from(
    cluster: Cluster, articles: Path, local: dict[str, str], tmp_path: Path
) -> None:
    output = tmp_path / "out"
    run = start(articles, output, *on(cluster))
    wait_for(lambda: list(output.glob("work/stages/align/completions/*")))
    run.kill()
    run.wait()
    wait_for(lambda: not cluster.workers())
    before = {path: path.stat().st_mtime_ns for path in output.glob("work/stages/*/completions/*")}
    assert not (output / "manifest.json").exists()
    assert start(articles, output, *on(cluster)).wait(timeout=300) == 0
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert digests(output) == local


def test_no_cluster_is_said_in_one_line(articles: Path, tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "aligner",
        "run",
        "--input",
        str(articles),
        "--output",
        str(tmp_path / "o"),
    ]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    options = ["--on", "ray", "--engine-option", f"address={address}"]
    found = subprocess.run([*command, *options], capture_output=True, text=True, check=False, timeout=120)
    assert found.returncode == 2
    assert found.stderr.count("\n") == 1
    assert "Ray" in found.stderr
