"""Names of refs that would be taken for others: by git, by a file system, or by who reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from git_registry.catalog.judging import names
from git_registry.policy.verdict import Violation
from git_registry.repository import listed
from git_registry.repository.repository import Repository

_HEADS, _TAGS = "refs/heads/", "refs/tags/"
_OWN = ("projects/", "proposals/")
_GITS = ("HEAD", "refs/")


def stands_for(repository: Repository, ref: str) -> Iterator[Violation]:
    """Yield that a ref is another name of one: git would move that one, and nobody would judge it."""
    target = repository.symbolic(ref)
    if target is not None:
        yield _no(ref, f"{ref} stands for {target}", f"push to {target}")


def mistakable(repository: Repository, ref: str, default: str, pushed: Sequence[str]) -> Iterator[Violation]:
    """Yield what a new ref may be mistaken for.

    Args:
        repository: which refs there are.
        ref: its full name.
        default: the default branch's short name.
        pushed: the full names of all refs that the push would write.
    """
    for part in ref.split("/"):
        found = names.problem(part)
        if found:
            yield _no(ref, f"the name {part!r} {found}", "call it otherwise")
            return
    short = ref.removeprefix(_HEADS).removeprefix(_TAGS)
    if short.startswith(_GITS):
        yield _no(ref, f"git would take {short!r} for something else", "call it otherwise")
    if ref.startswith(_TAGS) and (short == default or short.startswith(_OWN)):
        yield _no(ref, "git takes a tag before a branch of its name", "call it otherwise")
    for other in _alike([*listed.alike(repository, ref), *pushed], ref):
        yield _no(ref, f"it differs by case alone from {other}, or would lie below it", "call it otherwise")


def _alike(refs: Iterable[str], ref: str) -> Iterator[str]:
    """Yield those refs that are this one, or above or below it, to a file system that ignores case."""
    mine = f"{ref.casefold()}/"
    for other in dict.fromkeys(refs):
        theirs = f"{other.casefold()}/"
        if other != ref and (mine.startswith(theirs) or theirs.startswith(mine)):
            yield other


def _no(ref: str, message: str, hint: str) -> Violation:
    return Violation(rule="ref", message=message, path=ref, hint=hint)
