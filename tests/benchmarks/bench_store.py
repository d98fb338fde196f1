"""How close a verified copy into and out of a store comes to `sha256sum` and to a plain copy.

Run it: `python tests/benchmarks/bench_store.py [SIZE_IN_MB]`. Ratios hold within one run, and gate nothing.
S3 is a server on this machine: what is compared is what the two ways do, not what a network does to them.
"""

from __future__ import annotations

import hashlib
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "src"))

from git_registry.store.blobs import Store
from git_registry.store.download import Wanted, download
from git_registry.store.sources import collect

ROUNDS = 5
MOST_TO_S3 = 256
"""Megabytes; the server keeps in memory what it is given."""

KEYS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",  # pragma: allowlist secret
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


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


def one_small_file(base: Path, _amount: int) -> dict[str, Callable[[], object]]:
    """What a person waits for at least; both ways are warm, as in a script that has logged before."""
    file = base / "small.txt"
    count = iter(range(1 << 30))

    def another() -> Path:
        file.write_text(f"number {next(count)}")
        return file

    return {
        "sha256sum": lambda: subprocess.run(["sha256sum", another()], check=True, stdout=subprocess.DEVNULL),
        "cp": lambda: subprocess.run(["cp", another(), base / "copy"], check=True),
        "upload": lambda: Store(str(base / "store")).upload(collect(another())),
    }


def to_s3(base: Path, megabytes: int) -> dict[str, Callable[[], object]]:
    """A bucket takes a file that is another one each time: the same would be skipped the second time."""
    import s3fs

    bucket = s3fs.S3FileSystem()
    bucket.mkdir("bench")
    small, large = base / "small.bin", base / "large.bin"
    store = Store("s3://bench/store")

    def other(file: Path) -> Path:
        with file.open("r+b") as out:
            out.write(os.urandom(16))
        return file

    large.write_bytes(os.urandom(1 << 20) * megabytes)
    small.write_bytes(bytes(16))
    return {
        "sha256sum": lambda: subprocess.run(["sha256sum", large], check=True, stdout=subprocess.DEVNULL),
        "s3fs.put": lambda: bucket.put_file(str(other(large)), "bench/plain"),
        "upload": lambda: store.upload(collect(other(large))),
        "s3fs.put, small": lambda: bucket.put_file(str(other(small)), "bench/plain"),
        "upload, small": lambda: store.upload(collect(other(small))),
    }


@contextmanager
def s3_server() -> Iterator[None]:
    """An S3 server in a process of its own, where it takes no time from those who are compared."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.environ.update(KEYS, AWS_ENDPOINT_URL=f"http://127.0.0.1:{port}")
    try:
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield
    finally:
        server.terminate()
        server.wait()


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
        print(f"  {name:16} {shown}, {best / min(taken):5.2f} of sha256sum's throughput")


def main() -> None:
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
    at_s3 = min(megabytes, MOST_TO_S3)
    with s3_server():
        for title, make, amount in (
            (f"one file of {megabytes} MB", one_large_file, megabytes),
            ("10,000 files of 16 KiB", many_small_files, 10_000),
            ("one file of a few bytes", one_small_file, 1),
            (f"to S3, one file of {at_s3} MB or a few bytes", to_s3, at_s3),
        ):
            with tempfile.TemporaryDirectory() as directory:
                report(title, make(Path(directory), amount), Path(directory))


if __name__ == "__main__":
    main()
