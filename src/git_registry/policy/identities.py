"""Which principal an account or a key belongs to (DESIGN §5)."""

from __future__ import annotations

from collections.abc import Iterator

from git_registry.errors import Refused, RegistryError
from git_registry.model.documents.organization import Identity, Organization
from git_registry.model.names import PRINCIPAL
from git_registry.policy.account import Account
from git_registry.policy.rules import Rules

HOSTS = ("github", "gitlab", "gitea", "bitbucket", "gerrit")
"""Fields of an identity that name an account; the host's name is the field's."""

_EXACT = ("gerrit",)
"""Hosts where `Ana` and `ana` may be two people."""

_SERVICE = "service."
"""What the name of a service's account, or ref, begins with where names are given."""


def principal(organization: Organization | None, account: Account) -> str:
    """Return the principal that an account is.

    Args:
        organization: whose identities are asked; None if there are none yet, or they can't be read.
        account: what the host says.

    Raises:
        Refused: nobody is called that, two principals claim it, or who is called that has another account.
    """
    claimed = sorted(_claimants(organization, account)) if organization else []
    if len(claimed) > 1:
        raise Refused(
            f"{account} is claimed by {' and '.join(claimed)}",
            where="organization.yaml",
            hint="an organization admin corrects `identities`",
        )
    if claimed:
        return claimed[0]
    if not account.name:
        raise Refused(
            f"nobody's key is {account.key}",
            where="organization.yaml",
            hint="an organization admin adds it to `ssh` of a principal in `identities`",
        )
    found = _unclaimed(account)
    other = _own(organization, found, account.host) if organization else None
    if other is not None:
        raise Refused(
            f"{account} is not {found}, whose account there is {other}",
            where="organization.yaml",
            hint="an organization admin says in `identities` whose it is",
        )
    return found


def who(rules: Rules, account: Account) -> str:
    """Return who an account is by some rules; raise as `principal` does.

    Where they can't say whose a key is, because they can't be read, the key itself may be one that rescues.
    """
    try:
        organization = rules.organization()
    except RegistryError:
        is_rescue = account.key and account.key in rules.rescue
        return account.key if is_rescue else principal(None, account)
    return principal(organization, account)


def rescues(rules: Rules, principal: str | None) -> bool:
    """Does `registry.rescue` alone let somebody push, as rules that can't be read do not?"""
    try:
        rules.organization()
    except RegistryError:
        return principal in rules.rescue
    return False


def _own(organization: Organization, principal: str, host: str) -> str | None:
    """Return a principal's account on a host, or None if `identities` doesn't say."""
    identity = organization.identities.get(principal)
    account: str | None = getattr(identity, host) if identity and host in HOSTS else None
    return account


def _unclaimed(account: Account) -> str:
    if not account.given:
        found = f"{account.host}:{account.name}"
    elif account.name.startswith(_SERVICE):
        found = f"service:{account.name.removeprefix(_SERVICE)}"
    else:
        found = f"user:{account.name}"
    problem = PRINCIPAL.problem(found)
    if problem:
        raise Refused(f"{account} can't be a principal: {problem}")
    return found


def _claimants(organization: Organization, account: Account) -> Iterator[str]:
    for name, identity in organization.identities.items():
        own = _own(organization, name, account.host) if account.name else None
        same = own is not None and _folded(account.host, own) == _folded(account.host, account.name)
        if same or (account.key and account.key in identity.ssh):
            yield name


def _folded(host: str, name: str) -> str:
    return name if host in _EXACT or host not in HOSTS else name.casefold()


def owner_of_key(organization: Organization, key: str) -> str | None:
    """Return whose ssh key it is; None if nobody's, or if two principals claim it."""
    owners = [name for name, identity in organization.identities.items() if key in identity.ssh]
    return owners[0] if len(owners) == 1 else None


def by_email(organization: Organization, email: str) -> str | None:
    """Return whose e-mail address it is: a claim, good for advice alone; None if nobody's or two people's."""
    wanted = email.casefold()
    owners = [
        name
        for name, identity in organization.identities.items()
        if wanted in map(str.casefold, identity.emails)
    ]
    return owners[0] if len(owners) == 1 else None


def claimed_twice(organization: Organization) -> Iterator[tuple[str, str, str]]:
    """Yield what two principals claim, and both."""
    first: dict[tuple[str, str], str] = {}
    for name, identity in organization.identities.items():
        for kind, claim in _claims(identity):
            other = first.setdefault((kind, _folded(kind, claim)), name)
            if other != name:
                yield f"{kind} {claim}", other, name


def _claims(identity: Identity) -> Iterator[tuple[str, str]]:
    for host in HOSTS:
        account = getattr(identity, host)
        if account is not None:
            yield host, account
    yield from (("ssh", key) for key in identity.ssh)


def ref_name(principal: str) -> str | None:
    """Return how a principal is written in a ref: `bob`, `service.train-ci`; None for who owns no refs."""
    kind, _, name = principal.partition(":")
    if kind == "user" and not name.startswith(_SERVICE):
        return name
    return f"{_SERVICE}{name}" if kind == "service" else None


def of_ref_name(name: str) -> str | None:
    """Return the principal that a ref's part names, or None."""
    found = f"service:{name.removeprefix(_SERVICE)}" if name.startswith(_SERVICE) else f"user:{name}"
    return None if PRINCIPAL.problem(found) else found
