"""The gate for outside programs: a test that needs one skips where it is missing, and fails under CI."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

NEEDY = """
import pytest


@pytest.mark.program("no-such-program-anywhere")
def test_needy() -> None:
    pass


@pytest.mark.program("sh")
def test_served() -> None:
    pass
"""


@pytest.mark.skipif(os.name == "nt", reason="no sh")
@pytest.mark.parametrize(("ci", "outcome"), [("", "1 passed, 1 skipped"), ("true", "1 passed, 1 error")])
def test_a_missing_program(ci: str, outcome: str, tmp_path: Path) -> None:
    shutil.copy(Path(__file__).parent / "conftest.py", tmp_path / "conftest.py")
    (tmp_path / "test_needy.py").write_text(NEEDY, "utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = program: as in ours\n", "utf-8")
    result = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:hypothesispytest",
            str(tmp_path),
        ],
        cwd=tmp_path,
        env={**os.environ, "CI": ci},
        stdout=subprocess.PIPE,
        encoding="utf-8",
        check=False,
    )
    assert outcome in result.stdout.replace("1 error, 1 passed", "1 passed, 1 error"), result.stdout
