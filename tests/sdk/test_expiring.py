"""Versions of projects whose time has run out."""

from datetime import timedelta

import pytest

from git_registry.errors import Conflict
from git_registry.model.documents.notes import Notes
from git_registry.sdk import linking
from git_registry.sdk.expiring import deadline, expire, expired
from git_registry.sdk.linking import Request
from git_registry.sdk.renoting import Revision, revise

from .desk import NOON
from .projects import log

LATER = NOON + timedelta(hours=1)


@pytest.fixture
def at(desk):
    """Look at the clock an hour later."""

    def run(verb, *args, **options):
        desk.clock = lambda: LATER
        return desk(verb, *args, **options)

    return run


def test_what_is_due(desk):
    due = log(desk, "one", ttl=60)
    log(desk, "two", ttl=7200)
    log(desk, "three")

    (found,) = desk(expired, LATER)

    assert (found.project, found.collection, found.id) == ("churn", "churn/churn-xgb", due.id)
    assert found.size == 3
    assert desk(expired, found.since - timedelta(seconds=1)) == ()


def test_nothing_is_done_unless_it_is_meant(desk, git, at):
    log(desk, "one", ttl=60)
    before = git(desk.path, "rev-parse", "projects/churn")

    found = at(expire)

    assert len(found.versions) == 1
    assert found.projects == ()
    assert git(desk.path, "rev-parse", "projects/churn") == before


def test_what_is_due_is_unlinked_and_its_blobs_stay(desk, git, at):
    due = log(desk, "one", ttl=60, aliases=["best"])
    other = log(desk, "other", project="fraud", ttl=60)
    kept = log(desk, "two")
    blobs = desk.blobs

    done = at(expire, dry_run=False)

    assert {one.id for one in done.versions} == {due.id, other.id}
    assert [one.project for one in done.projects] == ["churn", "fraud"]
    assert all(one.outcome and one.outcome.commit for one in done.projects)
    assert git(desk.path, "log", "-1", "--format=%s", "projects/churn") == (
        "Unlink 1 version of churn whose time has run out"
    )
    listed = git(desk.path, "ls-tree", "-r", "--name-only", "projects/churn").splitlines()
    assert f"churn/churn-xgb/unlinked/{due.id}.yaml" in listed
    assert f"churn/churn-xgb/versions/{kept.id}.yaml" in listed
    assert not [path for path in listed if "aliases" in path]
    assert desk.blobs == blobs
    assert at(expire, dry_run=False).versions == ()


def test_linking_stops_the_clock(desk, at):
    log(desk, "one", ttl=60)
    desk(linking.link_version, "projects/churn/churn-xgb:v0", "model/churn", Request())

    assert at(expire).versions == ()


def test_a_link_that_was_fetched_stops_the_clock_before_it_is_here(desk, at, upstream, clone, git):
    log(desk, "one", ttl=60)
    log(desk, "two", ttl=60)
    git(desk.path, "push", "-q", "origin", "projects/churn")
    other = clone("other")
    other(linking.link_version, "projects/churn/churn-xgb:v0", "model/churn", Request())
    git(other.path, "push", "-q", "origin", "main")
    desk(linking.link_version, "projects/churn/churn-xgb:v1", "model/churn", Request())

    git(desk.path, "fetch", "-q")

    assert at(expire, dry_run=False).versions == ()


def test_a_link_on_the_default_branch_counts_wherever_one_works(desk, at, git):
    log(desk, "one", ttl=60)
    git(desk.path, "config", "registry.branch", "main")
    git(desk.path, "branch", "idea")
    desk(linking.link_version, "projects/churn/churn-xgb:v0", "model/churn", Request())
    git(desk.path, "checkout", "-q", "idea")

    assert at(expire).versions == ()


def test_a_time_that_was_changed_meanwhile_is_a_conflict_of_its_project_alone(desk, git, at, monkeypatch):
    log(desk, "one", ttl=60)
    other = log(desk, "other", project="fraud", ttl=60)
    found = desk(expired, LATER)
    desk(revise, "projects/churn/churn-xgb:v0", Revision(before=Notes(ttl=60), after=Notes(ttl=7200)))
    monkeypatch.setattr("git_registry.sdk.expiring.expired", lambda catalog, now: found)

    churn, fraud = at(expire, dry_run=False).projects

    assert churn.outcome is None
    assert isinstance(churn.failure, Conflict)
    assert "its ttl was changed" in str(churn.failure)
    assert fraud.failure is None
    assert other.id in git(desk.path, "show", "--stat=200", "projects/fraud")


def test_one_that_cannot_be_read_hides_no_other(desk, git, at, tmp_path):
    broken, due = log(desk, "one", ttl=60), log(desk, "two", ttl=60)
    git(desk.path, "worktree", "add", "-q", tmp_path / "tree", "projects/churn")
    (tmp_path / f"tree/churn/churn-xgb/versions/{broken.id}.notes.yaml").write_text("ttl: [")
    git(tmp_path / "tree", "commit", "-qam", "Break")

    assert [one.id for one in at(expire).versions] == [due.id]
    assert broken.id in desk.said[-1]


def test_without_projects_nothing_is_due(desk, at):
    assert at(expire).versions == ()


def test_a_time_that_no_calendar_has(desk):
    manifest = log(desk, "one").manifest

    assert deadline(manifest, Notes()) is None
    assert deadline(manifest, Notes(ttl=2**62)) is None
    assert deadline(manifest, Notes(ttl=0)) is not None
