"""Which role an event takes at least, and where (DESIGN §5)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from git_registry.model import layout
from git_registry.model.events import Event
from git_registry.model.layout import Kind
from git_registry.policy.roles import ADMIN, MEMBER, NOBODY, ORG_ADMIN
from git_registry.policy.rules import Rules


class Need(NamedTuple):
    """What an event takes.

    Attributes:
        role: the least role.
        registries: where it has to be held, in each; empty for what belongs to the organization.
        because: why, where the kind of event alone doesn't say it; else empty.
    """

    role: str
    registries: tuple[str, ...] = ()
    because: str = ""


LEAST: Mapping[str, str] = {
    "organization-changed": ORG_ADMIN,
    "admin-added": ORG_ADMIN,
    "admin-removed": ORG_ADMIN,
    "team-changed": ORG_ADMIN,
    "identity-changed": ORG_ADMIN,
    "registry-created": ORG_ADMIN,
    "registry-deleted": ORG_ADMIN,
    "registry-described": MEMBER,
    "types-changed": ADMIN,
    "visibility-changed": ADMIN,
    "member-added": ADMIN,
    "member-removed": ADMIN,
    "role-changed": ADMIN,
    "protection-added": ADMIN,
    "protection-removed": ADMIN,
    "gates-changed": ADMIN,
    "collection-created": MEMBER,
    "collection-deleted": MEMBER,
    "collection-renamed": ADMIN,
    "collection-described": MEMBER,
    "collection-tagged": MEMBER,
    "collection-untagged": MEMBER,
    "version-linked": MEMBER,
    "version-unlinked": MEMBER,
    "version-purged": ORG_ADMIN,
    "version-rewritten": NOBODY,
    "version-described": MEMBER,
    "version-annotated": MEMBER,
    "version-tagged": MEMBER,
    "version-untagged": MEMBER,
    "alias-added": MEMBER,
    "alias-moved": MEMBER,
    "alias-removed": MEMBER,
    "automation-created": ADMIN,
    "automation-changed": ADMIN,
    "automation-deleted": ADMIN,
    "project-changed": NOBODY,
    "run-recorded": NOBODY,
    "file-changed": ORG_ADMIN,
}
"""The least role for each kind of event on the default branch. A kind that isn't here is nobody's."""


def need(rules: Rules, event: Event) -> Need:
    """Return what an event on the default branch takes."""
    wanted = _need(rules, event)
    if wanted.registries and rules.closing(access_of(event)) is not None:
        return Need(role=ORG_ADMIN, because="the access document can't be read")
    return wanted


def access_of(event: Event) -> str:
    """Return the registry about whose access document an event is; an empty text for any other.

    A document whose text can't be read changes as a file, too.
    """
    about = layout.identify(event.path)
    if about.kind is Kind.ACCESS:
        return about.registry
    return event.path if event.kind in _OF_ACCESS else ""


_OF_ACCESS = frozenset(
    {
        *("visibility-changed", "member-added", "member-removed", "role-changed"),
        *("protection-added", "protection-removed", "gates-changed"),
    }
)


def _need(rules: Rules, event: Event) -> Need:
    role = LEAST.get(event.kind, NOBODY)
    special = _SPECIAL.get(event.kind)
    if special is not None:
        return special(rules, event)
    if role == NOBODY:
        return Need(role=role, because=_NEVER.get(event.kind, ""))
    return Need(role=role, registries=() if role == ORG_ADMIN else _registries(event))


_NEVER = {
    "version-rewritten": "a manifest never changes; link corrected content as a new version",
    "project-changed": "a project has a branch of its own, projects/<project>",
    "run-recorded": "runs are recorded on the branch of their project",
}


def _registries(event: Event) -> tuple[str, ...]:
    return (event.path.partition("/")[0],)


def _alias(rules: Rules, event: Any) -> Need:  # noqa: ANN401
    where = _registries(event)
    if rules.protects(where[0], event.alias):
        return Need(role=ADMIN, registries=where, because=f"the alias {event.alias} is protected")
    return Need(role=MEMBER, registries=where)


def _renamed(_rules: Rules, event: Any) -> Need:  # noqa: ANN401
    registries = {path.partition("/")[0]: None for path in (event.before, event.after) if path}
    return Need(role=ADMIN, registries=tuple(registries), because="it gets another path")


def _file(rules: Rules, event: Any) -> Need:  # noqa: ANN401
    if not event.spelling:
        return Need(role=ORG_ADMIN, because="the file is outside the format")
    about = layout.identify(event.path)
    if about.kind is Kind.ORGANIZATION:
        return Need(role=ORG_ADMIN)
    if about.kind is Kind.ALIAS and rules.protects(about.registry, about.name):
        because = f"the alias {about.name} is protected"
        return Need(role=ADMIN, registries=(about.registry,), because=because)
    role = ADMIN if about.kind is Kind.ACCESS else MEMBER
    return Need(role=role, registries=(about.registry,))


_SPECIAL: Mapping[str, Callable[[Rules, Any], Need]] = {
    "alias-added": _alias,
    "alias-moved": _alias,
    "alias-removed": _alias,
    "collection-renamed": _renamed,
    "file-changed": _file,
}


ON_PROJECT = frozenset(kind for kind, role in LEAST.items() if role == MEMBER) | {
    "project-changed",
    "run-recorded",
}
"""What who writes to a project may do on its branch: what a member may in a registry, and record runs.

`registry-described` is the project's card, for there can be no `registry.yaml`.
"""
