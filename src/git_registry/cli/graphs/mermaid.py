"""A lineage graph in Mermaid, which forges draw in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from git_registry.cli.graphs.arrows import arrows, boxes
from git_registry.model.lineage.graph import Graph

_BRACKETS = {
    "version": ("[", "]"),
    "run": ("([", "])"),
    "code": ("[[", "]]"),
    "data": ("[(", ")]"),
    "more": ("[", "]"),
}

# The last two letters are what Mermaid itself puts in the place of an entity while it reads. A dot or dash
# with a space behind it may begin a list in Markdown.
_SPELLED = re.compile(r"[^\w ,./…-]|[.-](?!\w)|[_ﬂß]")


def lines(graph: Graph) -> Iterator[str]:
    """Yield the lines of a flowchart."""
    yield "flowchart LR"
    for box in boxes(graph):
        opening, closing = _BRACKETS[box.kind]
        yield f"  {box.name}{opening}{quoted(box.label)}{closing}"
    for arrow in arrows(graph):
        label = f"|{quoted(arrow.label)}|" if arrow.label else ""
        yield f"  {arrow.start} -->{label} {arrow.end}"


def quoted(text: str) -> str:
    """Return `text` as a label that shows just that.

    Mermaid has no one way to quote: it looks for directives, comments, Markdown and HTML inside quotes
    too. So what is neither a letter nor harmless is written by its number.
    """
    return f'"{_SPELLED.sub(lambda found: f"#{ord(found[0])};", text)}"'
