"""The one function that hook, check, review and advice ask: may these events happen? See DESIGN §5."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from git_registry.errors import RegistryError
from git_registry.model.events import AliasChange, CollectionRenamed, Event
from git_registry.model.snapshot import Snapshot
from git_registry.policy import roles
from git_registry.policy.case import Case
from git_registry.policy.closed import closed, closed_registry
from git_registry.policy.coverage import covering, outdated
from git_registry.policy.needs import Need, access_of, need
from git_registry.policy.roles import NO_ROLE, NOBODY, ORG_ADMIN
from git_registry.policy.rules import Rules
from git_registry.policy.state import wrong_after
from git_registry.policy.verdict import Verdict, Violation

if TYPE_CHECKING:
    from git_registry.policy.evidence import Evidence


def evaluate(
    rules: Rules, events: Iterable[Event], before: Snapshot, after: Snapshot, evidence: Evidence
) -> Verdict:
    """Return whether what one step of the default branch does is allowed, and if not, why.

    Args:
        rules: those that held before the push, never any that come with it.
        events: what the step does.
        before: the organization before the step.
        after: the organization after it.
        evidence: what is known of the step besides.
    """
    case = Case(rules, before, after, evidence)
    found: list[Violation] = []
    happened = tuple(events)
    for event in happened:
        found.extend(_role(case, event))
        found.extend(_gates(case, event))
    found.extend(wrong_after(happened, after))
    return Verdict(tuple(found))


def _gates(case: Case, event: Event) -> Iterator[Violation]:
    if not isinstance(event, AliasChange | CollectionRenamed):
        return iter(())
    from git_registry.policy import pointing  # most events point no alias anywhere

    return pointing.violations(case, event)


def _role(case: Case, event: Event) -> Iterator[Violation]:
    rules, principal = case.rules, case.evidence.principal
    wanted = need(rules, event)
    if wanted.role == NOBODY:
        yield _lacking(rules, event, wanted, principal)
        return
    try:
        rules.organization()
    except RegistryError as unruled:
        if principal not in rules.rescue:
            yield closed(rules, unruled, event)
        return
    shut = _closed(rules, event, wanted)
    if shut is not None:
        yield shut
        return
    if bearer(case, event, wanted) is None:
        lacking = _lacking(rules, event, wanted, principal)
        yield replace(lacking, message="; ".join((lacking.message, *_no_more(case, event, wanted))))


def _no_more(case: Case, event: Event, wanted: Need) -> Iterator[str]:
    """Yield why approvals are not enough that would have been, had nothing changed below them."""
    for principal, why in outdated(case.evidence.approvals(), event, case.after):
        if principal.startswith("user:") and _reaches(case.rules, principal, wanted):
            yield why


def bearer(case: Case, event: Event, wanted: Need) -> str | None:
    """Return on whose role an event rests: who does it, else somebody who approved it; None if nobody's."""
    principal = case.evidence.principal
    if _reaches(case.rules, principal, wanted):
        return principal
    for approval in covering(case.evidence.approvals(), event, case.after):
        if approval.principal.startswith("user:") and _reaches(case.rules, approval.principal, wanted):
            return approval.principal
    return None


def _reaches(rules: Rules, principal: str | None, wanted: Need) -> bool:
    if not wanted.registries:
        return roles.in_organization(rules, principal).reaches(wanted.role)
    return all(roles.held(rules, principal, one).reaches(wanted.role) for one in wanted.registries)


def _closed(rules: Rules, event: Event, wanted: Need) -> Violation | None:
    """Return why nothing may happen in a registry whose access document can't be read, but mending that."""
    for registry in wanted.registries or (event.path.partition("/")[0],):
        problem = rules.closing(registry)
        if problem is not None and access_of(event) != registry:
            return closed_registry(rules, registry, problem, event)
    return None


def _lacking(rules: Rules, event: Event, wanted: Need, principal: str | None) -> Violation:
    because = f" ({wanted.because})" if wanted.because else ""
    if wanted.role == NOBODY:
        return Violation(
            rule="never",
            message=f"{event.kind} is never allowed here{because}",
            path=event.path,
            event=event,
            needed=NOBODY,
        )
    where = " and ".join(wanted.registries)
    takes = f"{wanted.role} of {where}" if where else wanted.role
    if wanted.registries:
        held = " and ".join(
            dict.fromkeys(str(roles.held(rules, principal, one)) for one in wanted.registries)
        )
    else:
        held = str(roles.in_organization(rules, principal))
    # Who is no admin of all may well have a role in a registry.
    has = "is none" if wanted.role == ORG_ADMIN and held == NO_ROLE else f"has {held}"
    able = roles.approvers(rules, wanted.role, wanted.registries)
    return Violation(
        rule="role",
        message=f"{event.kind} takes {takes}{because}; {principal or 'whoever this is'} {has}",
        path=event.path,
        event=event,
        needed=wanted.role,
        held=held,
        able=able,
        hint=f"who may do or approve it: {', '.join(able)}"
        if able
        else "nobody has that role who could approve",
        liftable=bool(able),
    )
