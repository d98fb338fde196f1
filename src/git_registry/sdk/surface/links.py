"""Linking a version into a registry, as a script asks for it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from git_registry.sdk import linking, renoting
from git_registry.sdk.linking import Request
from git_registry.sdk.renoting import Revision
from git_registry.sdk.surface import naming
from git_registry.sdk.surface.fields import LATEST
from git_registry.sdk.surface.standing import Standing
from git_registry.sdk.surface.subject import read
from git_registry.sdk.views import named


def link(source: Standing, target: str, aliases: Iterable[str] = ()) -> Standing:
    """Link a version, and return where it stands then.

    A link that is new begins with what is noted at its source; after that, each goes its own way. What is
    linked does not expire any more, and goes on not to when it is unlinked.

    Args:
        source: which version.
        target: the collection, as W&B or as we write it; made if it isn't there.
        aliases: names to point at it there; `latest` is computed.

    Raises:
        NotFound: there is no such registry.
        Refused: the registry or the collection does not accept the type.
        UsageError: the target is none, or an alias may not be called that.
    """
    workspace = source.workspace
    path, notes = naming.target(workspace, target), read(source).notes
    wanted = [one for one in dict.fromkeys(aliases) if one != LATEST]
    asked = Request(aliases=wanted, title=naming.title(target))
    done = linking.link_version(workspace.catalog, source.selector, path, asked)
    if notes.ttl is not None:
        for_ever = Revision(before=notes, after=replace(notes, ttl=None))
        renoting.revise(workspace.catalog, source.selector, for_ever)
    return Standing(workspace=workspace, path=named(done.seen, done.collection), id=done.id)
