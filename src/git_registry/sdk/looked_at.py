"""Which proposals were seen in this clone, and at which commit: that is what is approved, and merged."""

from __future__ import annotations

import re

from git_registry.catalog import past, proposals
from git_registry.catalog.catalog import Catalog, Reach
from git_registry.catalog.proposals import Proposal
from git_registry.catalog.review_refs import REVIEWED
from git_registry.errors import Conflict, UsageError
from git_registry.repository import listed


def remember(catalog: Catalog, proposal: Proposal) -> None:
    """Note that a proposal was seen here, at its commit. No remote is told.

    Of proposals that are gone nothing is kept. A URL has no clone that could remember it.
    """
    if catalog.reach is Reach.PUBLISHED:
        return
    repository = catalog.repository
    there = {one.name for one in proposals.proposals(repository)}
    known = (ref for ref, _ in listed.matching(repository, REVIEWED))
    gone = "".join(f"delete {ref}\n" for ref in known if ref.removeprefix(REVIEWED) not in there)
    # First these: `bob/x` that is gone would be in the way of `bob/x/y`.
    for lines in filter(None, (gone, f"update {REVIEWED}{proposal.name} {proposal.commit}\n")):
        done = repository.git("update-ref", "--stdin", input=lines.encode(), check=False)
    if done.code != 0:
        catalog.notify(f"that you saw {proposal.name} could not be noted here: name it by --commit")


def seen(catalog: Catalog, name: str, commit: str = "") -> Proposal:
    """Return a proposal that is at the commit which was seen: the one reviewed here, or the one named.

    Whoever names a commit has seen it, and so has who proposed it from here. What is under review is fetched,
    so that it is the one the remote has now.

    Args:
        catalog: the clone.
        name: the proposal's.
        commit: the commit's id, all of it; empty for what was seen in this clone.

    Raises:
        Conflict: it is at another commit by now, or was not reviewed here.
        NotFound: there is no such proposal.
        UsageError: a commit has to be named, or what names it is no id.
    """
    _require_id(catalog, commit)
    proposals.refresh(catalog)
    past.require_whole(catalog)
    found = proposals.find(catalog.repository, name)
    if commit:
        _require_at(found, commit, f"it is at {found.commit[:8]}, not at {commit[:8]}")
        remember(catalog, found)
        return found
    known = catalog.repository.ref(f"{REVIEWED}{found.name}")
    if known is None:
        raise _unseen(found, "you have not reviewed it here")
    _require_at(found, known, f"it was amended since you reviewed it at {known[:8]}")
    return found


_ID = re.compile("[0-9a-f]{40}")


def _require_id(catalog: Catalog, commit: str) -> None:
    if commit and not _ID.fullmatch(commit):
        raise UsageError(
            f"{commit!r} is not all of a commit's id, and another commit can be made to begin like one",
            where="--commit",
            hint="all 40 digits, as `git registry review` shows them",
        )
    if not commit and catalog.reach is Reach.PUBLISHED:
        raise UsageError(
            "which commit you have seen is not known: a URL is read as it is now",
            where="--commit",
            hint="--commit ID, as `git registry review` shows it",
        )


def _require_at(found: Proposal, commit: str, why: str) -> None:
    if found.commit != commit:
        raise _unseen(found, why)


def _unseen(proposal: Proposal, why: str) -> Conflict:
    return Conflict(
        f"{why}; nothing was done", where=proposal.name, hint=f"git registry review {proposal.name}"
    )
