"""Nodes and edges of a lineage graph in words."""

from __future__ import annotations

from collections.abc import Iterator

from git_registry.cli.output import cell
from git_registry.model.lineage.edges import Edge, Relation, Way
from git_registry.model.lineage.graph import Description, State

_RELATED = {
    (Relation.LINKED_FROM, Way.UP): "linked from",
    (Relation.LINKED_FROM, Way.DOWN): "linked as",
    (Relation.MADE, Way.UP): "made by",
    (Relation.MADE, Way.DOWN): "made",
    (Relation.RAN, Way.UP): "ran",
    (Relation.RAN, Way.DOWN): "ran in",
    (Relation.USED, Way.UP): "used",
    (Relation.USED, Way.DOWN): "used by",
}

_STATES = {
    State.UNLINKED: "unlinked",
    State.PURGED: "purged",
    State.MISSING: "not in this repository",
    State.ELSEWHERE: "in another repository",
}


def related(edge: Edge, way: Way) -> str:
    """Return how what lies in this direction is related to where one comes from: `used by`."""
    return _RELATED[edge.relation, way]


def flow(edge: Edge) -> str:
    """Return what an arrow from upstream to downstream is called: `used by, as train`."""
    return ", ".join([related(edge, Way.DOWN), *circumstances(edge)])


def circumstances(edge: Edge) -> Iterator[str]:
    """Yield what else is known of an edge."""
    if edge.used_as:
        yield f"as {cell(edge.used_as)}"
    if edge.dirty:
        yield "with uncommitted changes"


def named(description: Description) -> str:
    """Return a node's label, on one line and with nothing that steers a terminal."""
    return cell(description.label)


def marks(description: Description) -> Iterator[str]:
    """Yield what a reader should know of a node besides its name."""
    yield from map(cell, description.aliases)
    if description.state in _STATES:
        yield _STATES[description.state]


def called(description: Description) -> str:
    """Return `model/churn:v3 (production)`."""
    return " ".join([named(description), *(f"({mark})" for mark in marks(description))])


def more(count: int, *, others: bool) -> str:
    """Return what stands for edges that are left out, beside `others` or alone."""
    return f"… and {count:,} more" if others else f"… {count:,} more"
