"""May somebody do something, and who may? As the policy answers, before anything is done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from git_registry.catalog.catalog import Catalog
from git_registry.errors import UsageError
from git_registry.model.documents.access import Gate
from git_registry.model.events import AliasChange, Event
from git_registry.model.snapshot import Snapshot
from git_registry.policy import projects, roles
from git_registry.policy.evaluate import evaluate
from git_registry.policy.evidence import Known
from git_registry.policy.needs import Need, access_of, need
from git_registry.policy.rules import Rules
from git_registry.policy.verdict import Verdict
from git_registry.sdk import membership
from git_registry.sdk.asked import asked
from git_registry.sdk.ruling import ruling

ALLOWED, NEEDS_APPROVAL = "allowed", "needs approval"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """May a principal do something?

    Attributes:
        event: what would happen.
        principal: who would do it.
        verdict: what the policy says, gates aside.
        gates: those that a version still has to pass.
    """

    event: Event
    principal: str
    verdict: Verdict
    gates: tuple[Gate, ...] = ()

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
        need: the role that it takes.
        who: the principals and teams that have it, by name.
        everybody: does the default role suffice, too?
        gates: those that a version has to pass besides.
        problem: why nobody may, if a registry is closed.
    """

    event: Event
    need: Need
    who: tuple[str, ...]
    everybody: bool = False
    gates: tuple[Gate, ...] = ()
    problem: str = ""


def can(catalog: Catalog, who: str, what: str, path: str, alias: str | None = None) -> Answer:
    """Return whether a principal may do something: a verb that people say, or a kind of event.

    Args:
        catalog: the clone.
        who: a principal; a name alone is a user's, or the service's of that name.
        what: a verb, or a kind of event; this and what follows are read by `asked`.
        path: to what.
        alias: which one, if it is about one.

    Raises:
        UsageError: nobody can be called that, or there is no such verb or event, or it is not done to that.
        NotFound: there is no such registry.
        InvalidDocument: `organization.yaml` can't be read.
    """
    question = asked(catalog, what, path, alias)
    rules, now = ruling(question.catalog, question.registry)
    principal = membership.somebody(rules.organization(), who)
    if not question.project:
        return answer(rules, now, question.event, principal, catalog.clock())
    writes = Verdict(tuple(projects.writes(rules, question.project, principal)))
    verdict = writes + projects.evaluate(rules, question.project, [question.event], principal)
    return Answer(event=question.event, principal=principal, verdict=verdict)


def who_can(catalog: Catalog, what: str, path: str, alias: str | None = None) -> Able:
    """Return who may do something; the arguments and errors are those of `can`."""
    question = asked(catalog, what, path, alias)
    if question.project:
        raise UsageError(
            "who writes to a project stands in `projects` of organization.yaml; else any member does",
            hint=f"`git registry access can PRINCIPAL {what} {path}` asks for one",
        )
    rules, _ = ruling(question.catalog, question.registry)
    wanted = need(rules, question.event)
    problem = rules.closing(question.registry)
    if problem is not None and access_of(question.event) != question.registry:
        return Able(event=question.event, need=wanted, who=(), problem=str(problem))
    stranger = [roles.held(rules, _STRANGER, one) for one in wanted.registries]
    return Able(
        event=question.event,
        need=wanted,
        who=roles.able(rules, wanted.role, wanted.registries),
        everybody=bool(stranger) and all(one.reaches(wanted.role) for one in stranger),
        gates=gates_of(rules, question.event),
    )


_STRANGER = "user:-"
"""A person that no document can name."""


def answer(rules: Rules, now: Snapshot, event: Event, principal: str, at: datetime) -> Answer:
    """Return whether a principal may do something, by rules, in an organization as it is now."""
    verdict = evaluate(rules, [event], now, now, Known(principal=principal, now=at))
    return Answer(event=event, principal=principal, verdict=verdict, gates=gates_of(rules, event))


def gates_of(rules: Rules, event: Event) -> tuple[Gate, ...]:
    """Return the gates that an alias goes through when it is pointed somewhere."""
    if not isinstance(event, AliasChange) or event.kind == "alias-removed":
        return ()
    registry = event.path.partition("/")[0]
    if rules.closing(registry) is not None:
        return ()
    name = rules.protection_name(registry, event.alias)
    return rules.access(registry).protected_aliases[name].gates if name else ()
