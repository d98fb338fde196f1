"""The last days: somebody clones it, and a few changes wait for review."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.web.story.tale import Clock, Growing, Tale, because

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.proposing import Placed
from git_registry.repository import remote
from git_registry.repository.repository import Repository
from git_registry.sdk import aliasing, approving, linking, objecting, proposing, starring


def clone(tale: Tale) -> Path:
    """Clone it; Ana works there, and has seen what the others propose."""
    place = tale.directory / "acme"
    remote.clone(f"file://{tale.bare}", place)
    models = [one for one in tale.collections.values() if one.registry == "model"]
    with _desk(place, tale.clock, "bob") as catalog:
        first = _promoted(catalog, models[0], "A week on staging, and no complaint.")
    with _desk(place, tale.clock, "chloe") as catalog:
        second = _promoted(catalog, models[1], "Marketing waits for it.")
    with _desk(place, tale.clock, "dai") as catalog:
        linking.unlink(proposing.begin(catalog), [models[2].selector(models[2].linked[0])])
    for name, placed in (("eve", first), ("ana", first), ("bob", second)):
        with _desk(place, tale.clock, name) as catalog:
            approving.approve(catalog, *_seen(placed))
    with _desk(place, tale.clock, "eve") as catalog:
        name, commit = _seen(second)
        objecting.object_to(catalog, name, "It never was on staging. See `confusion.csv` first.", commit)
    with _desk(place, tale.clock, "ana") as catalog:
        starring.star(catalog, ["model"])
    return place


def _promoted(catalog: Catalog, one: Growing, why: str) -> Placed:
    proposed = proposing.begin(catalog)
    with because(proposed, why):
        placed = aliasing.promote(proposed, [one.latest], "production").placed
    assert placed is not None
    return placed


def _seen(placed: Placed) -> tuple[str, str]:
    return placed.branch.removeprefix("proposals/"), placed.commit or ""


@contextmanager
def _desk(place: Path, clock: Clock, name: str) -> Iterator[Catalog]:
    """Open the clone as somebody who works in it."""
    repository = Repository.open(place)
    settings = {"user.name": name.capitalize(), "user.email": f"{name}@acme.example"}
    for key, value in {**settings, "registry.user": f"user:{name}"}.items():
        repository.set_config(key, value)
    with Catalog(repository=Repository.open(place), branch="main", clock=clock) as catalog:
        yield catalog
