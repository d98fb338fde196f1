"""A commit that somebody else proposes, or that was approved before: nobody makes it a proposal of theirs."""

from __future__ import annotations

from collections.abc import Iterator

from git_registry.catalog.judging import approving
from git_registry.catalog.judging.push import Push
from git_registry.policy.verdict import Violation
from git_registry.repository import history


def problems(push: Push, ref: str, commit: str) -> Iterator[Violation]:
    """Yield why a proposal may not be at a commit.

    An approval names a commit and counts while that is proposed: see `approving.by_ref`. Whoever could
    propose it, too, would keep alive what its owner withdrew or amended, and pass for its author.
    """
    owners, approvers = _known(push, commit)
    if push.pushed.principal in owners or not (owners or approvers) or _is_merged(push, commit):
        return
    known = f"{' and '.join(owners)} proposes" if owners else f"{' and '.join(approvers)} approved"
    yield Violation(
        rule="ref",
        message=f"{known} this commit already, and an approval is of one person's proposal",
        path=ref,
        hint="make a commit of your own of it: git commit --amend --no-edit --reset-author",
    )


def _known(push: Push, commit: str) -> tuple[list[str], list[str]]:
    """Return whose proposals are at a commit; if nobody's, who approved it nevertheless."""
    catalog, then = push.catalog, push.then
    owners = then.owners(commit) if then else approving.owners(catalog, commit, push.proposals)
    found = sorted(set(owners))
    if found:
        return found, []
    approvers = then.approvers(commit) if then else approving.approvers(catalog.repository, commit)
    return [], sorted(set(approvers))


def _is_merged(push: Push, commit: str) -> bool:
    """Does the default branch hold it? Then no approval of it covers anything any more."""
    tip = push.catalog.repository.branch(push.default)
    return tip is not None and history.is_ancestor(push.catalog.repository, commit, tip)
