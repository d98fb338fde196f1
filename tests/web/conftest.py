"""Pages of a small organization that is made once for each module, by verbs."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from tests.sdk.desk import Desk, found
from tests.web.acme import build
from tests.web.reading import Read

from git_registry.repository import locks
from git_registry.web.answering import Answered, Asked, answer


@dataclass
class Browser:
    """Whoever looks at the pages of a desk's clone.

    Attributes:
        desk: where what is looked at is made.
    """

    desk: Desk

    def ask(self, path: str, /, *, seen: str = "", **query: Any) -> Answered:
        """Return what is sent for a path; a value of the query may be a list."""
        several = {name: tuple(one) if isinstance(one, list) else (str(one),) for name, one in query.items()}
        with self.desk.open() as catalog:
            return answer(catalog, Asked(path=path, query=several, seen=seen))

    def look(self, path: str, /, **query: Any) -> Read:
        """Return a page as its reader has it; it has to be there."""
        sent = self.ask(path, **query)
        assert sent.status == 200, (sent.status, sent.location, sent.body[-2000:])
        return Read(sent.body)

    def data(self, path: str, /, **query: Any) -> Any:
        """Return the data that a script asks for; it has to be there."""
        sent = self.ask(path, **query)
        assert sent.status == 200, sent.body
        return json.loads(sent.body)


@pytest.fixture(scope="module")
def browse(tmp_path_factory) -> Callable[..., Browser]:
    """Make an empty organization, and whoever looks at it: `browse()`; its desk makes the rest."""

    def make(name: str = "acme") -> Browser:
        return Browser(found(tmp_path_factory.mktemp("web") / name))

    return make


@pytest.fixture(scope="session")
def acme(tmp_path_factory) -> Path:
    """The clone of the example organization, a small one; only looked at."""

    def make(place: Path) -> None:
        build(place, collections=6, versions=40, runs=12)

    return once(tmp_path_factory, "acme", make) / "acme"


def once(tmp_path_factory, name: str, make: Callable[[Path], object]) -> Path:
    """Return a directory that one of a run's processes makes, for all of them."""
    top = tmp_path_factory.getbasetemp()
    shared = (top.parent if "PYTEST_XDIST_WORKER" in os.environ else top) / "shared"
    shared.mkdir(exist_ok=True)
    with locks.taken(shared / f"{name}.lock"):
        if not (shared / f"{name}.made").exists():
            make(shared / name)
            (shared / f"{name}.made").touch()
    return shared / name
