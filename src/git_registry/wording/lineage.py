"""What lies on the way from what a version was made of to what was made of it, in words."""

from __future__ import annotations

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


def state(description: Description) -> str:
    """Return what became of a node; empty if it is where it should be."""
    return _STATES.get(description.state, "") if description.state else ""
