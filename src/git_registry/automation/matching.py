"""Which automations an event starts. Pure: what is there is given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from git_registry.automation.happening import Happening, Placed
from git_registry.model.conditions import condition
from git_registry.model.events import Event
from git_registry.model.filters import Filter, known_by, matches
from git_registry.model.triggers import kinds


def starts(happening: Happening, automation: Placed) -> bool:
    """Does an event start an automation that stands there once it has happened?

    One of a collection is started by what happens to that alone, one of a registry by what happens in it and
    to the organization, which is nobody else's to tell.

    Raises:
        UsageError: its `match` can't be read, or asks too much.
    """
    return waits_for(happening.event, automation) and matches(
        condition_of(automation), asked(happening.facts)
    )


def condition_of(automation: Placed) -> Filter:
    """Return what an automation asks of what it waits for.

    Raises:
        UsageError: its `match` can't be read, or asks too much.
    """
    return condition(automation.document.match, where=automation.path)


def asked(facts: Mapping[str, object]) -> Mapping[str, object]:
    """Return facts as `match` asks for them: a run and a source by what each is known by, as in a search."""
    known = {name: tuple(parts(facts[name])) for name, parts in _KNOWN_BY.items() if name in facts}
    return {**facts, **known}


_KNOWN_BY: Mapping[str, Callable[[Any], Iterator[str]]] = {"run": known_by.run, "source": known_by.source}


def waits_for(event: Event, automation: Placed) -> bool:
    """May an event start an automation, if it matches? For that nothing has to be known of it."""
    document = automation.document
    return (
        document.enabled and _is_within(event.path, automation.place) and event.kind in kinds(document.events)
    )


def _is_within(path: str, place: str) -> bool:
    if not path:  # the organization's own
        return "/" not in place
    return path == place or path.startswith(f"{place}/")
