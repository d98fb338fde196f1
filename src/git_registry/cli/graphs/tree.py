"""A lineage graph as a tree, for a terminal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from git_registry.cli.graphs import words
from git_registry.model.lineage.edges import Edge, Way
from git_registry.model.lineage.graph import Graph
from git_registry.model.lineage.nodes import Node
from git_registry.wording.lineage import related

_BRANCH, _LAST = ("├─ ", "│  "), ("└─ ", "   ")


@dataclass(frozen=True, slots=True)
class _Twig:
    """What hangs below a node: an edge in one direction, or the number of those that were left out."""

    way: Way
    edge: Edge | None
    text: str


_Twigs: TypeAlias = Mapping[tuple[Node, Way], list[_Twig]]


@dataclass(frozen=True, slots=True)
class _Branch:
    """A node that is being unfolded: what waits below it, the last first."""

    node: Node
    waiting: list[_Twig]
    indent: str


def lines(graph: Graph) -> Iterator[str]:
    """Yield the start, and below it everything that was found, nothing unfolded twice."""
    yield words.called(graph.nodes[graph.start])
    twigs = _twigs(graph)
    first = [twig for way in graph.reaches for twig in twigs[graph.start, way]]
    # No recursion: a model may be trained on from day to day for longer than Python's stack is deep.
    path = [_Branch(graph.start, first[::-1], "")]
    unfolded = {(graph.start, way) for way in graph.reaches}
    while path:
        branch = path[-1]
        if not branch.waiting:
            path.pop()
            continue
        twig = branch.waiting.pop()
        bend, past = _BRANCH if branch.waiting else _LAST
        far = twig.edge.far(twig.way) if twig.edge else branch.node
        below = twigs[far, twig.way] if twig.edge else []
        met = below and (far, twig.way) in unfolded
        mark = _mark(far, path) if met else ""
        yield f"{branch.indent}{bend}{twig.text}{mark}"
        if below and not met:
            unfolded.add((far, twig.way))
            path.append(_Branch(far, below[::-1], branch.indent + past))


def _mark(far: Node, path: list[_Branch]) -> str:
    return " (cycle)" if any(branch.node == far for branch in path) else " (see above)"


def _twigs(graph: Graph) -> _Twigs:
    twigs: dict[tuple[Node, Way], list[_Twig]] = defaultdict(list)
    for way, reach in graph.reaches.items():
        for edge in reach.edges:
            twigs[edge.near(way), way].append(_Twig(way, edge, _text(graph, edge, way)))
    for node, way, count in graph.left_out():
        beside = twigs[node, way]
        beside.append(_Twig(way, None, words.more(count, others=bool(beside))))
    return twigs


def _text(graph: Graph, edge: Edge, way: Way) -> str:
    far = words.called(graph.nodes[edge.far(way)])
    return ", ".join([f"{related(edge, way)} {far}", *words.circumstances(edge)])
