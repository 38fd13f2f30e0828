"""The command as a whole: help, lazy loading, and one line for everything that goes wrong."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest

from aligner import __version__
from aligner.cli import main
from aligner.cli.group import COMMANDS, cli
from aligner.errors import FormatError, InputError, UsageError

Aligner = Callable[..., "subprocess.CompletedProcess[str]"]
HEAVY = {"jieba", "underthesea", "pandas", "numpy", "lxml", "rich", "opencc", "regex", "pyarrow", "requests"}


def loaded(code: str) -> set[str]:
    """The modules that a fresh interpreter has after running the code."""
    script = f"{code}\nimport sys; print(*sys.modules)"
    return set(subprocess.check_output([sys.executable, "-c", script], encoding="utf-8").split())


def test_importing_the_package_loads_nothing_heavy() -> None:
    assert not HEAVY & loaded("import aligner")
    assert "aligner" in loaded("import aligner")


def test_aligning_lines_loads_no_reader_of_anything_else(tmp_path: Path) -> None:
    zh, vi, out = tmp_path / "zh.txt", tmp_path / "vi.txt", tmp_path / "out.bitext.jsonl"
    zh.write_text("村里的花都开了。\n", encoding="utf-8")
    vi.write_text("Hoa trong làng đã nở.\n", encoding="utf-8")
    args = ["align", "--segmented", str(zh), str(vi), "-o", str(out), "--quiet"]
    modules = loaded(f"from aligner.cli import main\nassert main({args}) == 0")
    assert out.exists()
    assert not (HEAVY - {"numpy"}) & modules
    assert not {"ssl", "sqlite3", "zipfile", "tempfile", "tomllib"} & modules
    ours = {
        "align.divide",
        "documents.reading",
        "documents.encodings",
        "formats.glossaries",
        "formats.workbook",
    }
    assert not {f"aligner.{name}" for name in ours} & modules
    assert "numpy" in modules


@pytest.mark.parametrize("args", [["--help"], ["--version"], *([name, "--help"] for name in COMMANDS)])
def test_help_loads_nothing_heavy(args: list[str]) -> None:
    code = f"""
import io, sys
sys.stdout = io.StringIO()
from aligner.cli import main
assert main({args}) == 0
sys.stdout = sys.__stdout__
"""
    modules = loaded(code)
    assert not HEAVY & modules
    assert "click" in modules


def test_every_command_says_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    context = click.Context(cli)
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command
        assert command.help
        assert f"  {name} " in shown
        assert all(p.help for p in command.params if isinstance(p, click.Option)), name


def test_without_a_command_the_help_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "Commands:" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["algin"], "no such command 'algin'"),
        (["evaluate"], "missing argument 'HYP': see aligner evaluate --help"),
        (["evaluate", "a", "b", "--bad"], "no such option"),
        (["--bad"], "see aligner --help"),
        (["completion", "cmd"], "'cmd' is not one of"),
    ],
)
def test_wrong_usage_is_one_line_and_two(
    args: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(args) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("aligner: ")
    assert said in shown.err
    assert shown.err.count("\n") == 1


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> Callable[[BaseException], int]:
    """Runs a command that fails with the error given."""

    def run(error: BaseException) -> int:
        @click.command()
        def boom() -> None:
            """Fails."""
            raise error

        monkeypatch.setattr(cli, "get_command", lambda *_: boom)
        return main(["boom"])

    return run


@pytest.mark.parametrize(
    ("error", "code", "said"),
    [
        (InputError("a.txt is empty", "give it text"), 1, "aligner: a.txt is empty: give it text\n"),
        (FormatError("line 3\nis broken"), 1, "aligner: line 3 is broken\n"),
        (FormatError("evil\x1b[2J name"), 1, "aligner: evil\ufffd[2J name\n"),
        (UsageError("too many files", "give two"), 2, "aligner: too many files: give two\n"),
        (click.ClickException("No good."), 1, "aligner: no good\n"),
        (FileNotFoundError(errno.ENOENT, "No such file", "x"), 1, "aligner: x: no such file\n"),
        (OSError(errno.ENOSPC, "No space left on device"), 1, "aligner: no space left on device\n"),
        (MemoryError(), 1, "aligner: not enough memory: give it smaller files\n"),
    ],
)
def test_errors_are_one_line(
    failing: Callable[[BaseException], int],
    error: Exception,
    code: int,
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert failing(error) == code
    assert capsys.readouterr() == ("", said)


def test_a_mistake_of_ours_says_how_to_report_it(
    failing: Callable[[BaseException], int],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("ALIGNER_DEBUG", raising=False)
    assert failing(ZeroDivisionError("by zero")) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "ZeroDivisionError: by zero" in said
    assert "ALIGNER_DEBUG=1" in said
    monkeypatch.setenv("ALIGNER_DEBUG", "1")
    assert failing(ZeroDivisionError("by zero")) == 1
    assert "Traceback" in capsys.readouterr().err


def test_interruption_is_130_and_one_line(
    failing: Callable[[BaseException], int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert failing(KeyboardInterrupt()) == 130
    assert capsys.readouterr().err.strip() == "aligner: interrupted"


def test_a_reader_that_goes_away_is_no_matter(
    failing: Callable[[BaseException], int], capsys: pytest.CaptureFixture[str]
) -> None:
    assert failing(BrokenPipeError(errno.EPIPE, "Broken pipe")) == 141
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(os.name == "nt", reason="no pipes of this kind")
def test_a_closed_pipe_for_real(aligner: Aligner) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    result = aligner("--help", stdout=writer)
    os.close(writer)
    assert (result.returncode, result.stderr) == (141, "")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full")  # noqa: PTH110
def test_a_full_disk_for_real(aligner: Aligner) -> None:
    with open("/dev/full", "w") as full:  # noqa: PTH123
        result = aligner("--help", stdout=full)
    assert result.returncode == 1
    assert result.stderr == "aligner: no space left on device\n"


def test_the_command_and_the_module_are_the_same(aligner: Aligner) -> None:
    module = subprocess.check_output([sys.executable, "-m", "aligner", "--version"], encoding="utf-8")
    assert aligner("--version").stdout == module == f"aligner {__version__}\n"


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_call_back(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    assert "_ALIGNER_COMPLETE" in capsys.readouterr().out


def test_completion_knows_the_commands(aligner: Aligner) -> None:
    asked = {
        **os.environ,
        "_ALIGNER_COMPLETE": "bash_complete",
        "COMP_WORDS": "aligner ev",
        "COMP_CWORD": "1",
    }
    result = aligner(env=asked)
    assert result.stdout == "plain,evaluate\n"
    assert result.returncode == 0
