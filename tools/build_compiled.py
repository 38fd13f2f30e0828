"""Compiles the loops of `aligner.compiled`: when a wheel is built, on installing, or by hand in a checkout.

    python tools/build_compiled.py

Where there is no C compiler ($CC, or cc, gcc, clang), or it fails, or makes what cannot be loaded here, a
line says so and nothing else changes: the same work is then done by numpy. A wheel that holds the library is
of this platform, for any Python; one without is for any platform.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    BuildHookInterface = object
else:
    try:
        from hatchling.builders.hooks.plugin.interface import BuildHookInterface
    except ImportError:  # by hand: nothing is being packed
        BuildHookInterface = object

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "aligner" / "compiled"
FLAGS = ("-std=c11", "-O3", "-ffp-contract=off", "-shared", "-fPIC", "-fvisibility=hidden")
"""None of them changes what is computed: sums are added up in the order of the source. $CFLAGS might, and is
not asked."""
PATIENCE = 300
"""Seconds a compiler is given; it needs one or two."""


class CompiledLoops(BuildHookInterface):
    """Puts the library into the wheel that is being built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's
        """Called before the wheel's files are gathered."""
        library = compiled(PACKAGE)
        if library:
            build_data["artifacts"].append(f"src/aligner/compiled/{library.name}")
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{this_platform()}"


def compiled(package: Path) -> Path | None:
    """The library of a package's source, made unless it is there and works; None where it cannot be made.

    Libraries of older sources go; one that cannot be deleted does no harm.
    """
    source = package / "loops.c"
    library = library_of(source)
    if not _loads(library):
        problem = _compile(source, library)
        if problem:
            print(f"aligner's loops are not compiled: {problem}; numpy does their work", file=sys.stderr)
            return None
    for old in package.glob("loops-*.so"):
        if old != library:
            with suppress(OSError):
                old.unlink()
    return library


def this_platform() -> str:
    """The tag of wheels for this platform, in the form in which installers look for it."""
    from packaging.tags import platform_tags  # which hatchling needs, too

    return next(tag for tag in platform_tags() if not tag.startswith(("manylinux", "musllinux")))


def library_of(source: Path) -> Path:
    """The name of a source's library, as `aligner.compiled` looks for it; that cannot be imported here."""
    return source.with_name(f"loops-{hashlib.sha256(source.read_bytes()).hexdigest()[:12]}.so")


def _compile(source: Path, library: Path) -> str | None:
    """Make the library, whole or not at all; what kept it from being made, if anything did."""
    unfinished = library.with_suffix(f".{os.getpid()}.part")
    try:
        command = compiler()
        if not command:
            return "there is no C compiler"
        problem = _failure([*command, *FLAGS, "-o", str(unfinished), str(source), "-lm"])
        if problem:
            return f"{command[0]} failed ({problem})"
        if not _loads(unfinished):
            return f"what {command[0]} made cannot be loaded here"
        unfinished.replace(library)
    except OSError as error:
        return f"{error.filename}: {error.strerror}"
    except ValueError as error:  # a quotation that does not end
        return f"$CC: {error}"
    finally:
        with suppress(OSError):
            unfinished.unlink()
    return None


def _failure(command: list[str]) -> str | None:
    """Why a command failed, None if it did not."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return f"no end after {PATIENCE} s"
    first_line = done.stderr.strip().partition("\n")[0]
    return (first_line or f"exit status {done.returncode}") if done.returncode else None


def _loads(library: Path) -> bool:
    """Whether a library is there and can be loaded; by a process of its own, which alone it could harm."""
    load = "import ctypes, sys; ctypes.CDLL(sys.argv[1])"
    return library.exists() and not _failure([sys.executable, "-c", load, str(library)])


def compiler() -> list[str]:
    """The command of the C compiler; empty where there is none."""
    if os.environ.get("CC"):
        return shlex.split(os.environ["CC"])
    return next(([name] for name in ("cc", "gcc", "clang") if shutil.which(name)), [])


if __name__ == "__main__":
    print(compiled(PACKAGE) or "nothing compiled")
