"""New blobs, trees and commits. A change costs the spine of trees above it, whatever the tree's size."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

import pygit2

from git_registry.errors import Conflict, NotFound, UsageError
from git_registry.repository.objectdb import PygitReader
from git_registry.repository.objects import EMPTY_TREE, FILE, TREE, BlobId, TreeEntry, format_tree
from git_registry.repository.process import GitFailed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import TracebackType

    from git_registry.repository.identity import Signature
    from git_registry.repository.repository import Repository

__all__ = ["BlobId", "Writer"]

FORBIDDEN = ("", ".", "..")


@dataclass(slots=True)
class _Node:
    """What is asked of one path: a new content or None to delete it, or changes below it, or both."""

    asked: list[bytes | str | None] = field(default_factory=list)
    below: dict[str, _Node] = field(default_factory=dict)


class Writer:
    """Writes objects into one repository; refs are moved elsewhere. Use it in a `with`, or close it."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self.reader = PygitReader(repository.gitdir)

    def tree(self, base: str | None, changes: Mapping[str, bytes | BlobId | None]) -> str:
        """Return the tree that `base` (None: empty) becomes with these changes.

        Args:
            base: a tree id.
            changes: by path, the bytes of a new file, the `BlobId` of a stored one (moved without
                being read), or None to delete. Files get mode 100644; empty directories vanish;
                deleting what is not there is nothing.

        Raises:
            Conflict: a file is where a directory would have to be, or the other way round.
            UsageError: a path no work tree could hold (`a//b`, `../a`, `.git/a`).
            NotFound: a `BlobId` is not stored here, and no remote promised it.
            GitFailed: an object can't be written; the disk is full, perhaps.
        """
        root = _Node()
        for path, content in changes.items():
            node = root
            for name in _names(path):
                node = node.below.setdefault(name, _Node())
            node.asked.append(content)
        return self._rebuilt(base, root, "") or self._store(pygit2.enums.ObjectType.TREE, b"")

    def commit(
        self,
        *,
        tree: str,
        parents: Sequence[str],
        author: Signature,
        committer: Signature,
        message: str,
    ) -> str:
        """Write a commit and return its id; signed if `commit.gpgSign` asks for it.

        Signing is git's (`gpg.format`, `user.signingKey`); if it fails, so does this, in git's words.
        """
        message = message if message.endswith("\n") else message + "\n"
        text = message.encode("utf-8", "surrogateescape")
        if self._repository.config_bool("commit.gpgsign"):
            return self._signed(tree, parents, author, committer, text)
        lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
        lines += [f"author {author.line}", f"committer {committer.line}", "", ""]
        head = "\n".join(lines).encode("utf-8", "surrogateescape")
        return self._store(pygit2.enums.ObjectType.COMMIT, head + text)

    def blob(self, content: bytes) -> BlobId:
        """Store a blob and return its id."""
        return BlobId(self._store(pygit2.enums.ObjectType.BLOB, content))

    def close(self) -> None:
        """Let go of the object database."""
        self.reader.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _rebuilt(self, base: str | None, node: _Node, at: str) -> str | None:
        """Return the id of `base` with what the node asks for, None if nothing is left in it."""
        before = {entry.name: entry for entry in self.reader.tree(base or EMPTY_TREE)}
        after = dict(before)
        for name, child in node.below.items():
            entry = self._entry(name, before.get(name), child, f"{at}{name}")
            if entry is None:
                after.pop(name, None)
            else:
                after[name] = entry
        if not after:
            return None
        return (
            base
            if after == before
            else self._store(pygit2.enums.ObjectType.TREE, format_tree(after.values()))
        )

    def _entry(self, name: str, old: TreeEntry | None, node: _Node, path: str) -> TreeEntry | None:
        """Return what one path becomes."""
        put = next((content for content in node.asked if content is not None), None)
        was_tree = old is not None and old.is_tree
        subtree = None
        if node.below and (was_tree or old is None or node.asked or _puts(node)):
            if old is not None and not was_tree and not node.asked:
                raise Conflict("a file is in the way of the directory", where=path)
            subtree = self._rebuilt(old.id if old is not None and was_tree else None, node, f"{path}/")
        elif was_tree and old is not None:
            subtree = old.id
        if subtree is not None:
            if put is not None or (node.asked and was_tree):
                raise Conflict("a directory is in the way of the file", where=path)
            return TreeEntry(name, TREE, subtree)
        if put is not None:
            return TreeEntry(name, FILE, self._blob_of(put))
        return None if node.asked or was_tree else old

    def _blob_of(self, content: bytes | str) -> str:
        if isinstance(content, bytes):
            return self.blob(content)
        if content not in self.reader.pygit.odb and not self._repository.is_partial:
            raise NotFound(f"object {content} is not in this repository")
        return content

    def _store(self, kind: pygit2.enums.ObjectType, content: bytes) -> str:
        try:
            return str(self.reader.pygit.odb.write(kind, content))
        except (OSError, pygit2.GitError) as error:
            raise GitFailed(
                f"an object can't be written: {error}",
                where=str(self._repository.common_dir),
                hint="if its disk is full, make room and do it again",
            ) from error

    def _signed(
        self, tree: str, parents: Sequence[str], author: Signature, committer: Signature, text: bytes
    ) -> str:
        named = [word for parent in parents for word in ("-p", parent)]
        # i18n.commitEncoding would only label the message, whose bytes are ours.
        utf8 = ("-c", "i18n.commitEncoding=UTF-8")
        env = {
            "GIT_AUTHOR_NAME": author.name,
            "GIT_AUTHOR_EMAIL": author.email,
            "GIT_AUTHOR_DATE": f"@{author.date}",
            "GIT_COMMITTER_NAME": committer.name,
            "GIT_COMMITTER_EMAIL": committer.email,
            "GIT_COMMITTER_DATE": f"@{committer.date}",
        }
        done = self._repository.git(
            *utf8, "commit-tree", "-S", tree, *named, input=text, env=env, check=False
        )
        if done.code != 0:
            raise UsageError(
                f"the commit could not be signed: {done.stderr}",
                hint="see user.signingKey and gpg.format, or `git config commit.gpgSign false`",
            )
        return done.text


def _names(path: str) -> list[str]:
    names = path.split("/")
    if any(name in FORBIDDEN or name.lower() == ".git" or "\0" in name for name in names):
        raise UsageError(f"{path!r} is not a path a work tree could hold")
    return names


def _puts(node: _Node) -> bool:
    return any(content is not None for content in node.asked) or any(map(_puts, node.below.values()))
