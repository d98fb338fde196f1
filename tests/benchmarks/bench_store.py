"""How close a verified copy into and out of a local store comes to `sha256sum` alone.

Run it: `python tests/benchmarks/bench_store.py [SIZE_IN_MB]`. Ratios hold within one run, and gate nothing.
"""

from __future__ import annotations

import hashlib
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from git_registry.store.blobs import Store
from git_registry.store.download import Wanted, download
from git_registry.store.sources import collect

ROUNDS = 5


def clocked(work: Callable[[], object]) -> float:
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


def hashed(file: Path) -> str:
    """What our own limit is: coreutils may hash with slower instructions than hashlib."""
    with file.open("rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()


def one_large_file(base: Path, megabytes: int) -> dict[str, Callable[[], object]]:
    file = base / "large.bin"
    with file.open("wb") as out:
        for _ in range(megabytes):
            out.write(os.urandom(1 << 20))
    stored = Store(str(base / "kept")).upload(collect(file))
    wanted = [Wanted(path=one.path, size=one.size, digest=one.digest, uri=one.uri) for one in stored]
    count = iter(range(1 << 30))
    return {
        "sha256sum": lambda: subprocess.run(["sha256sum", file], check=True, stdout=subprocess.DEVNULL),
        "hashlib": lambda: hashed(file),
        "cp": lambda: subprocess.run(["cp", file, base / f"cp{next(count)}"], check=True),
        "upload": lambda: Store(str(base / f"store{next(count)}")).upload(collect(file)),
        "download": lambda: download(wanted, base / f"out{next(count)}"),
    }


def many_small_files(base: Path, count: int) -> dict[str, Callable[[], object]]:
    tree = base / "tree"
    for number in range(count):
        path = tree / f"{number % 100:02}" / f"{number}.bin"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.urandom(16 << 10))
    stored = Store(str(base / "kept")).upload(collect(tree))
    wanted = [Wanted(path=one.path, size=one.size, digest=one.digest, uri=one.uri) for one in stored]
    number = iter(range(1 << 30))
    listed = [str(source.local) for source in collect(tree)]
    return {
        "sha256sum": lambda: subprocess.run(["sha256sum", *listed], check=True, stdout=subprocess.DEVNULL),
        "cp": lambda: subprocess.run(["cp", "-r", tree, base / f"cp{next(number)}"], check=True),
        "upload": lambda: Store(str(base / f"store{next(number)}")).upload(collect(tree)),
        "upload again": lambda: Store(str(base / "kept")).upload(collect(tree)),
        "download": lambda: download(wanted, base / f"out{next(number)}"),
    }


def report(title: str, ways: dict[str, Callable[[], object]], base: Path) -> None:
    """Run the ways in turn; each finds the disk idle and the memory that the one before gave back.

    Memory that a virtual machine's host has yet to find is dear: with it `cp` itself took seven times as
    long. So what a way wrote is removed before the next one begins, and the best of the rounds is compared;
    the median, which tells how often that happened, stands beside it.
    """
    times: dict[str, list[float]] = {name: [] for name in ways}
    there = set(base.iterdir())
    for _ in range(ROUNDS):
        for name, work in ways.items():
            os.sync()
            times[name].append(clocked(work))
            for new in set(base.iterdir()) - there:
                subprocess.run(["rm", "-rf", new], check=True)
    print(title)
    best = min(times["sha256sum"])
    for name, taken in times.items():
        shown = f"best {min(taken):6.3f} s, median {statistics.median(taken):6.3f} s"
        print(f"  {name:14} {shown}, {best / min(taken):5.2f} of sha256sum's throughput")


def main() -> None:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
    for title, make, amount in (
        (f"one file of {megabytes} MB", one_large_file, megabytes),
        ("10,000 files of 16 KiB", many_small_files, 10_000),
    ):
        with tempfile.TemporaryDirectory() as directory:
            report(title, make(Path(directory), amount), Path(directory))


if __name__ == "__main__":
    main()
