"""Who makes the pages of an export: this process, and others beside it where there are many."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING

from git_registry.web.addresses import Address
from git_registry.web.export.folder import Folder, Laid
from git_registry.web.export.making import Press, press

if TYPE_CHECKING:
    from git_registry.sdk.surface.workspace import Workspace

_FEW = 100
"""Pages that are made sooner than another process has opened the organization."""

_SLICE = 16
"""Pages that a process is given at a time."""


@dataclass(frozen=True, slots=True)
class Done:
    """A page that was made, and laid aside if it is another one than before.

    Attributes:
        problem: why it says only that it can't be made; empty if it is what it should be.
    """

    laid: Laid
    links: Sequence[Address]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Crew:
    """Makes pages, and those they link to.

    Attributes:
        workspace: the organization, which each process opens for itself.
        folder: where they go.
        size: how many processes there are at most.
    """

    workspace: Workspace
    folder: Folder
    size: int = 1

    def made(self, addresses: Iterable[Address]) -> Iterator[Done]:
        """Yield every page that can be reached from some, as soon as it is made."""
        frontier = _Frontier(addresses)
        ours = press(self.workspace.catalog)
        for at_once in frontier:
            done = _done(ours, self.folder, at_once)
            frontier.add(done.links)
            yield done
            if len(frontier.waiting) > _FEW and self.size > 1:
                yield from self._by_many(frontier)

    def _by_many(self, frontier: _Frontier) -> Iterator[Done]:
        under_way: set[Future[list[Done]]] = set()
        with ProcessPoolExecutor(
            self.size, multiprocessing.get_context("fork"), _begin, (self.workspace, self.folder)
        ) as pool:
            while frontier.waiting or under_way:
                while frontier.waiting and len(under_way) < 2 * self.size:
                    under_way.add(pool.submit(_slice, frontier.some(_SLICE)))
                ended, under_way = wait(under_way, return_when=FIRST_COMPLETED)
                for one in ended:
                    for done in one.result():
                        frontier.add(done.links)
                        yield done


def at_hand() -> int:
    """Return how many processes this machine runs at once."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


class _Frontier:
    """What was linked to: each address comes once."""

    def __init__(self, addresses: Iterable[Address]) -> None:
        self.waiting = list(dict.fromkeys(addresses))
        self._known = set(self.waiting)

    def __iter__(self) -> Iterator[Address]:
        while self.waiting:
            yield self.waiting.pop()

    def some(self, count: int) -> list[Address]:
        taken, self.waiting = self.waiting[:count], self.waiting[count:]
        return taken

    def add(self, addresses: Iterable[Address]) -> None:
        new = [one for one in addresses if one not in self._known]
        self.waiting += new
        self._known.update(new)


_Hands = tuple[Press, Folder]
_hands: list[_Hands] = []
"""What a process of a crew makes pages with: it opened that itself."""


def _begin(workspace: Workspace, folder: Folder) -> None:
    _hands[:] = [(press(workspace.catalog), folder)]


def _slice(addresses: Sequence[Address]) -> list[Done]:
    ours, folder = _hands[0]
    return [_done(ours, folder, one) for one in addresses]


def _done(ours: Press, folder: Folder, address: Address) -> Done:
    try:
        made = ours.make(address)
    except Exception as error:
        error.add_note(f"while the page {address.path or '/'} was made")
        raise
    problem = str(made.problem) if made.problem else ""
    return Done(folder.lay(made.path, made.body), made.links, problem)
