"""Signals that wait until processes are started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from aligner.scale.signals import put_off, unheard


def test_ctrl_c_waits_for_the_end_and_is_not_lost() -> None:
    before = signal.getsignal(signal.SIGINT)
    steps = []
    with pytest.raises(KeyboardInterrupt):  # noqa: PT012 - that it waits is what is tested
        with put_off():
            signal.raise_signal(signal.SIGINT)
            steps.append("the rest of the context")
        steps.append("what follows")
    assert steps == ["the rest of the context"]
    assert signal.getsignal(signal.SIGINT) is before


def test_an_error_in_the_context_is_told_where_no_signal_came() -> None:
    with pytest.raises(ValueError, match="of the context"), put_off():
        raise ValueError("of the context")


@pytest.mark.skipif(os.name != "posix", reason="a signal of POSIX")
def test_a_program_started_unheard_does_not_end_by_ctrl_c() -> None:
    program = "import os, signal; os.kill(os.getpid(), signal.SIGINT); print('still here')"
    with unheard():
        found = subprocess.run([sys.executable, "-c", program], stdout=subprocess.PIPE, check=True)
    assert found.stdout.strip() == b"still here"
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
