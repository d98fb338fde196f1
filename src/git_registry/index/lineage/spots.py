"""Where the document of a version or run is: in the registries at a moment, or on a project's branch.

A moment shows one branch. Lineage goes across, so the chains of projects are seen beside it, as far as each
is to count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from git_registry.index.events.renames import parts
from git_registry.index.kinds import KINDS, form
from git_registry.index.moment import Moment
from git_registry.model.layout import Kind
from git_registry.model.lineage.edges import artifact_at
from git_registry.model.lineage.nodes import Node, Run, Version

_VERSIONS = (KINDS[Kind.VERSION], KINDS[Kind.UNLINKED])


@dataclass(frozen=True, slots=True)
class Branch:
    """A project's branch as it is to be seen.

    Attributes:
        project: its name.
        ref: the branch whose chain tells of it.
        commit: the last step that counts. Where the chain does not hold it, all that it holds counts.
    """

    project: str
    ref: str
    commit: str


@dataclass(frozen=True, slots=True)
class Source:
    """Tables to look in, and what stands there that says where something comes from.

    Attributes:
        prefix: what a collection's path there has before it in lineage.
    """

    entries: str
    numbers: str
    recorders: tuple[int, ...]
    prefix: str = ""


REGISTRIES = Source("temp.now_entry", "temp.now_number", _VERSIONS)
PROJECTS = Source("temp.project_entry", "temp.project_number", (*_VERSIONS, KINDS[Kind.RUN]), "projects/")


@dataclass(frozen=True, slots=True)
class Spot:
    """Where one document is, or would be."""

    source: Source
    chain: int
    place: int | None
    name: str

    @property
    def key(self) -> tuple[int, int | None, str]:
        """Return the values by which its rows are found."""
        return self.chain, self.place, self.name


@dataclass(frozen=True, slots=True)
class Spots:
    """All there is to look in.

    Attributes:
        moment: shows the registries.
        chains: project → its chain, and the position up to which the numbers there are permanent.
    """

    moment: Moment
    chains: dict[str, tuple[int, int]]

    @classmethod
    def at(cls, moment: Moment, branches: Iterable[Branch]) -> Spots:
        """Return what there is at a moment, and on the branches of projects, whose chains are up to date."""
        return cls(moment, _look(moment, branches))

    @property
    def sources(self) -> Sequence[Source]:
        """Return where documents may speak of something."""
        return (REGISTRIES, PROJECTS) if self.chains else (REGISTRIES,)

    def of(self, node: Node) -> Spot | None:
        """Return where the document of a node would be; None if that is nowhere in this clone."""
        match node:
            case Run():
                return self._in_project(node.project, node.project, node.id)
            case Version(repository=None):
                logged = artifact_at(node.place)
                if logged:
                    return self._in_project(logged[0], "/".join(logged), node.id)
                return Spot(REGISTRIES, self.moment.line.on.id, self.moment.place(node.place), node.id)
        return None

    def _in_project(self, project: str, path: str, name: str) -> Spot | None:
        if project not in self.chains:
            return None
        return Spot(PROJECTS, self.chains[project][0], self.moment.place(path), name)

    def holding(self, blob: str, kind: int) -> Iterator[tuple[Spot, str, int]]:
        """Yield each spot where a document stands that is read as a kind, its path, and since which step."""
        found = dict.fromkeys(
            row
            for part, _ in parts(self.moment)
            for row in self.moment.rows(_HOLDING.format(part=part), blob, kind)
        )
        for chain, place, name, as_kind, path in found:
            source = REGISTRIES if chain == self.moment.line.on.id else PROJECTS
            if as_kind in source.recorders and source in self.sources:
                asked = _SINCE.format(entries=source.entries)
                for (since,) in self.moment.rows(asked, chain, place, name, as_kind, blob):
                    yield Spot(source, chain, place, name), path, since

    def kinds(self, spot: Spot) -> set[int]:
        """Return as what a version stands there: linked, unlinked, or not at all."""
        asked = (
            f"SELECT kind FROM {spot.source.entries}"
            f" WHERE chain = ? AND place = ? AND name = ? AND kind IN {_VERSIONS}"
        )
        return {kind for (kind,) in self.moment.rows(asked, *spot.key)}

    def is_published(self, chain: int, position: int) -> bool:
        """Is the step at a position permanent?"""
        if chain == self.moment.line.on.id:
            return self.moment.line.is_published(position)
        return any(position <= until for one, until in self.chains.values() if one == chain)


# Left alone, SQLite reads the whole chain.
_HOLDING = (
    "SELECT e.chain, e.place, e.name, e.kind, p.path FROM {part}.entry AS e INDEXED BY entry_blob"
    " CROSS JOIN main.place AS p ON p.id = e.place"
    f" WHERE e.blob = ? AND {form('e.kind')} = ?"
)
_SINCE = "SELECT since FROM {entries} WHERE chain = ? AND place = ? AND name = ? AND kind = ? AND blob = ?"

# A branch speaks for its own project alone. Joined in this order, the index that fits the question is used.
_VIEWS = """
DROP VIEW IF EXISTS temp.project_entry;
DROP VIEW IF EXISTS temp.project_number;
DROP TABLE IF EXISTS temp.project;
CREATE TEMP TABLE project(chain INTEGER PRIMARY KEY, name TEXT NOT NULL, position INTEGER NOT NULL);
CREATE TEMP VIEW project_entry AS
  SELECT e.* FROM main.entry AS e
  CROSS JOIN temp.project AS p ON p.chain = e.chain AND e.since <= p.position AND e.until > p.position
  CROSS JOIN main.place AS l
    ON l.id = e.place AND substr(l.path || '/', 1, length(p.name) + 1) = p.name || '/';
CREATE TEMP VIEW project_number AS
  SELECT n.* FROM main.number AS n
  CROSS JOIN temp.project AS p ON p.chain = n.chain AND n.since <= p.position;
"""
_CHAIN = (
    "SELECT c.id, ifnull((SELECT position FROM main.step WHERE commit_id = ? AND chain = c.id), c.position),"
    " ifnull((SELECT position FROM main.step WHERE commit_id = c.published AND chain = c.id), -1)"
    " FROM main.chain AS c WHERE c.ref = ?"
)


def _look(moment: Moment, branches: Iterable[Branch]) -> dict[str, tuple[int, int]]:
    """Make the connection see projects' branches as far as they count, besides what it sees.

    What it sees of them already stays: after each change of its views SQLite prepares every query anew.
    """
    wanted = tuple(branches)
    seen, chains = moment.remembered.pop(_SEEN, (None, {}))
    if seen != wanted:
        chains = _looked(moment, wanted)
    moment.remembered[_SEEN] = wanted, chains
    found: dict[str, tuple[int, int]] = chains
    return found


_SEEN = "branches of projects"


def _looked(moment: Moment, branches: Sequence[Branch]) -> dict[str, tuple[int, int]]:
    for statement in _VIEWS.split(";"):
        moment.rows(statement)
    found = {}
    for branch in branches:
        for chain, position, published in moment.rows(_CHAIN, branch.commit, branch.ref):
            moment.rows("INSERT INTO temp.project VALUES (?, ?, ?)", chain, branch.project, position)
            found[branch.project] = chain, position if moment.line.published is None else published
    return found
