"""What an event makes of aliases, held against their gates."""

from __future__ import annotations

from collections.abc import Iterator

from git_registry.errors import RegistryError
from git_registry.model.events import AliasChange, CollectionRenamed, Event
from git_registry.model.snapshot import Snapshot
from git_registry.policy import gates, roles
from git_registry.policy.case import Case
from git_registry.policy.gates import Move, Outcome
from git_registry.policy.rules import Rules
from git_registry.policy.verdict import Violation

_REMOVED = "alias-removed"


def violations(case: Case, event: Event) -> Iterator[Violation]:
    """Yield the gates that an event does not meet which moves or removes a protected alias."""
    for move in moves(case, event):
        try:
            found = gates.outcomes(move)
        except RegistryError as problem:
            yield _unread(move, problem)
            continue
        yield from (_shut(move, outcome) for outcome in found if not outcome.passed)


def _shut(move: Move, outcome: Outcome) -> Violation:
    registry = move.collection.partition("/")[0]
    version = move.version if outcome.gate not in gates.OF_COMMITS else None
    moves = f"point at {version[:8]}" if version else "move"
    does = moves if move.version else "be removed"
    return Violation(
        rule=f"gate {outcome.gate}",
        message=f"{move.alias} may {does} only if {outcome.limit}"
        + (f"; {outcome.found}" if outcome.found else ""),
        path=move.collection,
        event=move.event,
        able=_able(move.case.rules, outcome, registry) if outcome.liftable else (),
        hint=outcome.hint or ("" if outcome.liftable else _shows(registry)),
        liftable=outcome.liftable,
        more=max(outcome.more, 1),
        given=outcome.given,
        versions=(*((version,) if version else ()), *outcome.versions),
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


def _able(rules: Rules, outcome: Outcome, registry: str) -> tuple[str, ...]:
    try:
        return roles.approvers(rules, outcome.by, (registry,), without=outcome.without)
    except RegistryError:
        return ()  # nobody has any role, which is said of the event


def moves(case: Case, event: Event) -> Iterator[Move]:
    """Yield what an event makes of aliases: it points one at a version, or removes it, or moves a collection.

    A collection that goes to another registry takes its aliases away here, and brings them under other gates
    there.
    """
    if isinstance(event, AliasChange) and (event.after is not None or event.kind == _REMOVED):
        yield Move(
            case=case,
            event=event,
            collection=event.path,
            was=event.path,
            alias=event.alias,
            pointed=event.before,
            version=event.after,
        )
    if isinstance(event, CollectionRenamed) and event.before and event.after:
        registries = {path.partition("/")[0] for path in (event.before, event.after)}
        if len(registries) > 1:
            yield from _taken(case, event, event.before)
            yield from _brought(case, event, event.before, event.after)


def _taken(case: Case, event: Event, was: str) -> Iterator[Move]:
    for alias in case.before.alias_names(was):
        pointed = _pointed(case.before, was, alias)
        yield Move(
            case=case, event=event, collection=was, was=was, alias=alias, pointed=pointed, version=None
        )


def _brought(case: Case, event: Event, was: str, collection: str) -> Iterator[Move]:
    for alias in case.after.alias_names(collection):
        version = _pointed(case.after, collection, alias)
        # One that points elsewhere now has an event of its own.
        if version and _pointed(case.before, was, alias) == version:
            yield Move(
                case=case,
                event=event,
                collection=collection,
                was=was,
                alias=alias,
                pointed=None,
                version=version,
            )


def _pointed(snapshot: Snapshot, collection: str, alias: str) -> str | None:
    try:
        return snapshot.alias(collection, alias)
    except RegistryError:
        return None
