"""A lineage graph as a person reads it."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given

from git_registry.cli.graphs import tree
from git_registry.cli.output import clean
from git_registry.model.lineage.edges import Edge, Way
from git_registry.model.lineage.graph import Graph, Reach, unseen
from git_registry.model.lineage.nodes import Version

from .example import GRAPH, LINKED, STARS, USED


def drawn(start, *edges, ways=(Way.UP,), left_out=None):
    nodes = {node: unseen(node) for edge in edges for node in (edge.start, edge.end)} | {start: unseen(start)}
    text = "\n".join(tree.lines(Graph(start, nodes, {way: Reach(edges, left_out or {}) for way in ways})))
    return text.replace(" (not in this repository)", "").replace("m/", "")


def version(name):
    return Version(f"m/{name}", name * 32)


A, B, C, D = map(version, "abcd")


def test_where_a_model_comes_from_and_who_used_it():
    assert list(tree.lines(GRAPH)) == [
        "model/churn:v3 (production) (staging)",
        "├─ linked from projects/churn/churn-xgb:v7",
        "│  └─ made by run churn/brisk-otter-41",
        "│     ├─ ran code git@github.com:acme/churn.git@4be14be14be1, with uncommitted changes",
        "│     ├─ used dataset/customers:v0 (unlinked), as train",
        "│     │  └─ used s3://raw/2026-10/",
        "│     │     └─ … 2 more",
        "│     └─ used other/model/features@77777777 (in another repository)",
        "├─ used by dataset/scores@5c5c5c5c (not in this repository)",
        "└─ … and 9,990 more",
    ]


def test_what_was_shown_is_not_unfolded_again():
    both = drawn(
        D, Edge(D, USED, B), Edge(D, USED, C), Edge(B, USED, A), Edge(C, USED, B), Edge(A, USED, version("e"))
    )

    assert both.splitlines() == [
        "d@dddddddd",
        "├─ used b@bbbbbbbb",
        "│  └─ used a@aaaaaaaa",
        "│     └─ used e@eeeeeeee",
        "└─ used c@cccccccc",
        "   └─ used b@bbbbbbbb (see above)",
    ]


def test_an_end_with_nothing_above_it_needs_no_mark():
    assert drawn(D, Edge(D, USED, B), Edge(D, USED, C), Edge(B, USED, A), Edge(C, USED, A)).splitlines() == [
        "d@dddddddd",
        "├─ used b@bbbbbbbb",
        "│  └─ used a@aaaaaaaa",
        "└─ used c@cccccccc",
        "   └─ used a@aaaaaaaa",
    ]


def test_a_circle():
    assert drawn(A, Edge(A, USED, B), Edge(B, LINKED, C), Edge(C, USED, A)).splitlines() == [
        "a@aaaaaaaa",
        "└─ used b@bbbbbbbb",
        "   └─ linked from c@cccccccc",
        "      └─ used a@aaaaaaaa (cycle)",
    ]


def test_what_used_itself_in_both_directions():
    assert drawn(A, Edge(A, USED, A), ways=(Way.UP, Way.DOWN)).splitlines() == [
        "a@aaaaaaaa",
        "├─ used a@aaaaaaaa (cycle)",
        "└─ used by a@aaaaaaaa (cycle)",
    ]


def test_nothing_but_the_start():
    assert drawn(A) == "a@aaaaaaaa"
    assert drawn(A, left_out={A: 3}).splitlines() == ["a@aaaaaaaa", "└─ … 3 more"]


def test_a_chain_longer_than_pythons_stack():
    nodes = [Version("m/x", f"{n:032x}") for n in range(2_000)]
    edges = [Edge(one, USED, other) for one, other in pairwise(nodes)]

    assert drawn(nodes[0], *edges).count("└─ used") == 1_999


@given(STARS)
def test_a_name_makes_no_line_and_steers_no_terminal(graph):
    lines = list(tree.lines(graph))

    assert len(lines) == len(graph.nodes)
    assert all(clean(line) == line and "\n" not in line for line in lines)
