"""Where an automation stands: in a registry, or in one of its collections."""

from __future__ import annotations

from typing import TypeAlias

from git_registry.errors import UsageError
from git_registry.model.layout import PROJECTS
from git_registry.sdk.surface import naming
from git_registry.sdk.surface.collection import ArtifactCollection
from git_registry.sdk.surface.project import Project
from git_registry.sdk.surface.registry import Registry
from git_registry.sdk.surface.workspace import Workspace

Scope: TypeAlias = Registry | ArtifactCollection | Project | str
"""A registry or collection, or what either is called. What W&B calls a registry's project will do as well."""


def checked(scope: object) -> Scope:
    """Return a scope, if automations stand there.

    Raises:
        UsageError: they don't: it is a project, an artifact in one, or the whole organization.
    """
    if isinstance(scope, Registry | ArtifactCollection | Project | str):
        if _path(scope).startswith(PROJECTS):
            raise _nowhere(f"{_path(scope)} is in a project")
        return scope
    raise _nowhere(f"found {scope!r}")


def _path(scope: Scope) -> str:
    if isinstance(scope, str):
        return scope.strip("/")
    return scope.place if isinstance(scope, Project) else scope.path


def _nowhere(found: str) -> UsageError:
    return UsageError(
        f"an automation stands in a registry or a collection of one; {found}",
        where="scope",
        hint="such as api.registry('model'), or 'model/churn'",
    )


def place(workspace: Workspace, scope: Scope) -> str:
    """Return the path of a scope: `model`, `model/churn`.

    Raises:
        NotFound: there is no such registry.
        UsageError: it is a project's, or another organization's.
    """
    text = _path(scope)
    if not isinstance(scope, str):
        return text
    name = text.rpartition("/")[2]
    if "/" not in text or naming.is_registry(name):
        found = naming.place(workspace, text) if "/" in text else naming.registry(workspace, text)
    else:
        found = naming.collection(workspace, text)
    checked(found)
    return found
