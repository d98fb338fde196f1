"""From the steps of a line to what the tables say of them: `model.diff` decides what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from git_registry.catalog.rolling import Documents, Rolling
from git_registry.errors import InvalidDocument
from git_registry.index.kinds import READ_FOR_EVENTS, is_spread
from git_registry.model import layout
from git_registry.model.diff import meaning
from git_registry.model.diff.paths import ChangedPath
from git_registry.model.diff.step import Step
from git_registry.model.documents.manifest import Manifest
from git_registry.model.events import Event
from git_registry.model.layout import Identity, Kind
from git_registry.model.numbers import Arrival
from git_registry.model.snapshot import REGULAR, Entry, Snapshot
from git_registry.repository import history

_TOGETHER = 2_000
"""Steps whose documents are read from Git at one go."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A file of the format that came, changed or went.

    Attributes:
        identity: what it is about.
        spread: does it lie in `versions/<first two>/`?
        now: what stands there after the step; None if it went.
    """

    identity: Identity
    spread: bool
    now: Entry | None

    @property
    def is_version(self) -> bool:
        """Is it the manifest of a linked version?"""
        return self.identity.kind is Kind.VERSION


@dataclass(frozen=True, slots=True)
class Derived:
    """What one step did."""

    step: history.Step
    placed: tuple[Placed, ...]
    arrival: Arrival
    events: tuple[Event, ...]


def derive(
    documents: Documents,
    below: Callable[[str], Mapping[str, Entry]],
    steps: Iterable[history.Step],
    fetch: Callable[[Sequence[str]], Iterable[tuple[str, bytes | None]]],
) -> Iterator[Derived]:
    """Yield what each step did, in order.

    Args:
        documents: reads what a step changed.
        below: gives a directory of the tree before the first step.
        steps: oldest first.
        fetch: gives the bytes of many blobs.
    """
    tree = Rolling(documents, below)
    waiting = iter(steps)
    while some := list(islice(waiting, _TOGETHER)):
        wanted = list(dict.fromkeys(blob for step in some for blob in _read(step)))
        documents.expect({blob: data for blob, data in fetch(wanted) if data is not None})
        for step in some:
            derived, tree = _derived(tree, step)
            yield derived


def _read(step: history.Step) -> Iterator[str]:
    """Yield the blobs that will be read to say what a step did."""
    several = sum(_arrives(change, layout.identify(change.path)) for change in step.changes) > 1
    for change in step.changes:
        if change.after is None or change.after.mode != REGULAR:
            continue  # a submodule's commit is in no repository of ours
        identity = layout.identify(change.path)
        if identity.kind in READ_FOR_EVENTS or (several and _arrives(change, identity)):
            yield change.after.id


def _arrives(change: history.Change, identity: Identity) -> bool:
    return identity.kind is Kind.VERSION and change.before is None and change.after is not None


def _derived(tree: Rolling, step: history.Step) -> tuple[Derived, Rolling]:
    paths = [(change.path, _entry(change.before), _entry(change.after)) for change in step.changes]
    after = tree.after(paths)
    compared = Step(Snapshot(tree), Snapshot(after), paths)
    found = Derived(
        step=step,
        placed=tuple(_placed(paths)),
        arrival=Arrival(
            commit=step.commit, versions=tuple(_arrivals(after, paths)), renames=compared.renamed
        ),
        events=meaning(compared).events,
    )
    return found, after.settle(tree)


def _entry(side: history.Side | None) -> Entry | None:
    return Entry(side.mode, side.id) if side else None


def _placed(paths: Sequence[ChangedPath]) -> Iterator[Placed]:
    for path, _, now in paths:
        identity = layout.identify(path)
        if identity.kind is not Kind.OUTSIDE:
            yield Placed(identity, is_spread(identity, path), now)


def _arrivals(after: Rolling, paths: Sequence[ChangedPath]) -> Iterator[tuple[str, str]]:
    came: dict[str, list[tuple[str, str]]] = {}
    for path, before, now in paths:
        identity = layout.identify(path)
        if identity.kind is Kind.VERSION and before is None and now is not None:
            came.setdefault(identity.subject, []).append((identity.name, path))
    for collection, found in came.items():
        if len(found) > 1:
            found.sort(key=lambda one: (_created(after, one[1]), one[0]))
        yield from ((collection, version) for version, _ in found)


def _created(after: Rolling, path: str) -> str:
    try:
        return after.document(path, Manifest).created
    except InvalidDocument:
        return ""
