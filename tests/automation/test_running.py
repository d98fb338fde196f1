"""Commands of the server's."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from git_registry.automation.running import run
from git_registry.automation.server import Allowed


@pytest.fixture
def ran(tmp_path, monkeypatch):
    """Run a line of shell, and return how it ended."""
    monkeypatch.setenv("REG_WH_A", "hush hush")
    monkeypatch.setenv("GIT_DIR", "elsewhere")

    def go(line, body=b"{}", seconds=20.0, most=100):
        command = Allowed(run=("sh", "-c", line))
        return run(command, tmp_path, body, {"GIT_REGISTRY_DELIVERY": "msg_a"}, seconds, most)

    return go


def test_it_reads_the_body_and_runs_in_the_repository(ran, tmp_path):
    assert ran("cat; pwd -P", b"said\n") == (0, f"said\n{tmp_path.resolve()}\n")


def test_it_is_told_which_delivery_it_is_and_no_secret(ran):
    said = ran("echo $GIT_REGISTRY_DELIVERY; env", most=9_999).output

    assert said.startswith("msg_a\n")
    assert "hush" not in said
    assert "GIT_DIR" not in said


def test_its_exit_code_is_its_answer(ran):
    assert ran("echo no >&2; exit 3") == (3, "no\n")
    assert ran("kill -9 $$").code == -9


def test_who_does_not_read_is_not_waited_for(ran):
    assert ran("exit 0", b"x" * 1_000_000).code == 0


def test_what_it_prints_is_cut(ran):
    assert ran("yes | head -c 1000000") == (0, "y\n" * 50)


@pytest.mark.parametrize("line", ["sleep 60 & echo $!; sleep 60", "exec >&- 2>&-; sleep 60", "yes"])
def test_it_is_killed_with_its_group_when_it_takes_too_long(ran, line):
    began = time.monotonic()

    ended = ran(line, seconds=0.2)

    assert ended.code is None
    assert time.monotonic() - began < 10
    if ended.output.strip().isdigit():
        assert is_over(int(ended.output))


def is_over(process):
    """Has a process ended, within the time that a kill takes?"""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        try:
            os.kill(process, 0)
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
            if state == "Z":  # nobody has waited for it yet
                return True
        except (ProcessLookupError, FileNotFoundError):
            return True
    return False


@pytest.mark.parametrize("line", ["sleep 20 & echo $!", "yes & echo $! >&2"])
def test_what_goes_on_in_the_background_is_not_waited_for(ran, line):
    began = time.monotonic()

    assert ran(line).code == 0
    assert time.monotonic() - began < 10


def test_a_program_that_is_not_there(tmp_path):
    with pytest.raises(FileNotFoundError):
        run(Allowed(run=("no-such-program",)), tmp_path, b"", {}, 5, 10)


def test_no_shell_reads_its_words(tmp_path):
    words = (sys.executable, "-c", "import sys; print(sys.argv[1:])", "$HOME", "; echo x")

    assert run(Allowed(run=words), tmp_path, b"", {}, 20, 99) == (0, "['$HOME', '; echo x']\n")
