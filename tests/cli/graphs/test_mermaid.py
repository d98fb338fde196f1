"""A lineage graph in Mermaid: whatever a name holds, it stays a label."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from git_registry.cli.graphs import mermaid
from git_registry.cli.output import cell

from .example import GRAPH, STARS

_LABEL = r'"((?:[\w ,./…-]|#\d+;)*)"'
_NODE = re.compile(rf"  ([nm]\d+)(?:\[|\(\[|\[\[|\[\(){_LABEL}(?:\]|\]\)|\]\]|\)\])")
_EDGE = re.compile(rf"  ([nm]\d+) -->(?:\|{_LABEL}\|)? ([nm]\d+)")


def shown(label):
    return re.sub(r"#(\d+);", lambda found: chr(int(found[1])), label)


def read(lines):
    """Return (name → label, edges) of the Mermaid we write; anything else in it is a mistake."""
    opening, *body = lines
    assert opening == "flowchart LR"
    nodes, edges = {}, []
    for line in body:
        node, edge = _NODE.fullmatch(line), _EDGE.fullmatch(line)
        assert node or edge, line
        if node:
            nodes[node[1]] = shown(node[2])
        else:
            edges.append((edge[1], edge[3], shown(edge[2] or "")))
    return nodes, edges


def test_a_graph():
    assert list(mermaid.lines(GRAPH))[:3] == [
        "flowchart LR",
        '  n0["model/churn#58;v3 #40;production#41; #40;staging#41;"]',
        '  n1["projects/churn/churn-xgb#58;v7"]',
    ]
    nodes, edges = read(mermaid.lines(GRAPH))

    assert nodes["n0"] == "model/churn:v3 (production) (staging)"
    assert edges[:3] == [
        ("n1", "n0", "linked as"),
        ("n2", "n1", "made"),
        ("n3", "n2", "ran in, with uncommitted changes"),
    ]
    assert edges[-2:] == [("m0", "n6", ""), ("n0", "m1", "")]


@given(STARS)
def test_any_name_is_shown_as_it_is(graph):
    nodes, edges = read(mermaid.lines(graph))

    assert list(nodes.values()) == [cell(description.label) for description in graph.nodes.values()]
    assert [(start, end) for start, end, _ in edges] == [(f"n{n}", "n0") for n in range(1, len(nodes))]


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("1. one", '"1#46; one"'),
        ("- one", '"#45; one"'),
        ("%%{init}", '"#37;#37;#123;init#125;"'),
        ("`_x_`", '"#96;#95;x#95;#96;"'),
        ("a<br>b", '"a#60;br#62;b"'),
        ("#quot;", '"#35;quot#59;"'),
        ("ﬂ°35¶ß", '"#64258;#176;35#182;#223;"'),
        ("größer-1.2/日本", '"größer-1.2/日本"'.replace("ß", "#223;")),
    ],
)
def test_what_mermaid_would_take_for_something_else(text, quoted):
    assert mermaid.quoted(text) == quoted
