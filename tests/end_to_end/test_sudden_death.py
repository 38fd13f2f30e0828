"""Killed at any moment, or on a full disk: a file is the old one or the new one, and no decision is lost."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from aligner.formats import FORMATS
from aligner.review.decisions import read_decisions

Aligner = Callable[..., "subprocess.CompletedProcess[str]"]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals and mounts of POSIX")

# Writes one text and another in turn for as long as it lives.
WRITER = """
import sys
from pathlib import Path
from aligner.output import write_text
path = Path(sys.argv[1])
print("ready", flush=True)
while True:
    for letter in "ab":
        write_text(path, letter * 3_000_000 + "\\n")
"""
# Records decisions, and says so when each is on the disk.
RECORDER = """
import sys
from pathlib import Path
from aligner.model import Decision, Target
from aligner.review.decisions import now, record
path = Path(sys.argv[1])
number = 0
while True:
    record(path, Decision(now(), "me", "note", (Target("0" * 16),), value=f"{number} " + "x" * 5000))
    number += 1
    print(number, flush=True)
"""


def killed(script: str, path: Path, after: float) -> str:
    """Runs a script that never ends, kills it some time after its first line; what it printed."""
    child = subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout
    first = child.stdout.readline()
    time.sleep(after)
    child.kill()
    rest, _ = child.communicate()
    assert child.returncode == -signal.SIGKILL
    return first + rest


def test_a_file_is_whole_whenever_its_writer_is_killed(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old\n")
    wholes = {"old\n", "a" * 3_000_000 + "\n", "b" * 3_000_000 + "\n"}
    chance = random.Random(1)  # noqa: S311 - moments
    for _ in range(12):
        killed(WRITER, path, chance.uniform(0, 0.05))
        assert path.read_text() in wholes


def test_every_decision_that_was_acknowledged_is_there(tmp_path: Path) -> None:
    path = tmp_path / "a.decisions.jsonl"
    chance = random.Random(2)  # noqa: S311 - moments
    for _ in range(6):
        before = len(read_decisions(path))
        printed = killed(RECORDER, path, chance.uniform(0, 0.05)).split()
        decisions = read_decisions(path)
        assert len(decisions) - before in {len(printed), len(printed) + 1}
        numbers = [int(decision.value.split()[0]) for decision in decisions[before:]]
        assert numbers == list(range(len(numbers)))


def test_a_terminated_export_clears_away_what_it_began(tmp_path: Path) -> None:
    """SIGTERM comes while the new file is half written: the table it is made of has not ended yet."""
    (tmp_path / "out.tmx").write_text("old")
    pipe = tmp_path / "in.tsv"
    os.mkfifo(pipe)
    command = [sys.executable, "-m", "aligner", "export", str(pipe), "-o", "out.tmx"]
    child = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.DEVNULL)
    with pipe.open("w", encoding="utf-8") as table:
        table.write("zh\tvi\n" + "".join(f"第{i}\tthứ {i}\n" for i in range(20_000)))
        table.flush()
        until = time.monotonic() + 30
        while not list(tmp_path.glob(".aligner-*")) and time.monotonic() < until:
            time.sleep(0.01)
        assert list(tmp_path.glob(".aligner-*"))
        child.send_signal(signal.SIGTERM)
        child.wait(30)
    assert child.returncode == 143
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.tsv", "out.tmx"]
    assert (tmp_path / "out.tmx").read_text() == "old"


@pytest.fixture(scope="module")
def small_disk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A disk of 64 KB, where this system lets us have one."""
    folder = tmp_path_factory.mktemp("disk")
    mount = shutil.which("mount")
    command = [mount or "mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if not mount or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no disk of our own can be mounted here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


TEXTUAL = [name for name, form in FORMATS.items() if form.takes in {"units", "bitext"} and name != "beads"]


@pytest.mark.parametrize("name", TEXTUAL)
def test_a_full_disk_leaves_the_old_file(
    name: str, aligner: Aligner, small_disk: Path, tmp_path: Path
) -> None:
    # Texts that do not pack: the same in every run.
    chance = random.Random(3)  # noqa: S311 - no secret
    rows = [
        "".join(
            chance.choices(
                "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动", k=90
            )
        )
        for _ in range(700)
    ]
    source = tmp_path / "in.tsv"
    source.write_text(
        "zh\tvi\n" + "".join(f"{row}\tCâu {i} {row[:9]}\n" for i, row in enumerate(rows)), "utf-8"
    )
    for path in small_disk.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    single = not (FORMATS[name].files or FORMATS[name].folder)
    out = small_disk / "out"
    if single:
        out.write_text("old")
    result = aligner("export", source, "-f", name, "-o", out)
    assert result.returncode == 1
    assert "no space left" in result.stderr, result.stderr
    assert result.stderr.splitlines()[-1].startswith("aligner: ")
    assert "Traceback" not in result.stderr
    assert [(path.name, path.read_text()) for path in small_disk.iterdir()] == (
        [("out", "old")] if single else []
    )


def test_decisions_on_a_full_disk(small_disk: Path) -> None:
    from aligner.errors import OutputError
    from aligner.output import append_json

    for old in small_disk.iterdir():
        old.unlink()
    path = small_disk / "a.decisions.jsonl"
    record = {"value": "x" * 9000}
    for _ in range(3):
        append_json(path, [record])
    with pytest.raises(OutputError, match="no space left"):
        append_json(path, [record] * 20)
    lines = path.read_text().splitlines()
    assert [json.loads(line) for line in lines] == [record] * 3
