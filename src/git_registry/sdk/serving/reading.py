"""What a script says that stands where a hook belongs: is it ours as it was written, and what does it run?"""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Mapping

from git_registry.sdk.serving.shims import call

_SHELL = re.compile(r"#! ?/(\w+/)*(env )?(sh|bash|dash)( -[eux]+)?")
"""How a script begins that a shell runs, and not one that only reads it."""


def meaning(text: str) -> list[str]:
    """Return what a script of ours says without where it was put: two of one release have the same."""
    return [_meant(line) for line in text.split("\n")]


def python_of(text: str) -> str | None:
    """Return the Python that a script of ours runs; None if it can't be told."""
    named = (line.removeprefix("python=") for line in text.split("\n") if line.startswith("python="))
    word = next(named, "")
    return shlex.split(word)[0] if _is_word(word) else None


def is_shared(text: str) -> bool:
    """Does a script of ours pass the repositories that don't say who pushes to them?"""
    return any(line.startswith("shared=") and line != "shared=" for line in text.split("\n"))


def called_python(text: str, name: str) -> str | None:
    """Return the Python by which another shell script surely runs ours; None if that can't be told.

    Only if its first command is the line that `call` returns: what stands above another may end the script,
    or read what Git says, and what stands around it may throw its answer away.
    """
    shebang, *lines = text.split("\n")
    first = next((line for line in lines if not _says_nothing(line)), "")
    before, _, after = call(name, "\n").partition("\n")
    word = first.removeprefix(before).removesuffix(after)
    if not _SHELL.fullmatch(shebang) or not _is_word(word) or first != call(name, word):
        return None
    return shlex.split(word)[0]


def _says_nothing(line: str) -> bool:
    bare = line.strip(" \t")
    return not bare or bare.startswith("#")


def _is_word(text: str) -> bool:
    """Is it one word, quoted as this program quotes one?"""
    try:
        return [shlex.quote(word) for word in shlex.split(text)] == [text]
    except ValueError:
        return False


_FILLED: Mapping[str, Callable[[str], bool]] = {
    "python=": _is_word,
    "advice=": ("", "--advice").__contains__,
    "shared=": ("", "yes").__contains__,
}
"""How lines begin that say where a script was put, not what it does; and how they may go on."""


def _meant(line: str) -> str:
    """Return a line without what is filled in; whole if that is something which we never fill in."""
    begins = next((one for one in _FILLED if line.startswith(one)), None)
    return begins if begins is not None and _FILLED[begins](line.removeprefix(begins)) else line
