"""Local commits made again on top of what others published, unless they disagree (DESIGN §6).

A step is applied path by path. Where a document there is no longer what the step started from, both
changes are put together if they touch different fields of it; an alias is one field, so a promotion
behaves as if it had said what it expects. All else is a conflict.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from git_registry.catalog import wellformed
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.merging import Disagreement, merged
from git_registry.catalog.overlay import Overlay
from git_registry.catalog.tree import CommitTree
from git_registry.errors import Conflict, InvalidDocument, UsageError
from git_registry.model.diff import diff
from git_registry.model.diff.change import identify
from git_registry.model.documents.alias import Alias
from git_registry.model.documents.collection import Collection
from git_registry.model.documents.notes import Notes
from git_registry.model.documents.record import Document
from git_registry.model.documents.registry import Registry
from git_registry.model.edits.change import Kept
from git_registry.model.events import Event, VersionLinked
from git_registry.model.layout import Identity, Kind
from git_registry.model.snapshot import Entry, Snapshot
from git_registry.repository import history, identity
from git_registry.repository.changes import Change
from git_registry.repository.objects import BlobId
from git_registry.repository.writing import Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """The commits made anew.

    Attributes:
        tip: the last of them; the commit they were put onto if none was needed.
        commits: how many there are.
        notes: where an exception was made, in words: something was linked already, or an alias asked for
            while linking moved on.
    """

    tip: str
    commits: int
    notes: tuple[str, ...]


def replay(catalog: Catalog, *, base: str | None, local: str, onto: str) -> Replayed:
    """Write the steps from `base` (None: all) to `local` again, on top of `onto`. No ref moves.

    Author, author date and message are kept.

    Raises:
        Conflict: a step starts from something that is not so any more, or is none that can be replayed.
            Nothing was changed, and the message shows both values.
    """
    steps = list(history.steps(catalog.repository, local, since=base))
    for step in steps:
        _require_replayable(catalog, step)
    tip, commits, notes = onto, 0, []
    with Writer(catalog.repository) as writer:
        for step in steps:
            after = _Applied(catalog, step, catalog.tree(tip))
            notes += after.notes
            if not after.tree.changes:
                continue
            tip = writer.commit(
                tree=writer.tree(catalog.reader.root(tip), after.blobs()),
                parents=[tip],
                author=step.author,
                committer=identity.committer(catalog.repository, catalog.clock()),
                message=step.message,
            )
            commits += 1
    return Replayed(tip=tip, commits=commits, notes=tuple(notes))


def _require_replayable(catalog: Catalog, step: history.Step) -> None:
    named = f"{step.commit[:8]} ({step.subject})"
    hint = "`git fetch`, then `git rebase` onto the upstream, and `git registry sync` again"
    if len(step.parents) > 1:
        raise Conflict(f"the local commit {named} is a merge, which is not replayed", hint=hint)
    before, after = Snapshot(catalog.tree(_parent(step))), Snapshot(catalog.tree(step.commit))
    about = ((change.path, identify(change.path, before, after)) for change in step.changes)
    outside = next((path for path, what in about if what.kind is Kind.OUTSIDE), None)
    if outside is not None:
        raise Conflict(
            f"the local commit {named} changes a file outside the format, so it is not replayed",
            where=outside,
            hint=hint,
        )
    raw = catalog.repository.git("cat-file", "commit", step.commit).stdout
    if b"\ngpgsig" in raw.partition(b"\n\n")[0] and not catalog.repository.config_bool("commit.gpgSign"):
        raise Conflict(f"the local commit {named} is signed, and commits are not signed here", hint=hint)


def _parent(step: history.Step) -> str | None:
    """Return what a step was made on; None for a root."""
    return step.parents[0] if step.parents else None


_MERGED: Mapping[Kind, type[Document]] = {
    Kind.NOTES: Notes,
    Kind.COLLECTION: Collection,
    Kind.REGISTRY: Registry,
}
"""The documents whose fields are independent of one another. Who may do what is decided as a whole."""


class _Applied:
    """One step, applied to another tree than it was made on.

    Attributes:
        tree: the result.
        notes: the exceptions made.
    """

    def __init__(self, catalog: Catalog, step: history.Step, onto: CommitTree) -> None:
        self.tree = Overlay(onto)
        self.notes: list[str] = []
        self._onto = onto
        self._before, self._after = catalog.tree(_parent(step)), catalog.tree(step.commit)
        self._linked = _linked(diff(Snapshot(self._before), Snapshot(self._after)))
        for change in step.changes:
            if self._holds(change):
                self.tree.lay({change.path: Kept(change.after.id) if change.after else None})
        self._require_wellformed(step)

    def blobs(self) -> dict[str, bytes | BlobId | None]:
        """Return the changes as the writer takes them."""
        return {
            path: BlobId(content.id) if isinstance(content, Kept) else content
            for path, content in self.tree.changes.items()
        }

    def _about(self, change: Change) -> Identity:
        return identify(change.path, Snapshot(self._before), Snapshot(self._after))

    def _holds(self, change: Change) -> bool:
        """Return whether the change is to be made; raise if it no longer makes sense."""
        there = Snapshot(self._onto).entry(change.path)
        self._require_not_unlinked(change)
        if _same(there, change.after):
            return False
        if _same(there, change.before):
            return True
        what = self._about(change)
        if what.kind is Kind.VERSION and change.before is None:
            self.notes.append(f"{what.subject}@{what.name[:8]} was linked already; the first manifest stays")
            return False
        if what.kind is Kind.ALIAS and self._asked_for_while_linking(what):
            self.notes.append(
                f"{what.subject}:{what.name} moved meanwhile; it was asked for while linking, so it moves on"
            )
            return True
        if there and self._put_together(what, change):
            self.notes.append(f"{change.path} was changed there too; both changes are in it now")
            return False
        raise Conflict(self._disagreement(change, there), where=change.path, hint=_way_out(what))

    def _put_together(self, what: Identity, change: Change) -> bool:
        """Lay a document with both changes over the tree, if they touch different things in it."""
        kind = _MERGED.get(what.kind)
        if kind is None or change.after is None or (change.before is None and kind is not Notes):
            return False
        trees = (self._before, self._after, self._onto)
        try:
            base, mine, theirs = (
                tree.document(change.path, kind) if Snapshot(tree).entry(change.path) else Notes()
                for tree in trees
            )
            self.tree.lay({change.path: merged(base, mine, theirs)})
        except (Disagreement, InvalidDocument, UsageError):
            return False
        return True

    def _require_not_unlinked(self, change: Change) -> None:
        what = self._about(change)
        if what.kind is not Kind.VERSION or change.before or not change.after:
            return
        now, place = Snapshot(self._onto), (what.subject, what.name)
        here = Snapshot(self._before).find(*place, unlinked=True)
        if now.find(*place, unlinked=True) and not now.find(*place) and not here:
            raise Conflict(
                f"{what.subject}@{what.name[:8]}, which this links, was linked and was unlinked there",
                where=change.path,
                hint="`git reset --keep @{upstream}` takes theirs, and drops all that waits here; linking it "
                "again then brings it back",
            )

    def _asked_for_while_linking(self, what: Identity) -> bool:
        wanted = Snapshot(self._after).alias(what.subject, what.name)
        try:
            protected = Snapshot(self._onto).access(what.registry).protection(what.name)
        except InvalidDocument:
            return False  # it may be protected
        return (what.subject, wanted) in self._linked and not protected

    def _disagreement(self, change: Change, there: Entry | None) -> str:
        what = self._about(change)
        if what.kind is not Kind.ALIAS:
            found = "is gone there" if there is None else "was changed there too"
            return f"what this changes {found}, and nothing was overwritten"
        mine, theirs = self._version(self._after, change.path), self._version(self._onto, change.path)
        return f"{what.subject}:{what.name} names {theirs} there, and {mine} here; nothing was overwritten"

    @staticmethod
    def _version(tree: CommitTree, path: str) -> str:
        if Snapshot(tree).entry(path) is None:
            return "nothing"
        try:
            return f"@{tree.document(path, Alias).version[:8]}"
        except InvalidDocument:
            return "something unreadable"

    def _require_wellformed(self, step: history.Step) -> None:
        try:
            happens = diff(Snapshot(self._onto), Snapshot(self.tree))
            wellformed.require(self._onto, self.tree, self.tree.changes, happens)
        except InvalidDocument as problem:
            raise Conflict(
                f"what {step.commit[:8]} ({step.subject}) makes does not fit there: {problem.message}",
                where=problem.where,
                hint=problem.hint,
            ) from problem


def _linked(events: tuple[Event, ...]) -> frozenset[tuple[str, str | None]]:
    return frozenset((event.path, event.version) for event in events if isinstance(event, VersionLinked))


def _same(there: Entry | None, side: object) -> bool:
    return (there.id if there else None) == getattr(side, "id", None)


def _way_out(what: Identity) -> str:
    if what.kind is Kind.ALIAS:
        return (
            "look at it there, then decide: `git reset --keep @{upstream}` takes theirs, and drops what "
            f"waits here; `git registry promote {what.subject}:VERSION --to {what.name}` again moves it on"
        )
    return "`git fetch`, then `git rebase` onto the upstream and settle it by hand"
