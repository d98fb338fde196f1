"""What must be met before a protected alias moves. One more gate is one line in `GATES`."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from json import dumps

from git_registry.errors import NotFound, RegistryError
from git_registry.model import filters
from git_registry.model.documents.access import Gate
from git_registry.model.documents.manifest import Manifest
from git_registry.model.documents.notes import Notes
from git_registry.model.events import Event
from git_registry.model.filters import values
from git_registry.model.snapshot import Snapshot
from git_registry.policy import identities, roles
from git_registry.policy.case import Case
from git_registry.policy.coverage import covering, outdated
from git_registry.policy.roles import ADMIN, RANK


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An alias that is to point at a version, or to be removed, and all there is to judge that by.

    Attributes:
        case: the step that does it.
        event: what moves it, for approvals to cover; the collection's renaming, if that brings it along.
        collection: where it is after the step, `model/churn`.
        was: the collection's path before the step.
        pointed: the id it pointed at before; None if it is new.
        version: the id it is to point at; None if it is to go.
    """

    case: Case
    event: Event
    collection: str
    was: str
    alias: str
    pointed: str | None
    version: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a gate was met, or not.

    Attributes:
        gate: its kind, `metrics`.
        passed: was it met?
        limit: what it asks for, in words.
        found: what there is instead, in words; empty if there is nothing to say.
        by: the role whose approvals could meet it; empty if none could.
        without: those whose approvals could not, whatever their role.
        hint: what else to do; empty if that is nothing but meeting it.
        more: how many approvals are missing, where those could meet it.
        given: whose count already.
        versions: the ids that `found` names by their first digits.
        asked: the gate itself, where its kind is known.
    """

    gate: str
    passed: bool
    limit: str
    found: str = ""
    by: str = ""
    without: frozenset[str] = frozenset()
    hint: str = ""
    more: int = 0
    given: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    asked: Gate | None = field(default=None, compare=False)

    @property
    def liftable(self) -> bool:
        """Could an approval meet it?"""
        return bool(self.by)


_UNKNOWN = "unknown"


def kind_of(gate: Gate) -> str:
    """Return which of `GATES` a gate is; `unknown` for one that is none of them, or more than one."""
    kinds = [name for name in GATES if getattr(gate, name)]
    return kinds[0] if len(kinds) == 1 and not gate.extra else _UNKNOWN


def outcome(gate: Gate, move: Move) -> Outcome:
    """Return whether a gate lets an alias move.

    What can't be read, and what nobody here knows, lets nothing pass.
    """
    kind = kind_of(gate)
    if kind == _UNKNOWN:
        return Outcome(gate=kind, passed=False, limit="a gate that this version does not know")
    try:
        return replace(GATES[kind](gate, move), asked=gate)
    except RegistryError as problem:
        return Outcome(gate=kind, passed=False, limit=f"the gate {kind} can be judged", found=str(problem))


def _holds(gate: Gate, move: Move) -> Outcome:
    assert gate.holds is not None
    held = _pointed_at(move.case.before, move.was, gate.holds)
    if held != move.version and move.pointed is not None:
        back = move.case.evidence.previous(move.was, move.alias) == move.version
    else:
        back = False
    if back:
        named, found = move.version, f"{move.alias} pointed at {(move.version or '')[:8]} just before"
    else:
        named, found = held, f"{gate.holds} points at {held[:8] if held else 'nothing'}"
    return Outcome(
        gate="holds",
        passed=held == move.version or back,
        limit=f"{gate.holds} points at it before, or {move.alias} did just before",
        found=found,
        versions=(named,) if named else (),
    )


def _pointed_at(snapshot: Snapshot, collection: str, alias: str) -> str | None:
    try:
        return snapshot.alias(collection, alias)
    except NotFound:
        return None


def _metrics(gate: Gate, move: Move) -> Outcome:
    manifest, notes = _version(move)
    facts = {**manifest.metrics, **notes.metrics}
    return _conditions("metrics", gate.metrics, facts, filters.METRICS)


def _metadata(gate: Gate, move: Move) -> Outcome:
    manifest, notes = _version(move)
    facts = {**manifest.metadata, **notes.metadata}
    return _conditions("metadata", gate.metadata, facts, filters.METADATA)


def _conditions(
    kind: str, asked: Mapping[str, object], facts: Mapping[str, object], fields: filters.Fields
) -> Outcome:
    wanted = filters.parse(asked, fields, where=kind)
    held = {name: _held(kind, facts, name) for name in filters.fields_of(wanted)}
    odd = [name for name, them in held.items() if len(them) > 1 or not all(map(_is_finite, them))]
    # What is judged is what is shown: of each field the one value that it leads to.
    judged = {name: them[0] for name, them in held.items() if them}
    return Outcome(
        gate=kind,
        passed=not odd and filters.matches(wanted, judged),
        limit=f"{kind} are {dumps(asked, default=str)}",
        found=", ".join(f"{name.removeprefix(f'{kind}.')} is {_shown(held[name])}" for name in held),
    )


def _held(kind: str, facts: Mapping[str, object], field: str) -> Sequence[object]:
    """Return every value that a field leads to; a key may hold dots itself, so that may be several."""
    return [one for one in values.found({kind: facts}, field) if one is not values.MISSING]


def conditions(gate: Gate) -> None:
    """Check that a gate's conditions can be read.

    Raises:
        UsageError: they are no filter, or ask what such a gate can't know.
    """
    if gate.metrics:
        filters.parse(gate.metrics, filters.METRICS, where="metrics")
    if gate.metadata:
        filters.parse(gate.metadata, filters.METADATA, where="metadata")


def _is_finite(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    if isinstance(value, Mapping):
        return all(map(_is_finite, value.values()))
    return not isinstance(value, list | tuple) or all(map(_is_finite, value))


def _shown(held: Sequence[object]) -> str:
    if len(held) > 1:
        return f"there more than once: {', '.join(repr(one)[:_LONGEST] for one in held[:_MOST])}"
    return repr(held[0])[:_LONGEST] if held else "not there"


_LONGEST, _MOST = 80, 5
"""Letters of a value, and values of a field, that are shown."""


def _content(gate: Gate, move: Move) -> Outcome:
    manifest, _ = _version(move)
    if manifest.file_list is not None:
        told = manifest.file_list.content == gate.content
        weak = "" if told else "its file list does not say that all files are"
    else:
        names = [one.path for one in manifest.files or () if not one.digest.is_content]
        weak = f"{len(names)} known otherwise, such as {names[0]!r}" if names else ""
    return Outcome(
        gate="content",
        passed=not weak,
        limit=f"every file is known by its {gate.content}",
        found=weak,
    )


def _approvals(gate: Gate, move: Move) -> Outcome:
    assert gate.approvals is not None
    asked = gate.approvals
    role = asked.role or ADMIN
    limit = f"{asked.count} approval{'s' if asked.count != 1 else ''} by {role} of {_registry(move)}"
    limit += ", not its author" if asked.not_author else ""
    if move.case.evidence.forge:
        return Outcome(gate="approvals", passed=True, limit=limit, found="left to the forge")
    given, remarks = _counted(move, role, not_author=asked.not_author)
    return Outcome(
        gate="approvals",
        passed=len(given) >= asked.count,
        limit=limit,
        found=", ".join([*(f"approved by {one}" for one in given), *remarks]) or "nobody approved",
        by=role,
        without=frozenset(given) | (_authors(move) if asked.not_author else frozenset()),
        more=max(asked.count - len(given), 0),
        given=tuple(given),
    )


def _authors(move: Move) -> frozenset[str]:
    """Return who wrote or pushes it, as far as that is known."""
    evidence = move.case.evidence
    pushing = {evidence.principal} if evidence.principal else set()
    return frozenset(pushing).union(*(one.owners for one in evidence.approvals()))


def _counted(move: Move, role: str, *, not_author: bool) -> tuple[list[str], list[str]]:
    """Return who counts, and why others don't."""
    counted: dict[str, None] = {}
    remarks = []
    for approval in covering(move.case.evidence.approvals(), move.event, move.case.after):
        one = approval.principal
        if not one.startswith("user:") or RANK[_role(move, one)] < RANK[role]:
            remarks.append(f"{one} has not that role")
        elif not_author and not approval.owners:
            remarks.append(f"nobody can say whose proposal it was: {approval.unowned}")
        elif not_author and (one == move.case.evidence.principal or one in approval.owners):
            remarks.append(f"{one} is its author, or who pushes it")
        else:
            counted[one] = None
    remarks += [why for _, why in outdated(move.case.evidence.approvals(), move.event, move.case.after)]
    return list(counted), list(dict.fromkeys(remarks))


def _role(move: Move, principal: str) -> str:
    return roles.held(move.case.rules, principal, _registry(move)).role


def _signed(_gate: Gate, move: Move) -> Outcome:
    key = move.case.evidence.signing_key()
    signer = identities.owner_of_key(move.case.rules.organization(), key) if key else None
    passed = signer is not None and RANK[_role(move, signer)] >= RANK[ADMIN]
    if move.case.evidence.is_foretold:
        found = "the forge has yet to make it"
    elif key is None:
        found = "the commit has no good signature by an ssh key"
    else:
        found = f"it is signed by {signer or f'{key}, whose key that is nobody says'}"
    return Outcome(
        gate="signed",
        passed=passed,
        limit=f"the commit is signed by an admin of {_registry(move)}",
        found=found,
        hint=_SIGNED_ELSEWHERE if move.case.evidence.is_foretold else "",
    )


_SIGNED_ELSEWHERE = (
    "a check before the merge can't know: let the forge require signed commits in place of this gate, "
    "or push to a server with hooks"
)


def _registry(move: Move) -> str:
    return move.collection.partition("/")[0]


def _version(move: Move) -> tuple[Manifest, Notes]:
    version = move.version or ""
    path = move.case.after.find(move.collection, version)
    if path is None:
        raise NotFound(f"version {version[:8]} is not linked", where=move.collection)
    return move.case.after.manifest(path), move.case.after.notes(path)


GATES: Mapping[str, Callable[[Gate, Move], Outcome]] = {
    "holds": _holds,
    "metrics": _metrics,
    "metadata": _metadata,
    "content": _content,
    "approvals": _approvals,
    "signed": _signed,
}
"""Gate → who judges it, by the field of a gate's document."""


OF_VERSIONS = ("holds", "metrics", "metadata", "content")
"""Gates that ask something of a version. An alias that is removed has none to ask."""

OF_COMMITS = ("approvals", "signed")
"""Gates that ask something of the commit that moves an alias, whatever version that is to."""


def for_removal(gates: Iterable[Gate]) -> tuple[Gate, ...]:
    """Return those of an alias's gates that removing it goes through: they ask nothing of a version."""
    return tuple(one for one in gates if kind_of(one) not in OF_VERSIONS)


def outcomes(move: Move) -> Sequence[Outcome]:
    """Return how each gate of a protected alias was met, in the order of the access document.

    Raises:
        RegistryError: the access document can't be read.
    """
    gates = move.case.rules.gates(_registry(move), move.alias)
    return [outcome(one, move) for one in (gates if move.version is not None else for_removal(gates))]
