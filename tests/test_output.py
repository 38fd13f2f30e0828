import errno
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from aligner.errors import OutputError, UsageError
from aligner.output import append_json, check_output, open_output, open_text_output, write_text

posix = pytest.mark.skipif(os.name != "posix", reason="permissions, links and devices of POSIX")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_result_is_written_whole(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "một\n二\n")
    assert (tmp_path / "a.txt").read_bytes() == "một\n二\n".encode()
    assert names(tmp_path) == ["a.txt"]


def test_a_lone_surrogate_is_written_visibly(tmp_path: Path) -> None:
    write_text(tmp_path / "a.txt", "a\ud800b")
    assert (tmp_path / "a.txt").read_bytes() == rb"a\ud800b"


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old")

    def fail() -> None:
        with open_output(path) as file:
            file.write(b"new" * 100_000)
            raise error

    with pytest.raises(error):
        fail()
    assert path.read_text() == "old"
    assert names(tmp_path) == ["a.txt"]


FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from aligner.output import append_json, open_text_output
from aligner.errors import OutputError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
try:
    if sys.argv[2] == "append":
        append_json(Path(sys.argv[1]), [{"text": "x" * 200_000}])
    else:
        with open_text_output(Path(sys.argv[1])) as file:
            for _ in range(int(sys.argv[2])):
                file.write("x" * 1000)
except OutputError as error:
    print(error)
"""


@posix
@pytest.mark.parametrize("work", ["120", "100000", "append"], ids=["at the end", "on the way", "append"])
def test_a_full_disk_is_one_line_and_leaves_the_old_file(tmp_path: Path, work: str) -> None:
    """A limit on the size of files stands for a full disk: the system refuses in the middle of a write."""
    path = tmp_path / "a.jsonl"
    path.write_text('{"old": 1}\n')
    child = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path), work], capture_output=True, text=True, check=True
    )
    assert child.stdout.count("\n") == 1
    assert "cannot be written (file too large)" in child.stdout
    assert child.stderr == ""
    assert path.read_text() == '{"old": 1}\n'
    assert names(tmp_path) == ["a.jsonl"]


def test_no_space_found_by_fsync(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fsync(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OutputError, match="no space left on device"):
        write_text(tmp_path / "a.txt", "new")
    assert names(tmp_path) == []


def test_an_error_in_reading_is_not_taken_for_one_in_writing(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), open_output(tmp_path / "a.txt"):
        (tmp_path / "missing").read_bytes()
    assert names(tmp_path) == []


def test_an_input_is_never_overwritten(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text("source")
    with pytest.raises(OutputError, match="is an input"):
        check_output(tmp_path / "." / "a.txt", inputs=["-", source])
    link = tmp_path / "b.txt"
    link.hardlink_to(source)
    with pytest.raises(OutputError, match="is an input"), open_output(link, inputs=[source]):
        pytest.fail("must not be opened")
    assert source.read_text() == "source"


@pytest.mark.parametrize(
    ("name", "problem"),
    [("", "is a folder"), ("no/a.txt", "no does not exist"), ("file/a.txt", "file is not a folder")],
)
def test_a_place_that_cannot_take_a_file(tmp_path: Path, name: str, problem: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match=problem) as caught:
        write_text(tmp_path / name, "x")
    assert caught.value.remedy
    assert names(tmp_path) == ["file"]


def test_the_longest_name_is_possible(tmp_path: Path) -> None:
    write_text(tmp_path / ("a" * 255), "x")
    with pytest.raises(OutputError, match="too long"):
        write_text(tmp_path / ("a" * 256), "x")
    assert names(tmp_path) == ["a" * 255]


@posix
def test_permissions_of_a_replaced_file_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.touch()
    path.chmod(0o640)
    write_text(path, "x")
    assert path.stat().st_mode & 0o777 == 0o640
    old = os.umask(0o027)
    try:
        write_text(tmp_path / "b.txt", "x")
    finally:
        os.umask(old)
    assert (tmp_path / "b.txt").stat().st_mode & 0o777 == 0o640


@posix
def test_through_a_link_its_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder/a.txt")
    write_text(tmp_path / "link", "x")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "folder" / "a.txt").read_text() == "x"


@posix
def test_a_device_is_written_and_stays_a_device() -> None:
    write_text("/dev/null", "x")
    assert not Path("/dev/null").is_file()
    if Path("/dev/full").exists():
        with pytest.raises(OutputError, match="no space left"):
            write_text("/dev/full", "x")


def test_stdout(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with open_text_output("-") as file:
        file.write("một")
    with open_output(None, binary=True) as binary:
        binary.write(b"\xff")
    assert capfdbinary.readouterr().out == "một".encode() + b"\xff"


def test_binary_is_not_poured_over_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    with pytest.raises(UsageError, match="not written to a terminal"), open_output("-", binary=True):
        pytest.fail("must not be opened")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", b""),
        (b'{"a": 1}\n', b'{"a": 1}\n'),
        (b'{"a": 1}', b'{"a": 1}\n'),
        (b'{"a": 1}\n{"b": "cut sh', b'{"a": 1}\n'),
        ('{"a": 1}\n{"b": "một'.encode()[:-1], b'{"a": 1}\n'),
        (b'{"a": 1}\n\0\0\0\0', b'{"a": 1}\n'),
        (b'{"b": "' + b"x" * 200_000, b""),
    ],
)
def test_appending_mends_a_torn_last_line(tmp_path: Path, before: bytes, after: bytes) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(before)
    append_json(path, [{"text": "二\ud800"}])
    assert path.read_bytes() == after + b'{"text": "\xe4\xba\x8c\\ud800"}\n'
    assert json.loads(path.read_text().splitlines()[-1]) == {"text": "二\ud800"}


def test_appending_where_one_cannot(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        append_json(tmp_path / "no" / "a.jsonl", [{}])
