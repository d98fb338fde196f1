"""The shell scripts that Git runs, as they come with the package and as they are put somewhere."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

MARK = "# Put here by git-registry"
"""What a line of every script of ours begins with, whatever its age."""

_PACKAGE = Path(__file__).parents[2]


def script(name: str, *, advice: bool = False, shared: bool = False) -> str:
    """Return a hook as it is put somewhere. It runs the Python that runs now: it needs nothing on the path.

    Args:
        name: as Git calls it, `pre-receive`.
        advice: a `pre-push` that says what the server would say, too.
        shared: it serves many repositories, and passes those that don't say who pushes to them.
    """
    text = _shipped(name).read_text(encoding="utf-8")
    text = text.replace("\npython=python3\n", f"\npython={python()}\n", 1)
    text = text.replace("\nadvice=\n", "\nadvice=--advice\n", 1) if advice else text
    return text.replace("\nshared=\n", "\nshared=yes\n", 1) if shared else text


def python() -> str:
    """Return the Python that runs now, as a shell reads it."""
    return shlex.quote(sys.executable)


def module(name: str) -> str:
    """Return the module that a hook runs."""
    return f"git_registry.hooks.{name.replace('-', '_')}"


def call(name: str, runner: str | None = None) -> str:
    """Return the line that a hook of somebody's own needs, so that ours is heard, too.

    Args:
        name: as Git calls the hook.
        runner: a Python as a shell reads it; the one that runs now if none is said.
    """
    runs = f"{runner or python()} -I -m {module(name)}"
    if name == "update":
        return f'{runs} "$@" || exit 1'
    if name == "pre-commit":
        return f"{runs} || exit 1"
    ending = "" if name == "post-receive" else " || exit 1"
    words = ' "$@"' if name == "pre-push" else ""
    return f"refs=$(cat); printf '%s\\n' \"$refs\" | {runs}{words}{ending}"


def _shipped(name: str) -> Path:
    """Return a hook as it came with the package: in it where it was installed, beside it in a checkout."""
    installed = _PACKAGE / "_shipped" / "hooks" / name
    return installed if installed.is_file() else _PACKAGE.parents[1] / "hooks" / name
