"""Whole runs on this machine: the result, and that nothing but the input and the options decides it."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pyarrow.parquet as pq
import pytest
from tests.scale.conftest import TEXTS

from aligner.cli.run_progress import RunProgress
from aligner.errors import InputError, UsageError
from aligner.evidence.lexicon import load_lexicon
from aligner.scale.claim import held
from aligner.scale.engine import Workers
from aligner.scale.options import RunOptions
from aligner.scale.reading import Columns, ReadOptions
from aligner.scale.run import run, status
from aligner.scale.stages import stages
from aligner.scale.store import Store

OPTIONS = RunOptions(shard_size=4, keep_dropped=True)
SHARDS = 4


def digests(output: Path) -> dict[str, str]:
    """SHA-256 of every file of the result, by name; what is in work/ is not part of it."""
    files = (path for path in output.rglob("*") if path.is_file() and "work" not in path.parts)
    return {str(p.relative_to(output)): hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(files)}


def beads(output: Path) -> list[dict[str, object]]:
    """The rows of a result."""
    return [row for path in sorted((output / "beads").iterdir()) for row in pq.read_table(path).to_pylist()]


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A pile with a bad document in it, and the run of one worker over it."""
    folder = tmp_path_factory.mktemp("run")
    pile = folder / "pile"
    pile.mkdir()
    for number, (zh, vi) in enumerate(TEXTS):
        (pile / f"{chr(97 + number)}.txt").write_text(zh + "\n", "utf-8")
        (pile / f"{chr(122 - number)}.txt").write_text(vi + "\n", "utf-8")
    (pile / "k.txt").write_text("", "utf-8")
    (pile / "l.docx").write_bytes(b"PK\x03\x04 not a Word file")
    run(str(pile), str(folder / "one"), OPTIONS, Workers(count=1))
    return pile, folder / "one"


def test_a_pile_is_paired_and_aligned(reference: tuple[Path, Path]) -> None:
    _, output = reference
    rows = beads(output)
    said = {(str(row["src"]), str(row["tgt"])) for row in rows}
    pairs = [line for zh, vi in TEXTS for line in zip(zh.split("\n"), vi.split("\n"), strict=True)]
    assert len(said & set(pairs)) >= len(pairs) - 1
    assert {(row["src_document"], row["tgt_document"]) for row in rows} == {
        (f"{chr(97 + n)}.txt", f"{chr(122 - n)}.txt") for n in range(len(TEXTS))
    }
    assert all(0.5 < float(str(row["pair_confidence"])) <= 1 for row in rows)


def test_bad_documents_are_listed_and_all_is_counted(reference: tuple[Path, Path]) -> None:
    _, output = reference
    errors = [json.loads(line) for line in (output / "errors.jsonl").read_text("utf-8").splitlines()]
    assert [error["document"] for error in errors] == ["k.txt", "l.docx"]
    assert all(error["problem"] for error in errors)
    manifest = json.loads((output / "manifest.json").read_text("utf-8"))
    assert manifest["errors"] == 2
    read = manifest["totals"]["read"]
    assert read["documents"] == read["unpaired"] == read["files"] == 12
    assert read["failed"] == read["files failed"] == 2
    clean = manifest["totals"]["clean"]
    dropped = sum(count for name, count in clean.items() if name.startswith("dropped "))
    assert clean["beads"] + dropped == manifest["totals"]["align"]["beads"]
    assert clean["beads"] == len(beads(output))
    for name, file in manifest["files"].items():
        assert hashlib.sha256((output / name).read_bytes()).hexdigest() == file["sha256"]


def test_what_is_read_adds_up_to_what_was_planned(
    reference: tuple[Path, Path], tmp_path: Path, aligner: Callable[..., Any]
) -> None:
    """Files and rows of the plan are those read and those refused; both languages make two documents."""
    pile = tmp_path / "pile"
    shutil.copytree(reference[0], pile)
    zh, vi = TEXTS[0]
    (pile / "both.txt").write_text(f"{zh}\n\n{vi}\n", "utf-8")
    for side, text in (("zh", zh), ("vi", vi)):
        (pile / f"p.{side}.txt").write_text(text, "utf-8")
        (pile / f"q.{side}.txt").write_text("only English words stand in this one", "utf-8")
    (pile / "t.jsonl").write_text(json.dumps({"zh": zh, "vi": vi}) + "\n{broken\n", "utf-8")
    (pile / "gone.txt").symlink_to(tmp_path / "nowhere")
    output = tmp_path / "out"
    plan = aligner("run", "--input", pile, "--output", output, "--dry-run").stdout
    assert "15 single files, 2 pairs of files by name, 2 rows of JSON Lines: 19 files" in plan
    said = aligner("run", "--input", pile, "--output", output, "--workers", "1").stdout.splitlines()
    assert said[:4] == [
        "15 files read; 4 could not be",
        "1 row read; 1 could not be",
        "in them 18 documents of one language each: 1 file and 1 row hold both",
        "links, folders and empty files that could not be used: 1",
    ]


def test_the_same_bytes_whatever_the_number_of_workers(reference: tuple[Path, Path], tmp_path: Path) -> None:
    pile, one = reference
    run(str(pile), str(tmp_path / "three"), OPTIONS, Workers(count=3))
    assert digests(tmp_path / "three") == digests(one)


def test_a_run_that_is_done_is_not_done_again(reference: tuple[Path, Path]) -> None:
    pile, output = reference
    before = {path: path.stat().st_mtime_ns for path in output.rglob("*")}
    run(str(pile), str(output), OPTIONS, Workers(count=1))
    assert {path: path.stat().st_mtime_ns for path in output.rglob("*")} == before
    assert status(str(output)).done


def test_another_run_does_not_go_into_the_same_folder(reference: tuple[Path, Path], tmp_path: Path) -> None:
    pile, _ = reference
    other = tmp_path / "other"
    other.mkdir()
    (other / "a.txt").write_text("图书馆晚上九点关门。", "utf-8")
    with pytest.raises(UsageError, match="not empty"):
        run(str(pile), str(other), OPTIONS)
    with pytest.raises(UsageError, match="is a file"):
        run(str(pile), str(other / "a.txt"), OPTIONS)
    with pytest.raises(UsageError, match="lies in the input"):
        run(str(pile), str(pile / "out"), OPTIONS)
    with pytest.raises(InputError, match="cannot be read"):
        run(str(pile), str(tmp_path / "new"), RunOptions(lexicon=tmp_path / "none"))
    with pytest.raises(UsageError, match="no such encoding"):
        run(str(pile), str(tmp_path / "new"), RunOptions(reading=ReadOptions(encoding="klingon")))
    assert not (tmp_path / "new").exists()
    with pytest.raises(UsageError, match="no run"):
        status(str(other))


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (RunOptions(shard_size=3, keep_dropped=True), "--shard-size 4 before, 3 now"),
        (RunOptions(shard_size=4), "--keep-dropped given before, not given now"),
        (
            RunOptions(shard_size=4, keep_dropped=True, reading=ReadOptions(Columns(zh="a"))),
            "--columns not given before, zh=a now",
        ),
    ],
)
def test_other_options_are_named(reference: tuple[Path, Path], options: RunOptions, said: str) -> None:
    pile, output = reference
    with pytest.raises(UsageError, match=re.escape(f"other options ({said})")):
        run(str(pile), str(output), options)


def test_other_input_is_named(reference: tuple[Path, Path], tmp_path: Path) -> None:
    pile, output = reference
    copy = tmp_path / "pile"
    shutil.copytree(pile, copy)
    (copy / "a.txt").write_text("图书馆晚上九点关门。", "utf-8")
    (copy / "b.txt").unlink()
    (copy / "new.txt").write_text("图书馆晚上九点关门。", "utf-8")
    with pytest.raises(UsageError, match=r"1 new: new.txt; 1 gone: b.txt; 1 changed: a.txt"):
        run(str(copy), str(output), OPTIONS)


def test_the_bar_of_a_stage_ends_with_all_that_was_counted(
    reference: tuple[Path, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    reading = stages(OPTIONS)[0]
    with RunProgress(str(reference[1]), shown=True) as progress:
        for done in (0, SHARDS):
            progress.report(reading, done, SHARDS)
    said = capsys.readouterr().err
    assert "reading documents" in said
    assert f"{SHARDS}/{SHARDS} tasks" in said
    assert "left, 12 documents" in said


@pytest.mark.parametrize("content", ['{"plan": {}, "options": {}}', '{"version": 99}', "{", "[]"])
def test_a_run_of_another_version_is_left_alone(
    reference: tuple[Path, Path], tmp_path: Path, content: str
) -> None:
    pile, _ = reference
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "plan.json").write_text(content, "utf-8")
    for go_on in (lambda: run(str(pile), str(tmp_path), OPTIONS), lambda: status(str(tmp_path))):
        with pytest.raises(UsageError, match="another version"):
            go_on()
    assert [path.name for path in tmp_path.iterdir()] == ["work"]


def test_a_manifest_that_was_removed_is_made_again(reference: tuple[Path, Path], tmp_path: Path) -> None:
    pile, output = reference
    copy = tmp_path / "copy"
    shutil.copytree(output, copy)
    (copy / "manifest.json").unlink()
    run(str(pile), str(copy), OPTIONS, Workers(count=1))
    assert digests(copy) == digests(output)


@pytest.mark.parametrize(
    ("name", "stage", "content"),
    [
        ("documents/00001.parquet", "align", b"PAR1 nothing"),
        ("pairs/00001.npz", "align", b""),
        ("frequencies.npz", "weigh", b"PK nothing"),
        ("aligned/00001.parquet", "clean", None),
    ],
)
def test_a_file_of_a_run_that_is_damaged_is_named(
    reference: tuple[Path, Path], tmp_path: Path, name: str, stage: str, content: bytes | None
) -> None:
    """What was handed from stage to stage, and is missing, empty or something else."""
    pile, output = reference
    copy = tmp_path / "copy"
    shutil.copytree(output, copy)
    (copy / "manifest.json").unlink()
    shutil.rmtree(copy / "work" / "stages" / stage / "completions")
    (copy / "work" / name).unlink()
    if content is not None:
        (copy / "work" / name).write_bytes(content)
    with pytest.raises(InputError, match=f"{re.escape(name)} (is damaged|has been removed)") as caught:
        run(str(pile), str(copy), OPTIONS, Workers(count=1))
    assert "remove the output folder" in caught.value.remedy


def test_the_time_left_is_told(reference: tuple[Path, Path], tmp_path: Path) -> None:
    """From how long the tasks of the stage at work have taken, since the stage before ended."""
    _, output = reference
    copy = tmp_path / "copy"
    shutil.copytree(output, copy)
    assert status(str(copy)).left is None
    (copy / "manifest.json").unlink()
    marks = sorted((copy / "work/stages/clean/completions").iterdir())
    before = list((copy / "work/stages/common/completions").iterdir())
    for seconds, mark in zip((100, 107, 119, 130), [*before, *marks], strict=False):
        os.utime(mark, (seconds, seconds))
    for mark in marks[2:]:
        mark.unlink()
    stopped = status(str(copy))
    assert (stopped.at_work, stopped.left, stopped.errors) == (False, None, 2)
    with held(Store(str(copy))):
        assert status(str(copy)).left is None  # taken up just now: what was done before tells nothing
        os.utime(copy / "work" / "lock", (90, 90))
        found = status(str(copy))
        assert ("clean", 2, SHARDS) in found.stages
        assert (found.at_work, found.left) == (True, (119 - 100) / 2 * (SHARDS - 2))
        os.utime(copy / "work" / "lock", (110, 110))
        assert status(str(copy)).left == (119 - 110) * (SHARDS - 2)
        for mark in marks[:2]:
            mark.unlink()
        assert status(str(copy)).left is None


@pytest.mark.skipif(os.name != "posix", reason="a lock of the system, which is another elsewhere")
def test_the_status_says_whether_a_run_is_at_work(
    reference: tuple[Path, Path], tmp_path: Path, aligner: Callable[..., Any]
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(reference[1], copy)
    (copy / "manifest.json").unlink()

    def last_line() -> str:
        return str(aligner("run", "--status", "--output", copy).stdout).splitlines()[-1]

    assert last_line() == "stopped: the same command goes on from here"
    with held(Store(str(copy))):
        assert last_line() == "at work"
    (copy / "work" / "lock").unlink()
    assert last_line().startswith("not done")


@pytest.mark.skipif(os.name != "posix", reason="a lock of the system, which is another elsewhere")
def test_a_folder_in_which_a_run_is_at_work_is_left_alone(
    reference: tuple[Path, Path], tmp_path: Path
) -> None:
    pile, output = reference
    copy = tmp_path / "copy"
    shutil.copytree(output, copy)
    (copy / "manifest.json").unlink()
    with held(Store(str(copy))), pytest.raises(UsageError, match="another run is at work"):
        run(str(pile), str(copy), OPTIONS, Workers(count=1))


class Started(Protocol):
    """Starts a run."""

    def __call__(self, output: Path, *, largest: int | None = None) -> subprocess.Popen[str]:
        """`largest`: bytes a file may have."""
        ...


@pytest.fixture
def started(reference: tuple[Path, Path]) -> Iterator[Started]:
    """Starts the command in a session of its own; whatever is left of it is ended afterwards."""
    pile, _ = reference
    running: list[subprocess.Popen[str]] = []

    def start(output: Path, *, largest: int | None = None) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "aligner", "run", "--input", str(pile), "--output", str(output)]
        options = ["--shard-size", str(OPTIONS.shard_size), "--keep-dropped", "--workers", "2", "-q"]
        limit = f"ulimit -f {largest // 1024 + 1}; " if largest else ""
        process = subprocess.Popen(
            ["sh", "-c", f'{limit}exec "$@"', "sh", *command, *options],
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        running.append(process)
        return process

    yield start
    for process in running:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def completions(output: Path) -> dict[Path, int]:
    """The marks of tasks that are done, with their times."""
    return {path: path.stat().st_mtime_ns for path in output.glob("work/stages/*/completions/*")}


def wait_for(condition: Callable[[], object]) -> None:
    """Waits until something is so; fails after a minute."""
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "nothing happened"
        time.sleep(0.02)


def members(session: int) -> list[int]:
    """Process ids of a session, the youngest last."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == session and fields[0] != "Z":
                found.append((int(fields[19]), int(entry.name)))
    return [number for _, number in sorted(found)]


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs /proc to find the processes of a run")
class TestKilled:
    """Processes of a run that end before their time."""

    def test_the_program(self, reference: tuple[Path, Path], started: Started, tmp_path: Path) -> None:
        """Killed in the middle, the same command finishes, and repeats no task that was done."""
        output = tmp_path / "out"
        first = started(output)
        wait_for(lambda: len(completions(output)) >= SHARDS + 3)
        os.kill(first.pid, signal.SIGKILL)
        first.wait()
        wait_for(lambda: not members(first.pid))
        assert not (output / "manifest.json").exists()
        before = completions(output)
        assert started(output).wait(timeout=120) == 0
        after = completions(output)
        assert all(after[path] == moment for path, moment in before.items())
        assert digests(output) == digests(reference[1])

    def test_a_worker(self, reference: tuple[Path, Path], started: Started, tmp_path: Path) -> None:
        """Another one does what it left."""
        output = tmp_path / "out"
        process = started(output)
        wait_for(lambda: len(completions(output)) >= 2)
        os.kill(members(process.pid)[-1], signal.SIGKILL)
        assert process.wait(timeout=120) == 0
        assert digests(output) == digests(reference[1])

    @pytest.mark.parametrize("delay", [0.0, 0.4, 0.8])
    def test_by_ctrl_c(
        self, reference: tuple[Path, Path], started: Started, tmp_path: Path, delay: float
    ) -> None:
        """One line is said whatever was being started; nothing is left at work, and the run goes on."""
        output = tmp_path / "out"
        process = started(output)
        wait_for((output / "work" / "lock").exists)
        time.sleep(delay)
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=120)
        assert said.strip() == "aligner: interrupted"
        # To a shell both are 130: Python ends itself by the signal where it came while a string was executed.
        assert process.returncode in {130, -signal.SIGINT}
        wait_for(lambda: not members(process.pid))
        assert not list(output.rglob("*.tmp"))
        assert run(str(reference[0]), str(output), OPTIONS, Workers(count=1))
        assert digests(output) == digests(reference[1])


def test_a_disk_that_is_full_stops_the_run_with_a_word(
    reference: tuple[Path, Path], started: Started, tmp_path: Path
) -> None:
    """Stood for by a limit on the size of files; what was made before it stays, and is gone on from."""
    output = tmp_path / "out"
    process = started(output, largest=9_000)
    _, said = process.communicate(timeout=120)
    assert process.returncode == 1, said
    assert said.count("\n") == 1
    assert "file too large" in said
    assert "goes on from here" in said
    assert not (output / "manifest.json").exists()
    assert not list(output.rglob("*.tmp"))
    assert started(output).wait(timeout=120) == 0
    assert digests(output) == digests(reference[1])


def test_the_result_is_exported(reference: tuple[Path, Path], aligner: Callable[..., Any]) -> None:
    _, output = reference
    shards = sorted((output / "beads").iterdir())
    found = aligner("export", *shards, "--format", "moses", "-o", output.parent / "corpus")
    assert found.returncode == 0, found.stderr
    lines = (output.parent / "corpus.zh").read_text("utf-8").splitlines()
    assert len(lines) == len(beads(output))


def test_sentences_are_mined_from_documents_without_counterpart(tmp_path: Path) -> None:
    """Two texts that share two sentences, in another order, among others."""
    (tmp_path / "in").mkdir()
    zh, vi = [text.split("\n") for text, _ in TEXTS], [text.split("\n") for _, text in TEXTS]
    texts = {
        "a": [zh[0][0], zh[4][1], zh[2][1], zh[3][0], zh[3][1], zh[3][2], zh[1][2]],
        "b": [vi[2][1], vi[5][2], vi[5][1], vi[0][2], vi[4][2], vi[4][1], vi[2][2]],
    }
    for name, lines in texts.items():
        (tmp_path / "in" / f"{name}.txt").write_text("\n".join(lines) + "\n", "utf-8")
    options = RunOptions(mine=True, min_pair_confidence=1.0)
    manifest = run(str(tmp_path / "in"), str(tmp_path / "out"), options, Workers(count=1))
    rows = beads(tmp_path / "out")
    assert {(row["src"], row["tgt"]) for row in rows} == {(zh[4][1], vi[4][1]), (zh[2][1], vi[2][1])}
    assert all(row["mined"] and row["pair_confidence"] == 0 for row in rows)
    assert [(row["src_ids"], row["tgt_ids"]) for row in rows] == [([1], [5]), ([2], [0])]
    assert manifest["totals"]["align"]["pairs"] == 0


def test_a_second_pass_learns_a_lexicon_from_all_shards(reference: tuple[Path, Path], tmp_path: Path) -> None:
    pile, _ = reference
    options = RunOptions(shard_size=5, second_pass=True, leave_out=frozenset({"duplicate"}))
    for workers in (1, 2):
        manifest = run(str(pile), str(tmp_path / str(workers)), options, Workers(count=workers))
        assert manifest["totals"]["realign"]["pairs"] == manifest["totals"]["align"]["pairs"] == len(TEXTS)
    assert digests(tmp_path / "1") == digests(tmp_path / "2")
    lexicon = load_lexicon(tmp_path / "1" / "lexicon.bin")
    assert "书" in lexicon.zh.index
