"""May somebody do something, and who may? As the policy answers, before anything is done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from git_registry.catalog.catalog import Catalog
from git_registry.model.documents.access import Gate
from git_registry.model.events import AliasChange, Event
from git_registry.model.layout import PROJECTS
from git_registry.model.snapshot import Snapshot
from git_registry.policy import projects, roles
from git_registry.policy.evaluate import evaluate
from git_registry.policy.evidence import Known
from git_registry.policy.gates import Outcome as GateOutcome
from git_registry.policy.gates import for_removal
from git_registry.policy.needs import Need, access_of, need
from git_registry.policy.roles import MEMBER, RANK
from git_registry.policy.rules import Rules
from git_registry.policy.verdict import Verdict
from git_registry.sdk import principals, undefined
from git_registry.sdk.asked import Asked, Question, asked
from git_registry.sdk.foretelling import BORNE_LATER, foretell, step
from git_registry.sdk.in_force import InForce, in_force
from git_registry.sdk.through_teams import by_teams, writers
from git_registry.sdk.views import named

ALLOWED, NEEDS_APPROVAL = "allowed", "needs approval"


@dataclass(frozen=True, slots=True, kw_only=True)
class Permission:
    """May a principal do something?

    Attributes:
        event: what would happen.
        path: where, as a person names it.
        principal: who would do it.
        verdict: what the policy says, of gates only by those that are judged.
        gates: those that have to be passed besides, by a version or by who asks.
        judged: how the version that is named meets those that it can be judged by.
    """

    event: Event
    path: str
    principal: str
    verdict: Verdict
    gates: tuple[Gate, ...] = ()
    judged: tuple[GateOutcome, ...] = ()

    @property
    def word(self) -> str:
        """Return `allowed`, `needs approval` or `refused`."""
        if self.verdict.is_allowed and any(one.approvals for one in self.gates):
            return NEEDS_APPROVAL
        return self.verdict.word


@dataclass(frozen=True, slots=True, kw_only=True)
class Able:
    """Who may do something.

    Attributes:
        event: what would happen.
        path: where, as a person names it.
        need: the role that it takes, in registries as a person names them.
        who: the principals and teams that have it, by name, and who is in such a team.
        through: principal → the teams by which they have it, of those who are in one.
        everybody: does the default role suffice, too?
        gates: those that a version has to pass besides.
        problem: why nobody may, if a registry is closed.
    """

    event: Event
    path: str
    need: Need
    who: tuple[str, ...]
    through: Mapping[str, Sequence[str]] = field(default_factory=dict)
    everybody: bool = False
    gates: tuple[Gate, ...] = ()
    problem: str = ""


def can(catalog: Catalog, who: str, question: Question) -> Permission:
    """Return whether a principal may do something.

    Args:
        catalog: the clone.
        who: a principal; a name alone is a user's, or the service's of that name.
        question: what they would do.

    Raises:
        UsageError: nobody can be called that, or there is no such verb or event, or it is not done to that.
        NotFound: there is no such registry.
        InvalidDocument: `organization.yaml` can't be read.
    """
    about = asked(catalog, question)
    force = in_force(about.catalog, about.registry)
    principal = principals.somebody(force.rules.organization(), who)
    if not about.project:
        _tell(about, *force)
        return permission(force, about, principal)
    writes = Verdict(tuple(projects.writes(force.rules, about.project, principal)))
    verdict = writes + projects.evaluate(force.rules, about.project, [about.event], principal)
    return Permission(event=about.event, path=about.path, principal=principal, verdict=verdict)


def who_can(catalog: Catalog, question: Question) -> Able:
    """Return who may do something; the errors are those of `can`."""
    about = asked(catalog, question)
    rules, now = in_force(about.catalog, about.registry)
    if about.project:
        return _writers(rules, about)
    # All of it is in one registry, so whoever may do the most of it may do the rest.
    wanted = max((need(rules, one) for one in (about.event, *about.along(now))), key=lambda n: RANK[n.role])
    registries = tuple(named(about.catalog, one) for one in wanted.registries)
    found = Able(event=about.event, path=about.path, need=wanted._replace(registries=registries), who=())
    problem = rules.closing(about.registry)
    if problem is not None and access_of(about.event) != about.registry:
        return replace(found, problem=str(problem))
    stranger = [roles.held(rules, _STRANGER, one) for one in wanted.registries]
    _tell(about, rules, now)
    through = by_teams(rules, wanted.role, wanted.registries)
    return replace(
        found,
        who=tuple(sorted({*roles.able(rules, wanted.role, wanted.registries), *through})),
        through=through,
        everybody=bool(stranger) and all(one.reaches(wanted.role) for one in stranger),
        gates=gates_of(rules, about.event),
    )


def _writers(rules: Rules, about: Asked) -> Able:
    """Return who may do something in a project: its writers, if it is what is done in one at all."""
    listed = rules.project(about.project) is not None
    because = (
        "`projects` of organization.yaml lists it" if listed else "nobody listed it in organization.yaml"
    )
    where = f"{PROJECTS}{about.project}" if listed else "any registry or project"
    found = Able(event=about.event, path=about.path, need=Need(MEMBER, (where,), because), who=())
    beyond = projects.evaluate(rules, about.project, [about.event], _STRANGER)
    if not beyond.is_allowed:
        (wrong,) = beyond.violations
        return replace(found, need=Need(wrong.needed, (), wrong.message), who=wrong.able)
    everybody = roles.in_project(rules, _STRANGER, about.project).reaches(MEMBER)
    return replace(found, who=writers(rules, about.project), everybody=everybody)


def _tell(about: Asked, rules: Rules, now: Snapshot) -> None:
    """Say what the question, or the rules that answer it, name and is not there."""
    said: list[str] = []
    if rules.has_registry(about.registry) and rules.closing(about.registry) is None:
        members = rules.access(about.registry).members
        said += undefined.teams(rules.organization(), (*rules.organization().admins, *members))
        if isinstance(about.event, AliasChange) and about.event.kind != "alias-added":
            said += undefined.alias(now, about.registry, about.event.alias)
    for one in said:
        about.catalog.notify(one)


_STRANGER = "user:-"
"""A person that no document can name."""


def permission(force: InForce, about: Asked, principal: str) -> Permission:
    """Return whether a principal may do something outside of projects, and all that goes along with it."""
    rules, now = force
    if isinstance(about.event, AliasChange) and about.event.after and rules.closing(about.registry) is None:
        return _pointing(rules, about, principal)
    evidence = Known(principal=principal)
    happened = [about.event, *about.along(now)]
    found = evaluate(rules, happened, now, now, evidence).violations
    gates: list[Gate] = []
    for gate in (gate for one in happened for gate in gates_of(rules, one)):
        gates += [] if gate in gates else [gate]
    return Permission(
        event=about.event,
        path=about.path,
        principal=principal,
        verdict=Verdict(tuple(one for one in found if not one.rule.startswith("gate "))),
        gates=tuple(gates),
    )


def _pointing(rules: Rules, about: Asked, principal: str) -> Permission:
    case = step(rules, about, principal)
    found = evaluate(rules, [about.event], case.before, case.after, case.evidence).violations
    told = foretell(case, about)
    return Permission(
        event=about.event,
        path=about.path,
        principal=principal,
        verdict=Verdict(tuple(one for one in found if one.rule not in BORNE_LATER)),
        gates=told.open,
        judged=told.judged,
    )


def gates_of(rules: Rules, event: Event) -> tuple[Gate, ...]:
    """Return the gates that an alias goes through when it is pointed somewhere, or removed."""
    if not isinstance(event, AliasChange):
        return ()
    registry = event.path.partition("/")[0]
    if rules.closing(registry) is not None:
        return ()
    gates = rules.gates(registry, event.alias)
    return for_removal(gates) if event.kind == "alias-removed" else gates
