"""Fixtures that tell a story at the keyboard: told once a session, and copied for every other test."""

from __future__ import annotations

import inspect
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest


@dataclass
class Copy:
    """What a story left: below `place`, in memory and on the clock, and where its shell stood."""

    place: Path
    directory: Path
    memory: dict[str, bytes]
    directories: list[str]
    passed: int


@dataclass
class Kept:
    """The copies of a session, by the stories that were told one after another."""

    place: Path
    copies: dict[tuple[Callable[..., Any], ...], Copy] = field(default_factory=dict)


@dataclass
class Told:
    """The stories that one test began with, and the shell they were typed into."""

    kept: Kept
    shell: Any
    memory: Any
    seconds: Any
    stories: tuple[Callable[..., Any], ...] = ()
    top: Path = field(init=False)

    def __post_init__(self) -> None:
        self.top = self.shell.directory

    def go_on(self, story: Callable[..., Any], **fixtures: Any) -> Any:
        """Tell a story after those before it, or put what it left the first time in its place."""
        self.stories += (story,)
        if self.stories in self.kept.copies:
            self._put(self.kept.copies[self.stories])
        else:
            assert story(**fixtures) is self.shell
            self.kept.copies[self.stories] = self._copy()
        self.shell.err = ""
        return self.shell

    def _copy(self) -> Copy:
        place = self.kept.place / f"{len(self.kept.copies)}"
        shutil.copytree(self.top, place, symlinks=True)
        return Copy(
            place=place,
            directory=self.shell.directory.relative_to(self.top),
            memory={path: file.getvalue() for path, file in self.memory.store.items()},
            directories=list(self.memory.pseudo_dirs),
            passed=self.seconds.passed,
        )

    def _put(self, copy: Copy) -> None:
        for there in self.top.iterdir():
            shutil.rmtree(there) if there.is_dir() else there.unlink()
        shutil.copytree(copy.place, self.top, symlinks=True, dirs_exist_ok=True)
        self.shell.directory = self.top / copy.directory
        self.memory.store.clear()
        self.memory.pseudo_dirs[:] = copy.directories
        for path, content in copy.memory.items():
            self.memory().pipe_file(path, content)
        self.seconds.passed = copy.passed


def once(story: Callable[..., Any]) -> Any:
    """Return a fixture that types into the story teller's shell, and returns it.

    What it does elsewhere than in the test's directory, in memory and on the clock is not copied.
    """

    def fixture(told: Told, **fixtures: Any) -> Any:
        return told.go_on(story, **fixtures)

    asked = inspect.signature(story).parameters
    told = inspect.Parameter("told", inspect.Parameter.KEYWORD_ONLY)
    named = [one.replace(kind=inspect.Parameter.KEYWORD_ONLY) for one in asked.values()]
    fixture.__signature__ = inspect.Signature([told, *named])
    fixture.__name__, fixture.__doc__ = story.__name__, story.__doc__
    return pytest.fixture(fixture)
