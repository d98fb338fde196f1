"""Versions as a search sees them: their facts, read for many at once and only as far as they are needed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, ClassVar

from git_registry.index.batches import asked, by_place
from git_registry.index.contents.documents import NOTHING, Said, said, texts
from git_registry.index.kinds import KINDS
from git_registry.index.moment import Moment
from git_registry.index.search.row import Row, filled, instants
from git_registry.index.storage.database import OPEN
from git_registry.model.filters import known_by
from git_registry.model.layout import Kind, manifest_path, notes_path

_MANIFEST = KINDS[Kind.VERSION]
_NOTES = KINDS[Kind.NOTES]
_ALIAS = KINDS[Kind.ALIAS]

_COLUMNS = "SELECT place, name, since, blob, mode, spread FROM temp.now_entry"
_NEWEST = f"{_COLUMNS}_by_since WHERE +kind = {_MANIFEST} ORDER BY since DESC"
"""Nothing is sorted, because a few may be enough: SQLite walks back from the last step."""
_IN_PLACE = f"{_COLUMNS} WHERE place = ? AND kind = {_MANIFEST}"
_NAMED = f"{_IN_PLACE} AND name IN ({{names}})"
_NOTED = f"SELECT name, spread, blob, mode FROM temp.now_entry WHERE place = ? AND kind = {_NOTES}"
_CHANGED = (
    "SELECT name, since, until FROM temp.ever_entry"
    f" WHERE place = ? AND kind = {_NOTES} AND name IN ({{names}})"
)
_POINTING = (
    f"SELECT place, name, blob, mode FROM temp.now_entry WHERE kind = {_ALIAS} AND place IN ({{names}})"
)
_NO_FILE = ("", 0)
_NUMBERS = "SELECT version, number, came FROM temp.now_number WHERE place = ?"


class Versions:
    """The linked versions of some collections.

    Attributes:
        moment: when.
        places: the paths of the collections, by their numbers in the tables.
    """

    parts: ClassVar[Mapping[str, frozenset[str]]] = {
        "documents": frozenset(
            {
                *("digest", "artifact", "type", "created_at", "size", "metadata", "metrics"),
                *("run", "source", "tag", "description"),
            }
        ),
        "texts": frozenset({"words"}),
        "numbers": frozenset({"version", "number"}),
        "aliases": frozenset({"alias"}),
        "latest": frozenset({"alias"}),
        "times": frozenset({"linked_at", "updated_at"}),
    }
    shown: ClassVar[Sequence[str]] = ("documents", "numbers", "aliases")
    """The parts that are printed."""

    def __init__(self, moment: Moment, places: Mapping[int, str]) -> None:
        self.moment = moment
        self.places = places
        self._pointing: dict[int, Mapping[str, Sequence[str]]] = {}
        self._latest: dict[int, str | None] = {}

    def newest(self) -> Iterator[Row]:
        """Yield all of them, what was linked last first."""
        return self._rows(self.moment.connection.execute(_NEWEST))

    def named(self, keys: Iterable[tuple[int, str]]) -> Iterator[Row]:
        """Yield those of (place, id) that are linked in the collections, what was linked last first."""
        here = by_place({key for key in keys if key[0] in self.places})
        return self._newest_first(
            row for place, ids in here for row in asked(self.moment, _NAMED, ids, place)
        )

    def everywhere(self) -> Iterator[Row]:
        """Yield all of them like `newest`, in the time that these few collections take."""
        return self._newest_first(row for place in self.places for row in self.moment.rows(_IN_PLACE, place))

    def _newest_first(self, found: Iterable[tuple[Any, ...]]) -> Iterator[Row]:
        return self._rows(sorted(found, key=lambda row: row[2], reverse=True))

    def _rows(self, found: Iterable[tuple[Any, ...]]) -> Iterator[Row]:
        seen: set[tuple[int, str]] = set()
        for place, version, since, blob, mode, spread in found:
            path = self.places.get(place)
            if path is None or (place, version) in seen:
                continue  # an id that is there twice is a violation, and one version
            seen.add((place, version))
            registry, _, collection = path.partition("/")
            yield Row(
                kind="version",
                path=path,
                id=version,
                facts={"registry": registry, "collection": collection, "id": version},
                place=place,
                since=since,
                blob=blob,
                mode=mode,
                spread=bool(spread),
            )

    def read(self, rows: Sequence[Row], part: str) -> None:
        """Add a part of their facts to some rows."""
        _READ[part](self, rows)

    def _documents(self, rows: Sequence[Row]) -> None:
        manifests = said(self.moment, Kind.VERSION, {(row.blob, row.mode) for row in rows})
        beside = self._beside(rows)
        notes = said(self.moment, Kind.NOTES, set(beside.values()))
        for row in rows:
            file = beside.get((row.place, row.id, row.spread))
            _fill(row, manifests[row.blob, row.mode], notes[file] if file else NOTHING)
            row.notes = file[0] if file and not row.problem else ""

    def _texts(self, rows: Sequence[Row]) -> None:
        manifests = texts(self.moment, Kind.VERSION, {(row.blob, row.mode) for row in rows})
        beside = self._beside(rows)
        notes = texts(self.moment, Kind.NOTES, set(beside.values()))
        for row in rows:
            said_of_it = manifests.get((row.blob, row.mode))
            if said_of_it is not None:
                added = notes.get(beside.get((row.place, row.id, row.spread), _NO_FILE))
                row.words |= filled({"artifact": said_of_it, "notes": added})

    def _beside(self, rows: Sequence[Row]) -> Mapping[tuple[int, str, bool], tuple[str, int]]:
        """Return the notes beside each manifest that has some."""
        return {
            (place, version, bool(spread)): (blob, mode)
            for place, ids in _ids(rows)
            for version, spread, blob, mode in asked(
                self.moment, _NOTED + " AND name IN ({names})", ids, place
            )
        }

    def _numbers(self, rows: Sequence[Row]) -> None:
        # Before a collection was renamed to this path, a version may have had another number: the later
        # one counts.
        numbers = {
            (place, version): (number, came)
            for place, ids in _ids(rows)
            for version, number, came in asked(
                self.moment, _NUMBERS + " AND version IN ({names}) ORDER BY +since", ids, place
            )
        }
        for row in rows:
            row.number, came = numbers[row.place, row.id]
            row.provisional = not self.moment.line.is_published(came)
            row.facts |= {"version": f"v{row.number}", "number": row.number}

    def _aliases(self, rows: Sequence[Row]) -> None:
        lacking = {row.place for row in rows}.difference(self._pointing)
        self._pointing |= {place: _by_version(aliases) for place, aliases in pointing(self.moment, lacking)}
        for row in rows:
            row.aliases = tuple(sorted(self._pointing.get(row.place, {}).get(row.id, ())))
            row.facts |= filled({"alias": row.aliases})

    def _add_latest(self, rows: Sequence[Row]) -> None:
        for row in rows:
            if row.place not in self._latest:
                self._latest[row.place] = self.moment.latest(row.path)
            if self._latest[row.place] == row.id:
                row.facts["alias"] = (*row.aliases, "latest")

    def _times(self, rows: Sequence[Row]) -> None:
        changed = {(row.place, row.id): row.since for row in rows}
        for place, ids in _ids(rows):
            for version, at in self._noted(place, ids):
                changed[place, version] = max(changed[place, version], at)
        when = instants(self.moment, {row.since for row in rows} | set(changed.values()))
        for row in rows:
            row.facts |= {"linked_at": when[row.since], "updated_at": when[changed[row.place, row.id]]}

    def _noted(self, place: int, ids: Sequence[str]) -> Iterator[tuple[str, int]]:
        """Yield (id, position) of the steps that changed a version's notes, or took them away."""
        for version, since, until in asked(self.moment, _CHANGED, ids, place):
            yield version, since
            if until != OPEN:
                yield version, until


_READ: Mapping[str, Callable[[Versions, Sequence[Row]], None]] = {
    "documents": Versions._documents,
    "texts": Versions._texts,
    "numbers": Versions._numbers,
    "aliases": Versions._aliases,
    "latest": Versions._add_latest,
    "times": Versions._times,
}


def _ids(rows: Sequence[Row]) -> Iterator[tuple[int, list[str]]]:
    return by_place([(row.place, row.id) for row in rows])


def pointing(
    moment: Moment, places: Collection[int], names: Collection[str] = ()
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Yield of each of some collections that has any: alias → id, an empty one where that can't be read.

    Args:
        moment: when.
        places: the collections.
        names: of the aliases; all if empty.
    """
    found = [row for row in asked(moment, _POINTING, places) if not names or row[1] in names]
    documents = said(moment, Kind.ALIAS, {(blob, mode) for *_, blob, mode in found})
    for place, some in by_place([(place, file) for place, *file in found]):
        yield (
            place,
            {name: documents[blob, mode].facts.get("version", "") for name, blob, mode in some},
        )


def _by_version(aliases: Mapping[str, str]) -> Mapping[str, Sequence[str]]:
    """Return id → the aliases that point at it."""
    found: dict[str, list[str]] = {}
    for alias, version in aliases.items():
        found.setdefault(version, []).append(alias)
    return found


def _fill(row: Row, manifest: Said, notes: Said) -> None:
    path = manifest_path(row.path, row.id, spread=row.spread)
    if manifest.problem:
        row.problem = f"{path}: {manifest.problem}"
        return
    if notes.problem:
        row.problem = f"{notes_path(path)}: {notes.problem}"
    there, added = manifest.facts, notes.facts
    same = ("digest", "artifact", "type", "size")
    merged = {name: {**there.get(name, {}), **added.get(name, {})} for name in ("metadata", "metrics")}
    row.facts |= filled(
        {
            **{name: there[name] for name in same},
            "created_at": there["created"],
            "description": added.get("description"),
            "tag": tuple(added.get("tags", ())),
            **merged,
            "run": tuple(known_by.run(there.get("run"))),
            "source": tuple(known_by.source(there.get("source"))),
        }
    )
