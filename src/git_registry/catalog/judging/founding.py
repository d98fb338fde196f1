"""The first push to an empty repository: where it has to go, and that its maker may push again."""

from __future__ import annotations

from collections.abc import Iterator

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.ruling import rules_at
from git_registry.errors import RegistryError
from git_registry.policy import identities, roles
from git_registry.policy.account import Account
from git_registry.policy.roles import ORG_ADMIN
from git_registry.policy.verdict import Violation


def elsewhere(default: str) -> Violation:
    """Return that the first push went to another branch than the one that the server reads rules from."""
    return Violation(
        rule="ref",
        message=f"there is no organization yet; it has to come first, on the default branch, {default}",
        hint=f"git push <remote> HEAD:{default}; or on the server: git symbolic-ref HEAD refs/heads/<branch>",
    )


def locked_out(catalog: Catalog, new: str, account: Account) -> Iterator[Violation]:
    """Yield that who makes the first push would be nobody after it: then nobody might ever be let in."""
    rules = rules_at(catalog, new)
    try:
        principal = identities.principal(rules.organization(), account)
        held = roles.in_organization(rules, principal)
    except RegistryError as problem:
        yield _out(str(problem), account)
        return
    if not held.reaches(ORG_ADMIN):
        yield _out(f"{principal} would be none of its admins", account)


def _out(why: str, account: Account) -> Violation:
    unknown = f"{account.host}: {account.name}" if account.host else f'ssh: ["{account.key}"]'
    return Violation(
        rule="first push",
        message=f"who makes the first push could push nothing after it: {why}",
        path="organization.yaml",
        hint=f"name user:{account.name} among `admins`"
        if account.given
        else f"say so in `identities`, `user:NAME: {{{unknown}}}`, and name user:NAME among `admins`",
    )
