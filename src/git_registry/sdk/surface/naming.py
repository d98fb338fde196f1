"""W&B's names for things, and what we call them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from git_registry.catalog import projects
from git_registry.catalog.catalog import Catalog
from git_registry.errors import Conflict, NotFound, UsageError
from git_registry.model.documents.organization import Organization
from git_registry.model.layout import PROJECTS
from git_registry.model.names import NAME, PLACE
from git_registry.model.selector import WANDB_PREFIX
from git_registry.model.snapshot import Snapshot
from git_registry.sdk import mounts, selecting
from git_registry.sdk.surface import titles
from git_registry.sdk.surface.workspace import Workspace

UNCATEGORIZED = "uncategorized"
"""The project of what names none."""

PROJECT = "GIT_REGISTRY_PROJECT"
"""The environment's word for another one."""

MODELS = "model"
"""The registry that `link_model` links into."""

_FORMER = "model-registry"
_FORMS = "such as model/churn:production, churn-project/features:v3 or wandb-registry-model/churn"
_DEEPEST = 3


def selector(workspace: Workspace, text: str, project: str | None = None) -> str:
    """Return what selects the version that `text` names; without an alias it is the latest.

    `name:alias` is an artifact of `project`. A registry's name or title goes before a project's name.

    Raises:
        UsageError: it is no name of a version, or of another organization.
        NotFound: there is no such registry or project.
    """
    path, mark, version = _cut(text)
    return f"{collection(workspace, path, project)}{mark or ':'}{version or 'latest'}"


def target(workspace: Workspace, text: str) -> str:
    """Return the path of the registry's collection that a link shall go to; it need not be there yet.

    Aliases that W&B lets one write behind it are no part of it. Of one that has spaces, `title` is the rest.

    Raises:
        UsageError: it names no collection of a registry, or one of another organization.
        NotFound: there is no such registry.
        Conflict: the directory that a collection of this title would have is another one's.
    """
    path, _, version = _cut(text)
    if version and NAME.problem(version):
        raise UsageError(
            f"Invalid target path: {text!r}", hint="a name has no ':'; behind one there is an alias"
        )
    try:
        found = collection(workspace, path)
    except titles.Taken as taken:
        raise Conflict(taken.message, where=taken.where, hint=taken.hint) from None
    if found.startswith(PROJECTS):
        raise UsageError(
            f"links go into registries, and {path!r} names a project's artifact",
            hint="name the registry: wandb-registry-model/churn, or model/churn",
        )
    return found


def shown(workspace: Workspace, path: str) -> str:
    """Return the shortest name that `collection` reads as this path: `churn/features`.

    A project that is called like a registry keeps `projects/` in front.
    """
    short = path.removeprefix(PROJECTS)
    try:
        return short if collection(workspace, short) == path else path
    except NotFound:
        return path


def title(text: str) -> str | None:
    """Return what the collection is called that a link to `text` makes, if its directory can't be."""
    path, _, _ = _cut(text)
    return titles.title(path.strip("/").rpartition("/")[2])


def collection(workspace: Workspace, text: str, project: str | None = None) -> str:
    """Return the path of a registry's collection, `model/churn`, or an artifact, `projects/churn/features`.

    What is in a mounted repository has its name in front: `secret/model/churn`.

    Raises:
        UsageError: it is no such name, or one of another organization.
        NotFound: there is no such registry or project.
        Refused: it is in a mounted repository that is not trusted.
    """
    found = _mounted(workspace.catalog, text)
    if found:
        return found
    parts = text.strip("/").split("/")
    if not _names_project(parts) and (len(parts) == _DEEPEST or _names_project(parts[1:])):
        check_entity(workspace, parts.pop(0))
    match parts:
        case [name] if name:
            return _artifact(project or UNCATEGORIZED, name)
        case [place, name] if place and name:
            return _below(workspace.catalog, place, name)
        case [_, named, name] if _names_project(parts):
            return _artifact(named, name)
    raise UsageError(f"Invalid artifact path: {text!r}", hint=_FORMS)


def place(workspace: Workspace, text: str) -> str:
    """Return the registry, `model`, or the project, `projects/churn`, that is called `text`.

    A project need not be there yet.

    Raises:
        UsageError: it is no such name, or one of another organization.
        NotFound: there is no such registry.
    """
    first, slash, name = text.strip("/").rpartition("/")
    if f"{first}/" == PROJECTS:
        return f"{PROJECTS}{_checked(name)}"
    if slash:
        check_entity(workspace, first)
    if is_registry(name):
        return registry(workspace, name)
    try:
        return registry(workspace, name)
    except NotFound:
        return f"{PROJECTS}{_checked(name)}"


def run(workspace: Workspace, text: str, project: str | None = None) -> tuple[str, str]:
    """Return project and id of a run: `k3j2h1` in `project`, `churn/k3j2h1`, `acme/churn/runs/k3j2h1`.

    Raises:
        UsageError: it is no such name, or one of another organization.
    """
    parts = [part for part in text.split("/") if part]
    if parts[-2:-1] == ["runs"]:
        del parts[-2]
    if len(parts) == _DEEPEST:
        first = parts.pop(0)
        if f"{first}/" != PROJECTS:
            check_entity(workspace, first)
    match parts:
        case [name]:
            return project or UNCATEGORIZED, NAME.check(name)
        case [place, name]:
            return _checked(place), NAME.check(name)
    raise UsageError(f"Invalid run path: {text!r}", hint="such as churn/k3j2h1")


def registry(workspace: Workspace, text: str) -> str:
    """Return the name of the registry that has this name or title, in W&B's spelling or ours, in any case.

    Raises:
        NotFound: there is none, or several.
    """
    now = workspace.catalog.now()
    return selecting.registry_named(now, _plain(now, text))


def is_registry(text: str) -> bool:
    """Is it how W&B calls a registry where it expects a project?"""
    return text.casefold().startswith(WANDB_PREFIX)


def check_entity(workspace: Workspace, name: str | None) -> None:
    """Check that an entity is our organization, a team or a user of it. None is none to check.

    Raises:
        UsageError: it is another organization's.
    """
    if name is None:
        return
    organization = workspace.catalog.now().organization()
    if name.casefold() not in {one.casefold() for one in _entities(organization)}:
        raise UsageError(
            f"{name!r} is neither the organization {organization.name!r} nor a team or user of it",
            hint=f"write {organization.name!r}, or nothing",
        )


def _entities(organization: Organization) -> Iterator[str]:
    yield from (organization.name, f"{organization.name}-org", *organization.teams)
    principals = [
        *organization.admins,
        *organization.identities,
        *(one for team in organization.teams.values() for one in team.members),
        *(one for members in organization.projects.values() for one in members),
    ]
    yield from (one.partition(":")[2] for one in principals)


def _cut(text: str) -> tuple[str, str, str]:
    """Return a name, what comes between, and the alias, number or digest behind it."""
    for mark in "@:":
        path, found, version = text.partition(mark)
        if found:
            return path, mark, version
    return text, "", ""


def _names_project(parts: list[str]) -> bool:
    return len(parts) == _DEEPEST and f"{parts[0]}/" == PROJECTS


def _plain(now: Snapshot, text: str) -> str:
    """Return a registry's name without W&B's prefix. W&B's former model registry is our `model`."""
    if text.casefold() == _FORMER and _FORMER not in now.registries():
        return MODELS
    return text[len(WANDB_PREFIX) :] if is_registry(text) else text


def _mounted(catalog: Catalog, text: str) -> str | None:
    """Return the path of what is in a mounted repository; None if the text names nothing in one."""
    if text.strip("/").count("/") < _DEEPEST - 1:
        return None
    there, below = mounts.entered(catalog, text)
    parts = below.split("/")
    if not there.mount or not all(parts):
        return None
    if _names_project(parts):
        return f"{there.mount}/{_artifact(*parts[1:])}"
    return f"{there.mount}/{_below(there, *parts)}" if len(parts) == _DEEPEST - 1 else None


def _below(catalog: Catalog, place: str, name: str) -> str:
    now, suggest = catalog.now(), partial(_meant, catalog)
    try:
        found = selecting.registry_named(now, _plain(now, place), suggest)
    except NotFound:
        if is_registry(place) or place not in projects.projects(catalog.repository):
            raise
        return _artifact(place, name)
    return titles.collection(now, found, name)


def _meant(catalog: Catalog, now: Snapshot, word: str) -> str:
    """Return what a word may mean that is neither a registry nor a project that was fetched."""
    known = projects.projects(catalog.repository)
    return selecting.nearest(word, known) or selecting.meant(now, word)


def _artifact(project: str, name: str) -> str:
    return f"{PROJECTS}{_checked(project)}/{_checked(name)}"


def _checked(name: str) -> str:
    return PLACE.check(name)
