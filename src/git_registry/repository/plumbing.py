"""Objects through one long-lived `git cat-file` child: nothing to import, ready in a millisecond."""

from __future__ import annotations

import contextlib
import subprocess
from typing import TYPE_CHECKING, Self

from git_registry.errors import InvalidDocument, NotFound
from git_registry.repository.objects import (
    EMPTY_TREE,
    LARGEST_TREE,
    TreeEntry,
    is_id,
    parse_commit_tree,
    parse_tree,
)
from git_registry.repository.process import READING, Git

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

LARGEST_COMMIT = 16 * 1024 * 1024
MISUSED = 129  # git's exit status for an option it does not know


class PlumbingReader:
    """A `Reader` over `git cat-file --batch-command` (git 2.36), or over two children before that.

    Safe in a hook: given that hook's environment it sees objects in quarantine. Started when first
    asked, and started again should a question be the end of the child.
    """

    def __init__(self, gitdir: Path, git: Git | None = None) -> None:
        self._git = git or Git(gitdir)
        self._children: dict[str, _Child] = {}
        self._commands = {"info": "--batch-command", "contents": "--batch-command"}

    def commit(self, revision: str) -> str | None:
        """See `Reader.commit`. Whatever could not be a revision (`-x`, a line break) names nothing."""
        if not revision or revision.startswith(("-", "^")) or not revision.isprintable():
            return None
        header = self._header("info", f"{revision}^{{commit}}")
        return header[0] if header else None

    def root(self, commit: str) -> str:
        """See `Reader.root`."""
        return parse_commit_tree(self._content(commit, "commit", LARGEST_COMMIT))

    def commit_text(self, commit: str, *, at_most: int = LARGEST_COMMIT) -> bytes:
        """See `Reader.commit_text`."""
        return self._content(commit, "commit", at_most)

    def tree(self, tree: str) -> tuple[TreeEntry, ...]:
        """See `Reader.tree`."""
        return parse_tree(self.tree_text(tree))

    def tree_text(self, tree: str) -> bytes:
        """See `Reader.tree_text`."""
        return b"" if tree == EMPTY_TREE else self._content(tree, "tree", LARGEST_TREE)

    def blob(self, blob: str, *, at_most: int) -> bytes:
        """See `Reader.blob`."""
        return self._content(blob, "blob", at_most)

    def size(self, object_id: str) -> int:
        """See `Reader.size`."""
        return self._info(object_id)[1]

    def close(self) -> None:
        """See `Reader.close`."""
        for child in self._children.values():
            child.close()
        self._children.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _info(self, object_id: str) -> tuple[str, int]:
        header = self._header("info", object_id) if is_id(object_id) else None
        if header is None:
            raise NotFound(f"object {object_id} is not in this repository")
        return header[1], header[2]

    def _content(self, object_id: str, expected: str, at_most: int) -> bytes:
        kind, size = self._info(object_id)
        if kind != expected:
            raise NotFound(f"object {object_id} is a {kind}, not a {expected}")
        if size > at_most:
            raise InvalidDocument(f"{expected} {object_id} has {size} bytes; at most {at_most} are read")
        if self._header("contents", object_id) is None:
            raise NotFound(f"object {object_id} is not in this repository")
        return self._child("contents").take(size)

    def _header(self, command: str, name: str) -> tuple[str, str, int] | None:
        """Return id, type and size; None if git knows nothing of that name."""
        answer = self._ask(command, name)
        fields = answer.rsplit(b" ", 2)
        # `<name> missing` and `<name> ambiguous` do not end in a number, nor start with the id alone.
        if len(fields) != 3 or not fields[2].isdigit() or not is_id(fields[0].decode("ascii", "replace")):
            return None
        return fields[0].decode("ascii"), fields[1].decode("ascii"), int(fields[2])

    def _ask(self, command: str, name: str) -> bytes:
        answer = self._child(command).ask(command, name)
        if answer:
            return answer
        # The child is gone. Either this git has no --batch-command, or the question killed it
        # (`main@{99}` beyond the reflog does), or the repository cannot be read at all.
        code = self._child(command).close()
        option = self._commands[command]
        self._children.pop(option)
        if code == MISUSED and option == "--batch-command":
            self._commands = {"info": "--batch-check", "contents": "--batch"}
            return self._ask(command, name)
        self._git.run("cat-file", "-t", EMPTY_TREE, env=READING)
        return b""

    def _child(self, command: str) -> _Child:
        option = self._commands[command]
        if option not in self._children:
            self._children[option] = _Child(self._git, option)
        return self._children[option]


class _Child:
    """One `git cat-file` that answers a line with a line, and perhaps with content after it."""

    def __init__(self, git: Git, option: str) -> None:
        self._named = option == "--batch-command"
        self._process = git.spawn("cat-file", option, stdin=subprocess.PIPE, env=READING)

    def ask(self, command: str, name: str) -> bytes:
        """Return the header line it answers, empty if it is gone."""
        line = f"{command} {name}\n" if self._named else f"{name}\n"
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        try:
            self._process.stdin.write(line.encode("utf-8", "surrogateescape"))
            self._process.stdin.flush()
        except BrokenPipeError:
            return b""
        return self._process.stdout.readline().rstrip(b"\n")

    def take(self, size: int) -> bytes:
        """Return the content that follows a header, without the line end after it."""
        assert self._process.stdout is not None
        content = self._process.stdout.read(size + 1)
        if len(content) != size + 1:
            raise NotFound("git stopped in the middle of an object")
        return content[:-1]

    def close(self) -> int:
        """Let it end, and return its exit status."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.close()
        self._process.stdout.close()
        return self._process.wait()
