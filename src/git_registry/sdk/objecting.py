"""Asking for changes of a proposal, in words that lie beside it and bind whoever merges it with our tools."""

from __future__ import annotations

from dataclasses import dataclass

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.objections import objections
from git_registry.catalog.proposals import Proposal
from git_registry.errors import UsageError
from git_registry.repository.identity import authorship
from git_registry.repository.writing import Writer
from git_registry.sdk.looked_at import seen
from git_registry.sdk.opinions import reviewer, take_back, write

LONGEST = 10_000
"""Characters of what is asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Objected:
    """What became of an objection.

    Attributes:
        by: who asks for changes.
        text: for which.
        is_changed: did they say something else, or nothing, before?
        is_withdrawn: had they approved this commit, and do so no more?
    """

    proposal: Proposal
    by: str
    text: str
    is_changed: bool
    is_withdrawn: bool


def object_to(catalog: Catalog, name: str, text: str, commit: str = "") -> Objected:
    """Ask for changes of a proposal, at the commit that was seen; our approval of that is taken back.

    Saying something else replaces what was said.

    Args:
        catalog: the clone.
        name: the proposal's.
        text: what is asked for.
        commit: the id of the commit that was seen; by default the one reviewed here.

    Raises:
        Conflict: the proposal is at another commit by now, or was not reviewed here.
        NotFound: there is no such proposal.
        Refused: we ask for nothing, or the remote does not take it.
        UsageError: nothing is asked for, or too much; or who we are is not known.
    """
    said = _worded(text)
    who = reviewer(catalog)
    found = seen(catalog, name, commit)
    ref, approval = who.objection(found.commit), who.approval(found.commit)
    repository = catalog.repository
    approved = repository.ref(approval) is not None
    asked = objections(catalog, found.commit)
    before = {one.text: one for one in asked if one.principal == who.principal}
    is_there = said in before and not before[said].earlier
    written = repository.ref(ref) if is_there else _commit(catalog, found, said)
    earlier = dict.fromkeys(who.objections(catalog, found))
    write(catalog, {**earlier, approval: None, ref: written})
    return Objected(
        proposal=found,
        by=who.principal,
        text=said,
        is_changed=said not in before,
        is_withdrawn=approved,
    )


def withdraw(catalog: Catalog, name: str) -> Proposal:
    """Ask for nothing any more of a proposal; return and raise as `take_back` does."""
    return take_back(
        catalog, name, lambda who, found: who.objections(catalog, found), "asks for no changes of it"
    )


def _worded(text: str) -> str:
    said = text.strip()
    if not said:
        raise UsageError("it is not said what shall be changed", hint='-m "what shall be changed"')
    if len(said) > LONGEST:
        raise UsageError(f"it has {len(said)} characters; at most {LONGEST} are taken", where="-m")
    return said


def _commit(catalog: Catalog, proposal: Proposal, text: str) -> str:
    """Write a commit that changes nothing on top of the proposal; its message is what is asked for."""
    who = authorship(catalog.repository, catalog.clock())
    with Writer(catalog.repository) as writer:
        return writer.commit(
            tree=writer.reader.root(proposal.commit),
            parents=[proposal.commit],
            author=who.author,
            committer=who.committer,
            message=text,
        )
