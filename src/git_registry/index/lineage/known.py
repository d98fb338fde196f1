"""Lineage as the index knows it, over the registries and every project's branch."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter
from typing import Any

from git_registry.index.contents.edges import COLUMNS, Standing, keys
from git_registry.index.events.renames import renames
from git_registry.index.kinds import form
from git_registry.index.lineage.describing import Describing
from git_registry.index.lineage.spots import REGISTRIES, Spots
from git_registry.model.lineage.edges import Edge
from git_registry.model.lineage.graph import Description
from git_registry.model.lineage.nodes import Node, Run, Version

_EDGE = ", ".join(f"g.{column}" for column in COLUMNS.split(", "))
_SAID = (
    f"SELECT {_EDGE} FROM {{entries}} AS e"
    f" CROSS JOIN main.content AS c ON c.blob = e.blob AND c.form = {form('e.kind')}"
    " CROSS JOIN main.edge AS g ON g.content = c.id"
    " WHERE e.chain = ? AND e.place = ? AND e.name = ? AND e.kind IN {recorders} ORDER BY g.ordinal"
)
_SPOKEN_OF = (
    f"SELECT c.blob, c.form, {_EDGE} FROM main.edge AS g CROSS JOIN main.content AS c ON c.id = g.content"
    " WHERE g.{end} IN (SELECT value FROM json_each(?)) ORDER BY g.content, g.ordinal"
)


@dataclass(frozen=True, slots=True)
class Lineage:
    """What is known at a moment, as `model.lineage.trace` asks for it.

    Attributes:
        spots: where documents are looked up.
        organization: our own name.
        renamed: old path → the path a collection was renamed to.
    """

    spots: Spots
    organization: str
    renamed: Mapping[str, str]
    describing: Describing

    @classmethod
    def over(cls, spots: Spots, organization: str) -> Lineage:
        """Return the lineage that the documents there tell of, in an organization of this name."""
        renamed = {one.before: one.after for one in renames(spots.moment)}
        return cls(spots, organization, renamed, Describing(spots))

    def upstream(self, node: Node) -> list[Edge]:
        """Return the edges whose `downstream` is this node; first those that its own document records."""
        return [edge for edge in self._told(node, "downstream") if edge.downstream == node]

    def downstream(self, node: Node) -> list[Edge]:
        """Return the edges whose `upstream` is this node; what was recorded last comes first."""
        return [edge for edge in self._told(node, "upstream") if edge.upstream == node]

    def describe(self, node: Node) -> Description:
        """Return what is known of a node."""
        return self.describing.describe(node)

    def current(self, node: Node) -> Node:
        """Return a version where it stands, if it is named by a path its collection had before."""
        seen = [node]
        while isinstance(node, Version) and node.place in self.renamed and not self._stands(node):
            node = replace(node, place=self.renamed[node.place])
            if node in seen:
                return seen[0]
            seen.append(node)
        return node

    def _stands(self, node: Node) -> bool:
        spot = self.spots.of(node)
        return bool(spot and self.spots.kinds(spot))

    def _told(self, node: Node, end: str) -> Iterator[Edge]:
        """Yield what the node's own document says, then what others say with this node at that end."""
        yield from self._said(node)
        names = json.dumps([key for one in self._known_as(node) for key in keys(one, self.organization)])
        rows = self.spots.moment.rows(_SPOKEN_OF.format(end=end), names)
        yield from self._spoken(rows)

    def _said(self, node: Node) -> Iterator[Edge]:
        spot = self.spots.of(node)
        if spot is None or not isinstance(node, Version | Run):
            return
        asked = _SAID.format(entries=spot.source.entries, recorders=spot.source.recorders)
        place = node.place if isinstance(node, Version) else node.project
        for row in self.spots.moment.rows(asked, *spot.key):
            yield from self._edge(row, place, node.id)

    def _spoken(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[Edge]:
        """Yield what documents say, first those of registries, and what was recorded last before the rest."""
        found = [
            (spot.source is REGISTRIES, since, spot, path, row)
            for blob, kind, *row in rows
            for spot, path, since in self.spots.holding(blob, kind)
        ]
        for _, _, spot, path, row in sorted(found, key=itemgetter(0, 1), reverse=True):
            yield from self._edge(row, spot.source.prefix + path if "/" in path else path, spot.name)

    def _edge(self, row: Sequence[Any], place: str, name: str) -> Iterator[Edge]:
        edge = Standing(place, name, self.organization).edge(row)
        if edge is not None:
            yield replace(edge, start=self.current(edge.start), end=self.current(edge.end))

    def _known_as(self, node: Node) -> list[Node]:
        """Return a node under all names it ever had."""
        names = [node]
        for one in names:
            if isinstance(one, Version) and one.repository is None:
                before = (replace(one, place=old) for old, new in self.renamed.items() if new == one.place)
                names += [older for older in before if older not in names]
        return names
