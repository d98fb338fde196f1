"""What a run makes: versions in its project, and links of them into registries."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from copy import deepcopy
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from git_registry.errors import NotFound, RegistryError, UsageError
from git_registry.model.documents.run import Made
from git_registry.model.layout import PROJECTS
from git_registry.sdk import aliasing, logged, noting, parts, selecting
from git_registry.sdk.blobs import Blobs, blobs
from git_registry.sdk.logged import Log, Recording
from git_registry.sdk.manifests import About
from git_registry.sdk.surface import links, naming
from git_registry.sdk.surface.artifact import Artifact
from git_registry.sdk.surface.execution import Execution
from git_registry.sdk.surface.fields import LATEST
from git_registry.sdk.surface.listed import listed
from git_registry.sdk.surface.plain import numbers
from git_registry.sdk.surface.standing import Standing
from git_registry.sdk.surface.upload import Upload, prepared
from git_registry.sdk.views import named
from git_registry.store.blobs import Stored

_LONGEST = 128
_KEPT_ENDINGS = ("lock", "yaml", "md")
"""Git and the format use them themselves."""

UNSPECIFIED = "unspecified"
"""The type of a path that is logged without one."""


def _nothing(_where: Blobs) -> None:
    return None


class Making(Execution):
    """The part of a run that logs and links."""

    def log_artifact(
        self,
        artifact_or_path: Artifact | str | Path,
        name: str | None = None,
        type: str | None = None,
        aliases: str | Sequence[str] | None = None,
        tags: str | Sequence[str] | None = None,
    ) -> Artifact:
        """Log an artifact as made by this run. It is uploaded while the script goes on.

        The same content is the same version, and an output of this run all the same. What goes wrong is
        raised by the artifact's `wait`, or else by `finish`.

        Args:
            artifact_or_path: an artifact; or a file, a directory or a URI to make one of.
            name: of a path, what the artifact is called; `run-<id>-<file name>` by default.
            type: of a path, what it is; `unspecified` by default.
            aliases: names to point at the version; `latest` is computed and always there.
            tags: labels of the version.

        Raises:
            UsageError: a name is not allowed, or the run has ended.
            UsageError: there is nothing at the path.
        """
        self._require_running()
        artifact = self._artifact(artifact_or_path, name, type)
        named = [one for one in listed(aliases) if one != LATEST]
        if not artifact.is_draft():
            return self._log_again(artifact, named, listed(tags))
        what = self._log(artifact, named, [*artifact.tags, *listed(tags)])
        what.check()
        if artifact.incremental:
            self._begin_with_latest(artifact)
        self._make(artifact, what, prepared(artifact.draft, blobs(self._workspace.catalog).store))
        return artifact

    def _make(
        self,
        artifact: Artifact,
        what: Log,
        upload: Callable[[], Sequence[Stored]],
        then: Callable[[Blobs], None] = _nothing,
    ) -> None:
        """Upload and commit in the background, and clear up when that is done."""

        def work() -> Standing:
            stored = upload()
            done = self._write(lambda catalog: logged.log(catalog, self._as_by_now(what), stored))
            with self._lock:
                self._account.made(done.recorded.outputs if done.recorded else ())
            try:
                then(blobs(self._workspace.catalog))
            except RegistryError as error:
                self._workspace.notify(f"the version is there, and this is left over: {error}")
            return Standing(workspace=self._workspace, path=f"{PROJECTS}{done.path}", id=done.id)

        way = Upload(artifact.bare_name)
        self._begin(way, work)
        artifact._logging(way)

    def _begin_with_latest(self, artifact: Artifact) -> None:
        """Put the files of the latest version into an artifact that adds to it, if there is one."""
        name = artifact.bare_name
        for upload in self._uploads:
            if upload.artifact == name:
                upload.exception()  # whatever became of it, there is nothing later
        try:
            latest = self._find(f"{PROJECTS}{self.project}/{name}:latest")
        except NotFound:
            return
        artifact.begin_with(latest.standing)

    def _log(self, artifact: Artifact, aliases: Sequence[str], tags: Sequence[str]) -> Log:
        account = self._account
        ttl = artifact.ttl
        with self._lock:
            about = About(
                artifact=artifact.bare_name,
                type=artifact.type,
                metadata=deepcopy(dict(artifact.metadata)),
                metrics={**numbers(account.summary.as_dict()), **artifact.metrics},
                run=account.reference,
                code=account.code,
                inputs=account.inputs,
            )
        return Log(
            about=about,
            description=artifact.description,
            tags=tuple(dict.fromkeys(tags)),
            ttl=int(ttl.total_seconds()) if isinstance(ttl, timedelta) else None,
            aliases=aliases,
        )

    def _as_by_now(self, what: Log) -> Log:
        with self._lock:
            return replace(what, recording=Recording(id=self.id, run=self._account.document))

    def _log_again(self, artifact: Artifact, aliases: Sequence[str], tags: Sequence[str]) -> Artifact:
        """Record a version that was logged before as made by this run too."""
        standing = artifact.wait().standing
        if not standing.path.startswith(f"{PROJECTS}{self.project}/"):
            raise UsageError(
                "it was logged elsewhere, and a run makes versions in its own project",
                where=standing.path,
                hint="use_artifact() records that it was used; link_artifact() links it",
            )
        with self._lock:
            made = Made(artifact=standing.path.rpartition("/")[2], version=standing.id)
            self._account.made([made])
        if aliases:
            aliasing.add(self._workspace.catalog, standing.selector, aliases)
        if tags:
            noting.tag(self._workspace.catalog, standing.selector, add=tags)
        return artifact

    def upsert_artifact(
        self,
        artifact_or_path: Artifact | str | Path,
        name: str | None = None,
        type: str | None = None,
        aliases: str | Sequence[str] | None = None,
        distributed_id: str | None = None,
    ) -> Artifact:
        """Add files to a version that several runs make together; `finish_artifact` makes it.

        They are uploaded when this returns. What the same run adds again takes the place of what it added.

        Args:
            artifact_or_path: as in `log_artifact`; all the runs must say the same name and type.
            name: of a path, as in `log_artifact`.
            type: likewise.
            aliases: taken from whoever finishes it.
            distributed_id: which version; by default that of the run's group. Whatever was added under it
                and not finished is part of it, by runs that died as well.

        Raises:
            UsageError: there is no distributed id, and the run has no group; or a name is missing.
            StoreError: the store can't be reached.
        """
        del aliases
        self._require_running()
        artifact = self._artifact(artifact_or_path, name, type)
        together = distributed_id or artifact.distributed_id or self._together(artifact.bare_name)
        if together is None:
            raise UsageError(
                "which version is it part of?", where="distributed_id", hint="pass it, or init(group=...)"
            )
        where = blobs(self._workspace.catalog)
        about = {"project": self.project, "artifact": artifact.bare_name, "type": artifact.type}
        parts.add_part(where, together, self.id, artifact.draft.stored(where.store), about)
        artifact.distributed_id = together
        return artifact

    def finish_artifact(
        self,
        artifact_or_path: Artifact | str | Path,
        name: str | None = None,
        type: str | None = None,
        aliases: str | Sequence[str] | None = None,
        distributed_id: str | None = None,
    ) -> Artifact:
        """Make the version that several runs added to, this one's files among them. One does so, last.

        Arguments and errors are those of `upsert_artifact` and `log_artifact`.

        Raises:
            Conflict: two runs added different files under one path, or say different things of the version.
        """
        artifact = self.upsert_artifact(artifact_or_path, name, type, None, distributed_id)
        together = artifact.distributed_id or ""
        what = self._log(artifact, [one for one in listed(aliases) if one != LATEST], artifact.tags)
        what.check()
        whole = parts.parts(blobs(self._workspace.catalog), together)
        self._workspace.notify(f"{artifact.bare_name} is made of what {', '.join(whole.workers)} added")
        self._make(artifact, what, lambda: whole.stored, then=lambda where: parts.drop_parts(where, together))
        return artifact

    def link_artifact(
        self, artifact: Artifact, target_path: str, aliases: str | Sequence[str] | None = None
    ) -> Artifact:
        """Link a version into a registry's collection, which is made if it isn't there.

        Args:
            artifact: which; one that was not logged yet is logged first.
            target_path: `wandb-registry-model/churn`, or `model/churn`.
            aliases: names to point at it there.

        Returns:
            What was linked: its version is the number in that collection.

        Raises:
            NotFound: there is no such registry.
            Refused: it does not accept the type.
        """
        self._require_running()
        if artifact.is_draft():
            self.log_artifact(artifact)
        source = artifact.wait().source_standing
        linked = self._reached(lambda: links.link(source, target_path, listed(aliases)))
        return Artifact.at_standing(linked)

    def log_model(
        self, path: str | Path, name: str | None = None, aliases: str | Sequence[str] | None = None
    ) -> None:
        """Log a file or directory as an artifact of type `model`."""
        self.log_artifact(path, name=name, type="model", aliases=aliases)

    def link_model(
        self,
        path: str | Path,
        registered_model_name: str,
        name: str | None = None,
        aliases: str | Sequence[str] | None = None,
    ) -> Artifact:
        """Log a file or directory as a model, and link it into the registry `model`.

        Raises:
            UsageError: the name has a registry in it; that is for `link_artifact`.
        """
        if "/" in registered_model_name:
            raise UsageError(
                f"{registered_model_name!r} has a '/'", hint="use link_artifact for other registries"
            )
        artifact = self.log_artifact(path, name=name, type="model")
        return self.link_artifact(artifact, f"{naming.MODELS}/{registered_model_name}", aliases)

    def _together(self, artifact: str) -> str | None:
        """Return which version the runs of a group make together of an artifact."""
        return f"{self.project}.{self.group}.{artifact}" if self.group else None

    def _find(self, text: str) -> Artifact:
        selector = naming.selector(self._workspace, text, self.project)
        place = selecting.place(self._workspace.catalog, selector)
        found = selecting.version(place.catalog, place.selector)
        path = named(place.catalog, found.collection)
        standing = Standing(workspace=self._workspace, path=path, id=found.id)
        return Artifact.at_standing(standing)

    def _artifact(self, given: Artifact | str | Path, name: str | None, kind: str | None) -> Artifact:
        if isinstance(given, Artifact):
            return given
        text = str(given)
        base = text.rstrip("/").rpartition("/")[2]
        artifact = Artifact(name or _fitting(f"run-{self.id}-{base}"), kind or UNSPECIFIED)
        if "://" in text:
            artifact.add_reference(text)
        elif Path(text).is_dir():
            artifact.add_dir(text)
        else:
            artifact.add_file(text)
        return artifact


def _fitting(name: str) -> str:
    """Return a name that is allowed for what a file or directory is called."""
    plain = re.sub(r"[^A-Za-z0-9._-]+|\.\.+", "-", name)[:_LONGEST].rstrip(".")
    stem, dot, ending = plain.rpartition(".")
    return f"{stem}-{ending}" if dot and ending.lower() in _KEPT_ENDINGS else plain
