"""What a run uses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from git_registry.errors import UsageError
from git_registry.sdk import inputs, selecting
from git_registry.sdk.surface.artifact import Artifact
from git_registry.sdk.surface.failures import NoModel
from git_registry.sdk.surface.listed import listed
from git_registry.sdk.surface.making import Making


class Using(Making):
    """The part of a run that takes what others made."""

    def use_artifact(
        self,
        artifact_or_name: str | Artifact,
        type: str | None = None,
        aliases: str | Sequence[str] | None = None,
        use_as: str | None = None,
    ) -> Artifact:
        """Return a version, and record that the run uses it.

        Args:
            artifact_or_name: `churn-xgb:v3` of the run's project, `wandb-registry-model/churn:production`,
                `projects/churn/features`, or an artifact. One that was not logged yet is logged first.
            type: what it must be of.
            aliases: which version, if the name does not say; of one that is logged first, its aliases.
            use_as: what it is to this run: `train`.

        Raises:
            NotFound: there is no such version.
            UsageError: it is of another type.
        """
        self._require_running()
        named = listed(aliases)
        if isinstance(artifact_or_name, str):
            text = artifact_or_name
            if named and ":" not in text and "@" not in text:
                text = f"{text}:{named[0]}"
            artifact = self._find(text)
        else:
            artifact = artifact_or_name
            if artifact.is_draft():
                self.log_artifact(artifact, aliases=named or None)
            artifact.wait()
        if type is not None and artifact.type != type:
            raise UsageError(f"it is of type {artifact.type!r}, not {type!r}", where=artifact.name)
        assert isinstance(artifact, Artifact)
        standing = artifact.standing
        place = selecting.place(self._workspace.catalog, standing.selector)
        found = standing.resolve().found
        used = inputs.input_of(place, found, used_as=use_as or artifact.use_as)
        with self._lock:
            self._account.used(used)
        self._record_soon()
        return artifact

    def use_model(self, name: str) -> str:
        """Download a model and return where it is: the file if it is one, else the directory.

        Raises:
            NoModel: it is none; an AssertionError.
        """
        artifact = self.use_artifact(name)
        if "model" not in artifact.type.lower():
            raise NoModel(f"it is of type {artifact.type!r}, which is no model", where=artifact.name)
        root = artifact.download()
        files = list(artifact.manifest.entries)
        return str(Path(root) / files[0]) if len(files) == 1 else root
