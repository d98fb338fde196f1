"""Who may do what in a registry, and what a protected alias asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from git_registry.model.documents.record import Document, Record, Value
from git_registry.model.names import AliasName, ContentAlgorithm, Principal, Role, Visibility, twins


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvals(Record):
    """How many people with which role must have approved, and whether the author counts."""

    count: int = 1
    role: Role | None = None
    not_author: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate(Record):
    """A condition a version must meet before the alias may point at it; exactly one field is set.

    Attributes:
        holds: another alias that must have pointed at the version before the step.
        metrics, metadata: MongoDB-style conditions on the version's values.
        content: the algorithm every file must be known by: no weak references.
    """

    holds: AliasName | None = None
    metrics: Mapping[str, Value] = field(default_factory=dict)
    metadata: Mapping[str, Value] = field(default_factory=dict)
    content: ContentAlgorithm | None = None
    approvals: Approvals | None = None
    signed: bool | None = None

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield a problem unless the gate asks for exactly one thing."""
        fields = (self.holds, self.metrics, self.metadata, self.content, self.approvals, self.signed)
        if sum(bool(value) for value in fields) != 1:
            yield "", "a gate is one of holds, metrics, metadata, content, approvals, signed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Protection(Record):
    """What moving one protected alias asks for, besides the role."""

    block: ClassVar[frozenset[str]] = frozenset({"gates"})

    gates: tuple[Gate, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Access(Document):
    """A registry's members and protected aliases; without this document there are none."""

    kind: ClassVar[str] = "access"
    block: ClassVar[frozenset[str]] = frozenset({"members", "protected_aliases"})

    visibility: Visibility | None = None
    members: Mapping[Principal, Role] = field(default_factory=dict)
    protected_aliases: Mapping[AliasName, Protection] = field(default_factory=dict)

    def protection(self, alias: str) -> Mapping[str, Protection]:
        """Return what protects an alias, by the name it is protected under; empty if nothing does.

        `Production` beside `production` could not be checked out everywhere, so it is not another alias.
        """
        wanted = alias.casefold()
        return {name: one for name, one in self.protected_aliases.items() if name.casefold() == wanted}

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield the aliases that are protected twice: whose gates would those be?"""
        for name, other in twins(self.protected_aliases):
            yield (
                "protected_aliases",
                f"{name!r} and {other!r} differ in case alone, so they are one alias",
            )
