"""Lineage in memory: edges by their ends, what the index is to the verb."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping

from git_registry.model.lineage.edges import Edge, Relation
from git_registry.model.lineage.graph import Description, State, unseen
from git_registry.model.lineage.nodes import Node, Version

LINKED, MADE, RAN, USED = Relation


class Recorded:
    """Edges, and the nodes that are here by what they are called.

    Attributes:
        asked: how often each node's edges were asked for.
    """

    def __init__(self, edges: Iterable[Edge], here: Mapping[Node, str] | None = None) -> None:
        self.here = dict(here or {})
        self.asked: Counter[Node] = Counter()
        self._above: dict[Node, list[Edge]] = defaultdict(list)
        self._below: dict[Node, list[Edge]] = defaultdict(list)
        for edge in edges:
            self._above[edge.downstream].append(edge)
            self._below[edge.upstream].append(edge)

    def upstream(self, node: Node) -> Iterable[Edge]:
        self.asked[node] += 1
        return self._above[node]

    def downstream(self, node: Node) -> Iterable[Edge]:
        self.asked[node] += 1
        return self._below[node]

    def describe(self, node: Node) -> Description:
        if node not in self.here:
            return unseen(node)
        state = State.LINKED if isinstance(node, Version) else State.RECORDED
        return Description(label=self.here[node], state=state)


def version(name, place="model/churn", repository=None):
    """Return a version whose id is made of this letter or digit."""
    return Version(place, name * 32, repository)


def used(user, *inputs):
    """Return that one node used others."""
    return [Edge(user, USED, one) for one in inputs]
