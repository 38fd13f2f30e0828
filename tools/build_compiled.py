"""Compiles the loops of `aligner.compiled`: when a wheel is built, on installing, or by hand in a checkout.

    python tools/build_compiled.py

Where there is no C compiler ($CC, or cc, gcc, clang), or it fails, a line says so and nothing else changes:
the same work is then done by numpy. A wheel that holds the library is of this platform, for any Python; one
without is for any platform.
"""

from __future__ import annotations

import hashlib
import os
import shlex
import shutil
import subprocess
import sys
import sysconfig
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
"""None of them changes what is computed: sums are added up in the order of the source."""


class CompiledLoops(BuildHookInterface):
    """Puts the library into the wheel that is being built."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's
        """Called before the wheel's files are gathered."""
        library = compiled(PACKAGE)
        if library:
            build_data["artifacts"].append(f"src/aligner/compiled/{library.name}")
            build_data["pure_python"] = False
            build_data["tag"] = f"py3-none-{sysconfig.get_platform().replace('-', '_').replace('.', '_')}"


def compiled(package: Path) -> Path | None:
    """The library of a package's source, made if it is not there; None where it cannot be made."""
    source = package / "loops.c"
    library = library_of(source)
    if not library.exists() and not _compile(source, library):
        return None
    for old in package.glob("loops-*.so"):
        if old != library:
            old.unlink()
    return library


def library_of(source: Path) -> Path:
    """The name of a source's library, as `aligner.compiled` looks for it; that cannot be imported here."""
    return source.with_name(f"loops-{hashlib.sha256(source.read_bytes()).hexdigest()[:12]}.so")


def _compile(source: Path, library: Path) -> bool:
    """Whether a compiler made the library; it appears whole or not at all."""
    command = compiler()
    if not command:
        _say("there is no C compiler")
        return False
    unfinished = library.with_suffix(f".{os.getpid()}.part")
    command = [*command, *FLAGS, "-o", str(unfinished), str(source), "-lm"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        failed = done.stderr.strip().partition("\n")[0] if done.returncode else None
    except OSError as error:
        failed = error.strerror
    if failed is not None:
        unfinished.unlink(missing_ok=True)
        _say(f"{command[0]} failed ({failed})")
        return False
    unfinished.replace(library)
    return True


def compiler() -> list[str]:
    """The command of the C compiler; empty where there is none."""
    if os.environ.get("CC"):
        return shlex.split(os.environ["CC"])
    return next(([name] for name in ("cc", "gcc", "clang") if shutil.which(name)), [])


def _say(problem: str) -> None:
    print(f"aligner's loops are not compiled: {problem}; numpy does their work", file=sys.stderr)


if __name__ == "__main__":
    print(compiled(PACKAGE) or "nothing compiled")
