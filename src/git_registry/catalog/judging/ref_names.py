"""Names of refs that would be taken for others: by git, by a file system, or by who reads them."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from git_registry.catalog import names
from git_registry.policy.verdict import Violation
from git_registry.repository import listed
from git_registry.repository.repository import Repository

_HEADS, _TAGS = "refs/heads/", "refs/tags/"
_OWN = ("projects/", "proposals/")
_GITS = ("HEAD", "refs/", "heads/", "tags/", "remotes/", "-")
_REVISION = re.compile(r"@|stash|.*_HEAD|[0-9a-f]{7,40}")
"""What git, or a person, takes for something else where it stands alone: see gitrevisions(7)."""

_OTHER_SCRIPTS = ("CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")
"""Scripts with letters that look like Latin ones."""


def stands_for(repository: Repository, ref: str) -> Iterator[Violation]:
    """Yield that a ref is another name of one: git would move that one, and nobody would judge it."""
    target = repository.symbolic(ref)
    if target is not None:
        yield _no(ref, f"{ref} stands for {target}", f"push to {target}")


class Mistakable:
    """The names of new refs, held against those that are there; these are listed once for a push."""

    def __init__(self, repository: Repository, default: str, pushed: Iterable[str]) -> None:
        """Take the repository, its default branch's short name, and all refs that the push would write."""
        self._repository = repository
        self._default = default
        self._pushed = tuple(pushed)

    def problems(self, ref: str) -> Iterator[Violation]:
        """Yield what a new ref, by its full name, may be mistaken for."""
        for part in ref.split("/"):
            found = names.problem(part)
            if found:
                yield _no(ref, f"the name {part!r} {found}")
                return
        short = ref.removeprefix(_HEADS).removeprefix(_TAGS)
        if short.startswith(_GITS) or _REVISION.fullmatch(short):
            yield _no(ref, f"git would take {short!r} for something else")
        if ref.startswith(_TAGS) and (self._ends_as_default(short) or short.startswith(_OWN)):
            yield _no(ref, "git takes a tag before a branch of its name")
        if _looks_like_another(short) or names.folded(short) == names.folded(self._default):
            yield _no(ref, f"{short!r} looks like another name")
        for other in self._alike(ref):
            yield _no(ref, f"it differs by case alone from {other}, or would lie below it")

    def _ends_as_default(self, short: str) -> bool:
        """Would somebody who asks for `main`, or `origin/main`, get this?"""
        return f"/{short}".endswith(f"/{self._default}")

    def _alike(self, ref: str) -> Iterator[str]:
        """Yield those refs that are this one, or above or below it, to a file system that ignores case."""
        mine = ref.casefold()
        parts = mine.split("/")
        above = ("/".join(parts[: count + 1]) for count in range(len(parts)))
        found = {self._known[one] for one in above if one in self._known}
        folded = self._folded
        at = bisect_left(folded, f"{mine}/")
        if at < len(folded) and folded[at].startswith(f"{mine}/"):
            found.add(self._known[folded[at]])
        yield from sorted(found - {ref})

    @cached_property
    def _known(self) -> Mapping[str, str]:
        return {one.casefold(): one for one in (*self._pushed, *listed.names(self._repository))}

    @cached_property
    def _folded(self) -> Sequence[str]:
        return sorted(self._known)


def _looks_like_another(short: str) -> bool:
    """Does a part of it mix Latin letters with those of a script that has the same shapes?"""
    if short.isascii():
        return False
    return any(
        any(letter.isascii() and letter.isalpha() for letter in part)
        and any(unicodedata.name(letter, "").startswith(_OTHER_SCRIPTS) for letter in part)
        for part in short.split("/")
    )


def _no(ref: str, message: str, hint: str = "call it otherwise") -> Violation:
    return Violation(rule="ref", message=message, path=ref, hint=hint)
