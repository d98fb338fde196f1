"""A path of the file system, taken apart: which version, and which of its files."""

from __future__ import annotations

from dataclasses import dataclass

from git_registry.model.layout import PROJECTS
from git_registry.model.selector import WANDB_PREFIX

PROJECT_ROOT = PROJECTS.rstrip("/")
_SELECTED = 2
"""Parts that name a collection: its registry or project, and it itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Path:
    """What a path names.

    Attributes:
        said: the part of it that is a selector, as it was written; names in a listing begin with it.
        project: is it in a project, not in a registry?
        depth: of the selector: 0 names the organization or all projects, 1 a registry or project, 2 a
            collection or a version.
        file: what follows, inside the version; empty for the version itself.
    """

    said: str
    project: bool
    depth: int
    file: str = ""

    @property
    def has_version(self) -> bool:
        """Does it say which version?"""
        name = self.said.rpartition("/")[2]
        return self.depth == _SELECTED and (":" in name or "@" in name)

    @property
    def is_collection(self) -> bool:
        """Is it a whole collection or artifact?"""
        return self.depth == _SELECTED and not self.has_version and not self.file

    def below(self, name: str) -> str:
        """Return the whole path of what is called `name` in the place that is selected."""
        return f"{self.said}/{name}" if self.said else name


def split(path: str, organization: str) -> Path:
    """Take a path apart; the organization's name, `projects` and W&B's entity may stand in front."""
    parts = path.split("/") if path else []
    begins = _in_front(parts, organization)
    project = parts[begins : begins + 1] == [PROJECT_ROOT]
    begins += project
    ends = min(len(parts), begins + _SELECTED)
    return Path(
        said="/".join(parts[:ends]), project=project, depth=ends - begins, file="/".join(parts[ends:])
    )


def _in_front(parts: list[str], organization: str) -> int:
    """Return how many parts say nothing but whose registry it is."""
    if parts and organization and parts[0] == organization:
        return 1
    return 1 if len(parts) > 1 and parts[1].startswith(WANDB_PREFIX) else 0


def project_of(path: str) -> str | None:
    """Return the project that a path is in, whatever the organization is called; None if it is in none.

    Nothing in a registry may be called `projects`.
    """
    match path.split("/"):
        case [first, project, *_] if first == PROJECT_ROOT:
            return project
        case [_, second, project, *_] if second == PROJECT_ROOT:
            return project
    return None
