"""`aligner run` on a real Slurm, with one node on this machine, which the test starts itself."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.program("slurmctld", "slurmd", "sbatch", "munged"),
    pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="a node of Slurm is started by root"),
]
ROOT = Path(__file__).parents[2]
CONFIGURATION = """
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={place}/munge.socket
SlurmctldPort={ports[0]}
SlurmdPort={ports[1]}
StateSaveLocation={place}/state
SlurmdSpoolDir={place}/spool
SlurmctldPidFile={place}/slurmctld.pid
SlurmdPidFile={place}/slurmd.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
ReturnToService=2
MailProg=/bin/true
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 RealMemory=4000 State=UNKNOWN
PartitionName=cpu Nodes={host} Default=YES MaxTime=INFINITE State=UP
"""


@pytest.fixture(scope="module")
def slurm() -> Iterator[dict[str, str]]:
    """The environment in which commands find a cluster of one node."""
    place = Path(tempfile.mkdtemp(prefix="slurm", dir="/tmp"))  # sockets in it: a long path is refused
    place.chmod(0o755)
    for name in ("state", "spool"):
        (place / name).mkdir()
    (place / "munge.key").write_bytes(os.urandom(1024))
    (place / "munge.key").chmod(0o600)
    host = socket.gethostname().partition(".")[0]
    configuration = place / "slurm.conf"
    configuration.write_text(CONFIGURATION.format(host=host, place=place, ports=free_ports()), "utf-8")
    environment = {
        **os.environ,
        "SLURM_CONF": str(configuration),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
    }
    munge = {
        "key-file": "munge.key", "socket": "munge.socket", "pid-file": "munged.pid",
        "log-file": "munge.log", "seed-file": "munge.seed",
    }  # fmt: skip
    daemons: list[subprocess.Popen[bytes]] = []
    try:
        for command in (
            [
                "munged",
                "--foreground",
                "--force",
                *(f"--{key}={place / name}" for key, name in munge.items()),
            ],
            ["slurmctld", "-D", "-f", str(configuration)],
            ["slurmd", "-D", "-f", str(configuration)],
        ):
            daemons.append(
                subprocess.Popen(
                    command,
                    env=environment,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    start_new_session=True,
                )
            )
            wait_for((place / "munge.socket").exists)
        wait_for(lambda: "idle" in said(["sinfo", "--noheader", "--format=%T"], environment))
        yield environment
    finally:
        for daemon in reversed(daemons):
            daemon.terminate()
        for daemon in daemons:
            try:
                daemon.wait(timeout=20)
            except subprocess.TimeoutExpired:
                os.killpg(daemon.pid, signal.SIGKILL)
                daemon.wait()
        shutil.rmtree(place, ignore_errors=True)


def free_ports() -> list[int]:
    """Two ports that nobody listens at."""
    probes = [socket.socket() for _ in range(2)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def said(command: list[str], environment: dict[str, str]) -> str:
    """What a command prints."""
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False).stdout


def wait_for(condition: Callable[[], object]) -> None:
    """Waits until something is so; fails after five minutes."""
    deadline = time.monotonic() + 300
    while not condition():
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.2)


def test_a_chain_of_jobs_makes_what_one_machine_makes(slurm: dict[str, str], tmp_path: Path) -> None:
    seeds = tmp_path / "seeds"
    seeds.mkdir()
    shutil.copy(ROOT / "seeds" / "002_9543e6bcbcfb8ab6.txt", seeds / "a.txt")
    command = [sys.executable, "-m", "aligner", "run", "--input", str(seeds), "--leave-out", "duplicate"]
    options = ["--on", "slurm", "--engine-option", "partition=cpu", "--engine-option", "time=00:10:00"]
    output = tmp_path / "slurm"
    found = subprocess.run(
        [*command, "--output", str(output), *options], env=slurm, capture_output=True, text=True, check=False
    )
    assert found.returncode == 0, found.stderr
    assert [line.split("\t")[0] for line in found.stdout.splitlines()][:2] == ["read", "frequencies"]
    assert "INFO" not in found.stderr
    wait_for((output / "manifest.json").exists)
    status = [*command[:4], "--status", "--output", str(output)]
    assert said(status, slurm).splitlines()[-1] == "done"
    local = tmp_path / "local"
    subprocess.run([*command, "--output", str(local), "-q"], check=True, stdout=subprocess.DEVNULL)
    for name in ("manifest.json", "errors.jsonl", "beads/00000.parquet"):
        assert (output / name).read_bytes() == (local / name).read_bytes()
    again = subprocess.run(
        [*command, "--output", str(output), *options], env=slurm, capture_output=True, text=True, check=False
    )
    assert (again.returncode, again.stdout) == (0, "")


def test_what_slurm_needs_is_asked_for(slurm: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "aligner", "run", "--input", str(ROOT / "seeds")]
    found = subprocess.run(
        [*command, "--output", str(tmp_path / "o"), "--on", "slurm"],
        env=slurm,
        capture_output=True,
        text=True,
        check=False,
    )
    assert found.returncode == 2
    assert "--engine-option time=" in found.stderr
    assert found.stderr.count("\n") == 1
