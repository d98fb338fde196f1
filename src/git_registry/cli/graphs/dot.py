"""A lineage graph in DOT, Graphviz's language."""

from __future__ import annotations

from collections.abc import Iterator

from git_registry.cli.graphs.arrows import arrows, boxes
from git_registry.model.lineage.graph import Graph

_SHAPES = {
    "version": "box",
    "run": "ellipse",
    "code": "note",
    "data": "cylinder",
    "more": "plaintext",
}


def lines(graph: Graph) -> Iterator[str]:
    """Yield the lines of a digraph."""
    yield "digraph lineage {"
    yield "  rankdir=LR;"
    for box in boxes(graph):
        yield f"  {box.name} [shape={_SHAPES[box.kind]}, label={quoted(box.label)}];"
    for arrow in arrows(graph):
        yield f"  {arrow.start} -> {arrow.end} [label={quoted(arrow.label)}];"
    yield "}"


def quoted(text: str) -> str:
    """Return `text` as a label that shows just that."""
    # In a label, a backslash begins an escape and `&` an entity (graphviz.org, "escString").
    escaped = text.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
