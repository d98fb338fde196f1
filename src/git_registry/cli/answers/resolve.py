"""Where the bytes of a version are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_registry.sdk.resolving import Resolved, resolve

if TYPE_CHECKING:
    from git_registry.catalog.catalog import Catalog
    from git_registry.cli.session import Session


def answer(session: Session, selector: str, *, path: str | None = None) -> None:
    """Print a URI a line, or the version with its files as JSON."""
    with session.open() as catalog:
        found = resolve(catalog, selector)
        if path is not None:
            found = _only(found, path)
        if session.output.json:
            _as_json(session, catalog, found)
        else:
            for entry in found.files:
                session.output.line(entry.uri)


def _only(found: Resolved, path: str) -> Resolved:
    from dataclasses import replace

    entry = next((one for one in found.files if one.path == path), None)
    if entry is None:
        from git_registry.errors import NotFound
        from git_registry.sdk.selecting import nearest

        raise NotFound(
            f"there is no file {path!r} in it",
            where=f"{found.found.collection}@{found.found.id[:8]}",
            hint=nearest(path, [one.path for one in found.files]),
        )
    return replace(found, files=[entry])


def _as_json(session: Session, catalog: Catalog, found: Resolved) -> None:
    from git_registry.catalog.numbering import at_hand
    from git_registry.cli import shapes
    from git_registry.sdk.views import version_view

    collection = found.found.collection
    view = version_view(catalog.now(), collection, found.found.id, at_hand(catalog, [collection]))
    session.output.document(shapes.version(view, found.files))
