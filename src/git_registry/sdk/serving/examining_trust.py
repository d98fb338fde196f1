"""Is it known who pushes, and who may help where nobody can?"""

from __future__ import annotations

from collections.abc import Iterator

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.ruling import rules_at
from git_registry.errors import NotFound, RegistryError
from git_registry.model.names import PRINCIPAL
from git_registry.policy.identities import claimed_twice
from git_registry.policy.settings import (
    ACCOUNTS,
    ADAPTERS,
    APPROVALS,
    FORGE,
    GIVEN,
    IDENTITY,
    RESCUE,
    adapter_of,
    is_adapter,
    known,
    unfit,
)
from git_registry.sdk.clock import clock
from git_registry.sdk.serving.beginning import can_begin, rescuer
from git_registry.sdk.serving.examining_hooks import JUDGING
from git_registry.sdk.serving.settings import is_key
from git_registry.sdk.serving.symptom import Examined, Symptom, advice, note, problem
from git_registry.sdk.serving.whose import Whose

_HOSTS = ("gitolite", "gitlab", "gitea")
"""Adapters that are also a layout: they trust what that host alone sets."""

_FORGES = ("gitlab", "gitea", "github", "bitbucket", "gerrit")

_UNSEEN = {
    "env": "only a forced command may set it: look that no AcceptEnv or PermitUserEnvironment lets it in",
    "http": "the web server has to set AUTH_TYPE only where it asks for a password",
}
"""What nobody can tell from the repository."""


def identity_symptoms(seen: Examined) -> Iterator[Symptom]:
    """Yield what is wrong with who says who pushes."""
    identity = seen.status.identity
    if identity is None:
        yield problem(IDENTITY, "it is not set", _unknown(seen), seen.install("--identity", "ADAPTER"))
    elif not is_adapter(identity):
        why = "nobody is known, so every push is refused"
        mend = f"{seen.install('--identity', 'ADAPTER')}, one of {known()}"
        yield problem(IDENTITY, f"there is no adapter {identity!r}", why, mend)
    elif (bad := unfit(identity)) is not None:
        why = "nobody is known, so every push is refused"
        yield problem(IDENTITY, f"{identity}: {bad.problem}", why, bad.hint)
    else:
        yield from _suiting(seen, identity)
        yield from _accounts(seen, identity)
        yield from _approvals(seen, identity)


def _unknown(seen: Examined) -> str:
    """Return what follows where nobody says who pushes."""
    judging = next((one.stands for one in seen.status.hooks if one.stands.name in JUDGING), None)
    if judging is not None and judging.is_shared:
        return f"{judging.place} passes such a repository by, so every push is accepted, unjudged"
    if judging is not None and judging.whose in (Whose.OURS, Whose.CALLING):
        return "nobody is known, so every push is refused"
    return "nobody is known who pushes"


def _suiting(seen: Examined, identity: str) -> Iterator[Symptom]:
    layout = seen.status.layout.name
    if identity in _HOSTS and identity != layout:
        yield problem(
            IDENTITY,
            f"it trusts what {identity} sets, and this looks like another host: {layout}",
            "whoever can set a variable there is whom they say",
            f"name the adapter of this host, or --layout {identity}",
        )
    unseen = _UNSEEN.get(adapter_of(identity))
    if unseen:
        yield note(IDENTITY, f"{identity}: {unseen}", "it can't be seen from here")


def _accounts(seen: Examined, identity: str) -> Iterator[Symptom]:
    accounts, possible = seen.status.accounts, ADAPTERS[adapter_of(identity)]
    if accounts is not None and accounts not in possible:
        why = "every push is refused"
        yield problem(
            ACCOUNTS, f"{accounts!r} is not possible here", why, seen.config("--unset-all", ACCOUNTS)
        )
    elif accounts == GIVEN and possible[0] != GIVEN:
        why = "who may sign up there may be anybody here"
        yield advice(
            ACCOUNTS, f"names on {identity} are taken as given", why, seen.config("--unset", ACCOUNTS)
        )


def _approvals(seen: Examined, identity: str) -> Iterator[Symptom]:
    approvals, unset = seen.status.approvals, seen.config("--unset-all", APPROVALS)
    if approvals is None:
        return
    if approvals != FORGE:
        yield problem(APPROVALS, f"there is no such thing as {approvals!r}", "it says nothing", unset)
    elif identity not in _FORGES:
        yield problem(APPROVALS, f"{identity} is no forge", "nobody approves anything there", unset)


def policy_symptoms(seen: Examined) -> Iterator[Symptom]:
    """Yield what is wrong with the rules that pushes are judged by."""
    for principal in seen.status.rescue:
        if not is_key(principal) and PRINCIPAL.problem(principal):
            why = "it helps nobody"
            mend = seen.config("--unset-all", RESCUE, principal)
            yield problem(RESCUE, f"{principal!r} is no principal", why, mend)
    repository = seen.repository
    with Catalog(repository=repository, branch=None, clock=clock) as catalog:
        try:
            organization = rules_at(catalog, repository.ref("HEAD")).organization()
        except RegistryError as error:
            yield from _closed(seen, error)
            return
    for what, one, other in claimed_twice(organization):
        why = "whoever that is, nothing of theirs is accepted"
        mend = "an organization admin corrects `identities` in organization.yaml"
        yield problem("organization.yaml", f"{one} and {other} both claim {what}", why, mend)


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
