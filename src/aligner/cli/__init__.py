"""The command line: `main` runs a command and turns every problem into one line and an exit code.

Exit codes: 0 done; 1 a problem with the input or the output; 2 wrong usage; 3 findings; 130 interrupted;
141 the reader of our output went away; 143 terminated. Results go to stdout, everything else to stderr.
Nothing but click is imported before a command is known, so that `aligner --help` stays instant.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import os
import re
import signal
import sys
from collections.abc import Sequence
from types import FrameType

import click

from aligner.cli.group import cli
from aligner.errors import AlignerError

__all__ = ["cli", "main"]

INTERRUPTED = 130
TERMINATED = 143
_COLLECT_AFTER = 300_000
READER_GONE = 141
# File names and texts are repeated in messages; they must not steer the terminal.
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")


# Our matrices are small: a second thread of the linear algebra beneath numpy waits more than it works, and
# on a busy machine costs several times the time of the work itself.
_THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def main(args: Sequence[str] | None = None) -> int:
    """Runs the command and returns its exit code; `args` are those of the process by default."""
    for name in _THREADS:  # before numpy is loaded; what the user has set stays
        os.environ.setdefault(name, "1")
    for stream in (sys.stdout, sys.stderr):
        # Both languages need it, whatever the system's own encoding; a test's stream may not have it.
        with contextlib.suppress(AttributeError):
            # A lone surrogate in a text is shown as \ud800.
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]
    # Values here hold no cycles: looking for some after every 700 of them costs a twentieth of the time.
    gc.set_threshold(_COLLECT_AFTER)
    atexit.register(gc.freeze)  # nor is any looked for while the program ends
    with contextlib.suppress(ValueError):  # not the main thread, where signals arrive
        signal.signal(signal.SIGTERM, _terminate)
    try:
        result = cli.main(args, prog_name="aligner", standalone_mode=False)
        if sys.stdout:
            sys.stdout.flush()  # a full disk shows only here
        return result if isinstance(result, int) else 0
    except BrokenPipeError:
        return _leave_stdout(READER_GONE)
    except SystemExit as leaving:  # click ends so when the reader is gone, and after shell completion
        return _leave_stdout(READER_GONE) if leaving.code == 1 else int(leaving.code or 0)
    except (KeyboardInterrupt, click.Abort):
        line, code = "interrupted", INTERRUPTED
    except Exception as error:  # noqa: BLE001 - the last place: whatever happened, one line
        if os.environ.get("ALIGNER_DEBUG"):
            import traceback

            traceback.print_exc()
        line, code = describe(error)
    with contextlib.suppress(OSError):
        print(f"aligner: {line}", file=sys.stderr)  # noqa: T201 - the one line
    return _leave_stdout(code)


def _terminate(_signal: int, _frame: FrameType | None) -> None:
    """Ends the program the ordinary way, so that what it was writing is cleared away."""
    raise SystemExit(TERMINATED)


def describe(error: Exception) -> tuple[str, int]:
    """An error as one line for a person, and the exit code."""
    if isinstance(error, AlignerError):
        return _one_line(str(error)), error.exit_code
    if isinstance(error, click.UsageError):
        command = error.ctx.command_path if error.ctx else "aligner"
        return f"{_plain(error.format_message())}: see {command} --help", error.exit_code
    if isinstance(error, click.ClickException):
        return _plain(error.format_message()), error.exit_code
    if isinstance(error, OSError):
        where = f"{error.filename}: " if error.filename else ""
        return _one_line(f"{where}{(error.strerror or str(error)).lower()}"), 1
    if isinstance(error, MemoryError):
        return "not enough memory: give it smaller files", 1
    problem = _one_line(f"{type(error).__name__}: {error}")
    remedy = "please report it, with what the same command prints when ALIGNER_DEBUG=1 is set"
    return f"a mistake in aligner itself ({problem}): {remedy}", 1


def _plain(message: str) -> str:
    """Click's message in the manner of ours: no capital first, no full stop last."""
    message = _one_line(message).rstrip(".")
    return message[:1].lower() + message[1:] if message[1:2].islower() else message


def _one_line(text: str) -> str:
    return _CONTROL.sub("\ufffd", " ".join(text.split()))


def _leave_stdout(code: int) -> int:
    """What is still buffered goes nowhere, so that the interpreter does not fail on it while closing."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    return code
