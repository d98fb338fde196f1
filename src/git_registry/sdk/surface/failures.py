"""What scripts written for W&B catch, where that is none of Python's own errors or more than one of ours."""

from __future__ import annotations

from git_registry.errors import NotFound, RegistryError, UsageError


class ArtifactStatusError(UsageError, AttributeError):
    """An artifact can't do this, or has none of that, in the state that it is in."""


class ArtifactNotLoggedError(ArtifactStatusError):
    """It needs an artifact that was logged, and this one is a draft or still on its way."""

    def __init__(self, artifact: str, wanted: str) -> None:
        super().__init__(
            f"{wanted} needs an artifact that is logged",
            where=artifact,
            hint="log it, then call wait() on it",
        )


class ArtifactFinalizedError(ArtifactStatusError):
    """It would change files of an artifact that can't be changed any more."""

    def __init__(self, artifact: str, wanted: str) -> None:
        super().__init__(
            f"{wanted} can't be done: the artifact's files are final",
            where=artifact,
            hint="new_draft() gives an artifact with the same files that can be changed",
        )


class WaitTimeoutError(RegistryError, TimeoutError):
    """It was not done in time."""


class NoSuchEntry(NotFound, KeyError):
    """No file of the artifact is called that."""


class NoModel(UsageError, AssertionError):
    """What is to be used as a model is none."""


class WrongType(UsageError, TypeError):
    """What is handed in is something else altogether."""


class NoSuchAutomation(NotFound, ValueError):
    """No automation is called that."""


class NoSuchFile(NotFound, FileNotFoundError):
    """There is nothing by that name to be removed."""
