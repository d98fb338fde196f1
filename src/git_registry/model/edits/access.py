"""Who may see a registry, with which role somebody is a member of it, and which aliases are protected."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import fields, replace

from git_registry.errors import NotFound, Refused
from git_registry.model import layout
from git_registry.model.documents.access import Access, Gate, Protection
from git_registry.model.edits.change import Changes
from git_registry.model.equality import same
from git_registry.model.names import ALIAS, PRINCIPAL, ROLE, VISIBILITY
from git_registry.model.snapshot import Snapshot

ORGANIZATION, RESTRICTED = "organization", "restricted"

GATES = tuple(part.name for part in fields(Gate) if part.name != "extra")
"""The kinds of gates, in the order of the document."""


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


def protect(
    now: Snapshot, registry: str, alias: str, gates: Sequence[Gate] = (), *, without: Collection[str] = ()
) -> Changes:
    """Protect an alias, and say which gates it goes through.

    Args:
        now: the organization as it is.
        registry: where.
        alias: which; one that is protected is the same whatever its case.
        gates: of each kind that is given it has these and no others; of other kinds, those it had.
        without: kinds of gates that it has no more.

    Raises:
        UsageError: no alias is called that.
    """
    access = now.access(registry)
    name = next(iter(access.protection(alias)), None) or ALIAS.check(alias)
    had = access.protected_aliases.get(name, Protection())
    kept = [one for one in had.gates if gate_kind(one) not in {*without, *map(gate_kind, gates)}]
    protection = replace(had, gates=tuple(_in_order([*kept, *gates])))
    aliases = {**access.protected_aliases, name: protection}
    return _changed(now, registry, replace(access, protected_aliases=aliases))


def unprotect(now: Snapshot, registry: str, alias: str) -> Changes:
    """Let any member move an alias again; its gates are gone.

    Raises:
        NotFound: it is not protected.
    """
    access = now.access(registry)
    protection = access.protection(alias)
    if not protection:
        names = ", ".join(access.protected_aliases)
        raise NotFound(
            f"the alias {alias} is not protected",
            where=registry,
            hint=f"protected are {names}" if names else "no alias is",
        )
    left = {name: one for name, one in access.protected_aliases.items() if name not in protection}
    return _changed(now, registry, replace(access, protected_aliases=left))


def gate_kind(gate: Gate) -> str:
    """Return which of `GATES` a gate is; an empty text for one that a newer version wrote."""
    return next((name for name in GATES if getattr(gate, name)), "")


def _in_order(gates: Sequence[Gate]) -> Iterator[Gate]:
    for kind in (*GATES, ""):
        yield from (one for one in gates if gate_kind(one) == kind)


def _changed(now: Snapshot, registry: str, access: Access) -> Changes:
    now.registry(registry)  # or say that there is none
    return {} if same(access, now.access(registry)) else {layout.access_path(registry): access}
