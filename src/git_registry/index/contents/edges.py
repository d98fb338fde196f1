"""Edges of a lineage graph as rows. A document is read once, wherever it stands, so where that is stays open.

It is left empty: a manifest speaks of `version:@3fa9…`, itself; a run of `run:@`, and of
`version:projects//churn-xgb@3fa9…`, which it made in its own project.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from git_registry.model.documents.manifest import Manifest
from git_registry.model.documents.record import Document
from git_registry.model.documents.run import Run as RunDocument
from git_registry.model.lineage.edges import (
    Edge,
    Relation,
    artifact_at,
    artifact_place,
    edges_of_manifest,
    edges_of_run,
)
from git_registry.model.lineage.nodes import Node, Run, Version, parse_key

COLUMNS = "relation, upstream, downstream, used_as, dirty"


def recorded(document: Document) -> Iterator[Edge]:
    """Yield the edges that a document records, wherever it stands."""
    match document:
        case Manifest():
            yield from edges_of_manifest("", document)
        case RunDocument():
            yield from edges_of_run("", "", document)


def row(edge: Edge) -> tuple[str, str, str, str | None, bool]:
    """Return an edge as the table has it."""
    return edge.relation.value, edge.upstream.key, edge.downstream.key, edge.used_as, edge.dirty


def keys(node: Node, organization: str) -> tuple[str, ...]:
    """Return by which keys a document may speak of a node, if it does not stand there itself.

    Args:
        node: what is spoken of.
        organization: our own name, which may stand in a document.
    """
    if not isinstance(node, Version) or node.repository is not None:
        return (node.key,)
    names = [node.key, replace(node, repository=organization).key]
    logged = artifact_at(node.place)
    if logged:
        names.append(replace(node, place=artifact_place("", logged[1])).key)
    return tuple(names)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a document stands, and in whose repository.

    Attributes:
        place: of a manifest `model/churn` or `projects/churn/churn-xgb`, of a run its project.
        name: the version's id, or the run's.
        organization: our own name; what is said to be in that repository is in this one.
    """

    place: str
    name: str
    organization: str

    def edge(self, row: Sequence[Any]) -> Edge | None:
        """Return the edge of a row, as the document says it here; None if it speaks of another's files."""
        relation, upstream, downstream, used_as, dirty = row
        above, below = self._node(parse_key(upstream)), self._node(parse_key(downstream))
        if above is None or below is None:
            return None
        if above == below and relation == Relation.LINKED_FROM.value:
            return None  # what is logged in a project says itself where links of it come from
        made = relation == Relation.MADE.value
        start, end = (above, below) if made else (below, above)
        return Edge(start, Relation(relation), end, used_as, bool(dirty))

    def _node(self, node: Node) -> Node | None:
        match node:
            case Version(place=""):
                # A manifest under another's name is nobody's.
                return replace(node, place=self.place) if node.id == self.name else None
            case Version(repository=self.organization):
                return replace(node, repository=None)
            case Version():
                project, artifact = artifact_at(node.place) or (None, "")
                return replace(node, place=artifact_place(self.place, artifact)) if project == "" else node
            case Run(project=""):
                return Run(self.place, self.name)
        return node
