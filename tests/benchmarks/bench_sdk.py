"""What the Python API costs beside what it can't do without: whole scripts, each in a process of its own.

python -m tests.benchmarks.bench_sdk [ROUNDS] [MEGABYTES]
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

PREPARE = """
import git_registry as gr
with gr.init(project="churn") as run:
    made = gr.Artifact("xgb", type="model")
    with made.new_file("model.bin") as out:
        out.write("x" * 1000)
    run.log_artifact(made)
    run.link_artifact(made, "model/churn", aliases=["production"])
"""
TIMED = """
import shutil, sys, time
from pathlib import Path
import git_registry as gr
work = Path(sys.argv[1])

def timed(name, call):
    began = time.perf_counter()
    result = call()
    print(name, time.perf_counter() - began)
    return result

def small(number):
    made = gr.Artifact("xgb", type="model")
    with made.new_file("model.bin") as out:
        out.write(f"{time.time_ns()} {number}")
    return made

run = timed("init, the first in a process", lambda: gr.init(project="churn"))
first = timed("log_artifact and wait, a small file, the first", lambda: run.log_artifact(small(0)).wait())
second = timed("log_artifact and wait, a small file", lambda: run.log_artifact(small(1)).wait())
timed("log_artifact, what the script waits for", lambda: run.log_artifact(small(2)))
run.wait()
timed("link_artifact", lambda: run.link_artifact(second, "model/churn"))
timed("use_artifact, cold", lambda: run.use_artifact("model/churn:production"))
shutil.rmtree(work / "one", ignore_errors=True)
used = timed("use_artifact, warm", lambda: run.use_artifact("model/churn:production"))
timed("download, the first", lambda: used.download(str(work / "one")))
timed("download, it is there", lambda: used.download(str(work / "one")))
timed("log a row of metrics", lambda: run.log({"loss": 1.0}))
timed("finish", run.finish)
"""
LARGE = """
import sys, time
import git_registry as gr
with gr.init(project="churn") as run:
    made = gr.Artifact("large", type="model")
    made.add_file(sys.argv[1])
    began = time.perf_counter()
    run.log_artifact(made).wait()
    print("log_artifact and wait, the large file", time.perf_counter() - began)
"""


def script(text: str, *arguments: object, **environ: str) -> dict[str, float]:
    """Run a script, and return what it timed."""
    done = subprocess.run(
        [sys.executable, "-c", text, *map(str, arguments)],
        env={**os.environ, **environ},
        capture_output=True,
        text=True,
        check=True,
    )
    parts = (line.rpartition(" ") for line in done.stdout.splitlines())
    return {name: float(seconds) for name, _, seconds in parts}


def process(*words: str) -> float:
    """Return how long a process takes."""
    began = time.perf_counter()
    subprocess.run(words, check=True, capture_output=True)
    return time.perf_counter() - began


def organization(top: Path, *, remote: bool) -> Path:
    """Create one; with a bare remote beside it if asked."""
    clone = top / ("clone" if remote else "alone")
    command = [sys.executable, "-m", "git_registry.cli"]
    subprocess.run([*command, "init", clone, "--name", "acme"], check=True, capture_output=True)
    if remote:
        bare = top / "bare.git"
        for words in (
            ["init", "-q", "--bare", "-b", "main", bare],
            ["-C", clone, "remote", "add", "origin", bare],
            ["-C", clone, "push", "-q", "-u", "origin", "HEAD:main"],
            ["-C", clone, "remote", "set-head", "origin", "main"],
        ):
            subprocess.run(["git", *map(str, words)], check=True, capture_output=True)
    return clone


def medians(rounds: int, measure: Callable[[], dict[str, float]]) -> dict[str, float]:
    """Return the median of each thing over some rounds."""
    found = [measure() for _ in range(rounds)]
    return {name: statistics.median(one[name] for one in found) for name in found[0]}


def main(rounds: int, megabytes: int) -> None:
    """Measure, and print a table."""
    with tempfile.TemporaryDirectory() as directory:
        top = Path(directory)
        table: dict[str, float] = medians(
            rounds,
            lambda: {
                "python -c pass": process(sys.executable, "-c", "pass"),
                "import git_registry": process(sys.executable, "-c", "import git_registry"),
                "import git_registry; gr.init, gr.Api": process(
                    sys.executable, "-c", "import git_registry as gr; gr.init; gr.Api"
                ),
            },
        )
        for remote in (False, True):
            clone = organization(top, remote=remote)
            script(PREPARE, GIT_REGISTRY=str(clone))
            where = "a bare remote" if remote else "no remote"
            times = medians(
                rounds, partial(script, TIMED, tempfile.mkdtemp(dir=top), GIT_REGISTRY=str(clone))
            )
            table |= {f"{name} ({where})": seconds for name, seconds in times.items()}
        large = top / "large.bin"
        large.write_bytes(os.urandom(1 << 20) * megabytes)

        def log_large() -> dict[str, float]:
            shutil.rmtree(top / "alone-store", ignore_errors=True)
            times = script(LARGE, large, GIT_REGISTRY=str(top / "alone"))
            return {**times, f"cp, {megabytes} MB": process("cp", str(large), str(top / "copy.bin"))}

        table |= medians(max(1, rounds // 3), log_large)
    for name, seconds in table.items():
        print(f"{seconds * 1000:10.1f} ms  {name}")


if __name__ == "__main__":
    words = [int(one) for one in sys.argv[1:]]
    main(words[0] if words else 5, words[1] if len(words) > 1 else 1024)
