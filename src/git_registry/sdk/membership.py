"""Making somebody a member of a registry, with a role, and no longer; who loses by it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.transaction import Outcome, Transaction, commit
from git_registry.errors import NotFound, RegistryError
from git_registry.model.edits import access as edits
from git_registry.model.edits.change import Changes, Edit
from git_registry.model.snapshot import Snapshot
from git_registry.policy.roles import RANK, TEAM, Held, grants, held
from git_registry.sdk import principals, undefined
from git_registry.sdk.targeting import registry_of


def members(catalog: Catalog, registry: str) -> Mapping[str, str]:
    """Return principal → role of a registry's own members, as its access document has them.

    Raises:
        NotFound: there is no such registry.
    """
    now = catalog.now()
    now.registry(registry)
    return now.access(registry).members


def grant(catalog: Catalog, target: str, roles: Mapping[str, str]) -> Outcome:
    """Give principals a role each in a registry, whatever theirs was, in one commit; see `_telling`.

    Raises:
        NotFound: there is no such registry.
        UsageError: it is no principal, or no role.
    """
    there, registry = registry_of(catalog, target)
    organization = there.now().organization()
    named = {principals.principal(organization, one): role for one, role in roles.items()}
    steps: list[Edit] = [
        partial(edits.grant, registry=registry, principal=one, role=role) for one, role in named.items()
    ]
    for said in undefined.teams(organization, named):
        there.notify(said)
    words = ", ".join(f"{one} as {role}" for one, role in named.items())
    return _telling(there, registry, Transaction(edits=steps, message=f"Members of {registry}: add {words}"))


def change(catalog: Catalog, registry: str, principal: str, role: str) -> Outcome:
    """Give a member another role; see `_telling`.

    Raises:
        NotFound: they are no member.
        UsageError: it is no role.
    """

    def step(now: Snapshot) -> Changes:
        edits.require_member(now.access(registry), registry, principal)
        return edits.grant(now, registry, principal, role)

    subject = f"Members of {registry}: {principal} is {role}"
    return _telling(catalog, registry, Transaction(edits=[step], message=subject))


def revoke(catalog: Catalog, target: str, members: Sequence[str]) -> Outcome:
    """Let principals have no role of their own in a registry any more, in one commit; see `_telling`.

    What their teams have, and the default role, stay.

    Raises:
        NotFound: there is no such registry, or one of them is no member by their own name; then all stay.
    """
    there, registry = registry_of(catalog, target)
    organization = there.now().organization()
    gone = [principals.principal(organization, one) for one in members]
    for one in gone:
        _require_own(there, registry, one)
    steps: list[Edit] = [partial(edits.revoke, registry=registry, principal=one) for one in gone]
    subject = f"Members of {registry}: remove {', '.join(gone)}"
    return _telling(there, registry, Transaction(edits=steps, message=subject))


def _require_own(catalog: Catalog, registry: str, principal: str) -> None:
    """Check that the role somebody has is their own, and not a team's or an organization admin's.

    Raises:
        NotFound: it comes from elsewhere; the hint says what to edit.
    """
    from git_registry.catalog.judging.ruling import rules_at  # who only lists members needs none

    if principal in members(catalog, registry):
        return
    found = grants(rules_at(catalog, catalog.tip()), principal, registry)
    elsewhere = [one for one in found if one.source != "default_role"]
    if elsewhere:
        raise NotFound(
            f"{principal} is no member by their own name, but has {' and '.join(map(str, elsewhere))}",
            where=registry,
            hint="; ".join(_edit(one, registry, principal) for one in elsewhere),
        )


def _edit(held: Held, registry: str, principal: str) -> str:
    """Return what takes a role away that comes from elsewhere."""
    team = held.source.partition(" ")[0]
    if not team.startswith(TEAM):
        return f"take {principal} out of `admins` of organization.yaml"
    out = f"take {principal} out of `teams: {team.removeprefix(TEAM)}` of organization.yaml"
    if held.source != team:
        return f"{out}, or {team} out of its `admins`"
    return f"{out}, or the role from all of the team: `git registry access revoke {registry} {team}`"


def _telling(catalog: Catalog, registry: str, change: Transaction) -> Outcome:
    """Change who has which role, and say if whoever does it has less than before."""
    had = _own(catalog, registry, catalog.tip())
    done = commit(catalog, change)
    has = _own(catalog, registry, done.commit)
    if had and has and RANK[has[1].role] < RANK[had[1].role]:
        catalog.notify(f"you, {had[0]}, had {had[1]} in {registry}, and have {has[1]} now")
    return done


def _own(catalog: Catalog, registry: str, commit: str | None) -> tuple[str, Held] | None:
    from git_registry.catalog.judging.ruling import rules_at  # who only lists members needs none
    from git_registry.catalog.oneself import me

    with suppress(RegistryError):
        rules = rules_at(catalog, commit)
        principal = me(catalog.repository, rules)
        return (principal, held(rules, principal, registry)) if principal else None
    return None
