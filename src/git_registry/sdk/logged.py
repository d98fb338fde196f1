"""Logging a version of an artifact into a project, before anything is linked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.transaction import Outcome, Transaction, commit
from git_registry.errors import UsageError
from git_registry.model.dates import timestamp
from git_registry.model.documents.manifest import Manifest, ProjectVersion
from git_registry.model.documents.run import Made, Run
from git_registry.model.edits import alias as aliases
from git_registry.model.edits import project as edits
from git_registry.model.edits import version as versions
from git_registry.model.edits.change import Changes, Edit
from git_registry.model.edits.version import Addition
from git_registry.model.names import ALIAS, PLACE, TAG, TYPE
from git_registry.model.snapshot import Snapshot
from git_registry.sdk.blobs import blobs
from git_registry.sdk.manifests import About, compose
from git_registry.store.blobs import Stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """What is logged with the files.

    Attributes:
        about: the artifact's name and type, and what its manifest says besides.
        description, tags: written to the version's notes.
        ttl: whole seconds after which the version may go, unless it is linked.
        aliases: names to point at the version; they move from wherever they were.
        recording: the run that logs it, by its id. The version becomes one of its outputs.
    """

    about: About
    description: str | None = None
    tags: Sequence[str] = ()
    ttl: int | None = None
    aliases: Sequence[str] = ()
    recording: tuple[str, Run] | None = None

    def check(self) -> None:
        """Raise `UsageError` if a name in it is not allowed, before anything is uploaded."""
        PLACE.check(self.about.artifact)
        TYPE.check(self.about.type)
        for rule, texts in ((ALIAS, self.aliases), (TAG, self.tags)):
            for text in texts:
                rule.check(text)
        if self.ttl is not None and self.ttl <= 0:
            raise UsageError(f"a ttl is a positive number of seconds, not {self.ttl}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Logged:
    """What logging did.

    Attributes:
        path: the artifact in its project: `churn/churn-xgb`.
        id: the version.
        manifest: as it is there, which is the first one of that content.
        known: was it logged there already?
        recorded: the run's document as it is now, if a run logged it.
    """

    path: str
    id: str
    manifest: Manifest
    known: bool
    recorded: Run | None
    outcome: Outcome


def log(catalog: Catalog, what: Log, stored: Sequence[Stored]) -> Logged:
    """Log files that are stored as a version of an artifact; project and artifact are made if need be.

    The same content is the same version: nothing new is made, but aliases move, and the run has it among its
    outputs all the same.

    Args:
        catalog: the clone, seen from the project's branch.
        what: what goes with them.
        stored: the files.

    Raises:
        Refused: the artifact is of another type, or the remote does not take it.
        StoreError: the list of the files can't be put into the store.
    """
    what.check()
    project = catalog.project
    assert project is not None, "something is logged into a project"
    manifest = _manifest(catalog, project, what.about, stored)
    path, known = f"{project}/{what.about.artifact}", False
    recorded = _with_output(what, manifest)

    def link(now: Snapshot) -> Changes:
        nonlocal known
        known = now.find(path, manifest.id) is not None
        return versions.link(now, path, manifest)

    def note(now: Snapshot) -> Changes:
        addition = Addition(description=what.description, tags=tuple(what.tags), ttl=what.ttl)
        return {} if known else versions.annotate(now, path, manifest.id, addition)

    steps: list[Edit] = [partial(edits.begin, project=project), link, note]
    steps += [
        partial(aliases.point, collection=path, alias=alias, version=manifest.id)
        for alias in dict.fromkeys(what.aliases)
    ]
    if what.recording and recorded:
        steps.append(partial(edits.record, project=project, identifier=what.recording[0], run=recorded))
    asked = f" as {', '.join(what.aliases)}" if what.aliases else ""
    message = f"Log {path}@{manifest.id[:8]}{asked}"
    outcome = commit(catalog, Transaction(edits=steps, message=message))
    place = catalog.now().find(path, manifest.id)
    return Logged(
        path=path,
        id=manifest.id,
        manifest=catalog.now().manifest(place) if place else manifest,
        known=known,
        recorded=recorded,
        outcome=outcome,
    )


def _manifest(catalog: Catalog, project: str, about: About, stored: Sequence[Stored]) -> Manifest:
    """Return the manifest, which says where it comes from wherever it is linked, byte for byte."""
    made = compose(blobs(catalog), stored, about, created=timestamp(catalog.clock()))
    source = ProjectVersion(project=project, artifact=about.artifact, version=made.id)
    return replace(made, source=source)


def _with_output(what: Log, manifest: Manifest) -> Run | None:
    if what.recording is None:
        return None
    made = Made(artifact=what.about.artifact, version=manifest.id)
    run = what.recording[1]
    return run if made in run.outputs else replace(run, outputs=(*run.outputs, made))
