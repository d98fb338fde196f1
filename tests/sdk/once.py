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
import stat
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
        stood: what is there, as `_standing` tells it.
        desks: by the names of fixtures: what the desk had been told, and the time on its clock.
    """

    place: Path
    stood: dict[str, int]
    given: dict[str, Any]
    desks: dict[str, tuple[list[str], int]]
    returned: Any


@dataclass
class Kept:
    """What was left in a session, by the stories that were told one after another."""

    top: Path
    left: dict[tuple[Any, ...], Left] = field(default_factory=dict)
    tests: Iterator[int] = field(default_factory=itertools.count)
    test: str = ""

    @property
    def here(self) -> Path:
        """The directory that tests work in."""
        return self.top / "here"

    def begin(self, test: str) -> None:
        """Empty the directory for a test; what the one before left is kept beside it."""
        if self.here.exists():
            self.here.rename(self.top / self.test)
        self.here.mkdir()
        self.test = f"{next(self.tests)}-{re.sub(r'[^a-z0-9]', '_', test)[:30]}"


@dataclass
class Told:
    """The stories that one test began with, and what stood there after the last of them."""

    kept: Kept
    stories: tuple[Any, ...] = ()
    stood: dict[str, int] = field(default_factory=dict)

    def go_on(self, story: Callable[..., Any], given: dict[str, Any]) -> Any:
        """Tell a story after those before it, or put what it left the first time in its place."""
        if _standing(self.kept.here) != self.stood:
            return story(**given)  # something else was done before it
        self.stories += (story, *_environment())
        left = self.kept.left.get(self.stories)
        return self._put(left, given) if left else self._tell(story, given)

    def _tell(self, story: Callable[..., Any], given: dict[str, Any]) -> Any:
        returned = story(**given)
        self.stood = _standing(self.kept.here)
        place = self.kept.top / f"left{len(self.kept.left)}"
        place.mkdir()
        _change(place, {}, self.kept.here, self.stood)
        desks = {name: ([*desk.said], desk.clock.passed) for name, desk in _desks(given).items()}
        kept = copy.deepcopy(returned, _instead(given, given))
        self.kept.left[self.stories] = Left(place, self.stood, given, desks, kept)
        return returned

    def _put(self, left: Left, given: dict[str, Any]) -> Any:
        _change(self.kept.here, self.stood, left.place, left.stood)
        self.stood = left.stood
        for name, (said, passed) in left.desks.items():
            given[name].said[:] = said
            given[name].clock.passed = passed
        return copy.deepcopy(left.returned, _instead(left.given, given))


def _standing(top: Path) -> dict[str, int]:
    """Return when each file below a directory was written, 0 for a directory; from the top to the bottom."""
    found = {}
    for place, directories, files in os.walk(top):
        for name in (*directories, *files):
            path = os.path.join(place, name)  # noqa: PTH118 - a hundred times a test
            if not name.endswith(".sample"):
                about = os.lstat(path)
                found[os.path.relpath(path, top)] = 0 if stat.S_ISDIR(about.st_mode) else about.st_mtime_ns
    return found


def _change(here: Path, stood: dict[str, int], place: Path, wanted: dict[str, int]) -> None:
    """Make of what stands here what stands in another place; what is alike in both stays."""
    for path in reversed([path for path, written in stood.items() if wanted.get(path) != written]):
        (here / path).unlink() if stood[path] else (here / path).rmdir()
    for path in [path for path, written in wanted.items() if stood.get(path) != written]:
        if wanted[path]:
            shutil.copy2(place / path, here / path, follow_symlinks=False)
        else:
            (here / path).mkdir()
            shutil.copymode(place / path, here / path)


def _environment() -> tuple[str, ...]:
    """Return what Git is told by the environment, which may make another thing of a story."""
    named = {name for name in os.environ if name.startswith("GIT_")} - {"GIT_REGISTRY_CACHE"}
    return tuple(sorted(f"{name}={os.environ[name]}" for name in named))


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
        return tell(request, story, **given)

    named = ["request", *inspect.signature(story).parameters]
    fixture.__signature__ = inspect.Signature(
        [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in named]
    )
    fixture.__name__, fixture.__doc__ = story.__name__, story.__doc__
    return pytest.fixture(fixture)


def tell(request: pytest.FixtureRequest, story: Callable[..., Any], **given: Any) -> Any:
    """Tell a story in a fixture that does more besides, as `once` tells it, and return what it returns."""
    kept = _kept(request)
    if request.getfixturevalue("tmp_path") != kept.here:
        return story(**given)
    return request.node.stash.setdefault(TOLD, Told(kept)).go_on(story, given)


@pytest.fixture
def tmp_path(request):
    """The directory that tests which begin with a story work in."""
    kept = _kept(request)
    # Not where a test ends: what ends after this fixture may still work there.
    kept.begin(request.node.name)
    return kept.here


def _kept(request: pytest.FixtureRequest) -> Kept:
    if KEPT not in request.config.stash:
        factory = request.getfixturevalue("tmp_path_factory")
        request.config.stash[KEPT] = Kept(factory.mktemp("kept"))
    return request.config.stash[KEPT]
