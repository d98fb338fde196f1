"""What the check of a request says: as lines, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from git_registry.catalog.judging.found import Found
from git_registry.cli import shapes
from git_registry.index.numbers import Numbers
from git_registry.policy.explaining import Explained, Passage
from git_registry.review.awaiting import missing
from git_registry.review.needed import needed
from git_registry.sdk.requests import PRESSER, Judgement
from git_registry.sdk.views import with_numbers
from git_registry.wording import happened


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
        return headline(self.judgement, f"Request {self.number}" if self.number else "This request")

    def lines(self) -> Iterator[str]:
        """Yield it for a terminal or a log."""
        for one in self.judgement.events:
            yield f"{'+' if one.is_met else '-'} {self._told(one)} ({_takes(one)})"
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


def headline(judgement: Judgement, subject: str) -> str:
    """Return the verdict on a request, or whatever it is called, in a sentence."""
    verdict = judgement.verdict
    if judgement.is_merged:
        return f"{subject} would change nothing: {judgement.base[:8]} holds it already"
    if verdict.word == "needs approval":
        return f"{subject} needs {needed(missing(verdict.violations))}"
    return f"{subject} is {verdict.word}"


def numbered(one: Found, known: Numbers) -> Found:
    """Return what is wrong with versions by their numbers, where they have some."""
    violation = one.violation
    message = with_numbers(violation.message, violation.path, violation.versions, known)
    return one._replace(violation=replace(violation, message=message))


def reason(one: Found) -> str:
    """Return what is wrong, and with which commit of the request."""
    at = one.commit[:8]
    return str(one.violation) if at in ("", one.violation.path) else f"{at}: {one.violation}"


def violation(one: Found) -> shapes.Shape:
    """Return what is wrong, and with which commit of the request, as JSON has it."""
    return {"commit": one.commit or None, **shapes.violation(one.violation)}


def _takes(one: Explained) -> str:
    return f"takes {one.takes or 'what nobody can tell'}: {met(one)}"


def met(one: Explained) -> str:
    """Return on whose role an event rests, or that nobody's bears it."""
    if one.by is None:
        return "no"
    return f"by {one.by}" if one.is_met else f"by {one.by}, but not its gates"


def gate_rows(events: Sequence[Explained], known: Numbers) -> Iterator[list[str]]:
    """Yield the gates that some events go through: alias, gate, what it asks, whether it is met."""
    for one in events:
        for passage in one.passages:
            outcome = passage.outcome
            met = "yes" if outcome.passed else "no"
            there = with_numbers(outcome.found, passage.collection, outcome.versions, known)
            found = f"{met}: {there}" if there else met
            yield [f"{passage.collection}:{passage.alias}", outcome.gate, outcome.limit, found]


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


def reason_row(one: Found) -> list[str]:
    """Return where something is wrong, what, and what to do next."""
    where = dict.fromkeys(filter(None, (one.commit[:8], one.violation.path)))
    return [" ".join(where), one.violation.message, one.violation.hint]
