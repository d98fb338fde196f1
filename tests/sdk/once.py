"""Fixtures that tell what happened at a desk before a test begins: told once a session, and then copied.

An organization names its store by where that lies. So tests which begin with a story work in one directory,
one after another; where a test has a directory of its own, a story is told each time.
"""

from __future__ import annotations

import copy
import inspect
import itertools
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from .desk import Desk


@dataclass(frozen=True)
class Left:
    """What a story left: below `place`, with the fixtures it was given, and what it returned.

    Attributes:
        desks: by the names of fixtures: what the desk had been told, and the time on its clock.
    """

    place: Path
    given: dict[str, Any]
    desks: dict[str, tuple[list[str], int]]
    returned: Any


@dataclass
class Kept:
    """What was left in a session, by the stories that were told one after another."""

    top: Path
    left: dict[tuple[Any, ...], Left] = field(default_factory=dict)
    tests: Iterator[int] = field(default_factory=itertools.count)

    @property
    def here(self) -> Path:
        """The directory that tests work in."""
        return self.top / "here"


@dataclass
class Told:
    """The stories that one test began with, and what stood there after the last of them."""

    kept: Kept
    stories: tuple[Any, ...] = ()
    stood: dict[str, int] = field(default_factory=dict)

    def go_on(self, story: Callable[..., Any], given: dict[str, Any]) -> Any:
        """Tell a story after those before it, or put what it left the first time in its place."""
        if self._standing() != self.stood:
            return story(**given)  # something else was done before it
        self.stories += (story, *_environment())
        left = self.kept.left.get(self.stories)
        returned = self._put(left, given) if left else self._tell(story, given)
        self.stood = self._standing()
        return returned

    def _tell(self, story: Callable[..., Any], given: dict[str, Any]) -> Any:
        returned = story(**given)
        place = self.kept.top / f"left{len(self.kept.left)}"
        _copy(self.kept.here, place)
        desks = {name: ([*desk.said], desk.clock.passed) for name, desk in _desks(given).items()}
        kept = copy.deepcopy(returned, _instead(given, given))
        self.kept.left[self.stories] = Left(place, given, desks, kept)
        return returned

    def _put(self, left: Left, given: dict[str, Any]) -> Any:
        shutil.rmtree(self.kept.here)
        _copy(left.place, self.kept.here)
        for name, (said, passed) in left.desks.items():
            given[name].said[:] = said
            given[name].clock.passed = passed
        return copy.deepcopy(left.returned, _instead(left.given, given))

    def _standing(self) -> dict[str, int]:
        files = (Path(place, name) for place, _, names in os.walk(self.kept.here) for name in names)
        return {str(path): path.lstat().st_mtime_ns for path in files}


def _environment() -> tuple[str, ...]:
    """Return what Git is told by the environment, which may make another thing of a story."""
    named = {name for name in os.environ if name.startswith("GIT_")} - {"GIT_REGISTRY_CACHE"}
    return tuple(sorted(f"{name}={os.environ[name]}" for name in named))


def _copy(place: Path, to: Path) -> None:
    shutil.copytree(place, to, symlinks=True, ignore=shutil.ignore_patterns("*.sample"))


def _desks(given: dict[str, Any]) -> dict[str, Desk]:
    return {name: one for name, one in given.items() if isinstance(one, Desk)}


def _instead(given: dict[str, Any], others: dict[str, Any]) -> dict[int, Any]:
    """Return what stands for the fixtures a story was given, and for their clocks, in another test."""
    clocks = {id(desk.clock): others[name].clock for name, desk in _desks(given).items()}
    return clocks | {id(one): others[name] for name, one in given.items()}


KEPT = pytest.StashKey[Kept]()
TOLD = pytest.StashKey[Told]()


def once(story: Callable[..., Any]) -> Any:
    """Return a fixture that tells a story, and returns what it returns.

    It asks for nothing that has parameters. What it does elsewhere than in the test's directory, and to what
    its desks were told and their clock, is not copied.
    """

    def fixture(request: pytest.FixtureRequest, **given: Any) -> Any:
        kept = _kept(request)
        if request.getfixturevalue("tmp_path") != kept.here:
            return story(**given)
        return request.node.stash.setdefault(TOLD, Told(kept)).go_on(story, given)

    named = ["request", *inspect.signature(story).parameters]
    fixture.__signature__ = inspect.Signature(
        [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in named]
    )
    fixture.__name__, fixture.__doc__ = story.__name__, story.__doc__
    return pytest.fixture(fixture)


@pytest.fixture
def tmp_path(request):
    """The directory that tests which begin with a story work in; what one left is kept beside it."""
    kept = _kept(request)
    kept.here.mkdir()
    yield kept.here
    name = re.sub(r"\W", "_", request.node.name)[:30]
    kept.here.rename(kept.top / f"{name}{next(kept.tests)}")


def _kept(request: pytest.FixtureRequest) -> Kept:
    if KEPT not in request.config.stash:
        factory = request.getfixturevalue("tmp_path_factory")
        request.config.stash[KEPT] = Kept(factory.mktemp("kept"))
    return request.config.stash[KEPT]
