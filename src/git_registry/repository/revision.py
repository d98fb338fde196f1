"""The commit that somebody means by a revision: a branch's before a tag's, and never one of two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from git_registry.errors import UsageError

if TYPE_CHECKING:
    from git_registry.repository.objects import Reader
    from git_registry.repository.repository import Repository

_BEHIND_A_NAME = re.compile(r"[~^:]|@\{")
_PLAIN = re.compile(r"[0-9a-f]{40}|@|([A-Z]+_)?HEAD|refs/.*|")
"""What git, too, looks for before anything else that is called so: see gitrevisions(7)."""


def commit_named(repository: Repository, reader: Reader, revision: str) -> str | None:
    """Return the full id of the commit that a revision names; None if there is none.

    Git itself takes a tag `origin/main` before the remote's branch, and where a check of a request runs,
    who may push a tag need not be one who may merge.

    Raises:
        UsageError: two refs of that name are at different commits.
    """
    found = _BEHIND_A_NAME.search(revision)
    name, behind = (revision[: found.start()], revision[found.start() :]) if found else (revision, "")
    if _PLAIN.fullmatch(name) or not revision.isprintable() or not all(map(_is_part, name.split("/"))):
        return reader.commit(revision)
    named = {ref: reader.commit(ref) for ref in _refs(repository, name)}
    if len(set(named.values())) > 1:
        raise UsageError(
            f"{name!r} is ambiguous: {' and '.join(named)}", hint=f"name one in full: {next(iter(named))}"
        )
    return reader.commit(f"{next(iter(named), name)}{behind}")


def _is_part(text: str) -> bool:
    return text not in ("", ".", "..") and len(text.encode("utf-8", "surrogateescape")) < 250


def _refs(repository: Repository, name: str) -> Iterator[str]:
    for form in (
        "refs/heads/{}",
        "refs/remotes/{}",
        "refs/remotes/{}/HEAD",
        "refs/tags/{}",
        "refs/{}",
    ):
        ref = form.format(name)
        if repository.ref(ref) is not None:
            yield ref
