"""What the commands cost as a person feels them: whole processes, medians, beside what they are measured by.

Run it: `python tests/benchmarks/bench_commands.py [ROUNDS]`. It makes a temporary organization with a local
store, uses the `git-registry` installed beside the interpreter, and gates nothing.
"""

from __future__ import annotations

import itertools
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from git_registry.sdk.initialize import Setup, initialize, repository_for
from git_registry.sdk.linking import Request, link_files
from git_registry.sdk.opening import open_catalog

GIGABYTE = 1 << 30
COMMAND = str(Path(sys.executable).with_name("git-registry"))


def main(rounds: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        base = Path(directory)
        environment = _fenced(base)
        os.environ.update(environment)
        contestants = dict(_contestants(base))
        times: dict[str, list[float]] = {name: [] for name in contestants}
        for number in range(rounds + 1):
            for name, work in contestants.items():
                took = _clocked(work)
                if number:
                    times[name].append(took)
        for name, taken in times.items():
            print(f"{name:42}{statistics.median(taken) * 1000:9.1f} ms   min {min(taken) * 1000:9.1f}")


def _fenced(base: Path) -> dict[str, str]:
    (base / "home").mkdir()
    who = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER") for what, value in _ANA.items()}
    return {"HOME": str(base / "home"), "GIT_CONFIG_NOSYSTEM": "1", **who}


_ANA = {"NAME": "Ana", "EMAIL": "ana@acme.example"}


def _contestants(base: Path) -> Iterator[tuple[str, Callable[[], object]]]:
    repository = repository_for(base / "acme")
    store = f"file://{base}/store"
    initialize(repository, Setup(name="acme", store=store, admin="user:ana"), clock=_clock)
    catalog = open_catalog(str(base / "acme"), environ={}, clock=_clock, notify=print)
    small, large = base / "small.bin", base / "large.bin"
    small.write_bytes(b"small")
    with large.open("wb") as file:
        for _ in range(GIGABYTE >> 20):
            file.write(os.urandom(1 << 20))
    link_files(catalog, small, "model/small", Request(aliases=["production"]))
    link_files(catalog, large, "model/large", Request(aliases=["production"]))
    fresh = itertools.count()

    def another() -> Path:
        file = base / f"another{next(fresh)}.bin"
        file.write_bytes(os.urandom(64))
        return file

    def command(*words: str) -> Callable[[], object]:
        return lambda: _run(COMMAND, "-C", str(base / "acme"), *words)

    yield "python -c pass", lambda: _run(sys.executable, "-c", "pass")
    yield "python -c 'import click'", lambda: _run(sys.executable, "-c", "import click")
    yield "git-registry resolve, by alias", command("resolve", "model/small:production")
    yield "git-registry resolve, by number", command("resolve", "model/small:v0")
    yield "git-registry list model/small", command("list", "model/small")
    yield "git-registry link, a small file", lambda: command("link", str(another()), "model/small")()
    yield "link in process, a small file", lambda: link_files(catalog, another(), "model/small", Request())
    yield "sha256sum, 1 GiB", lambda: _run("sha256sum", str(large))
    yield "cp, 1 GiB", lambda: _run("cp", str(large), str(base / f"copy{next(fresh)}"))
    yield (
        "git-registry download, 1 GiB",
        lambda: command("download", "model/large:production", str(base / f"out{next(fresh)}"))(),
    )
    yield (
        "git-registry link, 1 GiB, to a new store",
        lambda: _linked_anew(base, large, next(fresh)),
    )


def _linked_anew(base: Path, large: Path, number: int) -> None:
    repository = repository_for(base / f"acme{number}")
    initialize(
        repository, Setup(name="acme", store=f"file://{base}/store{number}", admin="user:ana"), clock=_clock
    )
    _run(COMMAND, "-C", str(base / f"acme{number}"), "link", str(large), "model/large")


def _clock() -> datetime:
    return datetime.now(UTC)


def _run(*words: str) -> None:
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)


def _clocked(work: Callable[[], object]) -> float:
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 7)
