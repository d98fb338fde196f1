"""The shell scripts that Git runs, as they come with the package and as they are put somewhere."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

MARK = "# Put here by git-registry"
"""What a line of every script of ours begins with, whatever its age."""

_PACKAGE = Path(__file__).parents[2]

_FILLED = ("python=", "advice=", "shared=")
"""Lines that say where a script was put, not what it does."""


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


def meaning(text: str) -> list[str]:
    """Return what a script says without where it was put: two of one age have the same."""
    return [next((line for line in _FILLED if one.startswith(line)), one) for one in text.splitlines()]


def python_of(text: str) -> str | None:
    """Return the Python that a script of ours runs; None if it can't be told."""
    for line in text.splitlines():
        if line.startswith("python="):
            try:
                return next(iter(shlex.split(line.removeprefix("python="))), None)
            except ValueError:
                return None
    return None


def call(name: str) -> str:
    """Return the line that a hook of somebody's own needs, so that ours is heard, too."""
    runs = f"{python()} -I -m {module(name)}"
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
