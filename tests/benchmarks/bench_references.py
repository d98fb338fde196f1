"""What a version of 200,000 references costs: to describe, to log into a project, to link, to resolve.

Run it: `python tests/benchmarks/bench_references.py [COUNT]`. Every line is a process of its own, so that the
memory beside it is the most that this one had. Ratios hold within one run, and gate nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from git_registry.catalog import projects
from git_registry.catalog.catalog import Catalog
from git_registry.model.digest import Digest
from git_registry.sdk.initialize import Setup, initialize, repository_for
from git_registry.sdk.linking import Request, link_version
from git_registry.sdk.logged import Log, log
from git_registry.sdk.manifests import About
from git_registry.sdk.opening import open_catalog
from git_registry.sdk.resolving import resolve
from git_registry.store.blobs import Stored
from git_registry.store.reference import describe

LOGGED = "projects/train/raw:latest"
LINKED = "dataset/raw"
MEGABYTE = 1 << 20


def references(count: int) -> list[Stored]:
    """What is known of so many objects in a bucket."""
    return [
        Stored(
            path=path,
            size=number,
            digest=Digest("etag", hashlib.md5(path.encode(), usedforsecurity=False).hexdigest()),
            uri=f"s3://raw/2026/{path}",
        )
        for number, path in enumerate(f"part-{n % 1000:04}/{n:07}.parquet" for n in range(count))
    ]


def floor(count: int) -> None:
    """The list as the standard library alone would write it, and its digest."""
    found = references(count)
    before = time.perf_counter()
    lines = [
        json.dumps({"path": one.path, "size": one.size, "digest": str(one.digest), "uri": one.uri})
        for one in found
    ]
    hashlib.sha256("\n".join(lines).encode()).hexdigest()
    told("json and hashlib", before)


def described(count: int) -> None:
    import fsspec

    fs = fsspec.filesystem("memory")
    for number in range(count):  # in one directory: to list one, this file system walks through all it has
        fs.pipe_file(f"/raw/{number:07}.parquet", b"")
    before = time.perf_counter()
    assert len(describe("memory://raw")) == count
    told("describe (a file system in memory)", before)


def logged(count: int) -> None:
    found = references(count)
    with opened() as catalog:
        before = time.perf_counter()
        log(projects.begun(catalog, "train"), Log(about=About(artifact="raw", type="dataset")), found)
        told("log into a project", before)


def linked(_count: int) -> None:
    with opened() as catalog:
        before = time.perf_counter()
        link_version(catalog, LOGGED, LINKED, Request())
        told("link to a registry", before)


def resolved(count: int) -> None:
    with opened() as catalog:
        before = time.perf_counter()
        assert len(resolve(catalog, LINKED).files) == count
        told("resolve every file", before)


def one_resolved(_count: int) -> None:
    with opened() as catalog:
        before = time.perf_counter()
        assert len(resolve(catalog, LINKED, path="part-0007/0000007.parquet").files) == 1
        told("resolve one file", before)


def nothing(_count: int) -> None:
    with opened():
        told("open the organization", time.perf_counter())


def held(count: int) -> None:
    before = time.perf_counter()
    assert len(references(count)) == count
    told("hold the references", before)


PHASES: tuple[Callable[[int], None], ...] = (
    *(nothing, held, floor, described, logged, linked, resolved, one_resolved),
)


def told(what: str, before: float) -> None:
    took = time.perf_counter() - before
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / MEGABYTE
    print(f"{what:38}{took:9.3f} s{peak:9.1f} MB", flush=True)


def opened() -> Catalog:
    base = Path(os.environ["BENCHMARK"])
    return open_catalog(str(base / "acme"), environ={}, clock=clock, notify=print)


def clock() -> datetime:
    return datetime(2026, 1, 1, 12, tzinfo=UTC)


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        base = Path(directory)
        who = {
            f"GIT_{role}_{what}": value
            for role in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", "Ana"), ("EMAIL", "ana@acme.example"))
        }
        os.environ.update(who, HOME=directory, GIT_CONFIG_NOSYSTEM="1", BENCHMARK=directory)
        setup = Setup(name="acme", store=f"file://{base}/store", admin="user:ana")
        initialize(repository_for(base / "acme"), setup, clock=clock)
        for phase in PHASES:
            subprocess.run([sys.executable, __file__, str(count), phase.__name__], check=True)
        [listed] = [path for path in (base / "store/sha256").rglob("*") if path.is_file()]
        [manifest] = (base / "acme").rglob("versions/*.yaml")
        print(
            f"the list: {listed.stat().st_size / MEGABYTE:.1f} MB, {manifest.stat().st_size:,} bytes in Git"
        )


if __name__ == "__main__":
    amount = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    if len(sys.argv) > 2:
        next(phase for phase in PHASES if phase.__name__ == sys.argv[2])(amount)
    else:
        main(amount)
