"""Where refs point, read from their files: one `open`, no child process.

The layout is gitrepository-layout(5): HEAD and a few other refs belong to one worktree, the rest
is shared; a loose file goes before `packed-refs`.
"""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, NamedTuple

from git_registry.errors import InvalidDocument, UsageError
from git_registry.repository.objects import is_id

if TYPE_CHECKING:
    from pathlib import Path

BRANCHES = "refs/heads/"
OVERTAKEN = "somebody else was faster"
"""What a hook says of a ref that moved since the push began. That is no refusal: fetch, and try again."""

PER_WORKTREE = ("refs/bisect/", "refs/worktree/", "refs/rewritten/")
DEEPEST = 5  # as git's SYMREF_MAXDEPTH


class Head(NamedTuple):
    """What is checked out."""

    branch: str | None
    """The branch's short name; None if HEAD is detached."""
    commit: str | None
    """The commit; None on a branch without commits."""


def read_head(gitdir: Path, common_dir: Path) -> Head:
    """Return what HEAD of this worktree stands on."""
    target = symbolic(gitdir, common_dir, "HEAD")
    branch = target.removeprefix(BRANCHES) if target and target.startswith(BRANCHES) else None
    return Head(branch, read_ref(gitdir, common_dir, "HEAD"))


def read_ref(gitdir: Path, common_dir: Path, name: str) -> str | None:
    """Return the id a ref holds, through symbolic refs; None if there is no such ref."""
    for _ in range(DEEPEST + 1):
        text = _loose(gitdir, common_dir, name)
        if text is None:
            return _packed(common_dir, name)
        if not text.startswith("ref:"):
            return _checked(text, name)
        name = text[4:].strip()
    raise InvalidDocument("it is a symbolic ref that never ends", where=name)


def symbolic(gitdir: Path, common_dir: Path, name: str) -> str | None:
    """Return the name of the ref that a symbolic ref stands for; None if it is not symbolic."""
    text = _loose(gitdir, common_dir, name)
    return text[4:].strip() if text is not None and text.startswith("ref:") else None


def _loose(gitdir: Path, common_dir: Path, name: str) -> str | None:
    parts = name.split("/")
    if (parts[0] != "refs" and len(parts) > 1) or any(
        part in ("", ".", "..") or "\0" in part for part in parts
    ):
        raise UsageError(f"{name!r} is not the full name of a ref", hint="such as refs/heads/main")
    own = len(parts) == 1 or name.startswith(PER_WORKTREE)
    path = (gitdir if own else common_dir) / name
    with contextlib.suppress(OSError):
        link = os.readlink(path)  # noqa: PTH115 - a relative link text is what old symbolic refs are
        if link.startswith("refs/"):
            return f"ref: {link}"
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape").strip()
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
        return None


def _packed(common_dir: Path, name: str) -> str | None:
    try:
        text = (common_dir / "packed-refs").read_bytes()
    except FileNotFoundError:
        return None
    line = b" " + name.encode("utf-8", "surrogateescape") + b"\n"
    at = text.find(line)
    while at >= 0:
        if at >= 40 and (at == 40 or text[at - 41] == ord("\n")):
            return _checked(text[at - 40 : at].decode("ascii", "replace"), name)
        at = text.find(line, at + 1)
    return None


def _checked(text: str, name: str) -> str:
    if not is_id(text):
        raise InvalidDocument("it does not hold an object id", where=name, hint="`git fsck` says more")
    return text
