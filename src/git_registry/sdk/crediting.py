"""Who else stood behind a step: who proposed what it merged, and who approved that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.approving import approved
from git_registry.repository.identity import Signature
from git_registry.repository.merges import merges


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """Who had a part in a step besides whoever made it.

    Attributes:
        proposed_by: the author of what was merged, as the commit says; None if it merged no proposal.
        approved_by: the principals who approved it, by the refs that are here.
    """

    proposed_by: Signature | None = None
    approved_by: tuple[str, ...] = ()


NOBODY = Credit()


def credited(catalog: Catalog, named: Mapping[str, str]) -> Mapping[str, Credit]:
    """Return who had a part in steps, of those in which anybody else had.

    What a message says of approvals is not believed: they are refs, and where a hook judges, only whose they
    are can have made them. They are here as far as they were fetched. One counts for the commit that it
    names, and for the one that merges that.

    Args:
        catalog: the clone.
        named: the commit of each step, and the proposal that its message names; empty if it names none.
    """
    given: dict[str, tuple[str, ...]] = {}
    for commit, principal in approved(catalog.repository):
        given[commit] = (*given.get(commit, ()), principal)
    asked = named if given else {commit: proposal for commit, proposal in named.items() if proposal}
    brought = merges(catalog.repository, asked)
    found = {}
    for commit in asked:
        second = brought.get(commit)
        by = given.get(second.commit, ()) if second else ()
        is_proposal = second is not None and bool(asked[commit] or by)
        found[commit] = Credit(
            proposed_by=second.author if second and is_proposal else None,
            approved_by=tuple(dict.fromkeys((*given.get(commit, ()), *by))),
        )
    return {commit: credit for commit, credit in found.items() if credit != NOBODY}
