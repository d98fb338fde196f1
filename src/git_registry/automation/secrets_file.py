"""The file in which a server's admin keeps secrets: NAME=value, one a line, and nobody else may read it."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path

from git_registry.automation.unsent import Unsent

_LARGEST = 1 << 20
_QUOTED = re.compile(r"""[^=]*=\s*(["']).*\1\s*(#.*)?""")
_LINE = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*", re.ASCII)


def read(path: Path, account: int | None = None) -> Mapping[str, str]:
    """Return the values in a file, by name. Empty lines and those that begin with `#` say nothing.

    Args:
        path: where it is.
        account: the id of the account whose it is to be; None for this one.

    Raises:
        Unsent: it can't be read, somebody else may, or has written it, or a line is something else,
            such as one for a shell.
    """
    text = _text(path, os.geteuid() if account is None else account)
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if _says(line)]
    for number, line in lines:
        _check_line(number, line)
    found = (_LINE.fullmatch(line) for _, line in lines)
    return {one[1]: one[2] for one in found if one is not None}


def _check_line(number: int, line: str) -> None:
    """Check that a line says what it means: quotes meant for a shell would be in each signature."""
    problem = ""
    if line.split(maxsplit=1)[0] == "export":
        problem = "no shell reads it: leave `export` out"
    elif _LINE.fullmatch(line) is None:
        problem = "this is no NAME=value"
    elif _QUOTED.fullmatch(line):
        problem = "the quotes would be a part of the secret: leave them out"
    if problem:
        raise Unsent(f"the server's file of secrets, line {number}: {problem}")


def _says(line: str) -> bool:
    return bool(line.strip()) and not line.lstrip().startswith("#")


def _text(path: Path, account: int) -> str:
    try:
        # What stands there may be a pipe, which would be waited for.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
    except OSError as error:
        raise Unsent(f"the server's file of secrets can't be read: {error.strerror}") from None
    try:
        _check(os.fstat(descriptor), account)
        return _whole(descriptor).decode()
    except UnicodeDecodeError:
        raise Unsent("the server's file of secrets is no text") from None
    finally:
        os.close(descriptor)


def _whole(descriptor: int) -> bytes:
    with open(descriptor, "rb", closefd=False) as file:
        found = file.read(_LARGEST + 1)
    if len(found) > _LARGEST:
        raise Unsent(f"the server's file of secrets is larger than {_LARGEST >> 20} MiB")
    return found


def _check(found: os.stat_result, account: int) -> None:
    if not stat.S_ISREG(found.st_mode):
        raise Unsent("the server's file of secrets is no file")
    if found.st_uid not in (0, account):
        raise Unsent("the server's file of secrets belongs to somebody else")
    if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Unsent("the server's file of secrets may be read by others: `chmod 600` it")
