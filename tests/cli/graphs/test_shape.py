"""A lineage graph as a program reads it."""

from __future__ import annotations

import json

from git_registry.cli.graphs import shape
from git_registry.cli.output import to_json
from git_registry.model.lineage.nodes import parse_key

from .example import CODE, CUSTOMERS, GRAPH, MODEL, RAW, RUN


def test_nodes_with_what_is_known_of_them():
    nodes = {one["key"]: one for one in shape.graph(GRAPH)["nodes"]}

    assert [parse_key(key) for key in nodes] == list(GRAPH.nodes)
    assert nodes[MODEL.key] == {
        "key": f"version:model/churn@{MODEL.id}",
        "kind": "version",
        "label": "model/churn:v3",
        "place": "model/churn",
        "id": MODEL.id,
        "repository": None,
        "state": "linked",
        "aliases": ["production", "staging"],
    }
    assert {(one["kind"], one["state"]) for one in nodes.values()} == {
        ("version", "linked"),
        ("version", "unlinked"),
        ("version", "missing"),
        ("version", "elsewhere"),
        ("run", "recorded"),
        ("code", None),
        ("data", None),
    }


def test_edges_and_what_was_left_out():
    document = shape.graph(GRAPH)

    assert document["start"] == MODEL.key
    assert len(document["edges"]) == 7
    assert {
        "from": RUN.key,
        "relation": "used",
        "to": CUSTOMERS.key,
        "used_as": "train",
        "dirty": False,
    } in document["edges"]
    assert {
        "from": RUN.key,
        "relation": "ran",
        "to": CODE.key,
        "used_as": None,
        "dirty": True,
    } in document["edges"]
    assert document["left_out"] == [
        {"node": RAW.key, "direction": "up", "edges": 2},
        {"node": MODEL.key, "direction": "down", "edges": 9_990},
    ]


def test_it_is_json():
    document = shape.graph(GRAPH)

    assert json.loads(to_json(document)) == document
