"""Bounds around a hook: of time and memory, and of what an error may do."""

from __future__ import annotations

import os
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import NoReturn

from git_registry.errors import Refused, RegistryError
from git_registry.hooks.wording import tell
from git_registry.policy.settings import HOOK_SECONDS

SECONDS = 60
"""Until a push is refused because judging it takes too long; `registry.hookSeconds` says otherwise."""

_DAY = 24 * 60 * 60

_MEMORY = 2 << 30
"""Bytes that the hook, and each child, may take for itself."""


def run(judge: Callable[[], int]) -> NoReturn:
    """Judge, and end the process with what that returns; with 1 and one line if anything goes wrong.

    What can't be judged is refused: an error of ours is never a yes.
    """
    code = 1
    try:
        _limit()
        code = judge()
    except RegistryError as error:
        tell(f"error: {error}", *([f"hint: {error.hint}"] if error.hint else []))
        code = error.exit_code or 1
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is not a yes
        tell(f"error: the push could not be judged ({type(error).__name__}: {error}), so it is refused")
    finally:
        with suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        # No clean-up that may hang or fail: children end when their pipes do.
        os._exit(code)


def allow(setting: str) -> None:
    """Give judging as many seconds from now on as `registry.hookSeconds` says.

    Raises:
        Refused: it says something else.
    """
    seconds = int(setting) if setting.isascii() and setting.isdecimal() else 0
    if not 0 < seconds <= _DAY:
        raise Refused(
            f"expected a whole number of seconds, 1 to {_DAY}, found {setting!r}",
            where=HOOK_SECONDS,
            hint=f"on the server: git config {HOOK_SECONDS} {SECONDS}",
        )
    signal.alarm(seconds)


def _limit() -> None:
    signal.signal(signal.SIGALRM, _too_long)
    signal.alarm(SECONDS)
    _, most = resource.getrlimit(resource.RLIMIT_DATA)
    within = _MEMORY if most == resource.RLIM_INFINITY else min(_MEMORY, most)
    resource.setrlimit(resource.RLIMIT_DATA, (within, most))


def _too_long(_signal: int, _frame: FrameType | None) -> NoReturn:
    """End it here: an error could be caught by who takes it for one of a document, and forgotten."""
    with suppress(Exception):
        tell("error: judging it takes too long", "hint: push it in parts")
    os._exit(Refused.exit_code)
