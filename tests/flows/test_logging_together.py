"""Many processes that log to one project and link to one collection through one bare remote."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from tests.repeating import times

from git_registry.catalog import projects
from git_registry.index.numbers import numbers
from git_registry.model.documents.run import Run

MANY = times(16, 32)
WORKER = """
import sys
from pathlib import Path
import git_registry as gr

number, work = int(sys.argv[1]), Path(sys.argv[2])
with gr.init(project="churn", id=f"r{number}", config={"number": number}) as run:
    run.log({"auc": number / 100})
    made = gr.Artifact("xgb", type="model")
    with made.new_file("model.bin") as out:
        out.write(f"weights {number}")
    run.log_artifact(made, aliases=[f"by-{number}"])
    linked = run.link_artifact(made, "model/churn", aliases=["newest"])
print(linked.id)
"""


def started(number, clone, work, traces):
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, str(number), str(work)],
        cwd=work,
        env={**os.environ, "GIT_REGISTRY": str(clone), "GIT_TRACE2_EVENT": str(traces)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def pushes(traces):
    """Return how many times git pushed, as it says itself."""
    named = (json.loads(line) for trace in traces.iterdir() for line in trace.read_text().splitlines())
    return sum(event["event"] == "cmd_name" and event["name"] == "push" for event in named)


@pytest.mark.slow
@pytest.mark.parametrize(("clones", "processes"), [(1, 8), (MANY, MANY)])
def test_nothing_is_lost(clone, upstream, git, tmp_path, clones, processes):
    desks = [clone(f"desk{number}") for number in range(clones)]
    traces = tmp_path / "traces"
    traces.mkdir()

    workers = [started(number, desks[number % clones].path, tmp_path, traces) for number in range(processes)]
    said = [worker.communicate(timeout=250) for worker in workers]

    told = "".join(err for _, err in said)
    assert [worker.returncode for worker in workers] == [0] * processes, told
    assert [line for line in told.splitlines() if not line.endswith("; still trying")] == []
    reader = clone("reader")
    with reader.open() as catalog:
        there = projects.on_project(catalog, "churn")
        now = there.now()
        runs = {name: now.tree.document(f"churn/runs/{name}", Run) for name in now.tree.entries("churn/runs")}
        assert len(runs) == processes
        assert {run.state for run in runs.values()} == {"finished"}
        assert sorted(run.config["number"] for run in runs.values()) == list(range(processes))
        ids = {out.strip() for out, _ in said}
        assert set(now.versions("churn/xgb")) == set(catalog.now().versions("model/churn")) == ids
        assert len(ids) == processes
        assert len(now.aliases("churn/xgb")) == processes
        for view, path in ((there, "churn/xgb"), (catalog, "model/churn")):
            known = numbers(view).of(path)
            assert sorted(one.number for one in known.values()) == list(range(processes))
            assert all(numbers(view).is_published(one) for one in known.values())
        assert catalog.now().alias("model/churn", "newest") in ids
    assert git(upstream, "rev-list", "--count", "--merges", "--all") == "0"
    # A start, a version and an end each.
    assert int(git(upstream, "rev-list", "--count", "projects/churn")) == 3 * processes
    published, pushed = 4 * processes, pushes(traces)
    print(f"{pushed} pushes for {published} publications from {clones} clones")
    assert pushed >= published
    # In one clone they wait for each other. Of n clones that never gave way to one another, each push that
    # lands would reject n - 1 others, which makes n / 2 pushes for a publication; half of that is allowed.
    assert pushed <= published * max(1, clones / 4)
