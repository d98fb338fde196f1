"""Whatever step a script is killed at, others see whole versions only, and the next run finishes the job."""

from __future__ import annotations

import subprocess

import pytest

from .crashing import DYING, STORY, Scripts, numbered, place_hooks, require_whole, runs

KILLED = -9


@pytest.fixture
def scripts(clone):
    return Scripts(clone("killed").path)


@pytest.fixture
def looked(clone, git, upstream):
    """Return what somebody sees who clones the organization now, after making sure that it is whole."""
    count = 0

    def look():
        nonlocal count
        count += 1
        git(upstream, "fsck", "--full", "--strict", "--no-dangling")
        desk = clone(f"reader-{count}")
        require_whole(desk, git)
        return desk

    return look


def require_finished(scripts, looked, git, attempt, logged, again):
    """Assert that nothing is left of a killed attempt but that it crashed, with what it had measured."""
    there = looked()
    ended = runs(there)
    assert ended[f"{attempt} again"].state == "finished"
    killed = ended.get(str(attempt))
    if logged:
        assert killed.state in ("crashed", "finished")
        assert killed.history.rows >= logged
    assert killed is None or killed.state != "running"
    assert all(run.state != "running" for run in ended.values())
    [version, identity] = again[-1].split()
    assert numbered(there)["model/churn"][identity] == int(version[1:]) == attempt
    assert numbered(there)["churn/xgb"][identity] == attempt
    assert git(scripts.clone, "status", "--porcelain") == ""
    git(scripts.clone, "fsck", "--strict", "--no-dangling")
    rows = scripts.clone / ".git/registry/runs"
    assert not list(rows.rglob("*.jsonl"))
    assert not list((scripts.clone / ".git").rglob("*.lock"))


def dies(scripts, looked, git, attempt, step, *codes):
    """Run the story so that it dies at a step, and then to its end."""
    printed = scripts.run(DYING + STORY, attempt, f"weights {attempt}", codes=codes, DIES_AT=step)
    looked()
    again = scripts.run(STORY, f"{attempt} again", f"weights {attempt}")
    assert scripts.said == ""
    require_finished(scripts, looked, git, attempt, printed.count("logged"), again)


STEPS = (
    "git push 1",
    "call written 2",
    "git push 2",
    "return _push 2",
    "call move 1",
    "call follow 1",
    "return keep 1",
    "return _push 4",
)


@pytest.mark.slow
def test_killed_at_a_step(scripts, looked, git):
    for attempt, step in enumerate(STEPS):
        dies(scripts, looked, git, attempt, step, KILLED)


@pytest.mark.campaign
@pytest.mark.timeout(3600)
def test_killed_at_every_step(scripts, clone, looked, git):
    steps = scripts.steps(STORY, 0, "weights 0")
    print(len(steps), *steps)
    for attempt, step in enumerate(steps, 1):
        desk = Scripts(clone(f"desk-{attempt}").path)
        # What is made once, such as a directory in the store, is no step any more.
        dies(desk, looked, git, attempt, step, KILLED, 0)


PUSHING = (
    "pre-receive  projects/churn",
    "reference-transaction prepared projects/churn",
    "reference-transaction committed projects/churn",
    "post-receive  projects/churn",
    "reference-transaction prepared main",
    "post-receive  main",
)


@pytest.mark.slow
@pytest.mark.parametrize("server", ["dies too", "lives on"])
def test_killed_while_git_pushes(clone, upstream, looked, git, tmp_path, server):
    place_hooks(upstream, "pre-receive", "reference-transaction", "post-receive")
    for attempt, place in enumerate(PUSHING):
        scripts = Scripts(clone(f"desk-{attempt}").path)
        if server == "lives on":
            serving = f"flock {tmp_path}/serving setsid git-receive-pack"
            git(scripts.clone, "config", "remote.origin.receivepack", serving)
        printed = scripts.run(STORY, attempt, f"weights {attempt}", codes=[KILLED], DIES_IN=place)
        subprocess.run(["flock", tmp_path / "serving", "true"], check=True)
        looked()
        for lock in upstream.rglob("*.lock"):
            assert (server, place.split()[1]) == ("dies too", "prepared")
            lock.unlink()  # as whoever runs a server does when it comes up again
        again = scripts.run(STORY, f"{attempt} again", f"weights {attempt}")
        assert scripts.said == ""
        require_finished(scripts, looked, git, attempt, printed.count("logged"), again)


EDIT = """
import sys
import git_registry as gr

version = gr.Api().artifact("wandb-registry-model/churn:v0")
version.description = sys.argv[1]
version.aliases.append(sys.argv[2])
version.save()
"""


@pytest.mark.parametrize("step", ["call written 1", "git push 1", "return _push 1", "call follow 1"])
def test_what_a_killed_script_edits_is_there_whole_or_not_at_all(scripts, looked, git, step):
    scripts.run(STORY, 0, "weights")

    scripts.run(DYING + EDIT, "Better.", "production", codes=[KILLED], DIES_AT=step)

    there = looked()
    edited = (described(there), "production" in there.aliases())
    assert edited in ((None, False), ("Better.", True))
    scripts.run(EDIT, "Best.", "production")
    assert scripts.said == ""
    there = looked()
    assert (described(there), "production" in there.aliases()) == ("Best.", True)
    assert git(scripts.clone, "status", "--porcelain") == ""


def described(desk):
    with desk.open() as catalog:
        now = catalog.now()
        return now.notes(now.find("model/churn", next(iter(now.versions("model/churn"))))).description


OFFLINE = STORY.replace("config=", 'mode="offline", config=')
SYNC = """
import os, sys
from git_registry.cli.entry import run

sys.exit(run(["sync"], directory=os.environ["GIT_REGISTRY"]))
"""


@pytest.mark.parametrize("step", ["call written 2", "call move 3", "return keep 1", "return _end 1"])
def test_killed_offline(scripts, looked, git, upstream, step):
    before = git(upstream, "for-each-ref")
    printed = scripts.run(DYING + OFFLINE, 0, "weights", codes=[KILLED], DIES_AT=step)

    again = scripts.run(OFFLINE, "0 again", "weights")

    assert git(upstream, "for-each-ref") == before
    scripts.run(SYNC)
    require_finished(scripts, looked, git, 0, printed.count("logged"), again)


@pytest.mark.parametrize("step", ["git push 1", "return push 1", "git push 2", "call move 1"])
def test_a_sync_that_is_killed_is_done_again(scripts, looked, git, step):
    again = scripts.run(OFFLINE, "0 again", "weights")

    scripts.run(DYING + SYNC, codes=[KILLED, 0], DIES_AT=step)

    looked()
    scripts.run(SYNC)
    require_finished(scripts, looked, git, 0, 0, again)
