"""The automations that wait for what happens, over some steps: each is read once, and asked for so long."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from git_registry.automation.happening import Placed
from git_registry.automation.matching import condition_of
from git_registry.automation.spending import ENOUGH, Spending
from git_registry.catalog.catalog import Catalog
from git_registry.errors import UsageError
from git_registry.model.events import Event
from git_registry.model.filters import Filter, matches
from git_registry.model.snapshot import Snapshot
from git_registry.model.triggers import kinds
from git_registry.sdk.placed import Reading, around

TOO_LONG = f"what the automations of its registry ask takes more than {ENOUGH:.0f} seconds"
"""Why an automation is left out."""


class Waiting:
    """What may be started by what happens.

    Attributes:
        spending: what asking takes, and who is left out because of that.
    """

    def __init__(self, catalog: Catalog, reading: Reading, spending: Spending) -> None:
        self._catalog = catalog
        self._reading = reading
        self.spending = spending
        self._by_kind: dict[tuple[str, str], Mapping[str, list[Placed]]] = {}
        self._conditions: dict[str, tuple[Placed, Filter | None]] = {}

    def of(self, commit: str, event: Event) -> list[Placed]:
        """Return those that an event of a step may start, if they match."""
        now = Snapshot(self._catalog.tree(commit))
        found = (self._at(commit, now, place).get(event.kind, ()) for place in around(now, event.path))
        return [one for some in found for one in some if one.path not in self.spending.left_out]

    def starts(self, automation: Placed, facts: Mapping[str, object]) -> bool:
        """Does an event with these facts, as `asked` gives them, start one that waits for it?"""
        return self.spending.ask(automation, lambda: self._holds(automation, facts))

    def _at(self, commit: str, now: Snapshot, place: str) -> Mapping[str, list[Placed]]:
        directory = now.entry(f"{place}/automations")
        if directory is None:
            return {}
        if (place, directory.id) not in self._by_kind:
            self._by_kind[place, directory.id] = self._read(commit, place)
        return self._by_kind[place, directory.id]

    def _read(self, commit: str, place: str) -> Mapping[str, list[Placed]]:
        """Return those of a place that are switched on, by what they wait for."""
        registry, left_out = place.partition("/")[0], self.spending.left_out
        if self.spending.is_over(registry):
            for path in set(self._reading.paths(commit, place)) - left_out:
                self.spending.leave_out(path)
            return {}
        found: dict[str, list[Placed]] = defaultdict(list)
        for one in self.spending.read(registry, lambda: self._reading.at(commit, place, left_out)):
            for kind in kinds(one.document.events) if one.document.enabled else ():
                found[kind].append(one)
        return found

    def _holds(self, automation: Placed, facts: Mapping[str, object]) -> bool:
        known, condition = self._conditions.get(automation.path, (None, None))
        if known is not automation:
            condition = self._readable(automation)
            self._conditions[automation.path] = (automation, condition)
        return condition is not None and matches(condition, facts)

    def _readable(self, automation: Placed) -> Filter | None:
        """Return what it asks; None, and tell, if that can't be read: it keeps no other from starting."""
        try:
            return condition_of(automation)
        except UsageError as problem:
            self._catalog.notify(f"this automation can't be read, and starts nothing: {problem}")
            return None
