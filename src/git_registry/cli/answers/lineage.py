"""A lineage graph in the form that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TYPE_CHECKING

from git_registry.cli.graphs import dot, mermaid, shape, tree
from git_registry.model.lineage.condensing import condensed
from git_registry.model.lineage.trace import Limits
from git_registry.sdk.tracing import lineage

if TYPE_CHECKING:
    from git_registry.cli.session import Session
    from git_registry.model.lineage.edges import Way
    from git_registry.model.lineage.graph import Graph

FORMATS: Mapping[str, Callable[[Graph], Iterator[str]]] = {
    "tree": tree.lines,
    "dot": dot.lines,
    "mermaid": mermaid.lines,
}
"""The forms that are for people."""

_WIDEST = 10


def answer(
    session: Session,
    selector: str,
    *,
    ways: Collection[Way],
    depth: int | None,
    widest: int | None,
    form: str,
) -> None:
    """Print where something comes from and what came of it.

    Args:
        session: where to look, and to print.
        selector: what is asked about.
        ways: in which directions.
        depth: how far; None is all the way.
        widest: how many edges of one node; 0 is all, None is 10 for people.
        form: which of `FORMATS`, for people.
    """
    as_json = session.output.json
    if widest is None and not as_json:
        widest = _WIDEST
    limits = Limits(depth=depth, widest=widest or None)
    with session.open() as catalog:
        graph = lineage(catalog, selector, ways, limits=limits)
    if as_json:
        session.output.document(shape.graph(graph))
        return
    for line in FORMATS[form](condensed(graph)):
        session.output.line(line)
