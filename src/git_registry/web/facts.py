"""What whoever chooses a node of a graph is told of it, in a few words; its page says more."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import UTC, datetime

from git_registry.errors import NotFound
from git_registry.index.events.history import Wanted
from git_registry.model.dates import parse_date
from git_registry.model.documents.record import Number
from git_registry.model.lineage.nodes import Node, Run, Version
from git_registry.sdk import auditing, listing, projecting
from git_registry.sdk.views import VersionView
from git_registry.web.happenings import rows
from git_registry.web.site import Site
from git_registry.wording.amounts import amount
from git_registry.wording.durations import duration
from git_registry.wording.letters import seen
from git_registry.wording.metrics import measured, metric_columns, summarized
from git_registry.wording.sizes import size

MOST, LONGEST = 4, 40
"""How much is told of what was measured, and letters of each name."""

_LINKED = Wanted(kinds=frozenset({"version-linked"}), limit=1)


def facts(site: Site, node: Node, text: str) -> Mapping[str, str]:
    """Return what there is to say of a node, by what it is called; nothing of what is not here."""
    with suppress(NotFound):
        match node:
            case Version():
                view = listing.show(site.catalog, text)
                return dict(_of_version(site, view)) if isinstance(view, VersionView) else {}
            case Run():
                return dict(_of_run(projecting.run(site.catalog, node.project, node.id)))
    return {}


def _of_version(site: Site, view: VersionView) -> Iterator[tuple[str, str]]:
    for one in rows(auditing.history(site.catalog, view.path, _LINKED), site.catalog.now()):
        yield "linked", f"{_day(one.at)} by {seen(one.by)}"
    if view.manifest:
        yield "created", _day(view.manifest.created)
        yield "size", size(view.manifest.size)
    yield from _few(measured(view))


def _of_run(view: projecting.RunView) -> Iterator[tuple[str, str]]:
    document = view.document
    if document is None:
        return
    yield "state", seen(document.state)
    yield "started", _day(document.started)
    if view.seconds is not None:
        yield "took", duration(view.seconds)
    yield from _few(summarized(view))


def _few(found: Mapping[str, Number]) -> Iterator[tuple[str, str]]:
    for name in metric_columns([found], MOST):
        yield seen(name)[:LONGEST], amount(found[name])


def _day(at: datetime | str) -> str:
    moment = parse_date(at) if isinstance(at, str) else at
    return moment.astimezone(UTC).strftime("%Y-%m-%d") if moment else seen(str(at))
