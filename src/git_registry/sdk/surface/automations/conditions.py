"""Conditions on what happened, as W&B's scripts write them: `ArtifactEvent.alias.eq("prod") & ~…`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NoReturn, TypeAlias

from git_registry.errors import UsageError
from git_registry.model.documents.record import Value
from git_registry.sdk.surface.plain import plain

_ALL, _ANY, _NOT = "$and", "$or", "$not"


@dataclass(frozen=True, slots=True, eq=False)
class Condition:
    """A condition, and what is made of several: `one & other`, `one | other`, `~one`.

    Attributes:
        document: the same in MongoDB's words, as `match` has it; empty if it asks nothing.
    """

    document: Mapping[str, Value]

    def __and__(self, other: Condition) -> Condition:
        return _joined(_ALL, self, other)

    def __or__(self, other: Condition) -> Condition:
        return _joined(_ANY, self, other)

    def __invert__(self) -> Condition:
        inner = self.document.get(_NOT)
        if len(self.document) == 1 and isinstance(inner, Mapping):
            return Condition(inner)
        return Condition({_NOT: self.document})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Condition) and self.document == other.document

    def __hash__(self) -> int:
        return hash(repr(self.document))

    def __bool__(self) -> bool:
        raise UsageError("conditions are joined by & | ~ in parentheses, not by and, or, not")


Filter: TypeAlias = Condition | Mapping[str, object] | None
"""What scripts hand in: a condition, or a document in MongoDB's words."""


def _joined(operator: str, one: Condition, other: Condition) -> Condition:
    if not isinstance(other, Condition):
        raise UsageError(f"a condition is joined with a condition, not with {other!r}")
    return Condition({operator: [*_parts(operator, one), *_parts(operator, other)]})


def _parts(operator: str, one: Condition) -> list[Value]:
    inner = one.document.get(operator)
    return list(inner) if len(one.document) == 1 and isinstance(inner, list) else [one.document]


def condition(given: Filter) -> Condition:
    """Return what a script handed in as a condition.

    Raises:
        UsageError: it is none.
    """
    if isinstance(given, Condition):
        return given
    if given is None:
        return Condition({})
    if not isinstance(given, Mapping):
        raise UsageError(f"expected a filter such as ArtifactEvent.alias.eq('prod'), found {given!r}")
    document = plain(given, name="filter")
    assert isinstance(document, Mapping)
    return Condition(document)


def renamed(one: Condition, names: Mapping[str, str]) -> Condition:
    """Return a condition that asks for some fields by other names.

    Raises:
        UsageError: it asks for a field by both.
    """
    return Condition(_renamed(one.document, names))


def _renamed(document: Mapping[str, Value], names: Mapping[str, str]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for key, value in document.items():
        name = names.get(key, key)
        if name in found:
            raise UsageError(f"{key!r} and {name!r} are one field of this event", hint="use one of the names")
        found[name] = _inside(value, names) if key.startswith("$") else value
    return found


def _inside(value: Value, names: Mapping[str, str]) -> Value:
    if isinstance(value, Mapping):
        return _renamed(value, names)
    if isinstance(value, list):
        return [_inside(one, names) for one in value]
    return value


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """Something that may be asked of an event. Python's comparisons do the same as the methods.

    Attributes:
        name: the field's, as `match` has it.
    """

    name: str

    def _is(self, operator: str, value: object) -> Condition:
        return Condition({self.name: {operator: plain(value, name=self.name)}})

    def eq(self, value: object) -> Condition:
        """It is this; of a list, one is."""
        return Condition({self.name: plain(value, name=self.name)})

    def ne(self, value: object) -> Condition:
        """It is not this; of a list, none is."""
        return self._is("$ne", value)

    def in_(self, values: Iterable[object]) -> Condition:
        """It is one of these."""
        return self._is("$in", list(values))

    def not_in(self, values: Iterable[object]) -> Condition:
        """It is none of these."""
        return self._is("$nin", list(values))

    def contains(self, text: str) -> Condition:
        """This is a part of it, in its case; of a list, one of its items."""
        return self._is("$contains", text)

    def matches_regex(self, pattern: str) -> Condition:
        """A part of it matches this pattern; `^` and `$` are its ends."""
        return self._is("$regex", pattern)

    def exists(self, exists: bool = True) -> Condition:
        """The event has it at all."""
        return self._is("$exists", exists)

    def gt(self, value: object) -> Condition:
        """It is more."""
        return self._is("$gt", value)

    def gte(self, value: object) -> Condition:
        """It is as much, or more."""
        return self._is("$gte", value)

    def lt(self, value: object) -> Condition:
        """It is less."""
        return self._is("$lt", value)

    def lte(self, value: object) -> Condition:
        """It is as much, or less."""
        return self._is("$lte", value)

    def __eq__(self, other: object) -> Condition:  # type: ignore[override]
        return self.eq(other)

    def __ne__(self, other: object) -> Condition:  # type: ignore[override]
        return self.ne(other)

    def __gt__(self, other: object) -> Condition:
        return self.gt(other)

    def __ge__(self, other: object) -> Condition:
        return self.gte(other)

    def __lt__(self, other: object) -> Condition:
        return self.lt(other)

    def __le__(self, other: object) -> Condition:
        return self.lte(other)

    __hash__ = None  # type: ignore[assignment]


class ArtifactEvent:
    """What may be asked of what happens to a version, a collection or an alias.

    Attributes:
        alias: the alias that was set; of an event without one, those of its version.
        tag: the tag that came or went; of an event without one, those of its version.
    """

    alias = Field("alias")
    tag = Field("tag")

    @staticmethod
    def field(name: str) -> Field:
        """Return any other: `collection`, `version`, `author`, `metadata.framework`, and so on."""
        return Field(name)

    @staticmethod
    def metric(name: str) -> Field:
        """Return a metric of the version."""
        return Field(f"metrics.{name}")


class _Runs:
    """Whatever is asked of runs: nothing here starts from them."""

    def __getattr__(self, name: str) -> NoReturn:
        if name.startswith("_"):  # what copies or inspects asks for names of its own
            raise AttributeError(name)
        raise no_runs()


RunEvent = _Runs()
"""W&B's conditions on runs, each of which says what to use instead."""


def no_runs() -> UsageError:
    """Return why nothing starts from a run, and what does."""
    return UsageError(
        "runs are recorded in projects, and automations follow what happens in registries",
        hint="link what the run made, and start from that: "
        "OnLinkArtifact(scope=collection, filter=ArtifactEvent.metric('auc').gte(0.9))",
    )
