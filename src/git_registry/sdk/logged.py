"""Logging a version of an artifact into a project, before anything is linked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.transaction import Outcome, Transaction, commit
from git_registry.errors import UsageError
from git_registry.model.dates import timestamp
from git_registry.model.documents.manifest import Manifest, ProjectVersion
from git_registry.model.documents.notes import Notes
from git_registry.model.documents.run import Made, Run
from git_registry.model.edits import alias as aliases
from git_registry.model.edits import project as edits
from git_registry.model.edits import version as versions
from git_registry.model.edits.change import Edit
from git_registry.model.edits.version import Addition
from git_registry.model.equality import news
from git_registry.model.events import Event, VersionLinked
from git_registry.model.layout import PROJECTS
from git_registry.model.names import ALIAS, PLACE, TAG, TYPE
from git_registry.sdk.blobs import blobs
from git_registry.sdk.manifests import About, compose
from git_registry.store.blobs import Stored


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    """A run that logs something, by its id, and what its document says by now."""

    id: str
    run: Run

    def with_output(self, artifact: str, version: str) -> Recording:
        """Return it with a version among what the run made."""
        made = Made(artifact=artifact, version=version)
        outputs = self.run.outputs
        return self if made in outputs else replace(self, run=replace(self.run, outputs=(*outputs, made)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Log:
    """What is logged with the files.

    Attributes:
        about: the artifact's name and type, and what its manifest says besides.
        description, tags: written to the version's notes.
        ttl: whole seconds from now after which the version may go, unless it is linked; None if it stays.
        aliases: names to point at the version; they move from wherever they were.
        recording: the run that logs it. The version becomes one of its outputs.
    """

    about: About
    description: str | None = None
    tags: Sequence[str] = ()
    ttl: int | None = None
    aliases: Sequence[str] = ()
    recording: Recording | None = None

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
        seen: the clone, seen from the project's branch.
        path: the artifact in its project: `churn/churn-xgb`.
        id: the version.
        manifest: as it is there, which is the first one of that content.
        known: was it logged there already?
        unrecorded: what was asked for and not written down, because the same content was logged before.
        recorded: the run's document as it is now, if a run logged it.
    """

    seen: Catalog
    path: str
    id: str
    manifest: Manifest
    known: bool
    unrecorded: tuple[str, ...]
    recorded: Run | None
    outcome: Outcome


def log(catalog: Catalog, what: Log, stored: Sequence[Stored]) -> Logged:
    """Log files that are stored as a version of an artifact; project and artifact are made if need be.

    The same content is the same version: nothing new is made, but aliases move, its time to live begins anew,
    and the run has it among its outputs all the same. What is not written is told.

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
    if what.recording:
        recording = what.recording.with_output(what.about.artifact, manifest.id)
        what = replace(what, recording=recording)
    path = f"{project}/{what.about.artifact}"
    asked = f" as {', '.join(what.aliases)}" if what.aliases else ""
    message = f"Log {path}@{manifest.id[:8]}{asked}"
    steps = _steps(project, path, what, manifest)
    return _logged(catalog, what, manifest, commit(catalog, Transaction(edits=steps, message=message)))


def _manifest(catalog: Catalog, project: str, about: About, stored: Sequence[Stored]) -> Manifest:
    """Return the manifest, which says where it comes from wherever it is linked, byte for byte."""
    made = compose(blobs(catalog), stored, about, created=timestamp(catalog.clock()))
    source = ProjectVersion(project=project, artifact=about.artifact, version=made.id)
    return replace(made, source=source)


def _steps(project: str, path: str, what: Log, manifest: Manifest) -> list[Edit]:
    addition = Addition(description=what.description, tags=tuple(what.tags))
    steps: list[Edit] = [
        partial(edits.begin, project=project),
        partial(versions.log, artifact=path, manifest=manifest, addition=addition, ttl=what.ttl),
    ]
    steps += [
        partial(aliases.point, collection=path, alias=alias, version=manifest.id)
        for alias in dict.fromkeys(what.aliases)
    ]
    if what.recording:
        run = what.recording
        steps.append(partial(edits.record, project=project, identifier=run.id, run=run.run))
    return steps


def _logged(catalog: Catalog, what: Log, manifest: Manifest, outcome: Outcome) -> Logged:
    """Return what was done, and tell what was asked for and not written down."""
    path, now = f"{catalog.project}/{what.about.artifact}", catalog.now()
    place = now.find(path, manifest.id)
    there, notes = (now.manifest(place), now.notes(place)) if place else (manifest, Notes())
    missing = tuple(_unrecorded(what, there, notes)) if place else ()
    if missing:
        catalog.notify(
            f"{PROJECTS}{path}@{manifest.id[:8]} was logged before; not recorded: {', '.join(missing)}; "
            "`git registry annotate` and `tag` add to what is there"
        )
    return Logged(
        seen=catalog,
        path=path,
        id=manifest.id,
        manifest=there,
        known=not any(_is_linking(one, path, manifest.id) for one in outcome.events),
        unrecorded=missing,
        recorded=what.recording.run if what.recording else None,
        outcome=outcome,
    )


def _is_linking(event: Event, path: str, version: str) -> bool:
    return isinstance(event, VersionLinked) and (event.path, event.version) == (path, version)


def _unrecorded(what: Log, there: Manifest, notes: Notes) -> Iterator[str]:
    """Yield what the first manifest of this content, and the notes beside it, do not say."""
    about = what.about
    if news(about.metrics, {**there.metrics, **notes.metrics}):
        yield "metrics"
    if news(about.metadata, {**there.metadata, **notes.metadata}):
        yield "metadata"
    if what.description not in (None, notes.description or ""):
        yield "description"
    if set(what.tags) - set(notes.tags):
        yield "tags"
    if any(one not in there.inputs for one in about.inputs):
        yield "inputs"
