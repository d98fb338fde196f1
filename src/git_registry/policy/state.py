"""What must hold of the policy documents after any step, whoever makes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from git_registry.errors import RegistryError
from git_registry.model import layout
from git_registry.model.documents.organization import Organization
from git_registry.model.events import Event, FileChanged
from git_registry.model.snapshot import Snapshot
from git_registry.policy import identities
from git_registry.policy.verdict import Violation

_TOUCHING = ("organization-changed", "admin-added", "admin-removed", "team-changed", "identity-changed")


def wrong_after(events: Iterable[Event], after: Snapshot) -> Iterator[Violation]:
    """Yield what a step would leave in a state that nobody, or anybody, could get out of."""
    if not any(_touches(event) for event in events):
        return
    try:
        organization = after.organization()
    except RegistryError as problem:
        yield Violation(
            rule="organization",
            message=f"there would be no organization: {problem.message}",
            path=layout.ORGANIZATION,
            hint="organization.yaml says who may do what, so it is never removed",
        )
        return
    yield from wrong(organization)


def wrong(organization: Organization) -> Iterator[Violation]:
    """Yield what nobody, or anybody, could get out of if an organization were so."""
    if not any(_people(organization)):
        yield Violation(
            rule="last admin",
            message="no person would be an organization admin any more",
            path=layout.ORGANIZATION,
            hint="name a user among `admins`, or a team with one",
        )
    for claim, one, other in identities.claimed_twice(organization):
        yield Violation(
            rule="claimed twice",
            message=f"{claim} is claimed by {one} and {other}",
            path=layout.ORGANIZATION,
            hint="an account and a key belong to one principal in `identities`",
        )


def _touches(event: Event) -> bool:
    return event.kind in _TOUCHING or (isinstance(event, FileChanged) and event.path == layout.ORGANIZATION)


def _people(organization: Organization) -> Iterator[str]:
    for admin in organization.admins:
        members: tuple[str, ...] = (admin,)
        if admin.startswith("team:"):
            team = organization.teams.get(admin.removeprefix("team:"))
            members = team.members if team else ()
        yield from (one for one in members if one.startswith("user:"))


def undefined_teams(organization: Organization) -> Iterator[tuple[str, str]]:
    """Yield the field and the team, where one is given rights that is not among `teams`: nobody gets them."""
    fields = {"admins": organization.admins}
    fields |= {f"projects.{name}": tuple(members) for name, members in organization.projects.items()}
    for field, principals in fields.items():
        for one in principals:
            if one.startswith("team:") and one.removeprefix("team:") not in organization.teams:
                yield field, one
