"""What each event takes, and on whose role it rests, gate by gate: for people who decide about it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from git_registry.errors import RegistryError
from git_registry.model.events import Event
from git_registry.model.snapshot import Snapshot
from git_registry.policy import gates
from git_registry.policy.case import Case
from git_registry.policy.evaluate import bearer
from git_registry.policy.evidence import Evidence
from git_registry.policy.gates import Outcome
from git_registry.policy.needs import need
from git_registry.policy.pointing import moves
from git_registry.policy.roles import NOBODY
from git_registry.policy.rules import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """How a gate of a protected alias was met, or not; `version` is None where the alias is to go."""

    collection: str
    alias: str
    version: str | None
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One event.

    Attributes:
        takes: the role it takes, in words; empty if the rules can't be read.
        by: the principal whose role it rests on; None if nobody's does.
        passages: the gates that it goes through.
    """

    event: Event
    takes: str
    by: str | None
    passages: tuple[Passage, ...] = ()

    @property
    def is_met(self) -> bool:
        """Has somebody the role, and is every gate passed?"""
        return self.by is not None and all(one.outcome.passed for one in self.passages)


def explain(
    rules: Rules, events: Iterable[Event], before: Snapshot, after: Snapshot, evidence: Sequence[Evidence]
) -> Iterator[Explained]:
    """Yield each event as `evaluate` looks at it for every piece of evidence, the first about who merges."""
    cases = [Case(rules, before, after, one) for one in evidence]
    for event in events:
        try:
            wanted = need(rules, event)
            where = " and ".join(wanted.registries)
            role = "never" if wanted.role == NOBODY else wanted.role
            takes = f"{role} of {where}" if where else role
            borne = [(one.evidence.principal, bearer(one, event, wanted)) for one in cases]
            # Where somebody's own role is not enough, an approval carries it for all, or nothing does.
            by = next((by for principal, by in borne if by != principal), borne[0][1])
            through = tuple(_passages(cases[0], event))
        except RegistryError:
            takes, by, through = "", None, ()
        yield Explained(event=event, takes=takes, by=by, passages=through)


def _passages(case: Case, event: Event) -> Iterator[Passage]:
    for move in moves(case, event):
        for outcome in gates.outcomes(move):
            yield Passage(collection=move.collection, alias=move.alias, version=move.version, outcome=outcome)
