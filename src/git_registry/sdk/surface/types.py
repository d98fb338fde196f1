"""Artifact types: a registry's list of them, to which types are only added, and the types of a project."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, MutableSequence
from typing import Self, overload

from git_registry.errors import UsageError
from git_registry.model.names import TYPE
from git_registry.sdk.surface.listed import listed


class AcceptedTypes(MutableSequence[str]):
    """The types a registry accepts. Those it was saved with stay; others may still be taken back.

    Args:
        saved: the types it has.
    """

    def __init__(self, saved: Iterable[str] = ()) -> None:
        self._saved = tuple(saved)
        self._types = list(self._saved)

    @property
    def added(self) -> tuple[str, ...]:
        """Return those that are not saved yet."""
        return tuple(self._types[len(self._saved) :])

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> list[str]: ...
    def __getitem__(self, index: int | slice) -> str | list[str]:
        return self._types[index]

    def __len__(self) -> int:
        return len(self._types)

    def __contains__(self, one: object) -> bool:
        return one in self._types

    def __iter__(self) -> Iterator[str]:
        return iter(list(self._types))

    def insert(self, index: int, value: str) -> None:  # noqa: ARG002 - all stand in the order they came
        """Add a type, at the end; one that is there already stays where it is."""
        TYPE.check(value)
        if value not in self._types:
            self._types.append(value)

    def extend(self, values: str | Iterable[str]) -> None:
        """Add types; one alone, too."""
        super().extend(listed(values))

    def __iadd__(self, values: str | Iterable[str]) -> Self:
        self.extend(values)
        return self

    def __delitem__(self, index: int | slice) -> None:
        left = list(self._types)
        del left[index]
        gone = [one for one in self._saved if one not in left]
        if gone:
            raise UsageError(
                f"Cannot remove the artifact type {gone[0]!r}: types that were saved stay",
                hint="create another registry for the other types",
            )
        self._types = left

    def __setitem__(self, index: int | slice, value: str | Iterable[str]) -> None:
        raise UsageError(f"types are added, not replaced: append {value!r}")

    def __eq__(self, other: object) -> bool:
        return (
            self._types == list(other) if isinstance(other, list | tuple | AcceptedTypes) else NotImplemented
        )

    def __hash__(self) -> int:
        raise TypeError("a list of types changes, so it has no hash")

    def __repr__(self) -> str:
        return repr(self._types)
