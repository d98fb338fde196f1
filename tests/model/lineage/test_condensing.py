"""What a graph says twice is left out, and nothing is lost by it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from git_registry.model.lineage.condensing import condensed
from git_registry.model.lineage.edges import Edge, Way
from git_registry.model.lineage.nodes import Code, Data, Run
from git_registry.model.lineage.trace import Limits, trace

from .memory import LINKED, MADE, RAN, USED, Recorded, version

HERE, LOGGED = version("a"), version("a", "projects/churn/xgb")
RUN, CODE, RAW = Run("churn", "k3"), Code("4be1"), Data("s3://raw/")


def saying(*edges):
    return set(condensed(trace(Recorded(edges), HERE, [Way.UP])).edges)


COPY, MADE_LOGGED, MADE_HERE = Edge(HERE, LINKED, LOGGED), Edge(RUN, MADE, LOGGED), Edge(RUN, MADE, HERE)
RAN_CODE, RUN_USED = Edge(RUN, RAN, CODE), Edge(RUN, USED, RAW)


def test_a_copy_repeats_its_source_and_that_its_run():
    repeated = [MADE_HERE, Edge(HERE, USED, RAW), Edge(LOGGED, USED, RAW)]

    assert saying(COPY, MADE_LOGGED, RAN_CODE, RUN_USED, *repeated) == {
        COPY,
        MADE_LOGGED,
        RAN_CODE,
        RUN_USED,
    }


def test_the_same_from_below():
    edges = [COPY, MADE_LOGGED, MADE_HERE, RUN_USED, Edge(HERE, USED, RAW), Edge(LOGGED, USED, RAW)]

    graph = condensed(trace(Recorded(edges), RAW, [Way.DOWN]))

    assert set(graph.edges) == {RUN_USED, MADE_LOGGED, COPY}


def test_what_the_source_does_not_say_stays():
    """The project can't be seen: the linked manifest is all there is."""
    assert saying(COPY, MADE_HERE, RAN_CODE, RUN_USED) == {COPY, MADE_HERE, RAN_CODE, RUN_USED}


def test_what_was_used_as_something_else_stays():
    train, test = (Edge(one, USED, RAW, used_as=role) for one, role in ((HERE, "train"), (RUN, "test")))

    assert saying(MADE_HERE, train, test) == {MADE_HERE, train, test}
    assert saying(MADE_HERE, Edge(HERE, USED, RAW), test) == {MADE_HERE, test}


def test_what_lies_beyond_the_limits_vouches_for_nothing():
    edges = [MADE_HERE, RUN_USED, Edge(HERE, USED, RAW)]
    graph = condensed(trace(Recorded(edges), HERE, [Way.UP], limits=Limits(depth=1)))

    assert set(graph.edges) == {MADE_HERE, Edge(HERE, USED, RAW)}


NODES = st.sampled_from([HERE, LOGGED, version("b"), RUN, Run("churn", "k4"), RAW])
EDGES = st.lists(
    st.builds(Edge, NODES, st.sampled_from([LINKED, MADE, USED]), NODES, st.sampled_from([None, "train"])),
    max_size=25,
)


@given(EDGES, NODES)
def test_everything_is_reached_as_before(edges, start):
    graph = trace(Recorded(edges), start)
    fewer = condensed(graph)

    assert set(fewer.edges) <= set(graph.edges)
    for way, reach in fewer.reaches.items():
        again = trace(Recorded(reach.edges), start, [way])
        assert set(again.nodes) == set(trace(Recorded(edges), start, [way]).nodes)
