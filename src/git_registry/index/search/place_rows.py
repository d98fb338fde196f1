"""Registries and collections as a search sees them. They are few: all are looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import ClassVar, NamedTuple

from git_registry.index.batches import asked
from git_registry.index.chains.chain import NOWHERE
from git_registry.index.contents.documents import said, texts
from git_registry.index.events.renames import parts
from git_registry.index.kinds import KINDS
from git_registry.index.moment import Moment
from git_registry.index.search.row import Row, Thing, filled, instants
from git_registry.model.layout import Kind, collection_path, registry_path

_STANDING = "SELECT place, since, blob, mode, name FROM temp.now_entry WHERE kind = ? AND place IN ({names})"
"""By place, because SQLite takes a kind alone for nothing to seek by."""
_EVER = "SELECT since, until, place FROM temp.ever_entry WHERE kind = ? AND place IN ({names})"
_LAST = (
    "SELECT max(position) FROM {part}.event INDEXED BY event_{about}"
    " WHERE chain = ? AND {about} = ? AND position <= ?"
)
_CARDS = {"registry": KINDS[Kind.REGISTRY_CARD], "collection": KINDS[Kind.COLLECTION_CARD]}
_DOCUMENTS = {"registry": Kind.REGISTRY, "collection": Kind.COLLECTION}
_PATHS = {"registry": registry_path, "collection": collection_path}
_ABOUT = {"registry": "above", "collection": "place"}
"""The column of an event that says what it happened in."""


class Standing(NamedTuple):
    """A registry or a collection that is there, with the file that says so."""

    path: str
    place: int
    since: int
    blob: str
    mode: int

    @property
    def row(self) -> Row:
        """Return it as a search sees it."""
        _, inside, name = self.path.partition("/")
        facts = {"name": name, "path": self.path} if inside else {"name": self.path}
        kind: Thing = "collection" if inside else "registry"
        return Row(kind=kind, facts=facts, **self._asdict())


def registries(moment: Moment) -> Sequence[Standing]:
    """Return the registries that are there, by name."""
    return _there(moment, Kind.REGISTRY)


def collections(moment: Moment) -> Sequence[Standing]:
    """Return the collections that are there, in registries or projects that are, by path."""
    known = "collections"
    if known not in moment.remembered:
        above = {one.path for kind in (Kind.REGISTRY, Kind.PROJECT) for one in _there(moment, kind)}
        there = _there(moment, Kind.COLLECTION)
        moment.remembered[known] = [one for one in there if one.path.partition("/")[0] in above]
    found: Sequence[Standing] = moment.remembered[known]
    return found


def _there(moment: Moment, kind: Kind) -> Sequence[Standing]:
    like = "'%/%'" if kind is Kind.COLLECTION else "'%' AND path NOT LIKE '%/%'"
    paths = dict(moment.rows(f"SELECT id, path FROM main.place WHERE path LIKE {like}"))
    found = asked(moment, _STANDING, paths, KINDS[kind])
    return sorted(Standing(paths[place], place, *file) for place, *file, _ in found)


class Places:
    """What is known of registries, or of collections."""

    parts: ClassVar[Mapping[str, frozenset[str]]] = {
        "documents": frozenset({"title", "description", "tag", "type"}),
        "texts": frozenset({"words"}),
        "cards": frozenset({"words"}),
        "aliases": frozenset({"alias"}),
        "created": frozenset({"created_at"}),
        "updated": frozenset({"updated_at"}),
    }
    shown: ClassVar[Sequence[str]] = ("documents",)

    def __init__(self, moment: Moment) -> None:
        self.moment = moment

    def read(self, rows: Sequence[Row], part: str) -> None:
        """Add a part of their facts to some rows, all of one kind."""
        if rows:
            _READ[part](self, rows)

    def _documents(self, rows: Sequence[Row]) -> None:
        kind = rows[0].kind
        documents = said(self.moment, _DOCUMENTS[kind], {(row.blob, row.mode) for row in rows})
        for row in rows:
            document = documents[row.blob, row.mode]
            if document.problem:
                row.problem = f"{_PATHS[kind](row.path)}: {document.problem}"
            facts = document.facts
            row.facts |= filled(
                {
                    "title": facts.get("title"),
                    "description": facts.get("description"),
                    "tag": tuple(facts.get("tags", ())),
                    "type": facts["type"] if "type" in facts else tuple(facts.get("types", ())),
                }
            )

    def _texts(self, rows: Sequence[Row]) -> None:
        documents = texts(self.moment, _DOCUMENTS[rows[0].kind], {(row.blob, row.mode) for row in rows})
        for row in rows:
            text = documents.get((row.blob, row.mode))
            row.words |= filled({"path": row.path.casefold(), "document": text})

    def _cards(self, rows: Sequence[Row]) -> None:
        found = asked(self.moment, _STANDING, [row.place for row in rows], _CARDS[rows[0].kind])
        files = {place: (blob, mode) for place, _, blob, mode, _ in found}
        cards = texts(self.moment, Kind.COLLECTION_CARD, set(files.values()))
        for row in rows:
            row.words |= filled({"card": cards.get(files[row.place]) if row.place in files else None})

    def _aliases(self, rows: Sequence[Row]) -> None:
        known = self.moment.remembered.setdefault("aliases", {})
        lacking = [row.place for row in rows if row.place not in known]
        known |= {place: [] for place in lacking}
        for place, _, _, _, name in asked(self.moment, _STANDING, lacking, KINDS[Kind.ALIAS]):
            known[place].append(name)
        for row in rows:
            row.aliases = tuple(sorted(known[row.place]))
            row.facts |= filled({"alias": row.aliases})

    def _created(self, rows: Sequence[Row]) -> None:
        came = _arrivals(self.moment, rows)
        when = instants(self.moment, set(came.values()))
        for row in rows:
            row.facts["created_at"] = when[came[row.place]]

    def _updated(self, rows: Sequence[Row]) -> None:
        changed = {row.place: max(row.since, _last(self.moment, row)) for row in rows}
        when = instants(self.moment, set(changed.values()))
        for row in rows:
            row.facts["updated_at"] = when[changed[row.place]]


_READ: Mapping[str, Callable[[Places, Sequence[Row]], None]] = {
    "documents": Places._documents,
    "texts": Places._texts,
    "cards": Places._cards,
    "aliases": Places._aliases,
    "created": Places._created,
    "updated": Places._updated,
}


def _last(moment: Moment, row: Row) -> int:
    """Return the last step in which anything happened there."""
    on, about = moment.line.on.id, _ABOUT[row.kind]
    return max(
        NOWHERE if position is None else position
        for part, last in parts(moment)
        for (position,) in moment.rows(_LAST.format(part=part, about=about), on, row.place, last)
    )


def _arrivals(moment: Moment, rows: Sequence[Row]) -> dict[int, int]:
    """Return place → the step in which its document came that has been there, edited or not, since then."""
    came = {row.place: row.since for row in rows}
    earlier = asked(moment, _EVER, came, KINDS[_DOCUMENTS[rows[0].kind]])
    for since, until, place in sorted(earlier, reverse=True):
        if since < came[place] <= until:
            came[place] = since
    return came
