"""Can any admin of the organization be somebody who pushes here?"""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from git_registry.errors import Refused
from git_registry.model.documents.organization import Organization
from git_registry.policy.account import Account
from git_registry.policy.identities import HOSTS, principal, ref_name
from git_registry.policy.roles import ORG_ADMIN, in_organization
from git_registry.policy.rules import Rules
from git_registry.policy.settings import GIVEN, adapter_of, is_adapter
from git_registry.sdk.serving.settings import BY_KEY
from git_registry.sdk.serving.symptom import Examined, Symptom, problem


def admin_symptoms(seen: Examined, rules: Rules) -> Iterator[Symptom]:
    """Yield that no push can mend the policy, by rules whose organization can be read.

    Who may rescue helps only where it can't.
    """
    identity = seen.status.identity
    if identity is None or not is_adapter(identity):
        return  # that is told, and nobody can push at all
    if not any(_is_admin(rules, account) for account in _accounts(seen, rules.organization(), identity)):
        yield problem(
            "organization.yaml",
            f"no admin is anybody who can push here: {_lacking(seen, identity)}",
            "the policy can't be changed by any push",
            _past_the_hook(seen),
        )


def _accounts(seen: Examined, organization: Organization, identity: str) -> Iterator[Account]:
    """Yield the accounts that the adapter can tell of, as far as the organization knows of them."""
    if identity in BY_KEY:
        yield from (Account(key=key) for one in organization.identities.values() for key in one.ssh)
        return
    host = adapter_of(identity) if identity in HOSTS else ""
    is_given = seen.status.handing_out == GIVEN
    own = (getattr(one, host) for one in organization.identities.values()) if host else ()
    names = map(ref_name, _listed(organization)) if is_given else ()
    yield from (Account(host=host, name=name, given=is_given) for name in (*own, *names) if name)


def _listed(organization: Organization) -> Iterator[str]:
    """Yield who is listed as an admin, or is in a team that is."""
    for admin in organization.admins:
        team = organization.teams.get(admin.removeprefix("team:")) if admin.startswith("team:") else None
        yield from team.members if team else (admin,)


def _is_admin(rules: Rules, account: Account) -> bool:
    try:
        found = principal(rules.organization(), account)
    except Refused:
        return False
    return in_organization(rules, found).reaches(ORG_ADMIN)


def _lacking(seen: Examined, identity: str) -> str:
    if identity in BY_KEY:
        return "none has a key in `identities`"
    if seen.status.handing_out == GIVEN:
        return "none has a name that the server hands out"
    return f"none has an account of {identity} in `identities`"


def _past_the_hook(seen: Examined) -> str:
    """Return the commands that change the policy on the server: no hook judges what Git fetches."""
    branch = shlex.quote(seen.repository.head().branch or "main")
    return (
        f"on the server: git clone {seen.path} mending, correct and commit `admins` or `identities` in "
        f"mending/organization.yaml, then git -C {seen.path} fetch $PWD/mending {branch}:{branch}"
    )
