"""Whether a Python can run our hooks, asked of it as the account that would."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from git_registry.sdk.serving.ground import name_of

_SECONDS = 30


class _Account(NamedTuple):
    """Whom a child runs as, and what it is told of the environment; None as we do."""

    user: int | None = None
    group: int | None = None
    groups: Sequence[int] | None = None
    environment: Mapping[str, str] | None = None


def trouble(python: str, module: str, directory: Path) -> str:
    """Return why a Python can't import one of our modules as whom a directory belongs to, or an empty text.

    Asked as that account where we are root: what root may read, it may not. It also chose which program that
    is, so nothing of root's goes with it: no group, no variable, no terminal to type into.
    """
    command = [python, "-I", "-c", f"import {module}"]
    found = directory.stat()
    account = _as(found)
    try:
        done = subprocess.run(
            command,
            cwd="/",
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            timeout=_SECONDS,
            check=False,
            user=account.user,
            group=account.group,
            extra_groups=account.groups,
            env=account.environment,
            start_new_session=True,
        )
    except FileNotFoundError:
        return "it is not there"
    except PermissionError:
        return f"{name_of(found.st_uid)} may not run it"
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    last = next(iter(reversed(done.stderr.strip().splitlines())), f"it ended with status {done.returncode}")
    return last if done.returncode != 0 else ""


def _as(directory: os.stat_result) -> _Account:
    """Return what makes a child run as whom a directory belongs to, if we may do that; else as we are."""
    owner = directory.st_uid
    if os.geteuid() != 0 or owner == 0:
        return _Account()
    environment = {"PATH": os.defpath}
    try:
        found = pwd.getpwuid(owner)
    except KeyError:
        # Nobody says what its group is. A directory whose group is still root's doesn't say so either.
        return _Account(owner, directory.st_gid or owner, (), environment)
    return _Account(owner, found.pw_gid, os.getgrouplist(found.pw_name, found.pw_gid), environment)
