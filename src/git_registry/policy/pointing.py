"""What an event points aliases at, held against their gates."""

from __future__ import annotations

from collections.abc import Iterator

from git_registry.errors import RegistryError
from git_registry.model.events import AliasChange, CollectionRenamed, Event
from git_registry.model.snapshot import Snapshot
from git_registry.policy import gates, roles
from git_registry.policy.evidence import Evidence
from git_registry.policy.gates import Move
from git_registry.policy.rules import Rules
from git_registry.policy.verdict import Violation


def violations(
    rules: Rules, event: Event, before: Snapshot, after: Snapshot, evidence: Evidence
) -> Iterator[Violation]:
    """Yield the gates that a version does not meet which an event points a protected alias at."""
    for move in moves(rules, event, before, after, evidence):
        registry = move.collection.partition("/")[0]
        try:
            found = gates.outcomes(move)
        except RegistryError as problem:
            yield _unread(move, problem)
            continue
        for outcome in found:
            if not outcome.passed:
                yield Violation(
                    rule=f"gate {outcome.gate}",
                    message=f"{move.alias} may point at {move.version[:8]} only if {outcome.limit}"
                    + (f"; {outcome.found}" if outcome.found else ""),
                    path=move.collection,
                    event=event,
                    able=_able(rules, outcome.by, registry) if outcome.liftable else (),
                    hint=outcome.hint or ("" if outcome.liftable else _shows(registry)),
                    liftable=outcome.liftable,
                )


def _shows(registry: str) -> str:
    return f"`git registry access show {registry}` tells the gates"


def _unread(move: Move, problem: RegistryError) -> Violation:
    return Violation(
        rule="closed",
        message=f"the gates of {move.alias} can't be read: {problem.message}",
        path=move.collection,
        event=move.event,
        hint=f"an organization admin mends {problem.where} first" if problem.where else "",
    )


def _able(rules: Rules, role: str, registry: str) -> tuple[str, ...]:
    try:
        return roles.able(rules, role, (registry,))
    except RegistryError:
        return ()  # nobody has any role, which is said of the event


def moves(
    rules: Rules, event: Event, before: Snapshot, after: Snapshot, evidence: Evidence
) -> Iterator[Move]:
    """Yield what an event points at versions; a renamed collection brings its aliases under other gates."""
    shared = {"rules": rules, "evidence": evidence, "before": before, "after": after, "event": event}
    if isinstance(event, AliasChange) and event.after is not None:
        yield Move(
            **shared,  # type: ignore[arg-type]
            collection=event.path,
            was=event.path,
            alias=event.alias,
            pointed=event.before,
            version=event.after,
        )
    if isinstance(event, CollectionRenamed) and event.before and event.after:
        if event.before.partition("/")[0] == event.after.partition("/")[0]:
            return
        for alias in after.alias_names(event.after):
            pointed = _pointed(after, event.after, alias)
            # One that points elsewhere now has an event of its own.
            if pointed and _pointed(before, event.before, alias) == pointed:
                yield Move(
                    **shared,  # type: ignore[arg-type]
                    collection=event.after,
                    was=event.before,
                    alias=alias,
                    pointed=None,
                    version=pointed,
                )


def _pointed(snapshot: Snapshot, collection: str, alias: str) -> str | None:
    try:
        return snapshot.alias(collection, alias)
    except RegistryError:
        return None
