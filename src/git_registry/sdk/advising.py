"""What the server would say, in a line, to what was written here and is not published yet (DESIGN §5)."""

from __future__ import annotations

from contextlib import suppress

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.transaction import Outcome
from git_registry.errors import RegistryError
from git_registry.model.documents.access import Access
from git_registry.policy.rules import Rules
from git_registry.policy.verdict import Verdict
from git_registry.repository import remote
from git_registry.review.awaiting import missing
from git_registry.review.needed import needed

_NAMED = 3
"""Principals that a line names for each approval; of the rest, how many there are."""


def advice(catalog: Catalog, outcome: Outcome) -> str:
    """Return what stands in the way of what was written, by the rules last fetched and who we say we are.

    An empty text if nothing does, if it is published already, and where nobody can say: without a remote,
    without anybody who is known to work here, or without an access document that says anything.
    """
    if not outcome.events or outcome.attempts or not remote.remotes(catalog.repository):
        return ""
    from git_registry.catalog.judging.laptop import laptop  # without a remote, nobody judges

    with suppress(RegistryError):
        here = laptop(catalog)
        if here.rules is not None and here.principal is not None and _is_ruled(here.rules):
            return _line(Verdict(tuple(here.on_written(outcome))))
    return ""


def _is_ruled(rules: Rules) -> bool:
    return any(rules.closing(one) or rules.access(one) != Access() for one in rules.registries())


def _line(verdict: Verdict) -> str:
    if verdict.is_allowed:
        return ""
    # What no approval lifts is said first.
    first = min(verdict.violations, key=lambda one: one.liftable)
    others = len({str(one) for one in verdict.violations}) - 1
    more = f" (and {others} more reason{'s' if others > 1 else ''})" if others else ""
    if first.liftable:
        asked = needed(missing(verdict.violations), named=_NAMED)
        return f"advice: this would need {asked}: {first}{more}; `git registry propose` asks for it"
    return f"advice: this would be refused: {first}{more}"
