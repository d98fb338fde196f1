"""What happened between two snapshots: the one place where that is decided (DESIGN §1, §4).

Every path that differs has at least one event, or belongs to one of another path: the notes and aliases
that move along with their collection, the notes that follow their manifest, the card that goes with its
collection. What cannot be told is a problem, and a step with a problem is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from git_registry.errors import InvalidDocument
from git_registry.model.diff import access, alias, by_path, card, collection, organization, registry, version
from git_registry.model.diff.change import Change
from git_registry.model.diff.paths import changed_paths
from git_registry.model.diff.step import Step
from git_registry.model.events import Event, FileChanged
from git_registry.model.layout import Kind
from git_registry.model.snapshot import REGULAR, Snapshot

__all__ = ["Difference", "changed_paths", "diff", "examine", "meaning"]

Meaning = Callable[[Step, Change], Iterable[Event] | None]
"""Says what a change means: nothing if only spelling or layout did, None if another event says it."""

MEANINGS: Mapping[Kind, Meaning] = {
    Kind.ORGANIZATION: organization.organization,
    Kind.REGISTRY: registry.registry,
    Kind.ACCESS: access.access,
    Kind.REGISTRY_CARD: card.registry_card,
    Kind.COLLECTION: collection.collection,
    Kind.COLLECTION_CARD: card.collection_card,
    Kind.VERSION: version.manifest,
    Kind.UNLINKED: version.manifest,
    Kind.NOTES: version.notes,
    Kind.UNLINKED_NOTES: version.notes,
    Kind.ALIAS: alias.alias,
    Kind.AUTOMATION: by_path.automation,
    Kind.PROJECT: by_path.project,
    Kind.RUN: by_path.run,
}


class Difference(NamedTuple):
    """What happened, and what could not be told.

    Attributes:
        events: from the organization down to the aliases, files outside the format last. A path with a
            problem is among them as a `file-changed`.
        problems: one for each thing that could not be told.
    """

    events: tuple[Event, ...]
    problems: tuple[InvalidDocument, ...]


def diff(before: Snapshot | None, after: Snapshot | None) -> tuple[Event, ...]:
    """Return what happened from one snapshot to another, None being the one before the first commit.

    Raises:
        InvalidDocument: a changed document can't be read, is no plain file, or changed in a way that the
            format rules out. All such problems are in its `problems`.
    """
    found = examine(before, after)
    if len(found.problems) == 1:
        raise found.problems[0]
    if found.problems:
        first = found.problems[0]
        raise InvalidDocument(
            f"{first.message} (and {len(found.problems) - 1} more)",
            where=first.where,
            hint=first.hint,
            problems=tuple(each for problem in found.problems for each in problem.problems),
        )
    return found.events


def examine(before: Snapshot | None, after: Snapshot | None) -> Difference:
    """Return what happened and what could not be told: for readers of a history nobody can mend."""
    return meaning(Step(before, after))


def meaning(step: Step) -> Difference:
    """Return what a step means."""
    events: list[Event] = []
    problems: list[InvalidDocument] = []
    for group in step.groups():
        try:
            events.extend(_meaning(step, group))
        except InvalidDocument as problem:
            problems.append(_placed(problem, group[-1].path))
            events.extend(_as_files(group, spelling=False))
    return Difference(tuple(events), tuple(problems))


def _meaning(step: Step, group: tuple[Change, ...]) -> tuple[Event, ...]:
    change = group[0]
    if change.kind is Kind.OUTSIDE:
        return (FileChanged(path=change.path, before=change.before, after=change.after),)
    _check_modes(group)
    step.unclear = any(each.before and not each.was for each in group)
    found = () if all(each.is_mode_alone for each in group) else MEANINGS[change.kind](step, change)
    events = None if found is None else tuple(found)
    if step.unclear or events == ():
        return (*(events or ()), *_as_files(group, spelling=not step.unclear))
    return events or ()


def _check_modes(group: tuple[Change, ...]) -> None:
    for change in group:
        if change.after and change.after.mode != REGULAR:
            raise InvalidDocument(
                f"expected a plain file (mode {REGULAR:o}), found mode {change.after.mode:o}",
                where=change.path,
                hint="the format keeps no symbolic links, submodules or executable files",
            )


def _as_files(group: tuple[Change, ...], *, spelling: bool) -> Iterator[Event]:
    for change in group:
        yield FileChanged(path=change.path, before=change.before, after=change.after, spelling=spelling)


def _placed(problem: InvalidDocument, path: str) -> InvalidDocument:
    """Return a problem that says its document, as one from deep inside might not."""
    return problem if problem.where.startswith(path) else problem.under(path)
