"""What is there: registries, the collections of one, the versions of one; projects, and what is in one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from git_registry.errors import UsageError
from git_registry.model.layout import PROJECTS
from git_registry.sdk import listing, mounts, selecting
from git_registry.wording.amounts import amount, named_values
from git_registry.wording.metrics import measured, metric_columns
from git_registry.wording.sizes import size

if TYPE_CHECKING:
    from git_registry.catalog.catalog import Catalog
    from git_registry.cli.output import Output
    from git_registry.cli.session import Session
    from git_registry.sdk.views import CollectionView, RegistryView, VersionView


def answer(session: Session, selector: str | None = None) -> None:
    """Print a row for each: registries without a selector, else what is below it."""
    with session.open() as catalog:
        there, below = (catalog, "") if selector is None else mounts.entered(catalog, selector)
        if selector is None or (there.mount and not below):
            selecting.registries(there).now().organization()
            print_registries(session.output, listing.registries(there))
        elif f"{below.strip('/')}/".startswith(PROJECTS):
            from git_registry.cli.answers import project  # most of what is listed is in registries

            project.list_(session, there, below.strip("/"))
        else:
            _below(session.output, there, below)


def _below(output: Output, catalog: Catalog, selector: str) -> None:
    there, chosen = selecting.place(catalog, selector)
    if chosen.names_version:
        raise UsageError(f"{selector} is one version", hint=f"`git registry show {selector}`")
    if chosen.collection is None:
        print_collections(output, listing.collections(catalog, selector))
    else:
        print_versions(output, listing.listed(there, chosen))


def print_registries(output: Output, found: Sequence[RegistryView]) -> None:
    """Print a row for each registry."""
    if output.json:
        from git_registry.cli import shapes

        output.document([shapes.registry(view) for view in found])
        return
    output.table(
        ["REGISTRY", "TITLE", "TYPES", "COLLECTIONS", "DESCRIPTION"],
        (
            [
                view.path,
                (view.document and view.document.title) or "",
                ", ".join(view.document.types) or "any" if view.document else "",
                str(view.collections),
                described(view.problem, view.document.description if view.document else None),
            ]
            for view in found
        ),
    )


def print_collections(output: Output, found: Sequence[CollectionView]) -> None:
    """Print a row for each collection."""
    if output.json:
        from git_registry.cli import shapes

        output.document([shapes.collection(view) for view in found])
        return
    output.table(
        ["COLLECTION", "TYPE", "VERSIONS", "LATEST", "ALIASES", "TAGS", "DESCRIPTION"],
        (
            [
                view.path,
                view.document.type if view.document else "",
                str(view.versions),
                view.latest or "",
                ", ".join(f"{alias}={version}" for alias, version in view.aliases.items()),
                ", ".join(view.document.tags) if view.document else "",
                described(
                    view.problem, view.document.description or view.document.title if view.document else None
                ),
            ]
            for view in found
        ),
    )


def print_versions(output: Output, found: Sequence[VersionView]) -> None:
    """Print a row for each version."""
    if output.json:
        from git_registry.cli import shapes

        output.document([shapes.version(view) for view in found])
        return
    metrics = metric_columns(map(measured, found)) if output.is_terminal else []
    output.table(
        ["VERSION", "ID", "ALIASES", "TAGS", *(metrics or ["METRICS"]), "SIZE", "CREATED", "DESCRIPTION"],
        (_version_row(view, metrics, for_people=output.is_terminal) for view in found),
    )


def _version_row(view: VersionView, metrics: Sequence[str], *, for_people: bool) -> list[str]:
    """Return a row; in a pipe the metrics are one field, so that every collection has the same fields."""
    manifest, found = view.manifest, measured(view)
    shown = [amount(found[name]) if name in found else "" for name in metrics]
    bytes_ = "" if manifest is None else size(manifest.size) if for_people else str(manifest.size)
    return [
        view.version or "",
        view.id[:8],
        ", ".join(view.aliases),
        ", ".join(view.notes.tags),
        *(shown or [named_values(found)]),
        bytes_,
        manifest.created if manifest else "",
        described(view.problem, view.notes.description),
    ]


def described(problem: str, description: str | None) -> str:
    """Return a row's last field: what is wrong, or what it is for."""
    return f"unreadable: {problem}" if problem else description or ""
