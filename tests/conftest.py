"""What tests share: development data, schemas, outside programs, and the real command."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent.parent

# As the command does it, before numpy is loaded: a second thread for small matrices costs more than it gains.
for _name in ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
    os.environ.setdefault(_name, "1")

# A job that a script has put into the background ignores Ctrl-C, and so would all programs it starts.
signal.signal(signal.SIGINT, signal.default_int_handler)

# The same examples on every run under CI, so that a commit passes or fails for its own sake;
# new ones on every run at home.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test marked `program("omegat")` skips where that is not installed, and fails there under CI."""
    for marker in item.iter_markers("program"):
        for program in marker.args:
            if shutil.which(program):
                continue
            if os.environ.get("CI"):
                pytest.fail(f"{program} is not installed, and under CI it must be", pytrace=False)
            pytest.skip(f"{program} is not installed")


def _folder(variable: str) -> Path:
    value = os.environ.get(variable)
    if not value:
        pytest.skip(f"{variable} is not set")
    return Path(value)


@pytest.fixture(scope="session")
def dev_data() -> Path:
    """The folder of development data, which stays outside the repository."""
    return _folder("ALIGNER_DEV_DATA")


@pytest.fixture(scope="session")
def schemas() -> Path:
    """The folder of XML schemas, which stays outside the repository."""
    return _folder("ALIGNER_SCHEMAS")


@pytest.fixture(scope="session")
def article() -> Path:
    """The bilingual article among the seeds."""
    return ROOT / "seeds" / "002_9543e6bcbcfb8ab6.txt"


Aligner = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def aligner() -> Aligner:
    """Runs the installed command `aligner` as a user does; keywords go to subprocess.run.

    Where the package is only on the path, `python -m aligner` stands in for the console script.
    """
    script = Path(sys.executable).with_name("aligner.exe" if os.name == "nt" else "aligner")
    command = [str(script)] if script.exists() else [sys.executable, "-m", "aligner"]

    def run(*args: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
        settings: dict[str, object] = {
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
            "encoding": "utf-8",
            "check": False,
            "timeout": 120,
        }
        if "input" in options:
            del settings["stdin"]
        return subprocess.run([*command, *map(str, args)], **{**settings, **options})  # type: ignore[call-overload, no-any-return]  # noqa: PLW1510 - in settings

    return run


@pytest.fixture(scope="module", params=["compiled", "numpy"])
def twins(request: pytest.FixtureRequest) -> Iterator[None]:
    """Runs the tests of a module twice: with the compiled loops, and with what numpy does in their place."""
    from aligner import compiled

    loops = compiled.LOOPS
    if request.param == "compiled" and loops is None:
        if os.environ.get("CI"):
            pytest.fail("the loops are not compiled, and under CI they must be", pytrace=False)
        pytest.skip("the loops are not compiled: python tools/build_compiled.py")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compiled, "LOOPS", loops if request.param == "compiled" else None)
        yield
