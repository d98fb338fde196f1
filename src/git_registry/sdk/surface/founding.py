"""A new registry by the name W&B would give it, which need not be one for a directory."""

from __future__ import annotations

import re

from git_registry.errors import Conflict, NotFound, UsageError
from git_registry.model.documents.registry import Registry
from git_registry.model.edits.access import RESTRICTED
from git_registry.model.names import TYPE, VISIBILITY
from git_registry.sdk import saving
from git_registry.sdk.surface import naming, titles
from git_registry.sdk.surface.workspace import Workspace

LONGEST = 113
_FORBIDDEN = re.compile(r"[/\\#?%:\r\n]")
_NOT_HIDDEN = (
    "{name} is restricted, which governs who may change it: whoever may fetch the repository can read it. "
    "What must stay secret belongs in a repository of its own"
)


def check_name(name: str) -> None:
    """Check that a registry may be called that.

    Raises:
        UsageError: the name is empty, too long, or has a character that W&B does not allow.
    """
    if not name.strip():
        raise UsageError("a registry needs a name")
    if len(name) > LONGEST:
        raise UsageError(f"Invalid registry name: it may have {LONGEST} characters, and has {len(name)}")
    if _FORBIDDEN.search(name):
        raise UsageError(
            f"Invalid registry name {name!r}", hint="it may not contain / \\ # ? % : or a line break"
        )
    if naming.is_registry(name):
        raise UsageError(f"Invalid registry name {name!r}", hint="give it without wandb-registry- in front")


def found(
    workspace: Workspace, name: str, visibility: str, description: str | None, types: tuple[str, ...]
) -> str:
    """Create a registry and return the name of its directory; a name with spaces becomes its title.

    Raises:
        Conflict: there is one of that name.
        UsageError: it may not be called that, or this is no visibility.
    """
    check_name(name)
    if VISIBILITY.problem(visibility):
        raise UsageError(f"Invalid visibility: {VISIBILITY.problem(visibility)}")
    for one in types:
        TYPE.check(one)
    check_new(workspace, name)
    directory = titles.directory(name)
    document = Registry(title=titles.title(name), description=description, types=types)
    catalog = workspace.catalog
    creator = catalog.repository.config("registry.user")
    is_restricted = visibility == RESTRICTED
    saving.create_registry(
        catalog,
        directory,
        document,
        visibility=visibility,
        admins=[creator] if creator and is_restricted else [],
    )
    if is_restricted:
        catalog.notify(_NOT_HIDDEN.format(name=directory))
    return directory


def check_new(workspace: Workspace, name: str, *, but: str = "") -> None:
    """Check that no registry, but one, is called that.

    Raises:
        Conflict: one is, by its name or its title.
    """
    try:
        there = naming.registry(workspace, name)
    except NotFound:
        return
    if there != but:
        raise Conflict(f"there is a registry {name!r} already", where=there, hint="choose another name")
