"""What a push did that a pipeline acts on: of each alias, and of each version, what came last."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from git_registry.catalog.catalog import Catalog
from git_registry.errors import Conflict, NotFound
from git_registry.index.numbers import Numbers, settled
from git_registry.model.diff import examine
from git_registry.model.events import AliasAdded, AliasChange, AliasMoved, Event, VersionChange
from git_registry.model.proposal import proposal
from git_registry.model.snapshot import Snapshot
from git_registry.repository import history
from git_registry.repository.history import Step
from git_registry.repository.revision import commit_named
from git_registry.sdk.ci.pushes import Push
from git_registry.sdk.crediting import Credit, credited

PROMOTIONS = frozenset({AliasAdded.kind, AliasMoved.kind})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which events are asked for.

    Attributes:
        kinds: those of them.
        aliases: only what happened to aliases of these names; all if there are none.
    """

    kinds: frozenset[str] = PROMOTIONS
    aliases: tuple[str, ...] = ()

    def holds(self, event: Event) -> bool:
        """Is an event asked for?"""
        if event.kind not in self.kinds:
            return False
        return not self.aliases or (isinstance(event, AliasChange) and event.alias in self.aliases)


@dataclass(frozen=True, slots=True)
class Happened:
    """An event, and the step that it happened in."""

    event: Event
    step: Step

    @property
    def proposal(self) -> str:
        """Return which proposal the step merged, by its message; empty if that names none."""
        return proposal(self.step.message)


@dataclass(frozen=True, slots=True)
class Promoted:
    """What happened, oldest first, with what is there once it had.

    Attributes:
        numbers: those of the versions.
        now: the organization.
        credit: commit → who else stood behind that step, where anybody did.
    """

    happened: tuple[Happened, ...]
    numbers: Numbers
    now: Snapshot
    credit: Mapping[str, Credit]


def promoted(catalog: Catalog, push: Push, wanted: Wanted) -> Promoted:
    """Return what a push did and did not undo itself: of each alias, and each version, what came last.

    A pipeline that deploys would else deploy what was there for a moment, beside what is there now.

    Raises:
        Conflict: the push rewrote history, so that what it did can't be told.
        NotFound: a revision is not here, or history is cut off.
    """
    if catalog.repository.is_shallow:
        raise NotFound(
            "the history is cut off",
            hint="fetch all of it: fetch-depth: 0 on GitHub, GIT_DEPTH: 0 on GitLab",
        )
    after = _commit(catalog, push.after)
    before = _commit(catalog, push.before) if push.before else None
    if before and not history.is_ancestor(catalog.repository, before, after):
        raise Conflict(f"{after[:8]} does not follow {before[:8]}: history was rewritten", where=push.after)
    last: dict[object, Happened] = {}
    for one in _all(catalog, before, after):
        about = _about(one.event) or object()
        last.pop(about, None)
        last[about] = one
    found = tuple(one for one in last.values() if wanted.holds(one.event))
    return Promoted(
        found,
        settled(catalog.seen_from(catalog.branch, after)),
        Snapshot(catalog.tree(after)),
        credited(catalog, {one.step.commit: one.proposal for one in found}),
    )


def _all(catalog: Catalog, before: str | None, after: str) -> Iterator[Happened]:
    for step in history.steps(catalog.repository, after, since=before, with_changes=False):
        was = Snapshot(catalog.tree(step.parents[0])) if step.parents else None
        for event in examine(was, Snapshot(catalog.tree(step.commit))).events:
            yield Happened(event, step)


def _about(event: Event) -> tuple[str, str, str] | None:
    """Return what an event is about, if one that comes later takes its place."""
    if isinstance(event, AliasChange):
        return "alias", event.path, event.alias
    if isinstance(event, VersionChange):
        return "version", event.path, event.version
    return None


def _commit(catalog: Catalog, revision: str) -> str:
    commit = commit_named(catalog.repository, catalog.reader, revision)
    if commit is None:
        raise NotFound(f"there is no commit {revision!r}", hint="fetch all of the branch's history first")
    return commit
