"""What happens at an office before a test begins: once a module, and copied for every other test."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from tests.flows.reviewing import Office
from tests.flows.servers.local import Local
from tests.flows.stepping import Work
from tests.flows.steps import Files
from tests.sdk.desk import Desk

PLACES = ("server", "office")
NAMING = ("server/receive-pack-*", "office/*/.git/config")
"""The files that say where they lie."""


@dataclass(frozen=True)
class Left:
    """What was left in a directory, who had a clone by then, and what the last story returned."""

    place: Path
    base: str
    users: tuple[str, ...]
    returned: Any


@dataclass
class Earlier:
    """What was left, by what had happened one after another."""

    place: Path
    left: dict[tuple[Any, ...], Left] = field(default_factory=dict)


@dataclass
class Offices:
    """The office of one test, at a server on the same disk."""

    earlier: Earlier
    place: Path
    happened: tuple[Any, ...] = ()
    office: Office = field(init=False)

    def found(self, *changes: Files) -> Office:
        """Return an office whose organization is the small one with some changes."""
        server = Local(self.place / "server")
        server.repository = server.home / "acme.git"
        place = self.place / "office"
        self.office = Office(place, server, Work(place / "work", server), base="")
        self._once(repr(changes), lambda: self._found(changes))
        return self.office

    def _found(self, changes: tuple[Files, ...]) -> None:
        with Local(self.place / "server").serving() as server:
            server.new_repository("acme")
            self.office.base = Office.found(self.office.directory, server, *changes).base

    def after(self, story: Callable[[Office], Any]) -> Any:
        """Have something happen after all before it, and return what it returns."""
        return self._once(story, lambda: story(self.office))

    def _once(self, key: Any, happens: Callable[[], Any]) -> Any:
        self.happened += (key,)
        if self.happened in self.earlier.left:
            self._put(self.earlier.left[self.happened])
        else:
            self._keep(happens())
        return self.earlier.left[self.happened].returned

    def _keep(self, returned: Any) -> None:
        place = self.earlier.place / f"{len(self.earlier.left)}"
        _copy(self.place, place)
        for path in _naming(place):
            path.write_text(path.read_text().replace(str(self.place), str(place)))
        self.earlier.left[self.happened] = Left(place, self.office.base, tuple(self.office.desks), returned)

    def _put(self, left: Left) -> None:
        _copy(left.place, self.place)
        for path in _naming(self.place):
            path.write_text(path.read_text().replace(str(left.place), str(self.place)))
        self.office.base = left.base
        self.office.desks = {user: Desk(self.office.directory / user) for user in left.users}


def _copy(place: Path, to: Path) -> None:
    for name in PLACES:
        shutil.rmtree(to / name, ignore_errors=True)
        shutil.copytree(place / name, to / name, ignore=shutil.ignore_patterns("*.sample"))


def _naming(place: Path) -> list[Path]:
    return [path for pattern in NAMING for path in place.glob(pattern)]


@pytest.fixture(scope="module")
def earlier(tmp_path_factory):
    """What happened at the offices of this module."""
    return Earlier(tmp_path_factory.mktemp("earlier"))


@pytest.fixture
def offices(earlier, tmp_path):
    """What the office of this test is made of, and what happens there before it begins."""
    return Offices(earlier, tmp_path)
