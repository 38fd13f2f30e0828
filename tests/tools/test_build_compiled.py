"""The program that compiles the loops: with a compiler, without one, and with one that fails."""

import shlex
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


def fake_compiler(folder: Path, program: str) -> str:
    """A command that runs a program in Python; in `made` it finds the name of the file to be written."""
    script = folder / "fake compiler.py"
    script.write_text(f"import sys\nmade = sys.argv[sys.argv.index('-o') + 1]\n{program}\n")
    return shlex.join([sys.executable, str(script)])


@pytest.mark.parametrize(
    "command", ["false", "no-such-compiler", "cc 'of a quotation that does not end", "/"]
)
def test_a_compiler_that_cannot_be_run_leaves_nothing(
    command: str, package: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CC", command)
    assert build_compiled.compiled(package) is None
    assert [p.name for p in package.iterdir()] == ["loops.c"]
    assert "aligner's loops are not compiled" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("program", "problem"),
    [
        ("sys.exit(3)", "failed (exit status 3)"),
        (
            "sys.stderr.buffer.write(b'Fehler \\xfcber Fehler'); sys.exit(1)",
            "failed (Fehler \ufffdber Fehler)",
        ),
        ("open(made, 'w').write('half'); sys.exit('no space left')", "failed (no space left)"),
        ("", "cannot be loaded here"),
        ("open(made, 'w').write('rubbish')", "cannot be loaded here"),
        ("sys.stdin.read() and sys.exit(1)", "cannot be loaded here"),
        ("import time; time.sleep(60)", "failed (no end after 1 s)"),
    ],
)
def test_a_compiler_that_fails_leaves_nothing(
    program: str,
    problem: str,
    package: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("CC", fake_compiler(tmp_path_factory.mktemp("fake"), program))
    if "sleep" in program:
        monkeypatch.setattr(build_compiled, "PATIENCE", 1)
    assert build_compiled.compiled(package) is None
    assert [p.name for p in package.iterdir()] == ["loops.c"]
    assert problem in capsys.readouterr().err


@needs_compiler
def test_a_library_that_cannot_be_loaded_is_made_anew(package: Path) -> None:
    library = build_compiled.library_of(package / "loops.c")
    library.write_text("for another machine")
    assert build_compiled.compiled(package) == library
    assert library.stat().st_size > 1000


@needs_compiler
def test_an_old_library_that_cannot_be_deleted_is_left(package: Path) -> None:
    (package / "loops-0123456789ab.so").mkdir()
    assert build_compiled.compiled(package) is not None


@needs_compiler
def test_several_may_compile_at_once(package: Path) -> None:
    (package / "loops-0123456789ab.so").touch()
    program = (
        "import sys, pathlib; from tools import build_compiled as b; b.compiled(pathlib.Path(sys.argv[1]))"
    )
    running = [subprocess.Popen([sys.executable, "-c", program, package], cwd=ROOT) for _ in range(3)]
    assert [process.wait() for process in running] == [0, 0, 0]
    assert len(list(package.iterdir())) == 2


@needs_compiler
def test_folders_of_any_name_will_do(package: Path) -> None:
    folder = package / "tài liệu 的 'x'"
    folder.mkdir()
    shutil.move(package / "loops.c", folder)
    assert build_compiled.compiled(folder) is not None


@pytest.mark.parametrize("works", [pytest.param(True, marks=needs_compiler), False])
def test_a_wheel_holds_the_library_or_is_for_any_platform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, works: bool
) -> None:
    pytest.importorskip("hatchling", reason="hatchling builds wheels")
    from packaging.tags import sys_tags
    from packaging.utils import parse_wheel_filename

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
    assert parse_wheel_filename(wheel.name)[3] & set(sys_tags()), "pip would not install it here"


def test_a_wheel_of_macos_names_a_version_as_installers_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """From 11 on they know versions by their first number alone: 14.0 for 14.2, and not 14."""
    pytest.importorskip("packaging", reason="comes with hatchling")
    monkeypatch.setattr("platform.system", lambda: "Darwin")
    monkeypatch.setattr("platform.mac_ver", lambda: ("14.2.1", ("", "", ""), "arm64"))
    assert build_compiled.this_platform() == "macosx_14_0_arm64"
