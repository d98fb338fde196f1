"""The shell scripts that Git runs, as they come with the package and as they are put somewhere."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

MARK = "# Put here by git-registry"
"""What a line of every script of ours begins with, whatever its age."""

_PACKAGE = Path(__file__).parents[2]

_SHELL = re.compile(r"#! ?/(\w+/)*(env )?(sh|bash|dash)( -[eux]+)?")
"""How a script begins that a shell runs, and not one that only reads it."""


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
    return [_meant(line) for line in text.split("\n")]


def _meant(line: str) -> str:
    return next((name for name, fits in _FILLED.items() if _fills(line, name, fits)), line)


def _fills(line: str, name: str, fits: Callable[[str], bool]) -> bool:
    return line.startswith(name) and fits(line.removeprefix(name))


def python_of(text: str) -> str | None:
    """Return the Python that a script of ours runs; None if it can't be told."""
    named = (line.removeprefix("python=") for line in text.split("\n") if line.startswith("python="))
    word = next(named, "")
    return shlex.split(word)[0] if _is_word(word) else None


def is_shared(text: str) -> bool:
    """Does a script of ours pass the repositories that don't say who pushes to them?"""
    return any(line.startswith("shared=") and line != "shared=" for line in text.split("\n"))


def call(name: str) -> str:
    """Return the line that a hook of somebody's own needs, so that ours is heard, too."""
    return _call(name, python())


def called_python(text: str, name: str) -> str | None:
    """Return the Python by which a shell script surely runs ours; None if that can't be told.

    Only if its first command is the line that `call` returns: what stands above another may end the script,
    or read what Git says, and what stands around it may throw its answer away.
    """
    shebang, *lines = text.split("\n")
    first = next((line for line in lines if line.strip(" \t") and not line.lstrip(" \t").startswith("#")), "")
    before, _, after = _call(name, "\n").partition("\n")
    word = first.removeprefix(before).removesuffix(after)
    if not _SHELL.fullmatch(shebang) or first != _call(name, word) or not _is_word(word):
        return None
    return shlex.split(word)[0]


def _is_word(text: str) -> bool:
    """Is it one word as this module writes it, which a shell takes as it is?"""
    try:
        return [shlex.quote(word) for word in shlex.split(text)] == [text]
    except ValueError:
        return False


_FILLED: Mapping[str, Callable[[str], bool]] = {
    "python=": _is_word,
    "advice=": ("", "--advice").__contains__,
    "shared=": ("", "yes").__contains__,
}
"""How lines begin that say where a script was put, not what it does; and may they go on like this?"""


def _call(name: str, runner: str) -> str:
    runs = f"{runner} -I -m {module(name)}"
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
