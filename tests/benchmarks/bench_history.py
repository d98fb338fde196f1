"""What a question about history costs at 1,000 and at 100,000 versions, as a person and as a program feel it.

Run it: `python -m tests.benchmarks.bench_history [ROUNDS] [VERSIONS…]`. It generates an organization of each
size in a temporary directory, uses the `git-registry` installed beside the interpreter, and gates nothing.
Cold is a whole process; warm is a call in one that runs already; medians of interleaved rounds.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from tests.benchmarks.generated import generate

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.transaction import Transaction, commit
from git_registry.index.moment import Moment
from git_registry.index.opening import FILE, ask
from git_registry.model.edits import alias as edits
from git_registry.sdk import listing, resolving
from git_registry.sdk.opening import open_catalog

COMMAND = str(Path(sys.executable).with_name("git-registry"))
SIZES = (1_000, 100_000)
USUAL = 100
"""Versions in the collection that is asked about, and hits of the search."""


@dataclass(frozen=True, slots=True)
class Ground:
    """A generated organization, and what is asked about it."""

    path: Path
    collection: str
    number: int
    threshold: float
    revision: str
    date: str


def main(rounds: int, sizes: tuple[int, ...]) -> None:
    with tempfile.TemporaryDirectory() as directory:
        os.environ |= {"HOME": directory, "GIT_CONFIG_NOSYSTEM": "1"}
        os.environ |= {f"GIT_{role}_{what}": value for role in ROLES for what, value in ANA.items()}
        for size in sizes:
            path = Path(directory, str(size))
            generate(path, versions=size, collections=max(10, size // USUAL))
            print(f"\n{size:,} versions")
            ground = _built(path)
            _told(_measured(dict(_cold(ground)), rounds))
            _told({"update after one commit adds": _updates(ground, rounds)})
            with _opened(path) as catalog:
                _told(_measured(dict(_warm(catalog, ground)), rounds * 20))


ROLES = ("AUTHOR", "COMMITTER")
ANA = {"NAME": "Ana", "EMAIL": "ana@acme.example"}


def _built(path: Path) -> Ground:
    """Build the index, say how long that took, and choose what to ask."""
    with _opened(path) as catalog:
        steps, structure = _timed(lambda: ask(catalog, lambda moment: moment.line.end + 1))
        read, contents = _timed(lambda: ask(catalog, _read, contents=True))
        size = (catalog.repository.common_dir / FILE).stat().st_size
        print(f"{'index: structure':42}{structure:9.2f} s    {steps / structure:9,.0f} steps/s")
        print(f"{'index: contents':42}{contents:9.2f} s    {read / contents:9,.0f} documents/s")
        print(f"{'index: file':42}{size / 1e6:9.1f} MB")
        return _chosen(path, catalog)


def _read(moment: Moment) -> int:
    return int(moment.rows("SELECT count(*) FROM content")[0][0])


def _chosen(path: Path, catalog: Catalog) -> Ground:
    found = [view for registry in ("model",) for view in listing.collections(catalog, registry)]
    usual = min(found, key=lambda view: abs(view.versions - USUAL))
    numbers = ask(catalog, lambda moment: moment.numbers(usual.path))
    linked = catalog.now().versions(usual.path)
    halfway = sorted(numbers[one].number for one in linked)[len(linked) // 2]
    values = ask(catalog, _values, contents=True)
    log = catalog.repository.git("log", "--first-parent", "--format=%H %cI").text.splitlines()
    revision, date = log[len(log) // 10].split()
    return Ground(path, usual.path, halfway, values[-USUAL], revision, date)


def _values(moment: Moment) -> list[float]:
    asked = (
        "SELECT value FROM fact JOIN field ON field.id = fact.field WHERE field.name = 'metrics.auc'"
        " ORDER BY value"
    )
    return [value for (value,) in moment.rows(asked)]


def _cold(ground: Ground) -> Iterator[tuple[str, Callable[[], object]]]:
    def command(*words: str) -> Callable[[], object]:
        return lambda: _run(COMMAND, "-C", str(ground.path), *words)

    collection, version = ground.collection, f"{ground.collection}:v{ground.number}"
    yield "python -c pass", lambda: _run(sys.executable, "-c", "pass")
    yield "python -c 'import click'", lambda: _run(sys.executable, "-c", "import click")
    yield "resolve by number", command("resolve", version)
    yield "show a version", command("show", version)
    yield "show --at, a revision", command("show", collection, "--at", ground.revision)
    yield "show --at, a date", command("show", collection, "--at", ground.date)
    yield "list a collection", command("list", collection)
    yield "search by metric, 100 hits", command("search", "--where", f"metrics.auc >= {ground.threshold}")
    yield "history of a collection", command("history", collection)
    yield "history of all, the newest 50", command("history", "--limit", "50")
    yield "lineage of a version", command("lineage", version)


def _warm(catalog: Catalog, ground: Ground) -> Iterator[tuple[str, Callable[[], object]]]:
    version = f"{ground.collection}:v{ground.number}"
    yield "warm: resolve by number", lambda: resolving.resolve(catalog, version)
    yield "warm: show a version", lambda: listing.show(catalog, version)
    yield "warm: show a collection", lambda: listing.show(catalog, ground.collection)


def _updates(ground: Ground, rounds: int) -> list[float]:
    """Return what a new commit adds to the next question, each round against one that finds nothing new."""
    asked = (COMMAND, "-C", str(ground.path), "show", f"{ground.collection}:v{ground.number}")
    added = []
    for round_ in range(rounds + 1):
        with _opened(ground.path) as catalog:
            ids = sorted(catalog.now().versions(ground.collection))
            move = {"collection": ground.collection, "alias": "bench", "version": ids[round_ % len(ids)]}
            edit = partial(edits.point, **move)
            commit(catalog, Transaction(edits=[edit], message="Move an alias"))
        after, before = (_timed(lambda: _run(*asked))[1] for _ in "12")
        added.append(after - before)
    return added[1:]


def _opened(path: Path) -> Catalog:
    return open_catalog(str(path), environ={}, clock=lambda: datetime.now(UTC), notify=print)


def _measured(contestants: dict[str, Callable[[], object]], rounds: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for round_ in range(rounds + 1):
        for name, work in contestants.items():
            took = _timed(work)[1]
            if round_:
                times[name].append(took)
    return times


def _told(times: dict[str, list[float]]) -> None:
    for name, taken in times.items():
        print(f"{name:42}{statistics.median(taken) * 1000:9.2f} ms   min {min(taken) * 1000:9.2f}")


def _timed(work: Callable[[], object]) -> tuple[object, float]:
    before = time.perf_counter()
    done = work()
    return done, time.perf_counter() - before


def _run(*words: str) -> None:
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 9,
        tuple(map(int, sys.argv[2:])) or SIZES,
    )
