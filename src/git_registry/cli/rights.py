"""Roles and answers about them, as rows and as JSON."""

from __future__ import annotations

from collections.abc import Iterator

from git_registry.cli import gates, shapes
from git_registry.cli.shapes import Shape
from git_registry.policy.gates import Outcome
from git_registry.policy.roles import NOBODY, Held
from git_registry.sdk.accessing import ELSE, AccessView, Holder, PrincipalView
from git_registry.sdk.administering import OrganizationView, RegistryRules
from git_registry.sdk.asking import Able, Permission

ANYBODY = "anybody whose own or team's role here says no other"


def access_shape(view: AccessView) -> Shape:
    """Return who may do what in a registry."""
    found: Shape = {
        "path": view.path,
        "visibility": view.visibility or None,
        "default_role": next((one.held.role for one in view.holders if one.principal == ELSE), None),
        "roles": [_holder(one) for one in view.holders if one.principal != ELSE],
        "protected_aliases": [
            {"alias": alias, "gates": [gates.shape(one) for one in protection.gates]}
            for alias, protection in view.protections.items()
        ],
    }
    return found | ({"problem": view.problem} if view.problem else {})


def _holder(one: Holder) -> Shape:
    return {"principal": one.principal, **_held(one.held), "grants": [_held(held) for held in one.grants]}


def _held(held: Held) -> Shape:
    return {"role": held.role or None, "source": held.source or None}


def holder_row(one: Holder) -> list[str]:
    """Return a principal, its role, and where each of its roles comes from."""
    sources = [held.source if held is one.held else f"{held.role} by {held.source}" for held in one.grants]
    return [one.principal, one.held.role or "none", "; ".join(sources)]


def gate_rows(view: AccessView) -> Iterator[list[str]]:
    """Yield each protected alias with each of its gates."""
    for alias, protection in view.protections.items():
        yield from ([alias, gates.words([one])] for one in protection.gates)
        if not protection.gates:
            yield [alias, "none"]


def overview_shape(view: OrganizationView) -> Shape:
    """Return what rules an organization."""
    return {
        "name": view.name,
        "admins": list(view.admins),
        "default_role": view.default_role,
        "teams": [{"name": name, "members": list(members)} for name, members in view.teams.items()],
        "projects": [{"name": name, "roles": dict(roles)} for name, roles in view.projects.items()],
        "registries": [
            {"path": one.path, "members": one.members, "protected_aliases": list(one.protected)}
            | ({"problem": one.problem} if one.problem else {})
            for one in view.registries
        ],
    }


def overview_fields(view: OrganizationView) -> Iterator[tuple[str, str]]:
    """Yield who administers an organization, its teams with their members, and its projects."""
    yield "organization", view.name
    yield from (("admin", one) for one in view.admins)
    yield "default role", view.default_role
    for name, members in view.teams.items():
        yield f"team {name}", ", ".join(members) or "nobody"
    for name, roles in view.projects.items():
        yield (
            f"project {name}",
            ", ".join(f"{one} as {role}" for one, role in roles.items()) or "admins alone",
        )


def registry_row(one: RegistryRules) -> list[str]:
    """Return a registry, how many members it has, and its protected aliases."""
    if one.problem:
        return [one.path, "closed", one.problem]
    return [one.path, str(one.members), ", ".join(one.protected) or "none"]


def principal_shape(view: PrincipalView) -> Shape:
    """Return what one principal may do in a registry."""
    events = [
        {"event": one.event.kind, "alias": _alias(one.event), "answer": one.word, "needs": _needed(one)}
        for one in view.permissions
    ]
    return {"path": view.path, **_holder(view.holder), "events": events}


def permission_row(one: Permission) -> list[str]:
    """Return an event, whether it is allowed, and what it takes if not."""
    alias = _alias(one.event)
    return [f"{one.event.kind} {alias}".rstrip() if alias else one.event.kind, one.word, _needed(one) or ""]


def _needed(one: Permission) -> str | None:
    return next((violation.needed for violation in one.verdict.violations if violation.needed), None)


def _alias(event: object) -> str | None:
    return getattr(event, "alias", "") or None


def permission_shape(one: Permission) -> Shape:
    """Return whether a principal may do something, and why not."""
    found: Shape = {
        "principal": one.principal,
        "event": one.event.kind,
        "path": one.path,
        "alias": _alias(one.event),
        "answer": one.word,
        "reasons": [shapes.violation(violation) for violation in one.verdict.violations],
        "gates": [gates.shape(gate) for gate in one.gates],
    }
    return found | ({"judged": [_judged_shape(outcome) for outcome in one.judged]} if one.judged else {})


def _judged_shape(one: Outcome) -> Shape:
    return {"gate": one.gate, "passed": one.passed, "asks": one.limit, "found": one.found}


def permission_lines(one: Permission) -> Iterator[str]:
    """Yield whether a principal may do something, and why not."""
    place = f"{one.path}:{_alias(one.event)}" if _alias(one.event) else one.path
    yield f"{one.word}: {one.principal}, {one.event.kind}{f' {place}' if place else ''}"
    for violation in one.verdict.violations:
        if violation.rule.startswith("gate ") and one.judged:
            continue  # said below, among those that are met
        yield f"  {violation.message}"
        if violation.hint:
            yield f"  {violation.hint}"
    yield from (f"  {line}" for line in _judged_lines(one))
    if one.verdict.is_allowed and one.gates and not one.judged:
        yield f"  the version has to pass the gates: {gates.words(one.gates)}"
    elif one.gates and one.judged:
        yield f"  the commit has to pass the gates: {gates.words(one.gates)}"


def _judged_lines(one: Permission) -> Iterator[str]:
    for outcome in one.judged:
        found = f"; {outcome.found}" if outcome.found else ""
        yield f"gate {outcome.gate}, {'met' if outcome.passed else 'not met'}: {outcome.limit}{found}"
    shut = (wrong for wrong in one.verdict.violations if wrong.rule == "gate approvals")
    able = dict.fromkeys(name for wrong in shut for name in wrong.able)
    if able:
        yield f"who may approve it: {', '.join(able)}"


def able_shape(found: Able) -> Shape:
    """Return who may do something."""
    shape: Shape = {
        "event": found.event.kind,
        "path": found.path,
        "alias": _alias(found.event),
        "needs": found.need.role,
        "registries": list(found.need.registries),
        "because": found.need.because,
        "who": list(found.who),
        "everybody": found.everybody,
        "gates": [gates.shape(one) for one in found.gates],
    }
    if found.through:
        shape["through"] = {one: list(teams) for one, teams in found.through.items()}
    return shape | ({"problem": found.problem} if found.problem else {})


def able_fields(found: Able) -> Iterator[tuple[str, str]]:
    """Yield what an event takes, and who has that."""
    where = " and ".join(found.need.registries)
    role = "what no role allows" if found.need.role == NOBODY else found.need.role
    yield (
        "takes",
        (f"{role} of {where}" if where else role)
        + (f" ({found.need.because})" if found.need.because else ""),
    )
    for one in found.who:
        teams = " and ".join(found.through.get(one, ()))
        yield "who", f"{one} (by {teams})" if teams else one
    if found.everybody:
        yield "who", ANYBODY
    elif not found.who:
        yield "who", "nobody"
    yield from (("gate", gates.words([one])) for one in found.gates)
    if found.problem:
        yield "closed", found.problem
