"""What changed in a collection's own document."""

from __future__ import annotations

from collections.abc import Iterator

from git_registry.errors import InvalidDocument
from git_registry.model import events
from git_registry.model.diff.change import Change
from git_registry.model.diff.fields import come_and_gone, edits
from git_registry.model.diff.step import Step
from git_registry.model.documents.collection import Collection
from git_registry.model.events import Event


def collection(step: Step, change: Change) -> Iterator[Event]:
    """Yield what happened to a collection; what a new one says of itself was said just now.

    Raises:
        InvalidDocument: its type is another.
    """
    path = change.subject
    was, now = step.read(Collection, change.was, change.now)
    if now is None:
        yield events.CollectionDeleted(path=path, before=was.type if was else None)
        return
    if change.was is None:
        yield events.CollectionCreated(path=path, after=now.type)
    if was and was.type != now.type:
        raise InvalidDocument(
            f"a collection's type never changes, but {was.type} became {now.type}",
            where=change.path,
            hint="create another collection for the other type",
        )
    handled = {"type", "tags"}
    if path in step.renamed:
        yield events.CollectionRenamed(path=path, before=step.renamed[path], after=path)
        handled.add("renamed_from")
    for field, before, after in edits(Collection, was, now, but=frozenset(handled)):
        yield events.CollectionDescribed(path=path, field=field, before=before, after=after)
    added, removed = come_and_gone(was.tags if was else (), now.tags)
    yield from (events.CollectionTagged(path=path, tag=tag) for tag in added)
    yield from (events.CollectionUntagged(path=path, tag=tag) for tag in removed)
