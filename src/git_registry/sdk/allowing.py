"""What a server would say to a merge, asked of the same rules before the server is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from git_registry.catalog import proposals
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.found import Found
from git_registry.catalog.judging.push import Push, Pushed, judge
from git_registry.catalog.judging.ruling import rules_at
from git_registry.catalog.proposals import Proposal
from git_registry.errors import Refused
from git_registry.policy.refs import Update, may_write
from git_registry.policy.verdict import Verdict
from git_registry.repository.tips import BRANCHES
from git_registry.review.awaiting import missing
from git_registry.review.needed import needed

_TOLD = 20
"""Reasons that are told; of the rest, how many there are."""


class NotAllowed(Refused):
    """A proposal may not be merged as things are.

    Attributes:
        problems: that, and then each reason, once; of many, the first.
    """

    def __init__(self, message: str, *, where: str, hint: str, found: Iterable[Found]) -> None:
        super().__init__(message, where=where, hint=hint)
        wrong = list(dict.fromkeys((str(one.violation), one.violation.hint) for one in found))
        told = [Refused(said, hint=further) for said, further in wrong[:_TOLD]]
        more = [Refused(f"and {len(wrong) - _TOLD} more reasons")] if len(wrong) > _TOLD else []
        self.problems = (self, *told, *more)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A merge that is written and not published.

    Attributes:
        branch: the default branch.
        tip: the commit that it is at.
        commit: the merge.
    """

    catalog: Catalog
    proposal: Proposal
    branch: str
    tip: str
    commit: str

    def require(self, principal: str) -> None:
        """Check that a principal may publish it; raise `NotAllowed`, with every reason, if not."""
        found = list(self._found(principal))
        if not found:
            return
        owner, name = self._owner_instead_of(principal), self.proposal.name
        verdict = Verdict(tuple(one.violation for one in found))
        if owner and self._is_spent(principal, found):
            message = f"you approved it: let {owner}, or anybody who is not among its approvers, merge it"
        elif verdict.word == "needs approval":
            message = f"it needs {needed(missing(verdict.violations))}"
        else:
            message = "it may not be merged"
        hint = f"{owner} may: `git registry merge {name}`" if owner else f"git registry review {name}"
        raise NotAllowed(message, where=name, hint=hint, found=found)

    def _owner_instead_of(self, principal: str) -> str:
        """Return whose proposal it is if they may publish it, and are somebody else; else an empty text."""
        owner = self.proposal.owner
        return owner if owner != principal and not any(self._found(owner)) else ""

    def _is_spent(self, principal: str, found: Iterable[Found]) -> bool:
        """Did they approve it, where a gate counts no approval by who merges?"""
        asks = any(one.violation.rule == "gate approvals" for one in found)
        return asks and principal in proposals.approvers(self.catalog.repository, self.proposal.commit)

    def _found(self, principal: str) -> Iterator[Found]:
        catalog, ref = self.catalog, BRANCHES + self.branch
        holds: Mapping[str, str] = {ref: self.tip}
        push = Push(
            catalog=catalog,
            rules=rules_at(catalog, self.tip),
            default=self.branch,
            pushed=Pushed(principal=principal, now=catalog.clock()),
            holds=holds.get,
            proposals=proposals.below(catalog.repository),
        )
        return judge(push, [(ref, self.commit)])


def may_remove(catalog: Catalog, proposal: Proposal, principal: str, tip: str | None) -> bool:
    """May a principal remove a proposal's branch, by the rules at the default branch's tip?"""
    gone = Update(ref=BRANCHES + proposal.branch, old=proposal.commit, new=None)
    return not may_write(rules_at(catalog, tip), principal, gone, catalog.written_branch())
