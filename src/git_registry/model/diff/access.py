"""What changed in a registry's access document."""

from __future__ import annotations

from collections.abc import Iterator

from git_registry.errors import InvalidDocument
from git_registry.model import events
from git_registry.model.diff.change import Change
from git_registry.model.diff.fields import by_name, came_changed_or_went, edits
from git_registry.model.diff.step import Step
from git_registry.model.documents.access import Access
from git_registry.model.events import Event

_UNDERSTOOD = frozenset({"visibility", "members", "protected_aliases"})
_DEFAULT_VISIBILITY = "organization"
_MEMBER = (events.MemberAdded, events.RoleChanged, events.MemberRemoved)
_PROTECTION = (events.ProtectionAdded, events.GatesChanged, events.ProtectionRemoved)


def access(step: Step, change: Change) -> Iterator[Event]:
    """Yield who may do what they might not before; no document says the same as an empty one.

    Raises:
        InvalidDocument: there is something new that has no event, so nobody could say what it allows.
    """
    was, now = (document or Access() for document in step.read(Access, change.was, change.now))
    for field, _, unknown in edits(Access, was, now, but=_UNDERSTOOD):
        if unknown:
            raise InvalidDocument(f"{field}: {unknown!r} is not understood here", where=change.path)
        step.unclear = True
    before, after = (document.visibility or _DEFAULT_VISIBILITY for document in (was, now))
    if before != after:
        yield events.VisibilityChanged(path=change.subject, before=before, after=after)
    for name, role, new_role in by_name(was.members, now.members):
        kind = came_changed_or_went(role, new_role, _MEMBER)
        yield kind(path=change.subject, principal=name, before=role, after=new_role)
    for name, old, new in by_name(was.protected_aliases, now.protected_aliases):
        protection = came_changed_or_went(old, new, _PROTECTION)
        yield protection(path=change.subject, name=name, before=old, after=new)
