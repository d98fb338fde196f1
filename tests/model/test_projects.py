"""A project and its runs, as edits of a snapshot."""

from __future__ import annotations

from dataclasses import replace

import pytest

from git_registry.errors import UsageError
from git_registry.model import layout
from git_registry.model.documents.project import Project
from git_registry.model.documents.run import Run
from git_registry.model.edits import project

from .memory import Spelled, snapshot

STARTED = Run(name="brisk-otter-1", state="running", started="2026-01-01T00:00:00.000Z")
FINISHED = replace(STARTED, state="finished", ended="2026-01-01T01:00:00.000Z", summary={"auc": 0.9})
PROJECT, RUN = "churn/project.yaml", "churn/runs/k3j2h1.yaml"


def test_a_project_is_begun_once():
    assert project.begin(snapshot({}), "churn") == {PROJECT: Project()}
    assert project.begin(snapshot({PROJECT: Project(description="Churn.")}), "churn") == {}


@pytest.mark.parametrize("name", ["", "a/b", "runs", "CON", "..", "x" * 129])
def test_a_project_may_not_be_called_that(name):
    with pytest.raises(UsageError):
        project.begin(snapshot({}), name)


def test_what_a_project_is_for():
    now = snapshot({PROJECT: Project(description="Churn.")})

    assert project.describe(now, "churn", "Who leaves.") == {PROJECT: Project(description="Who leaves.")}
    assert project.describe(now, "churn", "Churn.") == {}
    assert project.describe(now, "churn", "") == {PROJECT: Project()}
    assert project.describe(now, "churn", None) == {PROJECT: Project()}
    assert project.describe(snapshot({PROJECT: Project()}), "churn", "") == {}


def test_a_run_is_recorded_when_it_starts_and_when_it_ends():
    begun = snapshot({PROJECT: Project()})
    assert project.record(begun, "churn", "k3j2h1", STARTED) == {RUN: STARTED}

    running = snapshot({PROJECT: Project(), RUN: STARTED})
    assert project.record(running, "churn", "k3j2h1", STARTED) == {}
    assert project.record(running, "churn", "k3j2h1", FINISHED) == {RUN: FINISHED}


def test_a_run_that_says_the_same_in_other_words_stays():
    assert project.record(snapshot({RUN: Spelled(FINISHED)}), "churn", "k3j2h1", FINISHED) == {}


def test_a_number_that_is_no_number_is_the_same_as_itself():
    odd = replace(FINISHED, summary={"loss": float("nan")})
    again = replace(FINISHED, summary={"loss": float("nan")})

    assert project.record(snapshot({RUN: odd}), "churn", "k3j2h1", again) == {}


@pytest.mark.parametrize("name", ["", "a/b", "..", "nul", "x.yaml"])
def test_a_run_may_not_be_called_that(name):
    with pytest.raises(UsageError):
        project.record(snapshot({}), "churn", name, STARTED)


def test_runs_are_spread_out_once_there_are_many():
    few = {f"churn/runs/{number:05}.yaml": STARTED for number in range(layout.SPREAD_FROM - 1)}
    many = {**few, "churn/runs/last.yaml": STARTED}

    assert list(project.record(snapshot(few), "churn", "k3j2h1", STARTED)) == [RUN]
    (place,) = project.record(snapshot(many), "churn", "k3j2h1", STARTED)

    assert place == layout.run_path("churn", "k3j2h1", spread=True) != RUN
    assert project.recorded(snapshot({place: STARTED}), "churn", "k3j2h1") == place


def test_a_run_stays_where_it_is():
    spread = layout.run_path("churn", "k3j2h1", spread=True)

    assert project.record(snapshot({spread: STARTED}), "churn", "k3j2h1", FINISHED) == {spread: FINISHED}
    assert project.recorded(snapshot({RUN: STARTED}), "churn", "k3j2h1") == RUN
    assert project.recorded(snapshot({RUN: STARTED}), "churn", "other") is None
