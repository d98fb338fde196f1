"""What the story of the example organization is told with: a place, a clock, chance, and what is there."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.web.story.words import Use

from git_registry.catalog.catalog import Catalog
from git_registry.sdk.surface.workspace import Workspace

TODAY = datetime(2026, 11, 20, 17, tzinfo=UTC)
YEAR = timedelta(days=365)
MOMENT = timedelta(seconds=1)


@dataclass
class Clock:
    """What time it is in the story; each look at it takes a while."""

    now: datetime = TODAY - YEAR
    pace: timedelta = MOMENT

    def __call__(self) -> datetime:
        self.now += self.pace
        return self.now

    def reach(self, part: float) -> None:
        """Let so much of the year be over, if it is not yet."""
        self.now = max(self.now, TODAY - YEAR + YEAR * part)


@dataclass(slots=True, kw_only=True)
class Made:
    """A version that is about to be.

    Attributes:
        files: their contents by name.
        job: what a run that makes it is for.
        config, curves: what such a run was told, and what it measured after each step.
        uses: the versions that it is made from.
        origin: where the data came from; empty if it is made from versions alone.
    """

    files: Mapping[str, str]
    job: str
    metadata: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, float] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)
    curves: Sequence[Mapping[str, float]] = ()
    uses: Sequence[str] = ()
    origin: str = ""


@dataclass(slots=True)
class Growing:
    """A collection as it is by now.

    Attributes:
        share: how many versions it will have had in the end.
        made: how many it has had.
        linked: the versions, the latest last.
        measured: what was measured of each.
        staged, promoted: what its aliases pointed at, the latest last.
    """

    registry: str
    use: Use
    share: int
    made: int = 0
    linked: list[str] = field(default_factory=list)
    measured: dict[str, Mapping[str, float]] = field(default_factory=dict)
    staged: list[str] = field(default_factory=list)
    promoted: list[str] = field(default_factory=list)

    @property
    def path(self) -> str:
        return f"{self.registry}/{self.use.name}"

    @property
    def project(self) -> str:
        return self.use.data if self.registry == "dataset" else self.use.name.partition("-")[0]

    @property
    def latest(self) -> str:
        return self.selector(self.linked[-1])

    def selector(self, version: str) -> str:
        return f"{self.path}@{version}"


@dataclass
class Tale:
    """The story so far, told by verbs on a bare repository.

    Attributes:
        directory: where the repository, the store and the files for both lie.
        collections: by path.
        runs: how many were begun.
        is_frozen: does production wait for approvals by now?
    """

    directory: Path
    chance: random.Random
    clock: Clock = field(default_factory=Clock)
    collections: dict[str, Growing] = field(default_factory=dict)
    runs: int = 0
    is_frozen: bool = False
    _written: int = 0

    def __post_init__(self) -> None:
        self.workspace = Workspace(path=str(self.bare), clock=self.clock, notify=lambda _said: None)

    @property
    def bare(self) -> Path:
        return self.directory / "acme.git"

    @property
    def files(self) -> Path:
        return self.directory / "files"

    @property
    def catalog(self) -> Catalog:
        return self.workspace.catalog

    def write(self, files: Mapping[str, str]) -> Path:
        """Write files somewhere, and return where."""
        self._written += 1
        place = self.files / str(self._written)
        place.mkdir(parents=True)
        for name, text in files.items():
            (place / name).write_text(text)
        return place


@contextmanager
def by(person: str) -> Iterator[None]:
    """Let this person have committed what is committed meanwhile."""
    address = f"{person.lower().replace(' ', '-')}@acme.example"
    said = {}
    for role in ("AUTHOR", "COMMITTER"):
        said |= {f"GIT_{role}_NAME": person, f"GIT_{role}_EMAIL": address}
    before = {name: os.environ.pop(name, None) for name in said}
    os.environ.update(said)
    try:
        yield
    finally:
        for name, value in before.items():
            del os.environ[name]
            if value is not None:
                os.environ[name] = value


@contextmanager
def because(catalog: Catalog, why: str) -> Iterator[None]:
    """Let what is committed meanwhile say why."""
    catalog.why = why
    try:
        yield
    finally:
        catalog.why = ""
