"""Protecting aliases of a registry, and no longer."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from functools import partial

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.ruling import rules_at
from git_registry.catalog.transaction import Outcome, Transaction, commit
from git_registry.errors import RegistryError, UsageError
from git_registry.model.documents.access import Gate
from git_registry.model.edits import access as edits
from git_registry.policy.gates import conditions
from git_registry.sdk import undefined
from git_registry.sdk.targeting import registry_of


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
    done = commit(there, Transaction(edits=[step], message=f"Protect the alias {alias} in {registry}"))
    with suppress(RegistryError):  # it is written, whatever can't be said of it
        for said in _doubts(there, registry, alias, gates):
            there.notify(said)
    return done


def _doubts(catalog: Catalog, registry: str, alias: str, gates: Sequence[Gate]) -> Iterator[str]:
    """Yield what stands in the protection and is not there: it may be mistyped."""
    now = catalog.now()
    for name in (alias, *(one.holds for one in gates if one.holds)):
        yield from undefined.alias(now, registry, name)
    yield from undefined.conditions(catalog, registry, gates)
    yield from undefined.approvers(rules_at(catalog, catalog.tip()), registry, gates)


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
