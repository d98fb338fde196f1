"""A lineage graph as boxes and arrows, which DOT and Mermaid spell each in their own way.

Arrows go from what was there first to what came of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from git_registry.cli.graphs import words
from git_registry.model.lineage.edges import Way
from git_registry.model.lineage.graph import Graph


@dataclass(frozen=True, slots=True)
class Box:
    """A node, or what stands for those that were left out.

    Attributes:
        name: `n0`, which no name from a document can be mistaken for.
        kind: the kind of node, or `more`.
        label: as a person reads it, on one line, not yet quoted.
    """

    name: str
    kind: str
    label: str


@dataclass(frozen=True, slots=True)
class Arrow:
    """An edge between two boxes, by their names."""

    start: str
    end: str
    label: str


def boxes(graph: Graph) -> Iterator[Box]:
    """Yield a box for each node, and for what was left out."""
    for number, (node, description) in enumerate(graph.nodes.items()):
        yield Box(f"n{number}", node.kind, words.called(description))
    for number, (_, _, count) in enumerate(graph.left_out()):
        yield Box(f"m{number}", "more", words.more(count, others=False))


def arrows(graph: Graph) -> Iterator[Arrow]:
    """Yield an arrow for each edge, and one to or from each box of what was left out."""
    names = {node: f"n{number}" for number, node in enumerate(graph.nodes)}
    for edge in graph.edges:
        yield Arrow(names[edge.upstream], names[edge.downstream], words.flow(edge))
    for number, (node, way, _) in enumerate(graph.left_out()):
        ends = (f"m{number}", names[node])
        yield Arrow(*(ends if way is Way.UP else ends[::-1]), "")
