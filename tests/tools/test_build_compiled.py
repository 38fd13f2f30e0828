"""The program that compiles the loops: with a compiler, without one, and with one that fails."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from aligner import compiled
from tools import build_compiled

ROOT = Path(__file__).parent.parent.parent
needs_compiler = pytest.mark.skipif(not build_compiled.compiler(), reason="there is no C compiler")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with the source alone."""
    shutil.copy(compiled.SOURCE, tmp_path)
    return tmp_path


@needs_compiler
def test_compiles_once_and_clears_older_libraries_away(package: Path) -> None:
    old = package / "loops-0123456789ab.so"
    old.touch()
    library = build_compiled.compiled(package)
    assert library is not None
    assert sorted(p.name for p in package.iterdir()) == [library.name, "loops.c"]
    written = library.stat().st_mtime_ns
    assert build_compiled.compiled(package) == library
    assert library.stat().st_mtime_ns == written


def test_without_a_compiler_says_so(
    package: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CC", raising=False)
    monkeypatch.setenv("PATH", str(package))
    assert build_compiled.compiled(package) is None
    assert "there is no C compiler; numpy does their work" in capsys.readouterr().err


@pytest.mark.parametrize(
    "command", ["false", "no-such-compiler", f"{sys.executable} -c 'raise SystemExit(3)'"]
)
def test_a_compiler_that_fails_leaves_nothing(
    command: str, package: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CC", command)
    assert build_compiled.compiled(package) is None
    assert [p.name for p in package.iterdir()] == ["loops.c"]
    assert "aligner's loops are not compiled" in capsys.readouterr().err


@pytest.mark.parametrize("works", [pytest.param(True, marks=needs_compiler), False])
def test_a_wheel_holds_the_library_or_is_for_any_platform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, works: bool
) -> None:
    pytest.importorskip("hatchling", reason="hatchling builds wheels")
    if not works:
        monkeypatch.setenv("CC", "false")
    project = tmp_path / "project"
    for name in ("pyproject.toml", "README.md", "LICENSE", "tools/build_compiled.py"):
        (project / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, project / name)
    shutil.copytree(ROOT / "src", project / "src", ignore=shutil.ignore_patterns("loops-*", "__pycache__"))
    subprocess.run(
        [
            sys.executable,
            "-m",
            "hatchling",
            "build",
            "--target",
            "wheel",
            "--directory",
            str(tmp_path / "dist"),
        ],
        cwd=project,
        check=True,
        capture_output=True,
    )
    (wheel,) = (tmp_path / "dist").iterdir()
    names = zipfile.ZipFile(wheel).namelist()
    libraries = [name for name in names if name.startswith("aligner/compiled/loops-")]
    assert "aligner/compiled/loops.c" in names
    assert len(libraries) == works
    assert wheel.name.endswith("-py3-none-any.whl") != works
