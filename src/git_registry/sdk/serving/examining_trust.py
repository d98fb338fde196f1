"""Is it known who pushes?"""

from __future__ import annotations

from collections.abc import Iterator

from git_registry.policy.settings import (
    ACCOUNTS,
    ADAPTERS,
    APPROVALS,
    FORGE,
    GIVEN,
    IDENTITY,
    adapter_of,
    is_adapter,
    known,
    unfit,
)
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
    judging = seen.status.judging
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
