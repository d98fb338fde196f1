"""A document that somebody read and edited, put together with what others did since."""

from __future__ import annotations

from typing import TypeVar

from git_registry.catalog.merging import Disagreement, merged
from git_registry.errors import Conflict
from git_registry.model.documents.record import Document
from git_registry.model.edits.change import Changes
from git_registry.model.equality import same

D = TypeVar("D", bound=Document)


def revised(path: str, there: D, *, before: D, after: D) -> Changes:
    """Return the change of a document to what it shall be; what others changed meanwhile stays.

    Args:
        path: where it is.
        there: what it says now.
        before: what it said when it was read.
        after: what it shall say.

    Raises:
        Conflict: somebody changed the same field or key meanwhile, to something else.
    """
    try:
        together = merged(before, after, there)
    except Disagreement as both:
        what = f"its {both}" if str(both) else "the same key"
        raise Conflict(
            f"somebody changed {what} meanwhile",
            where=path,
            hint="load() reads it again, and a version is fetched again; then change what it says now",
        ) from both
    return {} if same(there, together) else {path: together}
