"""Following edges: chains, diamonds, circles, ends that are not here, and far too many."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.model.digest import Digest
from git_registry.model.lineage.edges import Edge, Way
from git_registry.model.lineage.graph import State
from git_registry.model.lineage.nodes import Code, Data, Run
from git_registry.model.lineage.trace import Limits, trace

from .memory import LINKED, MADE, RAN, USED, Recorded, used, version

A, B, C, D = map(version, "abcd")
UP, DOWN = Way.UP, Way.DOWN


def chain(length):
    nodes = [version("0", f"model/m{n}") for n in range(length)]
    return nodes, [edge for one, other in pairwise(nodes) for edge in used(other, one)]


def test_a_chain_is_followed_to_its_end():
    nodes, edges = chain(3_000)

    graph = trace(Recorded(edges), nodes[-1], [UP])

    assert list(graph.nodes) == nodes[::-1]
    assert list(graph.edges) == edges[::-1]


def test_each_direction_goes_its_own_way():
    """What else was made from the same data is neither above nor below."""
    raw, sibling = Data("s3://raw/"), D
    known = Recorded([*used(B, A), *used(A, raw), *used(sibling, raw), *used(C, B)])

    assert list(trace(known, B, [UP]).nodes) == [B, A, raw]
    assert list(trace(known, B, [DOWN]).nodes) == [B, C]
    assert list(trace(known, B).nodes) == [B, A, raw, C]
    assert set(trace(known, raw, [DOWN]).nodes) == {raw, A, sibling, B, C}


def test_versions_runs_code_and_data():
    run, code, raw = Run("churn", "k3"), Code("4be1"), Data("s3://raw/", Digest("etag", "x"))
    logged = version("a", "projects/churn/churn-xgb")
    linked, made = Edge(A, LINKED, logged), Edge(run, MADE, logged)
    ran, took = Edge(run, RAN, code), Edge(run, USED, raw, used_as="train")
    known = Recorded([took, ran, made, linked], {A: "model/churn:v0"})

    assert trace(known, A, [UP]).edges == (linked, made, ran, took)
    assert trace(known, code, [DOWN]).edges == (ran, made, linked)


def test_a_diamond_is_one_node_with_two_ways_to_it():
    known = Recorded([*used(D, B, C), *used(B, A), *used(C, A)])

    graph = trace(known, D, [UP])

    assert list(graph.nodes) == [D, B, C, A]
    assert len(graph.edges) == 4
    assert known.asked[A] == 1


def test_a_circle_ends_where_it_began():
    known = Recorded([*used(A, B), *used(B, C), *used(C, A)])

    graph = trace(known, A, [UP])

    assert list(graph.nodes) == [A, B, C]
    assert [edge.far(UP) for edge in graph.edges] == [B, C, A]


def test_what_used_itself():
    graph = trace(Recorded(used(A, A)), A)

    assert (list(graph.nodes), graph.edges) == ([A], (Edge(A, USED, A),))


def test_what_two_documents_record_is_one_edge():
    known = Recorded([*used(B, A), *used(B, A), Edge(B, USED, A, used_as="train")])

    assert trace(known, B, [UP]).edges == (Edge(B, USED, A), Edge(B, USED, A, used_as="train"))


def test_the_same_content_in_two_places_is_two_nodes():
    logged, elsewhere = version("a", "projects/churn/xgb"), version("a", "model/other")
    known = Recorded([Edge(A, LINKED, logged), *used(D, elsewhere)])

    assert set(trace(known, A).nodes) == {A, logged}


def test_ends_that_are_not_here():
    other, run, raw = version("b", repository="other"), Run("churn", "k3"), Data("s3://raw/")
    known = Recorded([*used(A, other, D, raw), Edge(run, MADE, A)], {A: "model/churn:v0"})

    nodes = trace(known, A, [UP]).nodes

    assert nodes[A].label == "model/churn:v0"
    assert {node: nodes[node].state for node in nodes} == {
        A: State.LINKED,
        run: State.MISSING,
        other: State.ELSEWHERE,
        D: State.MISSING,
        raw: None,
    }


@pytest.mark.parametrize("depth", [0, 1, 2, 3, None])
def test_no_deeper_than_asked_and_the_rest_is_counted(depth):
    nodes, edges = chain(4)

    graph = trace(Recorded(edges), nodes[0], [DOWN], limits=Limits(depth=depth))

    followed = 3 if depth is None else depth
    assert list(graph.nodes) == nodes[: followed + 1]
    assert list(graph.left_out()) == ([] if followed == 3 else [(nodes[followed], DOWN, 1)])


def test_ten_thousand_users():
    users = [Run("churn", f"r{n}") for n in range(10_000)]
    known = Recorded([Edge(user, USED, A) for user in users])

    everything = trace(known, A, [DOWN])
    assert list(everything.nodes) == [A, *users]

    some = trace(known, A, [DOWN], limits=Limits(widest=10))
    assert list(some.nodes) == [A, *users[:10]]
    assert list(some.left_out()) == [(A, DOWN, 9_990)]


NODES = st.sampled_from([*map(version, "abcd"), Run("p", "r"), Data("s3://b/")])
EDGES = st.lists(st.builds(Edge, NODES, st.sampled_from([LINKED, MADE, USED, RAN]), NODES), max_size=20)


@given(EDGES, NODES, st.none() | st.integers(0, 3), st.none() | st.integers(0, 3))
def test_nothing_is_lost_in_silence(edges, start, depth, widest):
    """At each node in a direction: what was followed and what is counted are all its edges."""
    known = Recorded(edges)
    graph = trace(known, start, limits=Limits(depth=depth, widest=widest))

    for way, edges_of in ((UP, known.upstream), (DOWN, known.downstream)):
        reach = graph.reaches[way]
        reached = {start} | {edge.far(way) for edge in reach.edges}
        for node in reached:
            followed = [edge for edge in reach.edges if edge.near(way) == node]
            assert set(followed) <= set(edges_of(node))
            assert len(followed) + reach.left_out.get(node, 0) == len(set(edges_of(node)))


@given(EDGES, NODES)
def test_downstream_is_upstream_read_backwards(edges, start):
    known = Recorded(edges)

    for node in trace(known, start, [DOWN]).nodes:
        assert start in trace(known, node, [UP]).nodes
