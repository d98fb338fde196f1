"""Who works in a clone, as far as it can say: a claim for advice and names, never a right (DESIGN §5)."""

from __future__ import annotations

from git_registry.errors import RegistryError
from git_registry.policy import identities
from git_registry.policy.rules import Rules
from git_registry.repository.repository import Repository


def me(repository: Repository, rules: Rules) -> str | None:
    """Return the principal that `registry.user` names, else whose address Git writes; None if nobody says."""
    said = repository.config("registry.user")
    email = repository.config("user.email")
    if said or not email:
        return said
    try:
        return identities.by_email(rules.organization(), email)
    except RegistryError:
        return None
