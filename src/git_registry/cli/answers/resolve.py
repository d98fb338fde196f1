"""Where the bytes of a version are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_registry.sdk.resolving import Resolved, resolve

if TYPE_CHECKING:
    from git_registry.cli.session import Session


def answer(session: Session, selector: str, *, path: str | None = None) -> None:
    """Print a URI a line, or the version with its files as JSON."""
    with session.open() as catalog:
        found = resolve(catalog, selector, path=path)
        if session.output.json:
            _as_json(session, found)
        else:
            for entry in found.files:
                session.output.line(entry.uri)


def _as_json(session: Session, found: Resolved) -> None:
    from git_registry.cli import shapes
    from git_registry.index.numbers import at_hand
    from git_registry.sdk.views import version_view

    collection = found.found.collection
    view = version_view(found.seen.now(), collection, found.found.id, at_hand(found.seen))
    session.output.document(shapes.version(view, found.files))
