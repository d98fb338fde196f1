"""A hook is given so much time and memory, and says why it ends in a way that its host passes on."""

from __future__ import annotations

import subprocess
import sys

import pytest

from git_registry.hooks.bounds import SECONDS

HUGE = 3 << 30
"""More bytes than a hook may take; Linux gives them to whoever asks, for none is written to."""

JUDGING = """\
import resource, signal, subprocess, sys
from git_registry.errors import Refused
from git_registry.hooks import bounds

def judge():
    {what}
    return 0

bounds.run(judge)
"""


def judged(what, *before, **environ):
    """Return how a hook ends whose judging does just this."""
    code = "\n".join([*before, JUDGING.format(what=what)])
    return subprocess.run(
        [sys.executable, "-I", "-c", code], env=environ, capture_output=True, text=True, check=False
    )


def test_what_is_judged_right_ends_well_and_says_nothing():
    done = judged("pass")

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_more_memory_than_a_hook_may_take_is_no_yes():
    done = judged(f"bytearray({HUGE})")

    assert done.returncode == 1
    assert done.stderr.startswith("error: the push could not be judged (MemoryError")


def test_nor_has_a_child_more():
    child = [sys.executable, "-I", "-c", f"bytearray({HUGE})"]

    assert judged(f"subprocess.run({child!r}, check=True)").returncode == 1


def test_a_server_that_gives_less_is_obeyed():
    done = judged(
        f"bytearray({1 << 30})",
        "import resource",
        f"resource.setrlimit(resource.RLIMIT_DATA, ({1 << 29}, {1 << 29}))",
    )

    assert "MemoryError" in done.stderr


@pytest.mark.parametrize(
    ("first", "left"), [("pass", SECONDS), ("bounds.allow('7')", 7), ("bounds.allow('86400')", 86_400)]
)
def test_a_hook_is_given_as_many_seconds_as_the_server_says(first, left):
    # Part of the first second may have gone by.
    done = judged(f"{first}; sys.exit(signal.alarm(0) not in ({left}, {left - 1}))")

    assert "SystemExit: False" in done.stderr


@pytest.mark.parametrize("setting", ["0", "1.5", "abc", "", "-5", "1m", "٧", "86401"])
def test_a_time_that_is_none_is_refused_by_the_settings_name(setting):
    done = judged(f"bounds.allow({setting!r})")

    assert done.returncode == 4
    assert "registry.hookSeconds: expected a whole number of seconds" in done.stderr
    assert "hint: on the server: git config registry.hookSeconds 60" in done.stderr


@pytest.mark.parametrize(
    ("what", "says"),
    [
        ("raise Refused('no', hint='ask')", ["error: no", "hint: ask"]),
        (
            "1 / 0",
            ["error: the push could not be judged (ZeroDivisionError: division by zero), so it is refused"],
        ),
        (
            "signal.raise_signal(signal.SIGALRM)",
            ["error: judging it takes too long", "hint: push it in parts"],
        ),
    ],
)
def test_whatever_it_ends_by_gitlab_shows_it(what, says):
    assert judged(what).stderr.splitlines() == says

    on_gitlab = judged(what, GL_PROTOCOL="ssh")

    assert on_gitlab.returncode != 0
    assert on_gitlab.stderr.splitlines() == [f"GL-HOOK-ERR: {one}" for one in says]
