"""Who works in a clone, as far as it can say: a claim for advice and names, never a right (DESIGN §5)."""

from __future__ import annotations

from git_registry.catalog.catalog import Catalog, Reach
from git_registry.catalog.judging.ruling import rules_at
from git_registry.errors import RegistryError, UsageError
from git_registry.model.names import PRINCIPAL
from git_registry.policy import identities
from git_registry.policy.rules import Rules
from git_registry.repository.branches import published
from git_registry.repository.remote import default_branch
from git_registry.repository.repository import Repository


def in_full(name: str) -> str:
    """Return the principal that a name means: one without a kind is a user's, `user:ana` for `ana`."""
    return name if not name or ":" in name else f"user:{name}"


def myself(catalog: Catalog) -> str | None:
    """Return `me` by the rules that were published last; raise as that does.

    In a mounted repository nobody says who we are, as a rule: it is whoever we are in the one that mounts it.
    """
    tip = published(catalog.repository, default_branch(catalog.repository))
    found = me(catalog.repository, rules_at(catalog, tip) if tip else None)
    return found or in_full(catalog.user) or None


def require(catalog: Catalog) -> str:
    """Return `myself`.

    Raises:
        UsageError: nobody says who we are.
    """
    found = myself(catalog)
    if found is None:
        everywhere = "--global " if catalog.reach is Reach.PUBLISHED else ""
        raise UsageError(
            "who you are here is not known", hint=f"git config {everywhere}registry.user user:NAME"
        )
    return found


def me(repository: Repository, rules: Rules | None) -> str | None:
    """Return the principal that `registry.user` names, else whose address Git writes; None if nobody says.

    Raises:
        UsageError: `registry.user` is no principal.
    """
    said = in_full(repository.config("registry.user") or "")
    if said:
        problem = PRINCIPAL.problem(said)
        if problem:
            raise UsageError(problem, where="registry.user", hint="git config registry.user user:NAME")
        return said
    email = repository.config("user.email")
    try:
        return identities.by_email(rules.organization(), email) if email and rules else None
    except RegistryError:
        return None
