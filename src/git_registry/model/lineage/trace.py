"""Following what documents record, up to what something was made from and down to what was made from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from git_registry.model.lineage.edges import Edge, Relation, Way
from git_registry.model.lineage.graph import Description, Graph, Reach
from git_registry.model.lineage.nodes import Node

_ORDER = {relation: place for place, relation in enumerate(Relation)}

EdgesOf: TypeAlias = Callable[[Node], Iterable[Edge]]


class Known(Protocol):
    """Every edge that some document records, and what is known of its ends.

    An edge is found at both its ends, whoever recorded it: of a run whose document is not here, the
    manifests of what it made still tell something.
    """

    def upstream(self, node: Node) -> Iterable[Edge]:
        """Return the edges whose `downstream` is this node; none for one nobody knows."""
        ...

    def downstream(self, node: Node) -> Iterable[Edge]:
        """Return the edges whose `upstream` is this node; none for one nobody knows."""
        ...

    def describe(self, node: Node) -> Description:
        """Return what is known of a node; `graph.unseen` says it of one that is not here."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How far a trace goes.

    Attributes:
        depth: how many edges away from the start; None is all the way.
        widest: how many edges of one node; None is all.
    """

    depth: int | None = None
    widest: int | None = None


NO_LIMITS = Limits()
BOTH_WAYS = (Way.UP, Way.DOWN)


def trace(known: Known, start: Node, ways: Iterable[Way] = BOTH_WAYS, *, limits: Limits = NO_LIMITS) -> Graph:
    """Return what `start` was made from, what was made from it, or both.

    What lies beyond the limits is counted, not followed.
    """
    edges_of: dict[Way, EdgesOf] = {Way.UP: known.upstream, Way.DOWN: known.downstream}
    reaches = {way: _reach(edges_of[way], start, way, limits) for way in ways}
    ends = (end for reach in reaches.values() for edge in reach.edges for end in (edge.start, edge.end))
    nodes = {node: known.describe(node) for node in dict.fromkeys((start, *ends))}
    return Graph(start, nodes, reaches)


def _reach(edges_of: EdgesOf, start: Node, way: Way, limits: Limits) -> Reach:
    found: list[Edge] = []
    left_out: dict[Node, int] = {}
    seen, level, depth = {start}, [start], 0
    while level:
        most = 0 if depth == limits.depth else limits.widest
        following: dict[Node, None] = {}
        for node in level:
            edges = _in_order(edges_of(node))
            kept = edges[:most]
            if len(edges) > len(kept):
                left_out[node] = len(edges) - len(kept)
            found += kept
            following.update(dict.fromkeys(edge.far(way) for edge in kept))
        level = [node for node in following if node not in seen]
        seen.update(level)
        depth += 1
    return Reach(tuple(found), left_out)


def _in_order(edges: Iterable[Edge]) -> list[Edge]:
    """Return the edges, each once though two documents may record it, by relation and else as they came."""
    return sorted(dict.fromkeys(edges), key=lambda edge: _ORDER[edge.relation])
