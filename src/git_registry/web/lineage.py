"""Where something comes from and what came of it, as a graph that a script draws and as lists to be read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from git_registry.model.lineage.condensing import condensed
from git_registry.model.lineage.edges import Edge, Relation, Way
from git_registry.model.lineage.graph import Graph, State
from git_registry.model.lineage.nodes import Node, Run, Version
from git_registry.model.lineage.trace import Limits
from git_registry.sdk import tracing
from git_registry.web.addresses import Address, of
from git_registry.web.facts import facts
from git_registry.web.page import Data
from git_registry.web.site import Site
from git_registry.wording.letters import seen
from git_registry.wording.lineage import related, state

FILE = "lineage.json"
"""What the graph is called beside the page of a version or a run."""

LIMITS = Limits(depth=2, widest=20)
"""How far one graph goes; each node that has a page has a graph of its own, where it goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch:
    """Something on the way up or down, and what lies beyond it.

    Attributes:
        words: how it is related to what it hangs from: `used by`.
        there: its page; None if it has none.
        below: what lies beyond it; of what stood in the list before, nothing.
        left_out: how much more lies beyond it that is not told.
    """

    words: str
    kind: str
    label: str
    state: str
    aliases: tuple[str, ...]
    there: Address | None
    below: tuple[Branch, ...]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lineage:
    """What a page tells of where its subject comes from and what came of it.

    Attributes:
        origins: all that its own document says it comes from, nothing beyond.
        up, down: the way to it, and from it; what is said twice is told once.
        more_up, more_down: how many next to it are left out.
        linked: where else the same version of a project is linked.
        file: where the graph is.
    """

    origins: tuple[Branch, ...]
    up: tuple[Branch, ...]
    down: tuple[Branch, ...]
    more_up: int
    more_down: int
    linked: tuple[Branch, ...]
    file: Address


def lineage(site: Site, text: str) -> Lineage:
    """Return the lineage of a version or a run, as lists.

    Raises:
        NotFound: there is nothing by that name.
    """
    graph = tracing.lineage(site.catalog, text, limits=LIMITS)
    once = condensed(graph)
    up, down = (_Unfolding(once, way) for way in (Way.UP, Way.DOWN))
    return Lineage(
        origins=_origins(site, text, graph),
        up=up.below(graph.start),
        down=down.below(graph.start),
        more_up=up.left_out(graph.start),
        more_down=down.left_out(graph.start),
        linked=_linked(site, graph),
        file=site.here.beside(FILE),
    )


def data(site: Site, text: str) -> Data:
    """Return the same as a graph, and what there is to say of its start; links are relative to where it lies.

    Raises:
        NotFound: there is nothing by that name.
    """
    graph = condensed(tracing.lineage(site.catalog, text, limits=LIMITS))
    left_out: dict[Node, dict[str, int]] = defaultdict(lambda: {"up": 0, "down": 0})
    for node, way, count in graph.left_out():
        left_out[node][way.value] = count
    edges = {(edge.upstream.key, edge.downstream.key, _flow(edge)): None for edge in graph.edges}
    return Data(
        {
            "start": graph.start.key,
            "facts": facts(site, graph.start, text),
            "nodes": [{**_node(site, graph, one), "left_out": left_out[one]} for one in graph.nodes],
            "edges": [{"from": one, "to": other, "words": words} for one, other, words in edges],
        }
    )


def _origins(site: Site, text: str, graph: Graph) -> tuple[Branch, ...]:
    if graph.start in graph.reaches[Way.UP].left_out:
        graph = tracing.lineage(site.catalog, text, [Way.UP], limits=Limits(depth=1))
    up = _Unfolding(graph, Way.UP)
    return tuple(replace(one, below=()) for one in up.below(graph.start))


def _linked(site: Site, graph: Graph) -> tuple[Branch, ...]:
    """Return what else is a link of the same version of a project; of that version, what is one of it."""
    sources = [
        edge.upstream
        for edge in graph.reaches[Way.UP].edges
        if edge.downstream == graph.start and edge.relation is Relation.LINKED_FROM
    ]
    source = next((one for one in sources if graph.nodes[one].state is State.LINKED), None)
    if source:
        label = graph.nodes[source].label
        graph = replace(tracing.lineage(site.catalog, label, [Way.DOWN], limits=_NEXT), start=graph.start)
    down = _Unfolding(graph, Way.DOWN)
    found = (
        replace(down.branch(edge), below=(), left_out=0)
        for edge in graph.reaches[Way.DOWN].edges
        if edge.relation is Relation.LINKED_FROM
        and edge.upstream == (source or graph.start)
        and edge.downstream != graph.start
        and graph.nodes[edge.downstream].state is State.LINKED
    )
    return tuple(sorted(found, key=lambda one: one.label))


_NEXT = Limits(depth=1, widest=20)


def _node(site: Site, graph: Graph, node: Node) -> Mapping[str, object]:
    known, there = graph.nodes[node], _page(graph, node)
    return {
        "key": node.key,
        "kind": node.kind,
        "label": seen(known.label),
        "state": state(known),
        "aliases": list(known.aliases),
        "href": site.link(there) if there else None,
        "data": site.link(there.beside(FILE)) if there else None,
    }


def _page(graph: Graph, node: Node) -> Address | None:
    """Return the page of what is here; what is elsewhere, or was unlinked, has none."""
    known = graph.nodes[node]
    match node:
        case Version() if known.state is State.LINKED:
            return of(known.label)
        case Run() if known.state is State.RECORDED:
            return Address(("projects", node.project, "runs", node.id))
    return None


def _flow(edge: Edge) -> str:
    """Return what an arrow from upstream to downstream is called: `used by, as train`."""
    return seen(", ".join([related(edge, Way.DOWN), *_circumstances(edge)]))


def _circumstances(edge: Edge) -> Iterator[str]:
    if edge.used_as:
        yield f"as {edge.used_as}"
    if edge.dirty:
        yield "with uncommitted changes"


class _Unfolding:
    """A graph as a list in one direction, nothing unfolded twice."""

    def __init__(self, graph: Graph, way: Way) -> None:
        self._graph = graph
        self._way = way
        self._unfolded: set[Node] = set()
        self._edges: dict[Node, list[Edge]] = defaultdict(list)
        for edge in graph.reaches[way].edges:
            self._edges[edge.near(way)].append(edge)

    def below(self, node: Node) -> tuple[Branch, ...]:
        """Return what lies next to a node, and beyond that."""
        if node in self._unfolded:
            return ()
        self._unfolded.add(node)
        return tuple(self.branch(edge) for edge in self._edges[node])

    def left_out(self, node: Node) -> int:
        """Return how much lies next to a node that the graph does not have."""
        return self._graph.reaches[self._way].left_out.get(node, 0)

    def branch(self, edge: Edge) -> Branch:
        """Return what an edge leads to, and beyond that."""
        node = edge.far(self._way)
        known = self._graph.nodes[node]
        return Branch(
            words=", ".join([related(edge, self._way), *_circumstances(edge)]),
            kind=node.kind,
            label=known.label,
            state=state(known),
            aliases=known.aliases,
            there=_page(self._graph, node),
            below=self.below(node),
            left_out=self.left_out(node),
        )
