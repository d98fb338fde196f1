"""A commit that somebody else proposes, or that was approved before: nobody makes it a proposal of theirs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging import approving
from git_registry.policy.verdict import Violation
from git_registry.repository import history

if TYPE_CHECKING:
    from git_registry.catalog.judging.standing import Standing


class Elsewhere(NamedTuple):
    """Where proposals and approvals are looked for; the fields are those of `push.Push`."""

    catalog: Catalog
    default: str
    proposals: str
    then: Standing | None

    def problems(self, principal: str | None, ref: str, commit: str) -> Iterator[Violation]:
        """Yield why a proposal of somebody may not be at a commit.

        An approval names a commit and counts while that is proposed: see `approving.by_ref`. Whoever could
        propose it, too, would keep alive what its owner withdrew or amended, and pass for its author.
        """
        owners, approvers = self._known(commit)
        if principal in owners or not (owners or approvers) or self._is_merged(commit):
            return
        known = f"{' and '.join(owners)} proposes" if owners else f"{' and '.join(approvers)} approved"
        yield Violation(
            rule="ref",
            message=f"{known} this commit already, and an approval is of one person's proposal",
            path=ref,
            hint="make a commit of your own of it: git commit --amend --no-edit --reset-author",
        )

    def _known(self, commit: str) -> tuple[list[str], list[str]]:
        """Return whose proposals are at a commit; if nobody's, who approved it nevertheless."""
        catalog, then = self.catalog, self.then
        owners = then.owners(commit) if then else approving.owners(catalog, commit, self.proposals)
        found = sorted(set(owners))
        if found:
            return found, []
        approvers = then.approvers(commit) if then else approving.approvers(catalog.repository, commit)
        return [], sorted(set(approvers))

    def _is_merged(self, commit: str) -> bool:
        """Does the default branch hold it? Then no approval of it covers anything any more."""
        tip = self.catalog.repository.branch(self.default)
        return tip is not None and history.is_ancestor(self.catalog.repository, commit, tip)
