"""Why nothing may be, where the documents that would say so can't be read."""

from __future__ import annotations

from git_registry.errors import RegistryError
from git_registry.model import layout
from git_registry.model.events import Event
from git_registry.policy import roles
from git_registry.policy.roles import ORG_ADMIN
from git_registry.policy.rules import Rules
from git_registry.policy.verdict import Violation


def closed(rules: Rules, problem: RegistryError, event: Event | None = None) -> Violation:
    """Return that nobody can be allowed anything, for `organization.yaml` has a problem, and who mends it."""
    named = ", ".join(sorted(rules.rescue))
    return Violation(
        rule="closed",
        message=f"nobody can be allowed anything: {problem.message}",
        path=problem.where or layout.ORGANIZATION,
        event=event,
        able=tuple(sorted(rules.rescue)),
        hint=f"{named} may mend that: registry.rescue of this server says so"
        if named
        else "on the server: git config registry.rescue user:NAME, who may mend it",
    )


def closed_registry(rules: Rules, registry: str, problem: RegistryError, event: Event) -> Violation:
    """Return that nothing happens in a registry, for its access document has a problem, and who mends it."""
    return Violation(
        rule="closed",
        message=f"{registry} is closed: its access document can't be read",
        path=event.path,
        event=event,
        able=roles.able(rules, ORG_ADMIN, ()),
        hint=f"an organization admin mends {problem.where or layout.access_path(registry)} first: "
        f"{problem.message}",
    )
