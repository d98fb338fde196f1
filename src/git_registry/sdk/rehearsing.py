"""What an automation would send, without sending it: the exact request, with secrets by their names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain

from git_registry.automation.actions import prepared
from git_registry.automation.happening import Happening, Placed
from git_registry.automation.identity import delivery_id
from git_registry.automation.matching import starts
from git_registry.automation.outgoing import Outgoing
from git_registry.automation.sending import refusal
from git_registry.automation.server import Server
from git_registry.catalog.catalog import Catalog, Reach
from git_registry.errors import NotFound
from git_registry.index.events.history import Wanted, recorded
from git_registry.index.events.sources import Subject
from git_registry.index.opening import ask
from git_registry.model.triggers import OF_ORGANIZATION, kinds
from git_registry.repository.revision import commit_named
from git_registry.sdk import automating
from git_registry.sdk.happenings import happenings
from git_registry.sdk.placed import read
from git_registry.sdk.supposing import Supposed, suppose

_EVENTS = 200
"""How many of the latest events of its kinds are looked at for one that would start it."""

_LOOKING_UP = 5.0
"""Seconds that the receiver's name may take to be looked up; somebody waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """What would be sent, and because of what.

    Attributes:
        delivery: the id that it would have.
        problem: why this server would not send it; empty if it would, or if this is no server.
    """

    placed: Placed
    happening: Happening
    delivery: str
    outgoing: Outgoing
    problem: str = ""


def rehearse(catalog: Catalog, text: str, *, step: str = "", supposed: Supposed | None = None) -> Rehearsal:
    """Return what an automation would send because of the newest event that starts it.

    It counts as it stands now, and as if it were switched on. Nothing is sent, queued or noted.

    Args:
        catalog: the clone, or the server's repository.
        text: which automation.
        step: the commit that the event shall be of; empty for the newest that has one.
        supposed: what shall be taken to have happened instead.

    Raises:
        InvalidDocument: the automation can't be read.
        NotFound: there is no such automation, commit or version; or nothing like that would start it.
        UsageError: nothing that happens to versions would.
    """
    there, spot = automating.find(catalog, text)
    placed = _switched_on(read(there.tree(there.tip()), spot.place, spot.name))
    for happening in _happened(there, placed, step) if supposed is None else suppose(there, placed, supposed):
        if starts(happening, placed):
            return _rehearsal(there, placed, happening)
    if supposed is not None:
        raise NotFound("that would not start it", where=spot.file, hint="look at its `match`")
    raise NotFound(
        f"nothing that happened {'in this step ' if step else ''}would start it",
        where=spot.file,
        hint="`--suppose SELECTOR` takes a version as if it were promoted or linked",
    )


def _happened(catalog: Catalog, placed: Placed, step: str) -> Iterator[Happening]:
    for commit in [_named(catalog, step)] if step else _commits(catalog, placed):
        yield from _in(catalog, commit)


def _switched_on(placed: Placed) -> Placed:
    return replace(placed, document=replace(placed.document, enabled=True))


def _commits(catalog: Catalog, placed: Placed) -> list[str]:
    """Return the steps in which something of its kinds happened, the newest first."""
    wanted = list(_wanted(placed))
    asked = ask(catalog, lambda moment: [recorded(moment, one) for one in wanted])
    found = sorted(chain.from_iterable(asked), key=lambda one: one.position, reverse=True)
    return list(dict.fromkeys(one.commit for one in found))


def _wanted(placed: Placed) -> Iterator[Wanted]:
    """Yield what of history may have started it: in its place, and of a registry's in the organization."""
    waits = kinds(placed.document.events)
    yield Wanted(subject=Subject(path=placed.place), kinds=waits, limit=_EVENTS)
    above = waits & OF_ORGANIZATION
    if above and "/" not in placed.place:
        yield Wanted(kinds=above, limit=_EVENTS)


def _named(catalog: Catalog, step: str) -> str:
    commit = commit_named(catalog.repository, catalog.reader, step)
    if commit is None:
        raise NotFound(f"there is no commit {step!r}", where="--step")
    return commit


def _in(catalog: Catalog, commit: str) -> Iterator[Happening]:
    before = catalog.reader.commit(f"{commit}^")
    if before is not None:  # what an organization begins with starts nothing: no automation was there
        for _, found in happenings(catalog, before, commit):
            yield from found


def _rehearsal(catalog: Catalog, placed: Placed, happening: Happening) -> Rehearsal:
    shown = Rehearsal(
        placed=placed,
        happening=happening,
        delivery=delivery_id(happening, placed.path),
        outgoing=prepared(placed, happening),
    )
    is_server = catalog.repository.is_bare and catalog.reach is not Reach.PUBLISHED
    return replace(shown, problem=_problem(catalog, shown)) if is_server else shown


def _problem(catalog: Catalog, shown: Rehearsal) -> str:
    server, registry = Server.read(catalog.repository), shown.placed.registry
    return refusal(
        shown.outgoing, delivery=shown.delivery, registry=registry, server=server, seconds=_LOOKING_UP
    )
