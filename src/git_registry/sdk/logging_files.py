"""Logging a file or a directory into a project, as commands do: no run has to be going on."""

from __future__ import annotations

from pathlib import Path

from git_registry.catalog import projects
from git_registry.catalog.catalog import Catalog
from git_registry.errors import UsageError
from git_registry.model import selector as selectors
from git_registry.model.documents.manifest import Input
from git_registry.model.edits import version as versions
from git_registry.model.names import PLACE
from git_registry.model.selector import Selector
from git_registry.model.snapshot import Snapshot
from git_registry.repository import identity
from git_registry.sdk import logged, selecting
from git_registry.sdk.blobs import blobs
from git_registry.sdk.inputs import made_from
from git_registry.sdk.linking import Request
from git_registry.sdk.logged import Log, Logged
from git_registry.sdk.manifests import About
from git_registry.sdk.outside import require_outside
from git_registry.store.progress import Progress, silent
from git_registry.store.sources import collect


def log_files(
    catalog: Catalog, source: Path, target: str, request: Request, *, progress: Progress = silent
) -> Logged:
    """Upload a file or a directory to the organization's store, and log it as a version of an artifact.

    Args:
        catalog: the clone.
        source: the file or directory.
        target: the artifact, `projects/churn/features`; it and its project are made if need be.
        request: what goes with it. Of an artifact that is there, the type is known.
        progress: who wants to know how much is uploaded.

    Raises:
        NotFound: the source or an input isn't there.
        Refused: the artifact is of another type.
        UsageError: a name is not allowed; nobody says of which type the artifact is.
        StoreError: the store can't be reached. Nothing is logged; run it again to go on.
    """
    request.check()
    identity.authorship(catalog.repository, catalog.clock())
    selector = artifact(catalog, target)
    there = projects.begun(catalog, selector.registry)
    what = _log(there, selector, request, tuple(made_from(catalog, text) for text in request.inputs))
    require_outside(catalog, source)
    stored = blobs(catalog).store.upload(collect(source), progress=progress)
    return logged.log(there, what, stored)


def artifact(catalog: Catalog, text: str) -> Selector:
    """Return the selector of an artifact, which need not be there yet.

    Raises:
        UsageError: it names something else.
    """
    selector = selectors.parse(text, organization=selecting.own_name(selecting.registries(catalog).now()))
    if not selector.project or selector.collection is None or selector.names_version:
        raise UsageError(
            f"expected an artifact of a project such as projects/churn/features, found {text!r}",
            hint="`git registry link` links into the collections of registries" * (not selector.project),
        )
    PLACE.check(selector.registry)
    return selector


def _log(there: Catalog, selector: Selector, request: Request, inputs: tuple[Input, ...]) -> Log:
    assert selector.collection is not None
    now = there.now() if there.tip() else None
    about = About(
        artifact=selector.collection,
        type=request.type or _type(now, selector),
        metadata=request.metadata,
        metrics=request.metrics,
        inputs=inputs,
    )
    if now:
        versions.check_type(now, selector.path, about.type)
    return Log(about=about, description=request.description, tags=request.tags, aliases=request.aliases)


def _type(now: Snapshot | None, selector: Selector) -> str:
    if now and now.has_collection(selector.path):
        return now.collection(selector.path).type
    raise UsageError(
        f"of which type is {selector}? It is not there yet", hint="pass --type, such as model or dataset"
    )
