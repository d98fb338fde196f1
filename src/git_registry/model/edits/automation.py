"""Creating an automation, changing, moving and removing it."""

from __future__ import annotations

from dataclasses import replace

from git_registry.errors import Conflict, InvalidDocument, NotFound
from git_registry.model import layout
from git_registry.model.documents.automation import Automation
from git_registry.model.edits.change import Changes
from git_registry.model.edits.collection import check_spelling
from git_registry.model.equality import same
from git_registry.model.names import NAME
from git_registry.model.snapshot import Snapshot


def create(now: Snapshot, place: str, name: str, automation: Automation) -> Changes:
    """Create an automation of a registry or collection.

    Raises:
        Conflict: there is one of that name, however it is spelled.
        NotFound: there is no such registry or collection.
        UsageError: it may not be called that.
    """
    NAME.check(name)
    _require_place(now, place)
    path = layout.automation_path(place, name)
    if now.entry(path):
        raise Conflict("there is an automation of that name already", where=path, hint="choose another name")
    check_spelling(now, f"{place}/automations", name, suffix=".yaml")
    return {path: automation}


def put(now: Snapshot, place: str, name: str, automation: Automation) -> Changes:
    """Let an automation say this, whatever it said, if it said anything; see `create` for what is raised."""
    path = layout.automation_path(place, name)
    if now.entry(path) is None:
        return create(now, place, name, automation)
    try:
        return {} if same(now.tree.document(path, Automation), automation) else {path: automation}
    except InvalidDocument:
        return {path: automation}


def change(now: Snapshot, path: str, seen: Automation, document: Automation) -> Changes:
    """Let an automation say something else than what was `seen` of it.

    Raises:
        Conflict: it says something else by now.
        NotFound: it isn't there.
    """
    require(now, path)
    there = now.tree.document(path, Automation)
    if not same(there, seen):
        raise Conflict("somebody changed it meanwhile", where=path, hint="look at it again, then change it")
    return {} if same(there, document) else {path: document}


def switch(now: Snapshot, path: str, *, enabled: bool) -> Changes:
    """Let an automation start what it says, or nothing; what else it says stays.

    Raises:
        InvalidDocument: it can't be read.
        NotFound: it isn't there.
    """
    require(now, path)
    there = now.tree.document(path, Automation)
    return {} if there.enabled is enabled else {path: replace(there, enabled=enabled)}


def move(now: Snapshot, path: str, place: str, name: str) -> Changes:
    """Let an automation be another place's, or be called otherwise; see `create` for what is raised."""
    require(now, path)
    return {**create(now, place, name, now.tree.document(path, Automation)), path: None}


def remove(now: Snapshot, path: str) -> Changes:
    """Remove the automation at a path; one that can't be read, too.

    Raises:
        NotFound: it isn't there.
    """
    require(now, path)
    return {path: None}


def require(now: Snapshot, path: str) -> None:
    """Check that there is an automation at a path.

    Raises:
        NotFound: there is none.
    """
    if now.entry(path) is None:
        raise NotFound("there is no such automation", where=path, hint="`git registry automation list`")


def _require_place(now: Snapshot, place: str) -> None:
    is_there = now.has_collection(place) if "/" in place else now.entry(layout.registry_path(place))
    if not is_there:
        raise NotFound(
            f"there is no {'collection' if '/' in place else 'registry'} {place}",
            hint="`git registry list` shows what there is",
        )
