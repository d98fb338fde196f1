"""A linked model, the run that made it, and who used it; and graphs with anything for a name."""

from __future__ import annotations

import string

from hypothesis import strategies as st

from git_registry.model.lineage.edges import Edge, Relation, Way
from git_registry.model.lineage.graph import Description, Graph, Reach, State
from git_registry.model.lineage.nodes import Code, Data, Run, Version

LINKED, MADE, RAN, USED = Relation

MODEL = Version("model/churn", "3f" * 16)
LOGGED = Version("projects/churn/churn-xgb", "3f" * 16)
RUN = Run("churn", "k3j2h1")
CODE = Code("4be14be14be14be1", "git@github.com:acme/churn.git")
CUSTOMERS = Version("dataset/customers", "0d" * 16)
FEATURES = Version("model/features", "77" * 16, "other")
RAW = Data("s3://raw/2026-10/")
SCORES = Version("dataset/scores", "5c" * 16)

NODES = {
    MODEL: Description(label="model/churn:v3", state=State.LINKED, aliases=("production", "staging")),
    LOGGED: Description(label="projects/churn/churn-xgb:v7", state=State.LINKED),
    RUN: Description(label="run churn/brisk-otter-41", state=State.RECORDED),
    CODE: Description(label=CODE.label),
    CUSTOMERS: Description(label="dataset/customers:v0", state=State.UNLINKED),
    FEATURES: Description(label=FEATURES.label, state=State.ELSEWHERE),
    RAW: Description(label=RAW.label),
    SCORES: Description(label=SCORES.label, state=State.MISSING),
}
UP = Reach(
    (
        Edge(MODEL, LINKED, LOGGED),
        Edge(RUN, MADE, LOGGED),
        Edge(RUN, RAN, CODE, dirty=True),
        Edge(RUN, USED, CUSTOMERS, used_as="train"),
        Edge(RUN, USED, FEATURES),
        Edge(CUSTOMERS, USED, RAW),
    ),
    {RAW: 2},
)
DOWN = Reach((Edge(SCORES, USED, MODEL),), {MODEL: 9_990})
GRAPH = Graph(MODEL, NODES, {Way.UP: UP, Way.DOWN: DOWN})

NASTY = st.sampled_from(
    [
        *('"', '\\"', "\\", "\\N", "\\l", "<b>", "&amp;", "&#34;", "#quot;", "#35;", "]", ")]", "`x`", "|"),
        *("%%{init: {}}%%", "%% x", "end", "subgraph", "style n0 fill:#f00;", "classDef x:#f00;", "click n0"),
        *("-->", "---", "n0 -> n1", "];", "\n", "\r\n", "\t", "1. one", "- one", "_x_", "**x**", "ﬂ°°35¶ß"),
        *("\x1b[31m", "\u202e", "\u200b", "é", "🦊", "日本", ";", "{", "}", "\x00", "fa:fa-car", "$$x$$"),
    ]
)
LABELS = st.lists(NASTY | st.text(string.printable, max_size=5) | st.text(max_size=5), max_size=5).map(
    "".join
)


def star(labels, used_as):
    """Make a graph in which the first of some labelled nodes used all the others as something."""
    nodes = [Data(f"s3://b/{number}") for number in range(len(labels))]
    edges = tuple(Edge(nodes[0], USED, node, used_as=used_as) for node in nodes[1:])
    described = {node: Description(label=label) for node, label in zip(nodes, labels, strict=True)}
    return Graph(nodes[0], described, {Way.UP: Reach(edges, {})})


STARS = st.builds(star, st.lists(LABELS, min_size=1, max_size=4), LABELS)
