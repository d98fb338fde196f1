"""A lineage graph in DOT, read back by the language's own rules for strings."""

from __future__ import annotations

import html
import re

from hypothesis import given

from git_registry.cli.graphs import dot
from git_registry.cli.output import cell

from .example import GRAPH, STARS

# What stands between quotes in DOT: anything but a quote, or a backslash and what it escapes.
_STRING = r'"((?:[^"\\]|\\.)*)"'
_NODE = re.compile(rf"  ([nm]\d+) \[shape=\w+, label={_STRING}\];")
_EDGE = re.compile(rf"  ([nm]\d+) -> ([nm]\d+) \[label={_STRING}\];")


def shown(label):
    """Return what Graphviz shows for a label: escapes first, then entities."""
    assert not re.search(r'(?<!\\)(?:\\\\)*\\[^\\"]', label), "an escape such as \\N"
    return html.unescape(re.sub(r"\\(.)", r"\1", label))


def read(lines):
    """Return (name → label, edges) of the DOT we write; anything else in it is a mistake."""
    opening, direction, *body, closing = lines
    assert (opening, direction, closing) == ("digraph lineage {", "  rankdir=LR;", "}")
    nodes, edges = {}, []
    for line in body:
        node, edge = _NODE.fullmatch(line), _EDGE.fullmatch(line)
        assert node or edge, line
        if node:
            nodes[node[1]] = shown(node[2])
        else:
            edges.append((edge[1], edge[2], shown(edge[3])))
    return nodes, edges


def test_a_graph():
    nodes, edges = read(dot.lines(GRAPH))

    assert nodes["n0"] == "model/churn:v3 (production) (staging)"
    assert [label for name, label in nodes.items() if name[0] == "m"] == ["… 2 more", "… 9,990 more"]
    assert edges == [
        ("n1", "n0", "linked as"),
        ("n2", "n1", "made"),
        ("n3", "n2", "ran in, with uncommitted changes"),
        ("n4", "n2", "used by, as train"),
        ("n5", "n2", "used by"),
        ("n6", "n4", "used by"),
        ("n0", "n7", "used by"),
        ("m0", "n6", ""),
        ("n0", "m1", ""),
    ]


@given(STARS)
def test_any_name_is_shown_as_it_is(graph):
    nodes, edges = read(dot.lines(graph))

    assert list(nodes.values()) == [cell(description.label) for description in graph.nodes.values()]
    assert [(start, end) for start, end, _ in edges] == [(f"n{n}", "n0") for n in range(1, len(nodes))]
