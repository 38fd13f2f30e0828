"""Long work shows how far it is on a terminal, and can be interrupted without leaving anything half done."""

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.align.generated import made

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="pseudo-terminals are POSIX")


def read_until(terminal: int, wanted: bytes) -> bytes:
    """What the terminal shows up to the wanted words, or to its end."""
    seen = b""
    while wanted not in seen:
        try:
            seen += (more := os.read(terminal, 4096))
        except OSError:  # the other end is closed
            break
        if not more:
            break
    return seen


def test_a_bar_and_then_ctrl_c(tmp_path: Path) -> None:
    pair = made(7, 300, size=20)
    zh, vi, out = tmp_path / "zh.txt", tmp_path / "vi.txt", tmp_path / "out.tmx"
    zh.write_text("".join(f"{text}\n" for text in pair.zh * 120), "utf-8")
    vi.write_text("".join(f"{text}\n" for text in pair.vi * 120), "utf-8")
    out.write_text("an older result", "utf-8")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "aligner", "align", "--segmented", str(zh), str(vi), "-o", str(out)]
    process = subprocess.Popen(command, stderr=theirs, stdin=subprocess.DEVNULL, start_new_session=True)
    os.close(theirs)
    try:
        shown = read_until(ours, b"segments,")
        assert b"segments," in shown
        process.send_signal(signal.SIGINT)
        rest = read_until(ours, b"aligner: interrupted")
        assert process.wait(60) == 130
    finally:
        process.kill()
        process.wait()
        os.close(ours)
    assert b"aligner: interrupted" in rest
    assert b"Traceback" not in shown + rest
    assert out.read_text("utf-8") == "an older result"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.tmx", "vi.txt", "zh.txt"]
