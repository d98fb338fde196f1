"""What a push promoted, byte for byte: the names and the order are what pipelines go by."""

from __future__ import annotations

import re

import pytest

from .once import once


@once
def moved(churn):
    """A collection is described, two aliases move, one of them twice."""
    churn("edit", "model/churn", "--description", "Who will leave.")
    churn("promote", "model/churn:v0", "--to", "production")
    churn("promote", "model/churn:v1", "--to", "production")
    churn("promote", "model/churn:v1", "--to", "staging")
    return churn


@pytest.fixture
def pushed(moved, git):
    """What a push of the moves tells."""
    before = git(moved.directory, "rev-parse", "HEAD~3")
    commit = re.compile("(?<=REGISTRY_COMMIT=)[0-9a-f]{40}|^[0-9a-f]{10}", re.MULTILINE)
    return lambda *words: commit.sub("<commit>  ", moved("ci", "event", "--base", before, *words))


def test_as_json(pushed, golden):
    golden("ci/event.json", pushed("--json"))


@pytest.mark.parametrize("only", [[], ["--alias", "production"], ["--alias", "none"]])
def test_as_a_file_for_gitlab(pushed, golden, only):
    golden(f"ci/event-{only[1] if only else 'all'}.env", pushed("--format", "dotenv", *only))


def test_in_a_pipe(pushed, golden):
    golden("ci/event.pipe.txt", pushed())


def test_on_a_terminal(pushed, golden, terminal):
    golden("ci/event.terminal.txt", pushed())
