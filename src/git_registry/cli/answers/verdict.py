"""What the check of a request says: as lines, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from git_registry.catalog.judging.found import Found
from git_registry.cli import shapes
from git_registry.index.numbers import Numbers
from git_registry.policy.explaining import Explained, Passage
from git_registry.sdk.requests import PRESSER, Judgement
from git_registry.wording import happened
from git_registry.wording.verdict import headline, met, numbered, reason, subject, takes


@dataclass(frozen=True)
class Answer:
    """What is said of a request.

    Attributes:
        known: the version numbers at its base.
        number: what the forge calls it; empty if nobody says.
    """

    judgement: Judgement
    known: Numbers
    number: str = ""

    @property
    def headline(self) -> str:
        """Return the verdict in a sentence."""
        return headline(self.judgement, subject(self.number))

    def lines(self) -> Iterator[str]:
        """Yield it for a terminal or a log."""
        for one in self.judgement.events:
            yield f"{'+' if one.is_met else '-'} {self._told(one)} (takes {takes(one)}: {met(one)})"
        for wrong in self.judgement.found:
            yield reason(numbered(wrong, self.known))
            if wrong.violation.hint:
                yield f"  hint: {wrong.violation.hint}"
        yield from (f"Not counted: {remark}" for remark in self.judgement.uncounted)
        yield self.headline

    def shape(self) -> shapes.Shape:
        """Return it as JSON has it."""
        judgement = self.judgement
        return {
            "verdict": judgement.verdict.word,
            "number": self.number or None,
            "base": judgement.base,
            "head": judgement.head,
            "tree": judgement.tree or None,
            "merged": judgement.is_merged,
            "actor": None if judgement.actor == PRESSER else judgement.actor,
            "approved_by": list(judgement.approvers),
            "not_counted": list(judgement.uncounted),
            "events": [self.event(one) for one in judgement.events],
            "violations": [violation(one) for one in judgement.found],
        }

    def _told(self, one: Explained) -> str:
        return happened.told(one.event, self.known)

    def event(self, one: Explained) -> shapes.Shape:
        """Return one event as JSON has it."""
        return {
            "event": one.event.kind,
            "path": one.event.path,
            "told": self._told(one),
            "takes": one.takes,
            "by": one.by,
            "met": one.is_met,
            "gates": [gate(passage) for passage in one.passages],
        }


def violation(one: Found) -> shapes.Shape:
    """Return what is wrong, and with which commit of the request, as JSON has it."""
    return {"commit": one.commit or None, **shapes.violation(one.violation)}


def gate(passage: Passage) -> shapes.Shape:
    """Return how a gate was met, as JSON has it."""
    outcome = passage.outcome
    return {
        "path": passage.collection,
        "alias": passage.alias,
        "version": passage.version,
        "gate": outcome.gate,
        "passed": outcome.passed,
        "asks": outcome.limit,
        "found": outcome.found,
    }
