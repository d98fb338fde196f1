"""What waits for review, as it was fetched last; and all that is to be said of one proposal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from shlex import join

from git_registry.catalog.catalog import Catalog
from git_registry.index.numbers import settled
from git_registry.sdk import prospects
from git_registry.sdk.prospects import Listed, Prospect, State
from git_registry.sdk.replacing import Replacement
from git_registry.sdk.reviewing import Conflicting, Look, Review, review_proposal
from git_registry.sdk.views import VersionView, place_of
from git_registry.web.addresses import PROPOSALS, Address, of
from git_registry.web.page import Crumb, Page
from git_registry.web.site import Site
from git_registry.web.snippets import Snippet
from git_registry.wording import conflicts
from git_registry.wording.prospects import next_lines, state
from git_registry.wording.summary import Summary
from git_registry.wording.verdict import subject

JUDGED = 30
"""Proposals that are judged for a list; the others say that nobody did."""

_LOOKS = {
    State.READY: "good",
    State.MERGED: "latest",
    State.WAITING: "warn",
    State.OBJECTED: "warn",
    State.CONFLICTS: "bad",
    State.REFUSED: "bad",
}
"""State → a class of `style.css`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One proposal in the list.

    Attributes:
        there: its page; None where its name has no place in an address.
        look: a class for what would become of it.
    """

    listed: Listed
    there: Address | None
    state: str
    look: str


@dataclass(frozen=True, slots=True)
class Named:
    """A version, and its page; None if it is not on the default branch, or not yet."""

    name: str
    there: Address | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A version that comes, beside the one whose place it takes.

    Attributes:
        selectors: both, for the page that compares them; none unless both are there.
    """

    subject: str
    before: Named | None
    version: Named
    selectors: tuple[str, ...]


def page(site: Site) -> Page:
    """Return the page of all proposals, the newest first."""
    catalog, merged = _present(site), site.query.get("merged") == "yes"
    found = prospects.as_fetched(catalog, merged=merged, at_most=JUDGED)
    return Page(
        template="proposals.html",
        title="Proposals",
        crumbs=(Crumb("Proposals", PROPOSALS),),
        values={"proposals": [_row(one) for one in found], "merged": merged},
        section="proposals",
    )


def _present(site: Site) -> Catalog:
    """Return the clone as it is now: what was proposed once, nobody kept."""
    return site.catalog.seen_from(site.catalog.branch)


def _row(one: Listed) -> Row:
    return Row(
        listed=one,
        there=_address(one.proposal.name),
        state=state(one.prospect),
        look=_LOOKS.get(one.prospect.state, ""),
    )


def _address(name: str) -> Address | None:
    parts = name.split("/")
    return (
        PROPOSALS.below(*parts) if len(parts) == 2 and not any(one.startswith("-") for one in parts) else None
    )


def one(site: Site, owner: str, name: str) -> Page:
    """Return the page of one proposal.

    Raises:
        NotFound: there is no such proposal, or not any more.
    """
    catalog = _present(site)
    try:
        review = review_proposal(catalog, f"{owner}/{name}", Look.NONE)
    except Conflicting as problem:
        values, head = _unmergeable(problem), problem.head
    else:
        there = catalog.registries()
        known = settled(there.seen_from(there.branch, review.judgement.base))
        # Nobody looked at the blobs, which are far away: there is nothing to say of them.
        values = _judged(catalog, review, Summary(replace(review, blobs=(), unlooked=0), known))
        head = review.judgement.head
    return Page(
        template="proposal.html",
        title=prospects.subject(catalog, head) or f"{owner}/{name}",
        crumbs=(Crumb("Proposals", PROPOSALS), Crumb(f"{owner}/{name}", site.here)),
        values={"name": f"{owner}/{name}", **values},
        section="proposals",
    )


def _unmergeable(problem: Conflicting) -> dict[str, object]:
    return {
        "headline": conflicts.headline(problem),
        "look": "bad",
        "verdict": str(State.CONFLICTS),
        "lines": [problem.message],
        "facts": _facts(problem.proposal.owner if problem.proposal else "", problem.head, problem.base),
        "extent": "",
        "sections": (),
        "pairs": (),
        "commands": (),
        "remark": "",
    }


def _judged(catalog: Catalog, review: Review, told: Summary) -> dict[str, object]:
    assert review.proposal
    found = prospects.prospect(catalog, review.proposal)
    is_decided = review.judgement.is_merged or found.state is not State.READY
    return {
        "headline": told.headline if is_decided else f"{subject('', review.proposal)} {State.READY}",
        "look": _look(found, told),
        "verdict": told.title if review.judgement.is_merged else str(found.state),
        "lines": list(next_lines(review.proposal, found)),
        "facts": _facts(review.proposal.owner, review.judgement.head, review.judgement.base),
        "extent": told.extent,
        "sections": told.sections,
        "pairs": list(_pairs(catalog, review.replacements)),
        "commands": list(_commands(told, found)),
        "remark": told.undo.remark,
    }


def _look(found: Prospect, told: Summary) -> str:
    return "latest" if told.review.judgement.is_merged else _LOOKS.get(found.state, "")


def _facts(owner: str, head: str, base: str) -> dict[str, str]:
    return {"Owner": owner, "Commit": head, "Judged against": base}


def _pairs(catalog: Catalog, replaced: Sequence[Replacement]) -> Iterator[Pair]:
    for one in replaced:
        views = [view for view in (one.before, one.version) if view]
        aliases = f":{', '.join(one.aliases)}" if one.aliases else ""
        named = [_named(catalog, view) for view in views]
        both = len(named) == 2 and all(other.there for other in named)
        yield Pair(
            subject=one.collection + aliases,
            before=named[0] if one.before else None,
            version=named[-1],
            selectors=tuple(view.path for view in views) if both else (),
        )


def _named(catalog: Catalog, view: VersionView) -> Named:
    is_there = catalog.now().find(place_of(view.collection), view.id)
    return Named(view.path, of(view.path) if is_there else None)


def _commands(told: Summary, found: Prospect) -> Iterator[Snippet]:
    proposal = told.review.proposal
    assert proposal
    seen = ("--commit", told.review.judgement.head)
    yield Snippet("See it all, in a clone", told.showing)
    if told.approving and found.state is not State.READY:
        yield Snippet("Approve just this", told.approving)
    if not told.review.judgement.is_merged:
        yield Snippet("Ask for changes", join(("git", "registry", "request-changes", proposal.name, *seen)))
        yield Snippet("Merge it, once it may be", join(("git", "registry", "merge", proposal.name, *seen)))
    if told.undo.commands:
        yield Snippet("Undo it, once it is merged", "\n".join(told.undo.commands))
