"""May these events happen on a project's branch? See DESIGN §5."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from git_registry.errors import RegistryError
from git_registry.model.events import Event
from git_registry.policy import roles
from git_registry.policy.closed import closed
from git_registry.policy.needs import ON_PROJECT
from git_registry.policy.roles import MEMBER, NOBODY, ORG_ADMIN
from git_registry.policy.rules import Rules
from git_registry.policy.verdict import Verdict, Violation


def evaluate(rules: Rules, project: str, events: Iterable[Event], principal: str | None) -> Verdict:
    """Return whether what one step of a project's branch does is allowed, and if not, why."""
    return Verdict(tuple(_violations(rules, project, events, principal)))


def writes(rules: Rules, project: str, principal: str | None) -> Iterator[Violation]:
    """Yield why a principal may not write to a project's branch."""
    try:
        held = roles.in_project(rules, principal, project)
        if held.reaches(MEMBER):
            return
        listed = rules.project(project) is not None
    except RegistryError as problem:
        yield closed(rules, problem)
        return
    where = "of the project" if listed else "of a registry or project"
    yield Violation(
        rule="role",
        message=f"writing to the project takes {MEMBER} {where}; {principal or 'whoever this is'} has {held}",
        path=f"projects/{project}",
        needed=MEMBER,
        held=str(held),
        hint="`projects` in organization.yaml says who writes to which",
    )


def _violations(
    rules: Rules, project: str, events: Iterable[Event], principal: str | None
) -> Iterator[Violation]:
    for event in events:
        place = event.path.partition("/")[0]
        if place != project:
            yield Violation(
                rule="project",
                message=f"the branch projects/{project} holds only what is below {project}/",
                path=event.path,
                event=event,
                needed=NOBODY,
            )
        elif event.kind not in ON_PROJECT and not _is_spelling(event):
            yield from _beyond(rules, event, principal)


def _is_spelling(event: Event) -> bool:
    return event.kind == "file-changed" and bool(getattr(event, "spelling", False))


def _beyond(rules: Rules, event: Event, principal: str | None) -> Iterator[Violation]:
    """Yield that a writer may not do it: an organization admin may, if anybody."""
    purge = event.kind in ("version-purged", "file-changed")
    if purge and roles.in_organization(rules, principal).reaches(ORG_ADMIN):
        return
    yield Violation(
        rule="role" if purge else "never",
        message=f"{event.kind} is not what is done in a project",
        path=event.path,
        event=event,
        needed=ORG_ADMIN if purge else NOBODY,
        able=roles.able(rules, ORG_ADMIN, ()) if purge else (),
    )
