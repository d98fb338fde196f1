"""Nodes and edges of a lineage graph in words, as a graph's text has them."""

from __future__ import annotations

from collections.abc import Iterator

from git_registry.cli.output import cell
from git_registry.model.lineage.edges import Edge, Way
from git_registry.model.lineage.graph import Description
from git_registry.wording.lineage import related, state


def flow(edge: Edge) -> str:
    """Return what an arrow from upstream to downstream is called: `used by, as train`."""
    return ", ".join([related(edge, Way.DOWN), *circumstances(edge)])


def circumstances(edge: Edge) -> Iterator[str]:
    """Yield what else is known of an edge."""
    if edge.used_as:
        yield f"as {cell(edge.used_as)}"
    if edge.dirty:
        yield "with uncommitted changes"


def named(description: Description) -> str:
    """Return a node's label, on one line and with nothing that steers a terminal."""
    return cell(description.label)


def marks(description: Description) -> Iterator[str]:
    """Yield what a reader should know of a node besides its name."""
    yield from map(cell, description.aliases)
    if state(description):
        yield state(description)


def called(description: Description) -> str:
    """Return `model/churn:v3 (production)`."""
    return " ".join([named(description), *(f"({mark})" for mark in marks(description))])


def more(count: int, *, others: bool) -> str:
    """Return what stands for edges that are left out, beside `others` or alone."""
    return f"… and {count:,} more" if others else f"… {count:,} more"
