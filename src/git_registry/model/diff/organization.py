"""What changed in `organization.yaml`."""

from __future__ import annotations

from collections.abc import Iterator

from git_registry.model import events
from git_registry.model.diff.change import Change
from git_registry.model.diff.fields import by_name, come_and_gone, edits
from git_registry.model.diff.step import Step
from git_registry.model.documents.organization import Organization
from git_registry.model.events import Event

_HAVE_EVENTS_OF_THEIR_OWN = frozenset({"admins", "teams", "identities"})


def organization(step: Step, change: Change) -> Iterator[Event]:
    """Yield what happened to the organization itself; a new one changed from nothing."""
    was, now = step.read(Organization, change.was, change.now)
    for field, before, after in edits(Organization, was, now, but=_HAVE_EVENTS_OF_THEIR_OWN):
        yield events.OrganizationChanged(path="", field=field, before=before, after=after)
    added, removed = come_and_gone(was.admins if was else (), now.admins if now else ())
    for principal in added:
        yield events.AdminAdded(path="", principal=principal, after="admin")
    for principal in removed:
        yield events.AdminRemoved(path="", principal=principal, before="admin")
    for name, team, new_team in by_name(was.teams if was else {}, now.teams if now else {}):
        yield events.TeamChanged(path="", name=name, before=team, after=new_team)
    for name, known, new in by_name(was.identities if was else {}, now.identities if now else {}):
        yield events.IdentityChanged(path="", principal=name, before=known, after=new)
