"""What pages cost where there is much to show: as the server makes them, and as files.

python -m tests.benchmarks.bench_web CLONE [ROUNDS] [--export]

Cold is the first page that a process makes; warm is the median of the rounds after one. A page that takes
more than 200 ms warm is marked. Nothing is changed, but that the clone's index comes to be as new as it is.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from git_registry.catalog.catalog import Catalog, Reach
from git_registry.sdk.searching import Search, search
from git_registry.sdk.surface.workspace import Workspace
from git_registry.web.answering import Asked, answer
from git_registry.web.export.exporting import export

SLOW = 0.2
Row = tuple[str, float]


def pages(catalog: Catalog) -> Iterator[tuple[str, Asked]]:
    """Yield what is asked for: a registry, the first of its collections, a version of that."""
    registry = next(one for one in catalog.now().registries() if one)
    found = search(catalog, Search(kind="collection", within=(registry,), limit=1)).rows[0]
    version = search(catalog, Search(within=(found.path,), limit=1)).rows[0]
    yield "home", Asked(path="")
    yield "registry", Asked(path=f"{registry}/")
    yield "registry, page 2", Asked(path=f"{registry}/-/page/2/")
    yield "collection", Asked(path=f"{found.path}/")
    yield "collection, page 2", Asked(path=f"{found.path}/-/page/2/")
    yield "collection, sorted", Asked(path=f"{found.path}/", query={"sort": ("size",)})
    yield "version", Asked(path=f"{found.path}/v{version.number}/")
    yield "search", Asked(path="-/search/", query={"q": (found.path.rpartition("/")[2],)})
    yield "search as one types", Asked(path="-/search/found.json", query={"q": (found.path[-3:],)})
    yield "audit", Asked(path="-/audit/")
    yield "proposals", Asked(path="-/proposals/")
    yield "projects", Asked(path="projects/")


def timed(call: Callable[[], object]) -> float:
    """Return how many seconds a call takes."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def live(clone: Path, rounds: int) -> Iterator[Row]:
    """Measure what a server does, without the wire."""
    workspace = Workspace(path=str(clone), reach=Reach.FETCHED)
    yield "home, the first in a process", timed(lambda: answer(workspace.catalog, Asked(path="")))
    for name, asked in pages(workspace.catalog):
        made = answer(workspace.catalog, asked)
        times = [timed(lambda asked=asked: answer(workspace.catalog, asked)) for _ in range(rounds)]
        yield f"{name} ({made.status}, {len(made.body):,} bytes)", statistics.median(times)
    tag = answer(workspace.catalog, Asked(path="")).tag
    again = Asked(path="", seen=tag)
    times = [timed(lambda: answer(workspace.catalog, again)) for _ in range(rounds)]
    yield "home, not changed (304)", statistics.median(times)
    workspace.close()


def exported(clone: Path) -> Iterator[Row]:
    """Measure an export, and one when nothing has changed."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("export, all of it", "export, nothing is new"):
            workspace = Workspace(path=str(clone), reach=Reach.FETCHED)
            yield name, timed(lambda workspace=workspace: export(workspace, Path(folder) / "pages"))
            workspace.close()


def main(clone: Path, rounds: int, *, with_export: bool) -> None:
    """Measure, and print a table."""
    for name, seconds in live(clone, rounds):
        print(f"{seconds * 1000:10.1f} ms {'!' if seconds > SLOW else ' '} {name}", flush=True)
    for name, seconds in exported(clone) if with_export else ():
        print(f"{seconds:10.1f} s    {name}", flush=True)


if __name__ == "__main__":
    words = [one for one in sys.argv[1:] if one != "--export"]
    main(Path(words[0]), int(words[1]) if words[1:] else 5, with_export="--export" in sys.argv)
