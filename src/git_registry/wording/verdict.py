"""What becomes of a request, and why: the verdict, what it rests on, and what is wrong."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from git_registry.catalog.judging.found import Found
from git_registry.catalog.proposals import Proposal
from git_registry.index.numbers import Numbers
from git_registry.policy.explaining import Explained
from git_registry.policy.gates import Outcome
from git_registry.review.awaiting import missing
from git_registry.review.needed import needed
from git_registry.sdk.requests import Judgement
from git_registry.sdk.views import with_numbers
from git_registry.wording.gates import gate


def subject(number: str, proposal: Proposal | None = None) -> str:
    """Return what is judged, as a sentence begins; `number` is what a forge calls it, if somebody says."""
    if proposal:
        return f"The proposal {proposal.name}"
    return f"Request {number}" if number else "This request"


def headline(judgement: Judgement, named: str) -> str:
    """Return the verdict on a request, or whatever it is called, in a sentence."""
    verdict = judgement.verdict
    if judgement.is_merged:
        return f"{named} would change nothing: {judgement.base[:8]} holds it already"
    if verdict.word == "needs approval":
        return f"{named} needs {needed(missing(verdict.violations))}"
    return f"{named} is {verdict.word}"


def numbered(one: Found, known: Numbers) -> Found:
    """Return what is wrong with versions by their numbers, where they have some."""
    violation = one.violation
    message = with_numbers(violation.message, violation.path, violation.versions, known)
    return one._replace(violation=replace(violation, message=message))


def reason(one: Found) -> str:
    """Return what is wrong, and with which commit of the request."""
    at = one.commit[:8]
    return str(one.violation) if at in ("", one.violation.path) else f"{at}: {one.violation}"


def takes(one: Explained) -> str:
    """Return which role an event takes."""
    return one.takes or "what nobody can tell"


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
            passed = "yes" if outcome.passed else "no"
            there = with_numbers(outcome.found, passage.collection, outcome.versions, known)
            found = f"{passed}: {there}" if there else passed
            yield [f"{passage.collection}:{passage.alias}", outcome.gate, _asks(outcome), found]


def _asks(outcome: Outcome) -> str:
    """Return what a gate asks for; of conditions, which are JSON to a machine, in words."""
    is_of_values = outcome.asked and (outcome.asked.metrics or outcome.asked.metadata)
    return gate(outcome.asked) if outcome.asked and is_of_values else outcome.limit


def reason_row(one: Found) -> list[str]:
    """Return where something is wrong, what, and what to do next."""
    where = dict.fromkeys(filter(None, (one.commit[:8], one.violation.path)))
    return [" ".join(where), one.violation.message, one.violation.hint]
