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

_NAMED = 3
"""Principals that a line names; of the rest, how many there are."""


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
    word = f"need an approval by {_either(first.able)}" if first.liftable else "be refused"
    others = len({str(one) for one in verdict.violations}) - 1
    more = f" (and {others} more reason{'s' if others > 1 else ''})" if others else ""
    asked = "; `git registry propose` asks for it" if verdict.word == "needs approval" else ""
    return f"advice: this would {word}: {first}{more}{asked}"


def _either(principals: tuple[str, ...]) -> str:
    names = [*principals[:_NAMED]]
    if len(principals) > _NAMED:
        names.append(f"{len(principals) - _NAMED} more")
    return " or ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
