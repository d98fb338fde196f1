"""Scripts that die at a step of their choosing, and what must hold whichever it was."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.sdk.desk import Desk

from git_registry.catalog import projects
from git_registry.index.numbers import numbers
from git_registry.model.documents.run import Run
from git_registry.sdk.blobs import blobs
from git_registry.sdk.checking import check
from git_registry.sdk.verifying import verify

from .keyboard import problems

DYING = """
import os, signal, sys, threading
from pathlib import Path

wanted, told = os.environ.get("DIES_AT"), os.environ.get("TELLS_STEPS")
inside, counts, steps = threading.local(), {}, []
CALLS = {
    "written", "move_noted", "move", "follow", "catch_up", "_push", "upload", "hold", "keep", "_settle",
    "_end", "require_none_in", "remove", "_follow", "adopt",
}
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT
READING = {"cat-file", "config", "rev-list", "merge-base", "diff-tree", "for-each-ref", "status", "ls-files"}

def step(name):
    if getattr(inside, "step", False):
        return
    inside.step = True
    counts[name] = counts.get(name, 0) + 1
    steps.append(f"{name} {counts[name]}")
    if steps[-1] == wanted:
        os.killpg(0, signal.SIGKILL)
    inside.step = False

def audited(event, args):
    if event == "subprocess.Popen":
        verb = next(
            word
            for before, word in zip(args[1], args[1][1:])
            if not word.startswith("-") and before not in ("-c", "-C")
        )
        if verb not in READING:
            step(f"git {verb}")
    elif event == "open" and isinstance(args[0], (str, os.PathLike)) and args[2] & WRITES:
        if str(args[0]) not in ("/dev/null", os.environ["TMPDIR"]):
            step("open " + kind(args[0]))
    elif event in ("os.rename", "os.remove", "os.truncate", "os.mkdir", "os.rmdir"):
        step(f"{event} {kind(args[0])}")

def kind(path):
    return str(path) if isinstance(path, int) else Path(path).suffix or Path(path).name

def profiled(frame, event, _):
    code = frame.f_code
    if event in ("call", "return") and code.co_name in CALLS and "/git_registry/" in code.co_filename:
        step(f"{event} {code.co_name}")

threading.setprofile(profiled)
sys.setprofile(profiled)
sys.addaudithook(audited)
if told:
    import atexit
    atexit.register(lambda: Path(told).write_text("\\n".join(steps)))
"""
"""What a script begins with that is to die, it and each git it started, as it comes to a step.

A step is what leaves something behind: a file that is written, renamed or removed, a git that writes; and
some functions, as they begin and as they end. It is called by its name, and which of that name it is.
"""

STORY = """
import os, sys
os.environ["VICTIM"] = str(os.getpid())
import git_registry as gr

with gr.init(project="churn", config={"attempt": sys.argv[1]}) as run:
    run.log({"loss": 2})
    print("logged", flush=True)
    made = gr.Artifact("xgb", type="model")
    with made.new_file("model.bin") as out:
        out.write(sys.argv[2])
    run.log_artifact(made, aliases=["mine"])
    run.log({"loss": 1})
    print("logged", flush=True)
    linked = run.link_artifact(made, "model/churn", aliases=["newest"])
print(linked.version, linked.id)
"""


@dataclass
class Scripts:
    """A directory in which scripts run, as it is on one machine.

    Attributes:
        clone: what they log to.
        environ: what is set there besides.
        said: what the last one said on stderr.
    """

    clone: Path
    environ: dict[str, str] = field(default_factory=dict)
    said: str = ""

    def started(self, text: str, *args: object, **environ: object) -> subprocess.Popen[str]:
        """Start a script in a process group of its own."""
        told = {name: str(value) for name, value in environ.items()}
        return subprocess.Popen(
            [sys.executable, "-c", text, *map(str, args)],
            cwd=self.clone.parent,
            env={**os.environ, "GIT_REGISTRY": str(self.clone), **self.environ, **told},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    @property
    def error(self) -> str:
        """The line that says what went wrong; a hint may come after it."""
        return next(one for one in reversed(self.said.splitlines()) if not one.startswith("hint: "))

    def ended(self, process: subprocess.Popen[str], *codes: int) -> list[str]:
        """Wait for a script, and return the lines it printed."""
        out, self.said = process.communicate(timeout=200)
        assert process.returncode in (codes or (0,)), f"{process.returncode}: {out}{self.said}"
        return out.splitlines()

    def run(self, text: str, *args: object, codes: tuple[int, ...] = (0,), **environ: object) -> list[str]:
        """Run a script to its end, and return the lines it printed."""
        return self.ended(self.started(text, *args, **environ), *codes)

    def steps(self, text: str, *args: object) -> list[str]:
        """Run a script to its end, and return the steps at which it could have died."""
        told = self.clone.parent / "steps"
        self.run(DYING + text, *args, TELLS_STEPS=told)
        return told.read_text().splitlines()


def require_whole(desk: Desk, git) -> None:
    """Assert that what a clone holds is whole: documents, history, and every blob they name."""
    assert problems(git(desk.path, "fsck", "--full", "--strict", "--no-dangling")) == []
    assert desk(check) == []
    result = desk(verify)
    assert result.ok, result
    for view, path in versions(desk):
        now = view.now()
        for place in now.versions(path).values():
            manifest = now.manifest(place)
            where = blobs(view)
            assert not where.store.missing(one.digest for one in where.entries(manifest, path))


def versions(desk: Desk) -> Iterator[tuple[object, str]]:
    """Yield every place in which versions are, and the clone seen from its branch."""
    with desk.open() as catalog:
        now = catalog.now()
        yield from ((catalog, path) for path in ("model/churn",) if now.has_collection(path))
        there = projects.on_project(catalog, "churn")
        if there and there.now().has_collection("churn/xgb"):
            yield there, "churn/xgb"


def runs(desk: Desk) -> dict[str, Run]:
    """Return the documents of the project's runs, by which attempt they were."""
    with desk.open() as catalog:
        there = projects.on_project(catalog, "churn")
        if there is None:
            return {}
        now = there.now()
        names = now.tree.entries("churn/runs")
        found = [now.tree.document(f"churn/runs/{name}", Run) for name in names]
    return {run.config["attempt"]: run for run in found}


def numbered(desk: Desk) -> dict[str, dict[str, int]]:
    """Return the number of each version, wherever it is."""
    return {
        path: {one: known.number for one, known in numbers(view).of(path).items()}
        for view, path in versions(desk)
    }


HOOK = """\
#!/bin/sh
# $DIES_IN says which hook is to kill whoever pushes, in which state, at which branch: "post-receive  main".
test "$DIES_IN" = "$(basename $0) $1 $(sed 's|.* refs/[a-z]*/||; q')" || exit 0
kill -s KILL -- "-$VICTIM"
"""


def place_hooks(gitdir: Path, *names: str) -> None:
    """Put hooks into a repository that kill whoever told them to."""
    for name in names:
        place = gitdir / "hooks" / name
        place.parent.mkdir(exist_ok=True)
        place.write_text(HOOK)
        place.chmod(0o755)
