"""Logging the same content again: it lasts as was said last, and what is not written is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from git_registry.errors import UsageError
from git_registry.sdk.expiring import expire
from git_registry.sdk.linking import Request
from git_registry.sdk.logging_files import log_files

from .desk import NOON
from .projects import log


class Hours:
    """A clock that is set by hand."""

    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now

    def later(self, **time):
        self.now += timedelta(**time)


@pytest.fixture
def clock(desk):
    desk.clock = Hours()
    return desk.clock


def expired(desk):
    return [one.id for one in desk(expire).versions]


def notes(desk, done):
    with desk.open() as catalog:
        there = catalog.repository.git(
            "show", f"projects/churn:churn/churn-xgb/versions/{done.id}.notes.yaml"
        )
    return there.text


def test_what_expired_is_kept_by_logging_it_again(desk, clock):
    first = log(desk, "one", ttl=1)
    clock.later(hours=1)
    desk(expire, dry_run=False)

    again = log(desk, "one")

    assert not again.known
    assert again.manifest.created == first.manifest.created
    clock.later(days=400)
    assert expired(desk) == []


def test_what_comes_back_lasts_from_then_on(desk, clock):
    log(desk, "one", ttl=1)
    clock.later(hours=1)
    desk(expire, dry_run=False)
    clock.later(hours=1, milliseconds=300)
    again = log(desk, "one", ttl=60)

    clock.later(seconds=59)
    assert expired(desk) == []
    clock.later(seconds=2)
    assert expired(desk) == [again.id]


@pytest.mark.parametrize("before", [None, 10, 100_000])
def test_what_is_there_lasts_as_was_said_last(desk, clock, before):
    log(desk, "one", ttl=before)
    clock.later(seconds=5)
    again = log(desk, "one", ttl=60)
    assert again.known

    clock.later(seconds=59)
    assert expired(desk) == []
    clock.later(seconds=2)
    assert expired(desk) == [again.id]

    log(desk, "one")
    assert expired(desk) == []


def test_a_clock_that_is_behind_still_writes_a_ttl(desk, clock):
    log(desk, "one")
    clock.later(hours=-1)
    assert notes(desk, log(desk, "one", ttl=60)).endswith("ttl: 1")


def test_only_the_time_to_live_is_written_anew(desk, clock):
    first = log(desk, "one", description="First.", tags=["eu"], ttl=60, metrics={"auc": 0.9})

    again = log(
        desk, "one", description="Second.", tags=["us"], metrics={"auc": 0.8}, metadata={"by": "risk"}
    )

    assert again.unrecorded == ("metrics", "metadata", "description", "tags")
    assert desk.said[-1] == (
        f"projects/churn/churn-xgb@{first.id[:8]} was logged before; not recorded: metrics, metadata, "
        "description, tags; `git registry annotate` and `tag` add to what is there"
    )
    assert "First." in notes(desk, again)
    assert "ttl" not in notes(desk, again)


def test_what_is_said_already_is_not_told(desk):
    said = {"description": "First.", "tags": ["eu"], "metrics": {"loss": float("nan")}}
    log(desk, "one", **said)

    again = log(desk, "one", **said)

    assert again.known
    assert again.unrecorded == ()
    assert again.outcome.events == ()
    assert desk.said == []


def test_new_notes_of_what_comes_back_are_written_and_its_manifest_stays(desk, clock):
    log(desk, "one", ttl=1, description="First.", tags=["eu"], metrics={"auc": 0.9})
    clock.later(hours=1)
    desk(expire, dry_run=False)

    again = log(desk, "one", description="Second.", tags=["us"], metrics={"auc": 0.8})

    assert again.unrecorded == ("metrics",)
    assert "Second." in notes(desk, again)
    assert "eu" in notes(desk, again)
    assert "us" in notes(desk, again)
    with desk.open() as catalog:
        listed = catalog.repository.git("ls-tree", "-r", "--name-only", "projects/churn").text
    assert "unlinked" not in listed


def test_a_ttl_is_positive(desk):
    with pytest.raises(UsageError, match="positive number of seconds, not 0"):
        log(desk, "one", ttl=0)


def test_inputs_are_read_off_the_branch_one_works_on(desk, git):
    desk.link("first", "dataset/events", type="dataset")
    git(desk.path, "config", "registry.branch", "main")
    git(desk.path, "checkout", "-q", "-b", "idea")
    second = desk.link("second", "dataset/events")
    request = Request(type="model", inputs=["dataset/events:latest"])

    linked = desk.link("weights", "model/churn", inputs=["dataset/events:latest"])
    done = desk(log_files, desk.source("weights"), "projects/churn/xgb", request)

    assert [one.version for one in done.manifest.inputs] == [second.id]
    assert done.manifest.inputs == linked.manifest.inputs
