"""How long is thought about what happened: so much for each registry, whatever its automations ask.

One process at a time answers all registries of a repository. So none of them may keep it: the automation that
takes most of its registry's time is left out, and the others go on. What is left out is told to a person.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterable
from time import process_time

from git_registry.automation.happening import Placed

ENOUGH = 5.0
"""Seconds of computing for the automations of a registry, before the one that took most is left out."""

ALL_IN_ALL = 10.0
"""Seconds for a registry, with those that are left out, before all others of it are left out as well."""

_LEAST = 0.001
"""Seconds that any question has: no time at all would mean no end to a timer."""


class Spending:
    """What the automations of each registry took, over some steps.

    Attributes:
        left_out: the paths of those that are not asked any more.
    """

    def __init__(self, left_out: Iterable[str] = ()) -> None:
        self.left_out = set(left_out)
        self._new: list[str] = []
        self._spent: dict[str, dict[str, float]] = {}
        self._rest: dict[str, float] = {}
        self._all: dict[str, float] = {}

    def go_on(self, left_out: Iterable[str]) -> None:
        """Ask all but these from now on, in what is left of their registries' time."""
        self.left_out = set(left_out)

    def new(self) -> list[str]:
        """Return those that are left out since this was asked last."""
        new, self._new = self._new, []
        return new

    def ask(self, automation: Placed, question: Callable[[], bool]) -> bool:
        """Answer a question about an automation; with no, if it is left out before there is an answer."""
        while self._may_be_asked(automation):
            began = process_time()
            try:
                return within(self._rest.get(automation.registry, ENOUGH), question)
            except TooLong:
                continue
            finally:
                self.spend(automation.registry, [automation.path], process_time() - began)
        return False

    def read(self, registry: str, reading: Callable[[], list[Placed]]) -> list[Placed]:
        """Read automations of a registry, as what they take as well."""
        began = process_time()
        found = reading()
        self.spend(registry, [one.path for one in found], process_time() - began)
        return found

    def spend(self, registry: str, automations: list[str], seconds: float) -> None:
        """Note how long something took that was done for some automations, or for nobody in particular."""
        self._all[registry] = self._all.get(registry, 0.0) + seconds
        spent = self._spent.setdefault(registry, {})
        for path in automations:
            spent[path] = spent.get(path, 0.0) + seconds / len(automations)
        rest = self._rest.get(registry, ENOUGH) - (seconds if automations else 0.0)
        while spent and rest <= 0:
            most = max(spent, key=spent.__getitem__)
            self.leave_out(most)
            rest += spent.pop(most)
        self._rest[registry] = rest

    def is_over(self, registry: str) -> bool:
        """Has a registry had all that there is for one?"""
        return self._all.get(registry, 0.0) > ALL_IN_ALL

    def leave_out(self, path: str) -> None:
        """Ask an automation nothing more."""
        self.left_out.add(path)
        self._new.append(path)

    def _may_be_asked(self, automation: Placed) -> bool:
        if automation.path not in self.left_out and self.is_over(automation.registry):
            self.leave_out(automation.path)
        return automation.path not in self.left_out


class TooLong(Exception):
    """A question was given up."""


def within(seconds: float, question: Callable[[], bool]) -> bool:
    """Answer a question that computes, and does nothing else: it may be given up anywhere.

    Outside the main thread there are no signals, and it takes as long as it takes.

    Raises:
        TooLong: there is no answer after so many seconds of this process's own time.
    """
    if threading.current_thread() is not threading.main_thread():
        return question()
    is_asking = True

    def give_up(*_: object) -> None:
        if is_asking:
            raise TooLong

    before = signal.signal(signal.SIGVTALRM, give_up)
    signal.setitimer(signal.ITIMER_VIRTUAL, max(seconds, _LEAST))
    try:
        return question()
    finally:
        is_asking = False
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
