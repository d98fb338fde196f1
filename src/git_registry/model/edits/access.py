"""Who may see a registry, and with which role somebody is a member of it."""

from __future__ import annotations

from dataclasses import replace

from git_registry.errors import NotFound, Refused
from git_registry.model import layout
from git_registry.model.documents.access import Access
from git_registry.model.edits.change import Changes
from git_registry.model.equality import same
from git_registry.model.names import PRINCIPAL, ROLE, VISIBILITY
from git_registry.model.snapshot import Snapshot

ORGANIZATION, RESTRICTED = "organization", "restricted"


def visibility(now: Snapshot, registry: str) -> str:
    """Return who may see a registry: the whole organization, unless its access document says otherwise."""
    return now.access(registry).visibility or ORGANIZATION


def set_visibility(now: Snapshot, registry: str, wanted: str) -> Changes:
    """Say who may see a registry.

    Raises:
        Refused: it is restricted. What few were told in confidence is not shown to all.
        UsageError: it is neither `organization` nor `restricted`.
    """
    VISIBILITY.check(wanted)
    found = visibility(now, registry)
    if found == RESTRICTED != wanted:
        raise Refused(
            "a restricted registry stays restricted",
            where=registry,
            hint="create another one, and link there what everybody may see",
        )
    return (
        {} if found == wanted else _changed(now, registry, replace(now.access(registry), visibility=wanted))
    )


def grant(now: Snapshot, registry: str, principal: str, role: str) -> Changes:
    """Make somebody a member with a role, whatever it was before.

    Raises:
        UsageError: it is no principal, or no role.
    """
    PRINCIPAL.check(principal)
    ROLE.check(role)
    access = now.access(registry)
    return _changed(now, registry, replace(access, members={**access.members, principal: role}))


def revoke(now: Snapshot, registry: str, principal: str) -> Changes:
    """Make somebody a member no longer.

    Raises:
        NotFound: they are none.
    """
    access = now.access(registry)
    require_member(access, registry, principal)
    left = {name: role for name, role in access.members.items() if name != principal}
    return _changed(now, registry, replace(access, members=left))


def require_member(access: Access, registry: str, principal: str) -> None:
    """Check that somebody is a member of a registry by their own name.

    Raises:
        NotFound: they are none.
    """
    if principal not in access.members:
        raise NotFound(
            f"{principal} is no member",
            where=registry,
            hint=f"its members: {', '.join(access.members)}" if access.members else "it has none",
        )


def _changed(now: Snapshot, registry: str, access: Access) -> Changes:
    now.registry(registry)  # or say that there is none
    return {} if same(access, now.access(registry)) else {layout.access_path(registry): access}
