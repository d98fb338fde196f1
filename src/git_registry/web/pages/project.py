"""A project: its artifacts, and its runs with what they measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from git_registry.sdk import listing, projecting
from git_registry.sdk.arrivals import recordings
from git_registry.sdk.projecting import RunView
from git_registry.web.addresses import PROJECTS, of
from git_registry.web.page import Crumb, Moved, Page
from git_registry.web.paging import paged
from git_registry.web.project import runs
from git_registry.web.site import Site

SIZE, ARTIFACTS = 100, 200
"""Runs on a page, artifacts on the first one."""

_CHOICES = 60
"""Metrics that may be chosen as columns."""


def page(site: Site, project: str, number: str = "1") -> Page:
    """Return the page of a project; the later ones have more of its runs.

    Raises:
        NotFound: there is no such project or page.
    """
    view = projecting.project(site.catalog, project)
    every = projecting.runs(site.catalog, project)
    order = site.query.get("sort", "")
    asked = site.several.get("metrics", ())
    pages = paged(of(view.path), number, size=SIZE, total=len(every), **_kept(order, asked))
    metrics = runs.chosen_metrics(every, asked)
    shown = runs.ordered(every, order)[pages.offset : pages.offset + SIZE]
    came = recordings(site.catalog, project, [one.id for one in shown])
    return Page(
        template="project.html",
        title=view.path,
        crumbs=(Crumb("Projects", PROJECTS), Crumb(project, of(view.path))),
        values={
            "view": view,
            "pages": pages,
            "runs": runs.rows(shown, came, metrics),
            "columns": runs.columns(metrics, order),
            "choices": _choices(every, metrics),
            "order": order,
            "states": _states(every),
            **(_rest(site, view) if number == "1" else {"artifacts": (), "more": 0, "card": ""}),
        },
        section="projects",
    )


def all_runs(_site: Site, project: str) -> Moved:
    """Return where the runs are: `projects/churn/runs`, as the command line names them."""
    return Moved(of(f"projects/{project}"))


def _kept(order: str, asked: Sequence[str]) -> Mapping[str, object]:
    """Return what links to other pages keep."""
    return {name: value for name, value in (("sort", order), ("metrics", tuple(asked))) if value}


def _choices(found: Sequence[RunView], metrics: Sequence[str]) -> Sequence[tuple[str, bool]]:
    known = dict.fromkeys((*metrics, *runs.known_metrics(found)))
    return [(name, name in metrics) for name in list(known)[:_CHOICES]]


def _states(found: Sequence[RunView]) -> Mapping[str, int]:
    """Return how many runs are in each state."""
    states = [view.document.state for view in found if view.document]
    return {one: states.count(one) for one in ("running", "finished", "failed", "crashed") if one in states}


def _rest(site: Site, view: projecting.ProjectView) -> Mapping[str, object]:
    """Return what stands on the first page alone."""
    artifacts = listing.collections(site.catalog, view.path) if view.artifacts <= ARTIFACTS else ()
    return {
        "artifacts": artifacts,
        "more": view.artifacts - len(artifacts),
        "card": listing.card(site.catalog, view.path),
    }
