"""Who else stood behind a step: who proposed what it merged, who approved that, and who was against it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.headers import headers
from git_registry.catalog.judging.approving import all_approvers
from git_registry.model.names import PRINCIPAL
from git_registry.repository.identity import Signature
from git_registry.repository.merges import merges
from git_registry.repository.trailers import trailers

APPROVED_BY, OBJECTED_BY = "Approved-by", "Objected-by"
"""How the message of a merge of ours names people."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Who had a part in a step besides whoever made it.

    Attributes:
        proposed_by: the author of what was merged, as the commit says; None if it merged no proposal.
        approved_by: the principals who approved it, by the refs that are here.
        objected_by: who asked for changes when it was merged nevertheless, as the message says.
    """

    proposed_by: Signature | None = None
    approved_by: tuple[str, ...] = ()
    objected_by: tuple[str, ...] = ()


NOBODY = Credit()


def credited(catalog: Catalog, named: Mapping[str, str]) -> Mapping[str, Credit]:
    """Return who had a part in steps, of those in which anybody else had.

    What a message alone says of approvals is not believed: they are refs, and where a hook judges, only whose
    they are can have made them. They are here as far as they were fetched. One counts for the commit that it
    names, and for the one that merges that. Refs don't say since when they are there, so of a merge that
    names a proposal those are left out which its message does not name: they came later, or counted for
    nothing then. Of others, which git alone made, every ref counts.

    Args:
        catalog: the clone.
        named: the commit of each step, and the proposal that its message names; empty if it names none.
    """
    given = all_approvers(catalog.repository)
    asked = named if given else {commit: proposal for commit, proposal in named.items() if proposal}
    brought = merges(catalog.repository, _merging(catalog, asked))
    ours = [commit for commit in brought if "/" in asked[commit]]
    said = trailers(catalog.repository, ours, APPROVED_BY, OBJECTED_BY)
    found = {}
    for commit in asked:
        second = brought.get(commit)
        approvers = (*given.get(commit, ()), *(given.get(second.commit, ()) if second else ()))
        if commit in said:
            approvers = tuple(one for one in approvers if one in said[commit][APPROVED_BY])
        is_proposal = second is not None and bool(asked[commit] or given.get(second.commit))
        found[commit] = Credit(
            proposed_by=second.author if second and is_proposal else None,
            approved_by=tuple(dict.fromkeys(approvers)),
            objected_by=_principals(said[commit][OBJECTED_BY]) if commit in said else (),
        )
    return {commit: credit for commit, credit in found.items() if credit != NOBODY}


def _merging(catalog: Catalog, asked: Collection[str]) -> Collection[str]:
    """Return those that may be merges; of many, git itself finds out which are."""
    if len(asked) > _MANY:
        return asked
    known = headers(catalog, asked)
    return [commit for commit in asked if commit not in known or len(known[commit].parents) > 1]


_MANY = 500
"""So many commits are not on one page."""


def _principals(said: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one for one in said if not PRINCIPAL.problem(one)))
