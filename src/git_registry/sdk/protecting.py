"""Giving and taking roles, protecting aliases: what changes an access document, and tells who loses by it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from functools import partial

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.ruling import rules_at
from git_registry.catalog.oneself import me
from git_registry.catalog.transaction import Outcome, Transaction, commit
from git_registry.errors import RegistryError, UsageError
from git_registry.model.documents.access import Gate
from git_registry.model.edits import access as edits
from git_registry.policy import roles
from git_registry.policy.gates import conditions
from git_registry.policy.roles import RANK, Held
from git_registry.sdk import membership
from git_registry.sdk.accessing import registry_of


def grant(catalog: Catalog, target: str, who: str, role: str) -> Outcome:
    """Give a principal a role in a registry, whatever its was; a name alone is a user's, team's or service's.

    Raises:
        NotFound: there is no such registry.
        UsageError: it is no principal, or no role.
    """
    there, registry = registry_of(catalog, target)
    principal = membership.principal(there.now().organization(), who)
    return _telling(there, registry, lambda: membership.grant(there, registry, {principal: role}))


def revoke(catalog: Catalog, target: str, who: str) -> Outcome:
    """Let a principal have no role of its own in a registry any more; its teams' and the default role stay.

    Raises:
        NotFound: there is no such registry, or it has none there.
    """
    there, registry = registry_of(catalog, target)
    principal = membership.principal(there.now().organization(), who)
    return _telling(there, registry, lambda: membership.revoke(there, registry, [principal]))


def protect(
    catalog: Catalog,
    target: str,
    alias: str,
    gates: Sequence[Gate] = (),
    *,
    without: Collection[str] = (),
) -> Outcome:
    """Protect an alias in a registry, and say which gates it goes through; see `edits.protect`.

    Raises:
        NotFound: there is no such registry.
        UsageError: no alias is called that, or a gate can't be passed or read.
    """
    there, registry = registry_of(catalog, target)
    for one in gates:
        _check(one, alias)
    step = partial(edits.protect, registry=registry, alias=alias, gates=gates, without=without)
    return commit(there, Transaction(edits=[step], message=f"Protect the alias {alias} in {registry}"))


def unprotect(catalog: Catalog, target: str, alias: str) -> Outcome:
    """Let any member move an alias of a registry again.

    Raises:
        NotFound: there is no such registry, or the alias is not protected there.
    """
    there, registry = registry_of(catalog, target)
    step = partial(edits.unprotect, registry=registry, alias=alias)
    subject = f"Protect the alias {alias} in {registry} no longer"
    return commit(there, Transaction(edits=[step], message=subject))


def _check(gate: Gate, alias: str) -> None:
    conditions(gate)
    if gate.holds and gate.holds.casefold() == alias.casefold():
        raise UsageError(f"{alias} would have to be where it goes before it may go there", where="holds")
    if gate.approvals and gate.approvals.count < 1:
        raise UsageError("a gate asks for one approval at least", where="approvals")


def _telling(catalog: Catalog, registry: str, change: Callable[[], Outcome]) -> Outcome:
    """Change who has which role, and say if whoever does it has less than before."""
    had = _own(catalog, registry, catalog.tip())
    done = change()
    has = _own(catalog, registry, done.commit)
    if had and has and RANK[has[1].role] < RANK[had[1].role]:
        catalog.notify(f"you, {had[0]}, had {had[1]} in {registry}, and have {has[1]} now")
    return done


def _own(catalog: Catalog, registry: str, commit: str | None) -> tuple[str, Held] | None:
    with suppress(RegistryError):
        rules = rules_at(catalog, commit)
        principal = me(catalog.repository, rules)
        return (principal, roles.held(rules, principal, registry)) if principal else None
    return None
