"""What a server's hook costs on top of a push: medians of one run, to be compared with each other.

Run it: `python tests/benchmarks/bench_hooks.py [ROUNDS] [MANY]`. It makes a bare organization in a temporary
directory and pushes to it over a local path, without a hook, with one that says yes, and with ours; then it
feeds the hook's process by hand. It gates nothing.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from generated import generate

from git_registry.codec.canonical import encode
from git_registry.model import layout
from git_registry.model.digest import Digest, list_digest
from git_registry.model.documents.manifest import FileEntry, Manifest

MAIN = "refs/heads/main"
COLLECTIONS = 10
LINKED = 200
"""Versions that are there before anything is measured."""

YES = "#!/bin/sh\nexit 0\n"
OURS = f'#!/bin/sh\n"{sys.executable}" -I -m git_registry.hooks.pre_receive "$@" && exit 0\nexit 1\n'


def main(rounds: int, many: int) -> None:
    # A hook has its bytecode where it is installed.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as directory:
        base = Path(directory)
        server = _server(base)
        pushes = dict(_pushes(base, server, many))
        _show(f"{'`git push`':44}{'no hook':>10}{'exit 0':>10}{'ours':>10}   ours costs")
        fixed = 0.0
        for name, tip in pushes.items():
            contestants = [_pushing(base, server, tip, hook) for hook in ("", YES, OURS)]
            without, yes, ours = _medians(rounds, contestants)
            cost = (ours - yes) * 1000
            fixed = fixed or cost
            each = f", {(cost - fixed) / many:.2f} ms for each" if cost != fixed else ""
            _show(f"{name:44}{_ms(without)}{_ms(yes)}{_ms(ours)}   {cost:.0f} ms{each}")
        _show("\nthe process alone")
        hooks = [_judging(base, server, tip) for tip in pushes.values()]
        python, *judging = _medians(rounds, [_python, *hooks])
        _show(f"{'python -I -c pass':44}{_ms(python)}")
        for name, took in zip(pushes, judging, strict=True):
            _show(f"{f'the hook, {name}':44}{_ms(took)}   {took / python:.1f} times as long")


def _show(row: str) -> None:
    print(row)


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:7.0f} ms"


def _server(base: Path) -> Path:
    server = base / "acme.git"
    collections = generate(server, versions=LINKED, collections=COLLECTIONS)
    (base / "collection").write_text(collections[0])
    _git(server, "config", "registry.identity", "env:REG_USER")
    _git(server, "symbolic-ref", "HEAD", MAIN)
    _git(server, "gc", "--quiet")
    _git(base, "clone", "--quiet", "--bare", str(server), "work.git")
    return server


def _pushes(base: Path, server: Path, many: int) -> Iterator[tuple[str, str]]:
    """Yield what is pushed, and the commit that it makes the tip."""
    collection, old = (base / "collection").read_text(), _git(server, "rev-parse", MAIN)
    manifests = list(_manifests(many))
    work = base / "work.git"
    yield "1 manifest", _commits(work, old, collection, [manifests[:1]])
    yield f"{many:,} manifests in one commit", _commits(work, old, collection, [manifests])
    yield f"{many:,} commits of one manifest", _commits(work, old, collection, [[one] for one in manifests])


def _manifests(count: int) -> Iterator[Manifest]:
    for number in range(count):
        digests = [Digest.of(f"{number} {part}".encode()) for part in range(2)]
        files = tuple(
            FileEntry(path=path, size=1_000, digest=digest, uri=f"s3://acme-ml/sha256/{digest.value}")
            for path, digest in zip(("model.ubj", "card.md"), digests, strict=True)
        )
        yield Manifest(
            artifact="churn-xgb",
            type="model",
            digest=list_digest((one.path, one.digest, one.uri) for one in files),
            size=2_000,
            created="2026-11-22T20:28:34.123Z",
            metadata={"framework": "xgboost", "max_depth": number % 10},
            metrics={"auc": 0.931, "logloss": 0.214},
            files=files,
        )


def _commits(work: Path, parent: str, collection: str, steps: Iterable[Sequence[Manifest]]) -> str:
    told = [f"reset refs/heads/pushed\nfrom {parent}\n\n".encode()]
    for step in steps:
        told.append(b"commit refs/heads/pushed\ncommitter Bob <bob@acme.example> 1790000000 +0000\n")
        told.append(b"data 4\nLink\n")
        for manifest in step:
            text = encode(manifest)
            path = layout.manifest_path(collection, manifest.id)
            told.append(f"M 100644 inline {path}\ndata {len(text)}\n".encode() + text)
    _git(work, "fast-import", "--quiet", "--force", stdin=b"".join(told))
    return _git(work, "rev-parse", "refs/heads/pushed")


def _pushing(base: Path, server: Path, tip: str, hook: str) -> Callable[[], float]:
    old = _git(server, "rev-parse", MAIN)

    def push() -> float:
        _git(server, "update-ref", MAIN, old)
        _git(server, "prune", "--expire=now")
        place = server / "hooks" / "pre-receive"
        place.parent.mkdir(exist_ok=True)
        place.unlink(missing_ok=True)
        if hook:
            place.write_text(hook)
            place.chmod(0o755)
        command = ("push", "--quiet", str(server), f"{tip}:{MAIN}")
        took = _clocked(lambda: _git(base / "work.git", *command, user="ana"))
        place.unlink(missing_ok=True)
        _git(server, "update-ref", MAIN, old)
        return took

    return push


def _judging(base: Path, server: Path, tip: str) -> Callable[[], float]:
    """Return a run of the hook on objects that are there already."""
    old = _git(server, "rev-parse", MAIN)
    _git(server, "fetch", "--quiet", str(base / "work.git"), tip)
    command = [sys.executable, "-I", "-m", "git_registry.hooks.pre_receive"]
    environ = {**os.environ, "GIT_DIR": ".", "REG_USER": "ana"}
    told = f"{old} {tip} {MAIN}\n".encode()
    return lambda: _clocked(
        lambda: subprocess.run(command, cwd=server, env=environ, input=told, check=True, capture_output=True)
    )


def _python() -> float:
    return _clocked(lambda: subprocess.run([sys.executable, "-I", "-c", "pass"], check=True))


def _clocked(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _medians(rounds: int, contestants: Sequence[Callable[[], float]]) -> list[float]:
    """Return the median of each, one after the other in each round, so that all meet the same machine."""
    times: list[list[float]] = [[] for _ in contestants]
    for number in range(rounds + 1):
        for one, taken in zip(contestants, times, strict=True):
            took = one()
            if number:
                taken.append(took)
    return [statistics.median(taken) for taken in times]


def _git(directory: Path, *args: str, stdin: bytes | None = None, user: str = "") -> str:
    environ = {**os.environ, "REG_USER": user}
    command = ["git", *args]
    done = subprocess.run(command, cwd=directory, env=environ, input=stdin, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().strip()


if __name__ == "__main__":
    main(*(int(word) for word in [*sys.argv[1:], *("7", "1000")[len(sys.argv) - 1 :]]))
