"""What happened, as pages tell it: in the command line's words, with a link to what it is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from git_registry.model.dates import typed
from git_registry.model.edits.project import recorded
from git_registry.model.events import AliasChange, RunRecorded
from git_registry.model.layout import PROJECTS
from git_registry.model.selector import of_version
from git_registry.sdk import auditing
from git_registry.sdk.crediting import credited
from git_registry.sdk.views import named, shown
from git_registry.web.addresses import Address, of
from git_registry.wording.authors import by, signed_by
from git_registry.wording.happened import told

if TYPE_CHECKING:
    from git_registry.catalog.catalog import Catalog
    from git_registry.index.events.history import Recorded
    from git_registry.model.snapshot import Snapshot
    from git_registry.repository.signatures import Signed
    from git_registry.sdk.auditing import History
    from git_registry.sdk.crediting import Credit


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One event.

    Attributes:
        there: the page of what it is about; None if that is gone, or has none.
        kind: `alias-moved`.
        at: when it was committed.
        by: who did it, who proposed and who approved it.
        moment: what to look back to, to see what was there then.
    """

    kind: str
    words: str
    there: Address | None
    at: datetime
    by: str
    commit: str
    proposal: str
    signature: str
    moment: str


def rows(found: History, now: Snapshot) -> Sequence[Told]:
    """Return events as they are told, in their order.

    Args:
        found: what happened.
        now: where it is looked up what is there still.
    """
    catalog = found.numbers.catalog
    credit = credited(catalog, {one.commit: one.proposal for one in found.events})
    signed = auditing.signed(catalog, found.events)
    return [_told(one, found, now, (credit.get(one.commit), signature)) for one, signature in signed]


def _told(one: Recorded, found: History, now: Snapshot, more: tuple[Credit | None, Signed | None]) -> Told:
    credit, signature = more
    return Told(
        kind=one.event.kind,
        words=told(one.event, found.numbers),
        there=_there(one, found, now),
        at=one.committer.at,
        by=by(one, credit),
        commit=one.commit,
        proposal=f"#{one.proposal}" if one.proposal.isdecimal() else one.proposal,
        signature=signed_by(signature),
        moment=_moment(one, found.numbers.catalog),
    )


def _moment(one: Recorded, catalog: Catalog) -> str:
    """Return a commit of the default branch; of another branch the date, at which each has its own."""
    return typed(one.committer.at) if catalog.project or catalog.mount else one.commit


def _there(one: Recorded, found: History, now: Snapshot) -> Address | None:
    path, catalog = one.event.path, found.numbers.catalog
    if isinstance(one.event, RunRecorded):
        run = f"{PROJECTS}{path}/runs/{one.event.name}"
        return of(run) if recorded(now, path, one.event.name) else None
    # What other events have come to, a description for one, may be anything.
    version = one.event.after if isinstance(one.event, AliasChange) else getattr(one.event, "version", None)
    if isinstance(version, str) and now.find(path, version):
        return of(of_version(named(catalog, path), shown(found.numbers, path, version)))
    return of(named(catalog, path)) if path and _stands(now, path, catalog) else None


def _stands(now: Snapshot, path: str, catalog: Catalog) -> bool:
    if "/" in path:
        return now.has_collection(path)
    return path == catalog.project or path in now.registries()
