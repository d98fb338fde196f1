"""`Artifact`: files under a name, put together, logged as a version, linked into registries.

Its methods stand in the classes it is made of, by what they are about; the work is done by verbs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Self

from git_registry.errors import UsageError
from git_registry.model.layout import PROJECTS
from git_registry.model.names import PLACE, TYPE
from git_registry.sdk import linking, renoting
from git_registry.sdk.drafting import Draft
from git_registry.sdk.renoting import Revision
from git_registry.sdk.surface import current, links, values
from git_registry.sdk.surface.failures import (
    ArtifactFinalizedError,
    ArtifactNotLoggedError,
    WaitTimeoutError,
)
from git_registry.sdk.surface.fetching import Fetching
from git_registry.sdk.surface.fields import LATEST, Fields
from git_registry.sdk.surface.filling import Filling
from git_registry.sdk.surface.lineage import Lineage
from git_registry.sdk.surface.listed import listed
from git_registry.sdk.surface.standing import Standing
from git_registry.sdk.surface.wording import Wording

_NAME = re.compile(r"[a-zA-Z0-9_\-.]+")
_LONGEST = 128
_RESERVED = {"job": "", "run_table": "run-", "code": "source-"}
"""Types that W&B keeps for itself, and how the names begin that it gives them."""


class Artifact(Filling, Fetching, Wording, Lineage):
    """Files under a name: a draft at first, a version once it is logged.

    Args:
        name: what it is called: letters, digits, `_`, `-` and `.`.
        type: what kind of thing it is, such as `model` or `dataset`.
        description: what people say of it.
        metadata: what is known of it, at most 100 keys.
        incremental: does it begin with the files of the latest version, when it is logged?
        use_as: what it is to the run that logs it.
        storage_region, digest_algorithm: accepted as W&B does; files are known by their SHA-256.

    Raises:
        UsageError: the name, the type or the metadata is not allowed; it is a ValueError.
    """

    def __init__(
        self,
        name: str,
        type: str,
        description: str | None = None,
        metadata: Mapping[str, object] | None = None,
        incremental: bool = False,
        use_as: str | None = None,
        storage_region: str | None = None,
        digest_algorithm: str | None = None,
    ) -> None:
        del storage_region, digest_algorithm
        _check(name, type)
        fields = Fields(description=description, metadata=values.metadata(metadata))
        super().__init__(name, type, fields, Draft())
        self.incremental = incremental
        self.use_as = use_as
        self.distributed_id: str | None = None

    @classmethod
    def at_standing(cls, standing: Standing) -> Self:
        """Return the artifact that stands somewhere. It is read when something of it is asked."""
        self = cls.__new__(cls)
        super().__init__(self, standing.path.rpartition("/")[2], "", Fields(), Draft())
        self.incremental, self.use_as, self.distributed_id = False, None, None
        self._stand(standing)
        return self

    digest_algorithm = "SHA256"

    _home: str | None = None  # the project of what a draft was taken from

    def save(self, project: str | None = None, settings: object = None) -> None:
        """Log a draft; of what is logged, write what was edited, in one commit.

        A draft is logged by the run of this process. If there is none, one of the job type `auto` begins and
        ends for it.

        Args:
            project: where a draft is logged if no run is under way; by default what `new_draft` took it from.
            settings: accepted as W&B does.

        Raises:
            Conflict: somebody else changed the same meanwhile.
            UsageError: an alias, a tag or the metadata is not allowed.
        """
        del settings
        if self.is_draft():
            self._log(project)
        elif self._may_be_edited():
            self._revise()

    def _log(self, project: str | None) -> None:
        run = current.run()
        if run is not None:
            run.log_artifact(self)
            return
        from git_registry.sdk.surface.beginning import init

        place = self._workspace.path if self._workspace else None
        with init(project=project or self._home, job_type="auto", path=place) as auto:
            auto.log_artifact(self)
        self.wait()

    def _revise(self) -> None:
        standing, known = self._standing("save"), self._reading("save")
        revision = self._fields.revision(self._seen, known.manifest, known.notes)
        if revision != Revision(before=known.notes, after=known.notes):
            renoting.revise(standing.workspace.catalog, standing.selector, revision)
            self._read, self._seen = None, self._fields.copy()

    def wait(self, timeout: float | None = None) -> Self:
        """Wait until it is logged.

        Args:
            timeout: for how many seconds at most.

        Raises:
            ArtifactNotLoggedError: nobody logs it.
            WaitTimeoutError: it was not done in time.
            RegistryError: what went wrong.
        """
        if self._stands is None and self._upload is None:
            raise ArtifactNotLoggedError(self._name, "wait")
        try:
            self._arrive(timeout)
        except TimeoutError:
            raise WaitTimeoutError(
                f"it was not logged within {timeout} seconds", where=self._name, hint="it goes on"
            ) from None
        return self

    def link(self, target_path: str, aliases: Sequence[str] | str | None = None) -> Artifact:
        """Link it into a registry's collection, and return what was linked. A draft is logged first.

        Args:
            target_path: `wandb-registry-model/churn`, or `model/churn`; the collection is made if need be.
            aliases: names to point at it there.

        Raises:
            NotFound: there is no such registry.
            Refused: it does not accept the type.
        """
        if self.is_draft():
            self.save()
        self.wait()
        standing = self.standing
        if self.is_link:
            standing.workspace.notify(f"{self.name} is a link; what it leads to is linked")
        return Artifact.at_standing(links.link(self.source_standing, target_path, listed(aliases)))

    def unlink(self) -> None:
        """Take a link out of its registry; its source stays.

        Raises:
            ArtifactNotLoggedError: it is a draft.
            UsageError: it is no link.
        """
        self._standing("unlink")
        if not self.is_link:
            raise UsageError(
                "Only links can be unlinked",
                where=self.qualified_name,
                hint="delete() is for what it leads to",
            )
        self._unlink()

    def delete(self, delete_aliases: bool = False) -> None:
        """Take a version out of its project. Links to it stay, and so do its bytes and its number.

        Args:
            delete_aliases: its aliases, too? A version that has some is not deleted otherwise.

        Raises:
            ArtifactNotLoggedError: it is a draft.
            UsageError: it has aliases.
        """
        self._standing("delete")
        if self.is_link:
            self.standing.workspace.notify(f"{self.name} is a link: it is unlinked, and its source stays")
        elif not delete_aliases and [one for one in self._reading("delete").aliases if one != LATEST]:
            raise UsageError(
                "it has aliases",
                where=self.qualified_name,
                hint="delete(delete_aliases=True) takes them along",
            )
        self._unlink()

    def _unlink(self) -> None:
        standing = self._standing("unlink")
        linking.unlink(standing.workspace.catalog, [standing.selector])

    def new_draft(self) -> Artifact:
        """Return a draft with the same files, to be changed and logged as the next version.

        Raises:
            ArtifactNotLoggedError: it is a draft itself.
        """
        resolved = self._standing("new_draft").resolve()
        source = self.source_standing
        above, _, name = source.path.rpartition("/")
        draft = Artifact(name, self.type, self.description, self.metadata)
        draft.draft = Draft(resolved.files)
        draft._workspace = source.workspace
        draft._home = above.removeprefix(PROJECTS) if above.startswith(PROJECTS) else None
        return draft

    def begin_with(self, standing: Standing) -> None:
        """Put the files of a version into a draft, those apart that it has others for: `incremental`.

        Raises:
            ArtifactFinalizedError: it is no draft.
        """
        if not self.is_draft():
            raise ArtifactFinalizedError(self._name, "begin_with")
        for entry in standing.resolve().files:
            if entry.path not in self.draft.items:
                self.draft.put(entry)

    def json_encode(self) -> dict[str, Any]:
        """Return what a run's summary or a table keeps of it.

        Raises:
            ArtifactNotLoggedError: it is a draft.
        """
        return {
            "_type": "artifactVersion",
            "_version": "v0",
            "id": self._standing("json_encode").id,
            "version": self.source_version,
            "sequenceName": self.source_name.partition(":")[0],
            "usedAs": self.use_as,
        }

    def __repr__(self) -> str:
        return f"<Artifact {self.name if self._place() is None else self.qualified_name}>"


def _check(name: str, artifact_type: str) -> None:
    if len(name) > _LONGEST:
        raise UsageError(f"Artifact name is longer than {_LONGEST} characters: {name!r}")
    if not _NAME.fullmatch(name):
        raise UsageError(
            f"Artifact name may only contain alphanumeric characters, dashes, underscores, and dots: {name!r}"
        )
    PLACE.check(name)
    TYPE.check(artifact_type)
    begins = _RESERVED.get(artifact_type)
    if artifact_type.startswith("wandb-") or (begins is not None and name.startswith(begins)):
        raise UsageError(
            f"Artifact type {artifact_type!r} is reserved for internal use: use a different type"
        )
