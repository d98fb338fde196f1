"""`--at` on every verb that reads, answered before click and by it."""

import pytest

from .once import once


@once
def moved(churn):
    """Production was v0, and has been v1 since the last commit."""
    churn("promote", "model/churn:v0", "--to", "production")
    churn("promote", "model/churn:v1", "--to", "production")
    return churn


@pytest.mark.parametrize("quickly", [True, False], ids=["quick", "click"])
@pytest.mark.parametrize("at", ["HEAD~1", "main^", "2026-01-01 12:00:05"])
def test_what_production_was_then(moved, git, at, quickly):
    if at.startswith("2026"):
        at = git(moved.directory, "log", "-1", "--format=%cI", "HEAD~1")
    # `--at=…` is not plain, so it is left to click.
    option = ("--at", at) if quickly else (f"--at={at}",)

    assert moved.json("show", "model/churn:production", *option)["version"] == "v0"
    assert moved.json("resolve", "model/churn:production", *option)["aliases"] == ["production", "staging"]
    assert [one["aliases"] for one in moved.json("list", "model/churn", *option)] == [
        [],
        ["production", "staging"],
    ]
    assert moved.json("show", "model/churn:production")["version"] == "v1"


def test_download_compare_and_verify_look_back_too(moved):
    moved("download", "model/churn:production", "then", "--at", "HEAD~1")

    assert (moved.directory / "then/model.bin").read_text() == "weights"
    compared = moved.json("compare", "model/churn:production", "model/churn:latest", "--at", "HEAD~1")
    assert [one["version"] for one in compared["versions"]] == ["v0", "v1"]
    assert moved.json("verify", "model/churn:v0", "--at", "HEAD~2")["checked"] == 1


@pytest.mark.parametrize("option", [("--at", "HEAD~1"), ("--at=HEAD~1",)], ids=["quick", "click"])
def test_a_search_looks_back_too(moved, option):
    assert [one["version"] for one in moved.json("search", "--alias", "production", *option)] == ["v0"]
    assert [one["version"] for one in moved.json("search", "--alias", "production")] == ["v1"]


def test_a_time_that_means_nothing_is_a_usage_error(moved):
    error = moved.error("list", "--at", "yesterday", code=2)

    assert error["message"] == "'yesterday' is neither a date nor a revision of this clone"
    assert error["where"] == "--at"
