"""Notes and aliases of a version as somebody edited them: only what was changed is changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import partial

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.transaction import Outcome, Transaction, commit
from git_registry.model import layout
from git_registry.model.documents.notes import Notes
from git_registry.model.edits import alias as aliases
from git_registry.model.edits import version as versions
from git_registry.model.edits.change import Changes, Edit
from git_registry.model.equality import same
from git_registry.model.names import ALIAS, TAG
from git_registry.model.snapshot import Snapshot
from git_registry.sdk import selecting
from git_registry.sdk.revising import revised
from git_registry.sdk.selecting import Found


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """What somebody made of a version's notes and aliases.

    Attributes:
        before: the notes as they were seen.
        after: what they shall be.
        add: aliases that shall point at it.
        remove: aliases that shall not, if they still do.
    """

    before: Notes = field(default_factory=Notes)
    after: Notes = field(default_factory=Notes)
    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()

    def check(self) -> None:
        """Raise `UsageError` if an alias or tag in it may not be called that."""
        for alias in self.add:
            ALIAS.check(alias)
        for tag in self.after.tags:
            TAG.check(tag)


def revise(catalog: Catalog, selected: str, revision: Revision) -> Outcome:
    """Write what was changed of a version's notes and aliases, in one commit.

    What others changed meanwhile stays: field by field, key by key in metadata and metrics; tags are a set.

    Raises:
        NotFound: there is no such version.
        UsageError: an alias or tag may not be called that.
        Conflict: somebody changed the same field meanwhile to something else, or moved an alias.
    """
    revision.check()
    there, selector = selecting.place(catalog, selected)
    found, now = selecting.version(there, selector), there.now()
    steps: list[Edit] = [partial(_rewrite, found=found, before=revision.before, after=revision.after)]
    for alias in revision.add:
        seen = aliases.named(now, found.collection, alias)
        steps.append(partial(_point, found=found, alias=alias, seen=seen))
    steps += [partial(_take, found=found, alias=alias) for alias in revision.remove]
    return commit(there, Transaction(edits=steps, message=_subject(found, revision)))


def _rewrite(now: Snapshot, found: Found, before: Notes, after: Notes) -> Changes:
    manifest = versions.linked(now, found.collection, found.id)
    return revised(layout.notes_path(manifest), now.notes(manifest), before=before, after=after)


def _point(now: Snapshot, found: Found, alias: str, seen: str | None) -> Changes:
    if aliases.named(now, found.collection, alias) == found.id:
        return {}
    aliases.expect(now, found.collection, alias, seen)
    return aliases.point(now, found.collection, alias, found.id)


def _take(now: Snapshot, found: Found, alias: str) -> Changes:
    if aliases.named(now, found.collection, alias) != found.id:
        return {}  # it is gone, or another version's by now
    return aliases.remove(now, found.collection, alias)


def _subject(found: Found, revision: Revision) -> str:
    named = f"{found.collection}@{found.id[:8]}"
    words = [f"add {', '.join(revision.add)}"] * bool(revision.add)
    words += [f"remove {', '.join(revision.remove)}"] * bool(revision.remove)
    if same(revision.before, revision.after):
        return f"Aliases of {named}: {'; '.join(words)}"
    return f"Annotate {named}" + (f"; aliases: {'; '.join(words)}" if words else "")
