"""Leaving out of a graph what it says twice, for people.

A linked manifest says again what the project's says, and both say again what their run says. An edge is left
out if the version's own source or run has the same one, and both are in the graph. So everything is reached
that was reached before; what is nowhere else stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import TypeAlias

from git_registry.model.lineage.edges import Edge, Relation
from git_registry.model.lineage.graph import Graph
from git_registry.model.lineage.nodes import Node

_ORIGIN = (Relation.LINKED_FROM, Relation.MADE)

_Claim: TypeAlias = tuple[Node, Relation, Node]


def condensed(graph: Graph) -> Graph:
    """Return the graph without edges that only repeat what a node's source or run says."""
    reaches = {
        way: replace(reach, edges=_without_repeats(reach.edges)) for way, reach in graph.reaches.items()
    }
    return replace(graph, reaches=reaches)


def _without_repeats(edges: tuple[Edge, ...]) -> tuple[Edge, ...]:
    claims: dict[_Claim, set[str | None]] = defaultdict(set)
    origins: dict[Node, list[Node]] = defaultdict(list)
    for edge in edges:
        claims[_claim(edge)].add(edge.used_as)
        if edge.relation in _ORIGIN:
            origins[edge.downstream].append(edge.upstream)
    kept = []
    for edge in edges:
        ends = (edge.start, edge.end)
        others = (origin for origin in origins[edge.downstream] if origin not in ends)
        if not _is_said(edge, others, claims):
            kept.append(edge)
            continue
        # What is left out vouches for nothing any more: in a circle, the last one stays.
        claims[_claim(edge)].discard(edge.used_as)
        if edge.relation in _ORIGIN:
            origins[edge.downstream].remove(edge.upstream)
    return tuple(kept)


def _claim(edge: Edge) -> _Claim:
    return edge.downstream, edge.relation, edge.upstream


def _is_said(edge: Edge, others: Iterable[Node], claims: dict[_Claim, set[str | None]]) -> bool:
    for other in others:
        roles = claims.get((other, edge.relation, edge.upstream), set())
        if edge.used_as in roles or (edge.used_as is None and roles):
            return True
    return False
