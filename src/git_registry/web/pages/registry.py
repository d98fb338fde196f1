"""The page of a registry: its collections, who may do what, what follows by itself, what happened."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from git_registry.index.events.history import Wanted
from git_registry.model.selector import WANDB_PREFIX
from git_registry.sdk import auditing, listing, overview, selecting, starring
from git_registry.sdk.views import RegistryView, registry_view
from git_registry.web.addresses import HOME, of
from git_registry.web.happenings import rows
from git_registry.web.page import Answer, Crumb, Moved, Page
from git_registry.web.paging import Paged, paged
from git_registry.web.registry.automations import automated
from git_registry.web.registry.collections import row
from git_registry.web.registry.rights import rights
from git_registry.web.shortening import shortened
from git_registry.web.snippets import Snippet

if TYPE_CHECKING:
    from git_registry.web.site import Site

SIZE, LATEST = 100, 20
"""Collections on a page, and events."""

ORDERS = ("-name", "updated_at", "-updated_at")
"""What collections that stand on several pages may be sorted by, besides their names."""


def page(site: Site, registry: str, number: str = "1") -> Answer:
    """Return the page of a registry; its title leads to it, as it does where a person types it.

    Raises:
        NotFound: there is no such registry; the nearest is suggested. Or it has not so many pages.
    """
    name = selecting.registry_named(site.catalog.now(), registry)
    if name != registry:
        return Moved(of(name))
    view = registry_view(site.catalog, name)
    title = shortened((view.document and view.document.title) or name)
    shown = paged(of(name), number, size=SIZE, total=view.collections, order=_order(site))
    return Page(
        template="registry.html",
        title=title,
        crumbs=(Crumb("Registries", HOME), Crumb(title, of(name))),
        values={"registry": view, "title": title, "pages": shown, **_values(site, view, shown)},
    )


def _order(site: Site) -> str:
    """Return what the collections are sorted by, if that is not their names; by a server, page by page."""
    asked = site.query.get("order", "")
    return asked if asked in ORDERS else ""


def _values(site: Site, view: RegistryView, shown: Paged) -> dict[str, object]:
    catalog, held = site.catalog, rights(site.catalog, view.path)
    found = overview.collections(
        catalog, view.path, offset=shown.offset, limit=shown.size, order=_order(site) or "name"
    )
    happened = auditing.history(catalog, view.path, Wanted(limit=LATEST))
    return {
        "card": listing.card(catalog, view.path),
        "collections": [row(catalog.now(), one, held.protected) for one in found.collections],
        "order": _order(site),
        "rights": held,
        "automated": automated(site, view.path),
        "snippets": snippets(view),
        "is_starred": site.links.is_live and view.path in starring.starred(catalog),
        "latest": rows(happened, catalog.now()),
    }


def snippets(view: RegistryView) -> Sequence[Snippet]:
    """Return how to link into a registry, by a script and by a command."""
    types = view.document.types if view.document else ()
    kind = types[0] if types else "TYPE"
    script = (
        "import git_registry as gr\n\n"
        'with gr.init(project="PROJECT") as run:\n'
        f'    artifact = gr.Artifact("NAME", type="{kind}")\n'
        '    artifact.add_file("FILE")\n'
        "    run.log_artifact(artifact)\n"
        f'    run.link_artifact(artifact, "{WANDB_PREFIX}{view.path}/COLLECTION")\n'
    )
    asked = "" if len(types) == 1 else f" --type {kind}"
    command = (
        f"git registry link FILE {view.path}/COLLECTION{asked}\n"
        f"git registry link projects/PROJECT/NAME:latest {view.path}/COLLECTION\n"
    )
    return [Snippet("From Python", script), Snippet("From a shell", command)]
