"""What an artifact came from, what came of it, and when."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from git_registry.index.events.history import Wanted, recorded
from git_registry.index.events.sources import Subject as Happened
from git_registry.index.opening import ask
from git_registry.model.dates import timestamp
from git_registry.model.events import VersionLinked
from git_registry.model.lineage import nodes
from git_registry.model.lineage.edges import Relation, Way
from git_registry.sdk import selecting, tracing
from git_registry.sdk.surface.identity import Identity
from git_registry.sdk.surface.standing import Standing

if TYPE_CHECKING:
    from git_registry.sdk.surface.past_run import PastRun


class Lineage(Identity):
    """The part of an artifact that knows its runs, links and dates."""

    def logged_by(self) -> PastRun | None:
        """Return the run that made it; None if none did, or it is not here.

        Raises:
            ArtifactNotLoggedError: it is a draft.
        """
        made = self._reading("logged_by").manifest.run
        runs = [] if made is None else [nodes.Run(made.project, made.id)]
        return next(iter(self._recorded(runs)), None)

    def used_by(self) -> list[PastRun]:
        """Return the runs that used it: where it stands, or where it was linked from.

        Raises:
            ArtifactNotLoggedError: it is a draft.
        """
        standing = self._standing("used_by")
        places = dict.fromkeys((standing.selector, self.source_standing.selector))
        users = [one for place in places for one in _users(standing, place)]
        return self._recorded(list(dict.fromkeys(users)))

    def _recorded(self, runs: list[nodes.Run]) -> list[PastRun]:
        from git_registry.errors import NotFound
        from git_registry.sdk.surface.past_run import PastRun

        found = []
        for run in runs:
            try:
                found.append(PastRun(self._standing("runs").workspace, run.project, run.id))
            except NotFound:
                continue  # its project is not here, or its document is gone
        return found

    @property
    def linked_artifacts(self) -> list[Any]:
        """Return its links in all registries, whichever of them this is, and however many.

        Raises:
            ArtifactNotLoggedError: it is a draft.
        """
        standing = self._standing("linked_artifacts")
        make = type(self._whole()).at_standing
        return [make(one) for one in _links(standing)]

    @property
    def linked_at(self) -> str | None:
        """Return when it was linked first, in UTC; None if it is no link."""
        self._standing("linked_at")
        return self._last(VersionLinked.kind) if self.is_link else None

    @property
    def updated_at(self) -> str:
        """Return when anything last happened to it where it stands, in UTC."""
        return self._last() or self.created_at

    @property
    def history_step(self) -> None:
        """Return nothing: a manifest does not say at which step of its run it was logged."""
        self._standing("history_step")

    def _last(self, *kinds: str) -> str | None:
        standing = self._standing("updated_at")
        there, selector = selecting.place(standing.workspace.catalog, standing.selector)
        about = Happened(path=selector.path, version=standing.id)
        wanted = Wanted(subject=about, kinds=frozenset(kinds), limit=1)
        found = ask(there, lambda moment: recorded(moment, wanted))
        return timestamp(found[0].committer.at) if found else None


def _users(standing: Standing, selector: str) -> Iterator[nodes.Run]:
    graph = tracing.lineage(standing.workspace.catalog, selector, [Way.DOWN])
    for edge in graph.edges:
        if edge.relation is Relation.USED and edge.end == graph.start and isinstance(edge.start, nodes.Run):
            yield edge.start


def _links(standing: Standing) -> Iterator[Standing]:
    now = standing.workspace.catalog.now()
    for registry in now.registries():
        for collection in now.collections(registry):
            if now.find(collection, standing.id) is not None:
                yield Standing(workspace=standing.workspace, path=collection, id=standing.id)
