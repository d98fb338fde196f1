"""Whether a Python can run our hooks, asked of it as the account that would."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Sequence
from typing import NamedTuple

_SECONDS = 30


class _Account(NamedTuple):
    """Whom a child runs as; None as we do."""

    user: int | None = None
    group: int | None = None
    groups: Sequence[int] | None = None


def trouble(python: str, module: str, owner: int) -> str:
    """Return why a Python can't import one of our modules as an account, or an empty text.

    Asked as that account where we are root: what root may read, it may not.
    """
    command = [python, "-I", "-c", f"import {module}"]
    account = _as(owner)
    try:
        done = subprocess.run(
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=False,
            user=account.user,
            group=account.group,
            extra_groups=account.groups,
        )
    except FileNotFoundError:
        return "it is not there"
    except PermissionError:
        return f"{_name(owner)} may not run it"
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    last = next(iter(reversed(done.stderr.strip().splitlines())), f"it ended with status {done.returncode}")
    return last if done.returncode != 0 else ""


def _as(owner: int) -> _Account:
    """Return what makes a child run as an account, if we may do that; else as we are."""
    if os.geteuid() != 0 or owner == 0:
        return _Account()
    try:
        found = pwd.getpwuid(owner)
    except KeyError:
        return _Account(owner, None, ())
    return _Account(owner, found.pw_gid, os.getgrouplist(found.pw_name, found.pw_gid))


def _name(owner: int) -> str:
    try:
        return pwd.getpwuid(owner).pw_name
    except KeyError:
        return str(owner)
