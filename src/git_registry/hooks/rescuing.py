"""Who pushes where no rules say so: none are there yet, or they can't be read, and somebody may mend that."""

from __future__ import annotations

from git_registry.errors import RegistryError
from git_registry.policy.account import Account
from git_registry.policy.identities import principal
from git_registry.policy.rules import Rules


def who(rules: Rules, account: Account) -> str:
    """Return who an account is. Where nobody can say whose a key is, the key itself may be one that rescues.

    Raises:
        Refused: two principals claim the account.
    """
    try:
        organization = rules.organization()
    except RegistryError:
        return account.key if account.key in rules.rescue else principal(None, account)
    return principal(organization, account)


def rescues(rules: Rules, pusher: str | None) -> bool:
    """Does `registry.rescue` alone let somebody push, as no rules could?"""
    try:
        rules.organization()
    except RegistryError:
        return pusher in rules.rescue
    return False
