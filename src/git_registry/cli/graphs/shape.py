"""A lineage graph as the JSON that a program reads."""

from __future__ import annotations

from typing import Any, TypeAlias

from git_registry.model.lineage.edges import Edge
from git_registry.model.lineage.graph import Description, Graph
from git_registry.model.lineage.nodes import Code, Data, Node, Run, Version

Shape: TypeAlias = dict[str, Any]


def graph(found: Graph) -> Shape:
    """Return a graph; edges name nodes by their keys, `left_out` tells where there is more than this."""
    return {
        "start": found.start.key,
        "nodes": [node(one, description) for one, description in found.nodes.items()],
        "edges": [edge(one) for one in found.edges],
        "left_out": [
            {"node": one.key, "direction": way.value, "edges": count} for one, way, count in found.left_out()
        ],
    }


def node(one: Node, description: Description) -> Shape:
    """Return a node: its key, kind and label, what it is made of, and whether it is here."""
    return {
        "key": one.key,
        "kind": one.kind,
        "label": description.label,
        **_parts(one),
        "state": description.state.value if description.state else None,
        "aliases": list(description.aliases),
    }


def edge(one: Edge) -> Shape:
    """Return an edge: `from` used, made, ran or was linked from `to`."""
    return {
        "from": one.start.key,
        "relation": one.relation.value,
        "to": one.end.key,
        "used_as": one.used_as,
        "dirty": one.dirty,
    }


def _parts(one: Node) -> Shape:
    match one:
        case Version():
            return {"place": one.place, "id": one.id, "repository": one.repository}
        case Run():
            return {"project": one.project, "id": one.id}
        case Code():
            return {"repository": one.repository, "commit": one.commit}
        case Data():
            return {"uri": one.uri, "digest": str(one.digest) if one.digest else None}
