"""How the gates of a protected alias would judge the version that it is to point at."""

from __future__ import annotations

from dataclasses import dataclass

from git_registry.catalog.judging.gathering import Gathered
from git_registry.catalog.judging.limits import Limits
from git_registry.catalog.judging.line import Commit
from git_registry.model.documents.access import Gate
from git_registry.policy import gates
from git_registry.policy.case import Case
from git_registry.policy.evidence import Evidence
from git_registry.policy.gates import Outcome
from git_registry.policy.pointing import moves
from git_registry.policy.rules import Rules
from git_registry.sdk.asked import Asked

_LATER = ("signed",)
"""Gates that ask for what the commit is to bear, which nobody has made yet."""

BORNE_LATER = tuple(f"gate {one}" for one in _LATER)
"""The rules that say that those are not met."""


@dataclass(frozen=True, slots=True)
class Foretold:
    """What the gates of an alias say, so far as can be known before it moves.

    Attributes:
        judged: how each that can be judged is met, or not.
        open: those that can't be yet.
    """

    judged: tuple[Outcome, ...] = ()
    open: tuple[Gate, ...] = ()


def step(rules: Rules, about: Asked, principal: str) -> Case:
    """Return the step that would be made on top of what is here: a push brings that along."""
    now = about.catalog.now()
    return Case(rules, now, now, _evidence(about, principal))


def foretell(case: Case, about: Asked) -> Foretold:
    """Return what the gates say of the version that an alias is to point at; raise as `Rules.gates` does."""
    registry, alias = about.registry, getattr(about.event, "alias", "")
    outcomes = [one for move in moves(case, about.event) for one in gates.outcomes(move)]
    later = [one for one in case.rules.gates(registry, alias) if gates.kind_of(one) in _LATER]
    return Foretold(tuple(one for one in outcomes if one.gate not in _LATER), tuple(later))


def _evidence(about: Asked, principal: str) -> Evidence:
    tip = about.catalog.tip()
    commit = Commit("", "", (tip,) if tip else (), 0, b"")
    now = about.catalog.clock()
    return Gathered(about.catalog, commit, principal, now, Limits(), by_refs=False)
