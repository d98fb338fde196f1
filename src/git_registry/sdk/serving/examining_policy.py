"""Can the rules be read that pushes are judged by, and who may help where they can't?"""

from __future__ import annotations

from collections.abc import Iterator

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.ruling import rules_at
from git_registry.errors import NotFound, RegistryError
from git_registry.model.names import PRINCIPAL
from git_registry.policy.identities import claimed_twice
from git_registry.policy.rules import Rules
from git_registry.policy.settings import IDENTITY, RESCUE
from git_registry.repository.repository import Repository
from git_registry.sdk.clock import clock
from git_registry.sdk.serving.beginning import can_begin, rescuer
from git_registry.sdk.serving.examining_admins import admin_symptoms
from git_registry.sdk.serving.settings import is_key
from git_registry.sdk.serving.symptom import Examined, Symptom, note, problem


def is_passed_by(seen: Examined) -> bool:
    """Does a hook that serves many repositories rightly pass this one: no registry, as `gitolite-admin`?"""
    judging = seen.status.judging
    if seen.status.identity is not None or judging is None or not judging.is_shared:
        return False
    try:
        readable_rules(seen.repository)
    except RegistryError as error:
        return isinstance(error, NotFound)
    return False


def passed_symptoms(seen: Examined) -> Iterator[Symptom]:
    """Yield that nobody judges what is pushed to a repository that is no registry."""
    told = f"{IDENTITY} is not set and there is no organization, in {seen.path}"
    yield note("not a registry", "pushes are passed unjudged", told)


def policy_symptoms(seen: Examined) -> Iterator[Symptom]:
    """Yield what is wrong with the rules that pushes are judged by."""
    for principal in seen.status.rescue:
        if not is_key(principal) and PRINCIPAL.problem(principal):
            why = "it helps nobody"
            mend = seen.config("--unset-all", RESCUE, principal)
            yield problem(RESCUE, f"{principal!r} is no principal", why, mend)
    try:
        rules = readable_rules(seen.repository)
    except RegistryError as error:
        yield from _closed(seen, error)
        return
    yield from admin_symptoms(seen, rules)
    for what, one, other in claimed_twice(rules.organization()):
        why = "whoever that is, nothing of theirs is accepted"
        mend = "an organization admin corrects `identities` in organization.yaml"
        yield problem("organization.yaml", f"{one} and {other} both claim {what}", why, mend)


def readable_rules(repository: Repository) -> Rules:
    """Return the rules that pushes are judged by, whose organization can be read.

    Raises:
        NotFound: there is no organization.
        RegistryError: it can't be read.
    """
    with Catalog(repository=repository, branch=None, clock=clock) as catalog:
        rules = rules_at(catalog, repository.ref("HEAD"))
        rules.organization()
        return rules


def _closed(seen: Examined, error: RegistryError) -> Iterator[Symptom]:
    """Yield that nothing can be pushed, unless somebody may mend that."""
    if can_begin(seen.status.identity, seen.status.rescue):
        helped = f"{', '.join(seen.status.rescue)} may push, and nobody else"
        yield note(
            RESCUE, helped, "there is no organization yet" if isinstance(error, NotFound) else str(error)
        )
        return
    found = (
        "there is no organization yet"
        if isinstance(error, NotFound)
        else f"the policy can't be read: {error}"
    )
    mend = seen.install("--rescue", rescuer(seen.status.identity))
    yield problem(RESCUE, f"{found}, and nobody may mend that", "every push is refused", mend)
