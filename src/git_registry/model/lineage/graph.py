"""What a trace found: nodes with what is known of them, and edges in either direction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum

from git_registry.model.lineage.edges import Edge, Way
from git_registry.model.lineage.nodes import Node, Run, Version


class State(Enum):
    """Whether a version or run is here. Code and data have none: they are never in a registry."""

    LINKED = "linked"
    UNLINKED = "unlinked"
    PURGED = "purged"
    RECORDED = "recorded"
    """A run's document is here."""
    MISSING = "missing"
    """It would have to be in this repository, and is not."""
    ELSEWHERE = "elsewhere"
    """It is in another repository."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What is known of a node.

    Attributes:
        label: what a person calls it: `model/churn:v3`.
        state: is it here?
        aliases: what points at it.
    """

    label: str
    state: State | None = None
    aliases: tuple[str, ...] = ()


def unseen(node: Node) -> Description:
    """Return what can be said of a node by its name alone."""
    match node:
        case Version(repository=None) | Run():
            return Description(label=node.label, state=State.MISSING)
        case Version():
            return Description(label=node.label, state=State.ELSEWHERE)
    return Description(label=node.label)


@dataclass(frozen=True, slots=True)
class Reach:
    """What was found in one direction.

    Attributes:
        edges: nearest first.
        left_out: how many edges of a node were not followed, because it was too far or had too many.
    """

    edges: tuple[Edge, ...]
    left_out: Mapping[Node, int]


@dataclass(frozen=True, slots=True)
class Graph:
    """Where something comes from and what came of it, as far as was asked.

    Attributes:
        start: what was asked about.
        nodes: everything in it, the start first.
        reaches: what was found in each direction that was asked for.
    """

    start: Node
    nodes: Mapping[Node, Description]
    reaches: Mapping[Way, Reach]

    @property
    def edges(self) -> tuple[Edge, ...]:
        """Return all edges, each once."""
        return tuple(dict.fromkeys(edge for reach in self.reaches.values() for edge in reach.edges))

    def left_out(self) -> Iterator[tuple[Node, Way, int]]:
        """Yield (node, direction, how many more edges it has there)."""
        for way, reach in self.reaches.items():
            yield from ((node, way, count) for node, count in reach.left_out.items())
