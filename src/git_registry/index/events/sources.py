"""Where in the tables the events of a part of the organization are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from git_registry.index.events.renames import Rename, carried, known_as, renames
from git_registry.index.moment import Moment
from git_registry.model import layout
from git_registry.model.events import KINDS, AliasChange, CollectionRenamed, FileChanged, RunRecorded
from git_registry.model.layout import Kind

ALIAS_KINDS = tuple(name for name, kind in KINDS.items() if issubclass(kind, AliasChange))

_ALIAS = ", ".join(f"'{kind}'" for kind in ALIAS_KINDS)
_NONE = 0
"""No place has this number."""

_MANIFESTS = (Kind.VERSION, Kind.UNLINKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What events are about.

    Attributes:
        path: of a registry or a collection, with all that is below it; empty for everything. A collection's
            events include those from before it was renamed to this path.
        version: only what is about the version with this id, and aliases that came to it or left it.
        alias: only what is about the alias of this name; above a collection, about those of all collections.
        run: only what is about the run with this id, in the project at this path.
    """

    path: str = ""
    version: str = ""
    alias: str = ""
    run: str = ""

    @property
    def is_collection(self) -> bool:
        """Is it a collection, or something in one?"""
        return "/" in self.path


EVERYTHING = Subject()
"""The organization, and all that is in it."""


@dataclass(frozen=True, slots=True)
class Source:
    """A condition for rows of the event table, here `e`, and the index that finds them.

    The planner, which knows no sizes, would rather walk all events, because they are in order.
    """

    where: str = "TRUE"
    values: tuple[object, ...] = ()
    index: str = ""


def sources(moment: Moment, subject: Subject) -> Iterator[Source]:
    """Yield what together has all events about a subject; some may be in several."""
    if not subject.path and not subject.alias:
        yield Source()
        return
    if subject.run:
        yield _run(moment, subject)
        return
    moved = renames(moment)
    if not subject.is_collection:
        yield _above(moment, subject)
        yield from (
            _rename(moment, one)
            for one in moved
            if _is_in(subject, one) and (not subject.alias or _concerns(moment, subject, one))
        )
        return
    known = known_as(subject.path, moved)
    below = _of_version if subject.version else _below
    for path, last in known.items():
        yield from below(moment, subject, path, last)
    for one in moved:
        if one.position <= max(known.get(one.after, -1), known.get(one.before, -1)) and _concerns(
            moment, subject, one
        ):
            yield _rename(moment, one)


def _run(moment: Moment, subject: Subject) -> Source:
    values = (moment.place(subject.path) or _NONE, RunRecorded.kind, subject.run)
    return Source("e.above = ? AND e.kind = ? AND e.name = ?", values, "event_above")


def _above(moment: Moment, subject: Subject) -> Source:
    """Return the source of what happened in a registry, or in all, perhaps to aliases of one name alone."""
    here, index = ("e.above = ?", "event_above") if subject.path else ("TRUE", "")
    values: tuple[object, ...] = (moment.place(subject.path),) if subject.path else ()
    if not subject.alias:
        return Source(here, values, index)
    end = layout.alias_path("", subject.alias)
    files = "SELECT id FROM main.place WHERE substr(path, ?) = ?"
    told, named = _about(subject)
    about = f"{here} AND ({told} OR (e.kind = '{FileChanged.kind}' AND e.place IN ({files})))"
    return Source(about, (*values, *named, -len(end), end), index)


def _is_in(subject: Subject, rename: Rename) -> bool:
    return not subject.path or any(
        path.startswith(f"{subject.path}/") for path in (rename.before, rename.after)
    )


def _rename(moment: Moment, rename: Rename) -> Source:
    return Source(
        "e.position = ? AND e.place = ? AND e.kind = ?",
        (rename.position, moment.place(rename.after), CollectionRenamed.kind),
    )


def _concerns(moment: Moment, subject: Subject, rename: Rename) -> bool:
    if subject.alias:
        return carried(moment, rename, (Kind.ALIAS,), subject.alias)
    return not subject.version or carried(moment, rename, _MANIFESTS, subject.version)


def _below(moment: Moment, subject: Subject, path: str, last: int) -> Iterator[Source]:
    """Yield the source of what happened while the collection was known by a path."""
    where, values = _about(subject)
    own, files = moment.place(path) or _NONE, _files(moment, subject, path)
    here = f"e.place IN ({', '.join(map(str, (own, *files)))})" if files else f"e.place = {own}"
    told = f"(e.place <> {own} OR {where})" if files else where
    yield Source(f"{here} AND e.position <= ? AND {told}", (last, *values), "event_place")


def _of_version(moment: Moment, subject: Subject, path: str, last: int) -> Iterator[Source]:
    """Yield the sources of what happened to one version while its collection was known by a path.

    Each has an index of its own: of all that happened in a large collection, little is about one version.
    """
    here = f"e.place = {moment.place(path) or _NONE} AND e.position <= ?"
    yield Source(f"{here} AND e.version = ? AND e.version <> ''", (last, subject.version), "event_version")
    # What an alias was and is stands in the details; no quote can be in anything else there.
    pointed = [f'"{side}": "{subject.version}"' for side in ("before", "after")]
    to_it = f"e.kind IN ({_ALIAS}) AND (instr(e.detail, ?) OR instr(e.detail, ?))"
    yield Source(f"{here} AND {to_it}", (last, *pointed), "event_alias")
    files = _files(moment, subject, path)
    if files:
        yield Source(f"e.place IN ({', '.join(map(str, files))}) AND e.position <= ?", (last,), "event_place")


def _about(subject: Subject) -> tuple[str, tuple[str, ...]]:
    """Return which events are meant, of a collection or of all."""
    return (f"(e.kind IN ({_ALIAS}) AND e.name = ?)", (subject.alias,)) if subject.alias else ("TRUE", ())


def _files(moment: Moment, subject: Subject, path: str) -> list[int]:
    """Return the places of the files that are part of it: a respelled one has an event of its own."""
    if not (subject.alias or subject.version):
        found = moment.rows("SELECT id FROM place WHERE path > ? AND path < ?", f"{path}/", f"{path}0")
        return [place for (place,) in found]
    alias = [layout.alias_path(path, subject.alias)] if subject.alias else []
    named = alias or layout.version_files(path, subject.version)
    return [place for place in map(moment.place, named) if place is not None]
