"""A run: what it was told to do, what it measured, what it used and what it made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from git_registry.errors import RegistryError
from git_registry.index.events.history import Wanted
from git_registry.index.numbers import at_hand
from git_registry.sdk import auditing, curves, projecting, selecting
from git_registry.sdk.arrivals import recordings
from git_registry.sdk.projecting import RunView
from git_registry.web import far, happenings, lineage, values
from git_registry.web.addresses import PROJECTS, Address, of
from git_registry.web.page import Crumb, Data, Page
from git_registry.web.shortening import shortened
from git_registry.web.site import Site
from git_registry.wording.authors import by
from git_registry.wording.naming import made

CURVES = "curves.json"
"""What the curves are called beside the page of a run."""

LARGEST = 32 << 20
"""Bytes of rows that are read for curves: nobody waits longer for a page."""

EVENTS, OUTPUTS, LONGEST = 50, 200, 80
"""Events and versions that are shown, letters of its name."""


@dataclass(frozen=True, slots=True)
class Output:
    """A version that it made, and its page; None if it is not there any more."""

    name: str
    there: Address | None


def page(site: Site, project: str, run: str) -> Page:
    """Return the page of a run.

    Raises:
        NotFound: there is no such project or run.
    """
    view = projecting.run(site.catalog, project, run)
    there = selecting.on_project(site.catalog, project)
    found = auditing.history(site.catalog, view.path, Wanted(limit=EVENTS))
    came = recordings(site.catalog, project, [view.id]).get(view.id)
    document = view.document
    name = shortened((document and document.name) or run, LONGEST)
    return Page(
        template="run.html",
        title=view.path,
        crumbs=(
            Crumb("Projects", PROJECTS),
            Crumb(project, of(f"projects/{project}")),
            Crumb(name, site.here),
        ),
        values={
            "view": view,
            "by": by(came) if came else "",
            "run": document,
            "name": name,
            "config": values.flat(document.config if document else {}),
            "summary": values.flat(document.summary if document else {}),
            "extra": values.flat(document.extra if document else {}),
            "outputs": list(_outputs(site, view)),
            "more_outputs": max(0, len(document.outputs if document else ()) - OUTPUTS),
            "lineage": lineage.lineage(site, view.path),
            "curves": _curves(site, view),
            "events": happenings.rows(found, there.now()),
        },
        scripts=("plots.js", "lineage.js"),
        section="projects",
    )


def _curves(site: Site, view: RunView) -> Address | None:
    """Return where its curves are; None if there are none yet."""
    has_rows = bool(view.document and view.document.history) or _is_under_way(site, view)
    return site.here.beside(CURVES) if has_rows else None


def _is_under_way(site: Site, view: RunView) -> bool:
    """Is it under way on this machine? An export says what holds for everybody."""
    return site.links.is_live and curves.under_way(site.catalog, view) is not None


def _outputs(site: Site, view: RunView) -> Iterator[Output]:
    there = selecting.on_project(site.catalog, view.project)
    known, now = at_hand(there), there.now()
    outputs = view.document.outputs[:OUTPUTS] if view.document else ()
    known.learn((f"{view.project}/{one.artifact}", one.version) for one in outputs)
    for one in outputs:
        name = made(one, view.project, known)
        is_there = now.find(f"{view.project}/{one.artifact}", one.version)
        yield Output(name, of(name) if is_there else None)


def graph(site: Site, project: str, run: str) -> Data:
    """Return what it used and what it made.

    Raises:
        NotFound: there is no such project or run.
    """
    return lineage.data(site, f"projects/{project}/runs/{run}")


def drawn(site: Site, project: str, run: str) -> Data:
    """Return its curves; where the store can't be read, why: it may be read the next time.

    Raises:
        NotFound: there is no such project or run.
    """
    view = projecting.run(site.catalog, project, run)
    try:
        with far.in_turn():
            found = curves.curves(site.catalog, view, at_most=LARGEST)
    except RegistryError as problem:
        return Data({"error": {"message": str(problem)}}, is_lasting=False)
    return Data(_shape(found or curves.Curves()), is_lasting=bool(view.document and view.document.history))


def _shape(found: curves.Curves) -> Mapping[str, object]:
    return {
        "x": {"name": found.axis, "values": found.places},
        "series": [{"name": one.name, "values": one.values} for one in found.series],
        "rows": found.rows,
        "left_out": found.left_out,
    }
