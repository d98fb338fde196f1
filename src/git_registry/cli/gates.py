"""The gates of a protected alias: made of what people type, and told in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from git_registry.cli.shapes import Shape
from git_registry.errors import UsageError
from git_registry.model import filters
from git_registry.model.documents.access import Approvals, Gate
from git_registry.model.plain import plain
from git_registry.wording.amounts import amount


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """The gates as the options of `access protect` ask for them."""

    holds: str | None = None
    metric: tuple[str, ...] = ()
    metadata: tuple[str, ...] = ()
    content: str | None = None
    approvals: int | None = None
    approvers: str | None = None
    not_author: bool = False
    signed: bool = False

    def gates(self) -> list[Gate]:
        """Return the gates.

        Raises:
            UsageError: a clause can't be read, or it is said who approves and not how many.
        """
        return list(self._gates())

    def _gates(self) -> Iterator[Gate]:
        if self.holds is not None:
            yield Gate(holds=self.holds)
        if self.metric:
            yield Gate(metrics=_conditions(self.metric, filters.METRICS, "--metric"))
        if self.metadata:
            yield Gate(metadata=_conditions(self.metadata, filters.METADATA, "--metadata"))
        if self.content is not None:
            yield Gate(content=self.content)
        if self.approvals is not None:
            asked = Approvals(count=self.approvals, role=self.approvers, not_author=self.not_author)
            yield Gate(approvals=asked)
        elif self.approvers or self.not_author:
            raise UsageError(
                "how many approvals?", where="--approvals", hint="such as `--approvals 1 --not-author`"
            )
        if self.signed:
            yield Gate(signed=True)


def _conditions(clauses: Sequence[str], fields: filters.Fields, option: str) -> Any:  # noqa: ANN401
    try:
        return filters.conditions(" and ".join(clauses), fields)
    except UsageError as problem:
        where = problem.where.replace("where", option, 1)
        raise UsageError(problem.message, where=where, hint=problem.hint) from None


def shape(gate: Gate) -> Shape:
    """Return a gate as JSON has it."""
    found = plain(gate)
    assert isinstance(found, dict)
    return found


def words(gates: Sequence[Gate]) -> str:
    """Return what gates ask for, in one line."""
    return ", ".join(_words(one) for one in gates)


def _words(gate: Gate) -> str:
    return ", ".join(f"{name}: {amount(value)}" for name, value in shape(gate).items())  # type: ignore[arg-type]
