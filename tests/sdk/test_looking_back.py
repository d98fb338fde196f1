"""Reading verbs as of then."""

from datetime import UTC, datetime

import pytest
from tests.sdk.desk import NOON, Desk

from git_registry.catalog.catalog import Reach
from git_registry.errors import NotFound, UsageError
from git_registry.model.dates import typed
from git_registry.sdk import aliasing, linking, listing, managing, resolving
from git_registry.sdk.looking_back import look_back

from .once import once


def then(desk, at, verb, *args):
    """Call a verb on what was there at a revision or date."""

    def ask(catalog):
        look_back(catalog, at)
        return verb(catalog, *args)

    return desk(ask)


@once
def promoted(desk):
    """Production was v0, then v1; the first of both was then unlinked."""
    ids = [desk.link("one", aliases=["production"]).id, desk.link("two").id]
    desk.promote("model/churn:v1", "production")
    desk(linking.unlink, ["model/churn:v0"])
    return ids


def test_what_production_was_at_a_revision(desk, promoted):
    found = [then(desk, f"HEAD~{back}", listing.show, "model/churn:production").id for back in (3, 2, 1, 0)]

    assert found == [promoted[0], promoted[0], promoted[1], promoted[1]]


@pytest.mark.parametrize("revision", ["main~2", "HEAD~2"])
@pytest.mark.parametrize("name", ["origin", "hub"])
def test_a_branch_that_was_only_fetched_whatever_the_remote_is_called(
    desk, promoted, git, tmp_path, name, revision
):
    git(tmp_path, "init", "-q", "--bare", "follower.git")
    follower = Desk(tmp_path / "follower.git", allowed={"reach": Reach.FETCHED})
    git(follower.path, "remote", "add", name, desk.path)
    git(follower.path, "fetch", "-q", name)
    git(follower.path, "remote", "set-head", name, "main")

    assert then(follower, revision, listing.show, "model/churn:production").id == promoted[0]


def test_what_is_gone_now_is_there_then(desk, promoted):
    assert then(desk, "HEAD~1", resolving.resolve, "model/churn:v0").found.id == promoted[0]
    with pytest.raises(NotFound, match="v0 was unlinked"):
        desk(resolving.resolve, "model/churn:v0")


def test_what_came_later_is_not_there_yet(desk, promoted):
    with pytest.raises(NotFound, match="no version v1"):
        then(desk, "HEAD~3", resolving.resolve, "model/churn:v1")
    assert then(desk, "HEAD~3", listing.show, "model/churn").latest == "v0"


def test_a_date_is_the_last_step_that_is_not_later(desk, git, promoted):
    times = git(desk.path, "log", "--reverse", "--format=%cI").split()
    alias = "model/churn/aliases/production.yaml"
    first, moved = git(desk.path, "log", "--reverse", "--format=%cI", "--", alias).split()

    assert then(desk, moved, listing.show, "model/churn:production").id == promoted[1]
    before = times[times.index(moved) - 1]
    assert then(desk, before, listing.show, "model/churn:production").id == promoted[0]
    assert then(desk, first, listing.show, "model/churn:production").id == promoted[0]


def test_a_date_alone_is_its_midnight(desk, promoted):
    day = NOON.date().isoformat()

    with pytest.raises(NotFound, match=f"nothing was there yet at {day} 00:00:00Z") as early:
        then(desk, day, listing.registries)

    assert early.value.hint.startswith(f"the first step is of {day} 12:00:")
    assert then(desk, "2026-01-02", listing.show, "model/churn:production").id == promoted[1]


def test_a_clock_that_ran_ahead_hides_nothing_that_came_before_it(desk, git):
    desk.link("one")
    env = {"GIT_COMMITTER_DATE": "2030-01-01T00:00:00Z", "GIT_AUTHOR_DATE": "2030-01-01T00:00:00Z"}
    git(desk.path, "commit", "-q", "--allow-empty", "-m", "From the future", env=env)
    later = desk.link("two").id

    assert then(desk, "2029-01-01", listing.show, "model/churn").versions == 1
    assert then(desk, "2030-01-01", listing.show, "model/churn:latest").id == later


def test_a_date_says_which_moment_it_is(desk, git, promoted):
    then(desk, "HEAD~1", listing.registries)
    assert desk.said == []

    then(desk, "2026-02-03 10:00+01:00", listing.registries)

    commit, date = git(desk.path, "log", "-1", "--format=%H %ct").split()
    at = typed(datetime.fromtimestamp(int(date), UTC))
    assert desk.said == [f"as of 2026-02-03 09:00:00Z: commit {commit[:10]} of {at}"]


@pytest.mark.parametrize("ahead", [1, 2], ids=["one", "several"])
def test_a_clock_that_ran_ahead_is_told_where_it_hides_steps(desk, git, ahead):
    for year in range(2090, 2090 + ahead):
        date = f"{datetime(year, 1, 1, tzinfo=UTC).timestamp():.0f} +0000"
        git(desk.path, "commit", "-q", "--allow-empty", "-m", "Soon", env={"GIT_COMMITTER_DATE": date})
    desk.link("one")
    culprit, late = git(desk.path, "log", "--reverse", "--format=%H", f"HEAD~{ahead + 1}..").split()[::ahead]

    then(desk, "2027-01-01", listing.registries)

    _, told = desk.said
    assert told.startswith(
        f"later steps are not looked at, such as commit {late[:10]} of {NOON.date()} 12:00"
    )
    assert told.endswith(f"because they follow commit {culprit[:10]} of 2090-01-01 00:00:00Z")


def test_what_came_after_a_date_in_order_is_hidden_by_nobody(desk, git, promoted):
    times = git(desk.path, "log", "--reverse", "--format=%cI").split()

    then(desk, times[-2], listing.registries)

    assert len(desk.said) == 1


def test_the_past_cannot_be_written_to(desk, promoted):
    with pytest.raises(UsageError, match="the past can't be written to"):
        then(desk, "HEAD~1", managing.delete, "model/churn")
    with pytest.raises(UsageError, match="the past can't be written to"):
        then(desk, "HEAD~1", aliasing.promote, ["model/churn:v0"], "staging")


@pytest.mark.parametrize("text", ["no-such-branch", "", "--all", "HEAD~99", "2026-13-01"])
def test_what_is_neither_a_date_nor_a_revision_is_refused(desk, text):
    with pytest.raises(UsageError, match="neither a date nor a revision"):
        then(desk, text, listing.registries)


def test_a_store_that_moved_since_is_found_where_it_is_now(desk, git, tmp_path):
    desk.link("one")
    was = desk(resolving.resolve, "model/churn:v0").files[0].uri
    store = was.partition("/sha256/")[0]
    organization = desk.path / "organization.yaml"
    text = organization.read_text().replace(store, f"file://{tmp_path}/elsewhere")
    organization.write_text(text + f'moved: {{"{store}": "file://{tmp_path}/elsewhere"}}\n')
    git(desk.path, "commit", "-q", "-a", "-m", "Move the store")

    found = then(desk, "HEAD~1", resolving.resolve, "model/churn:v0")

    assert found.files[0].uri == was.replace(store, f"file://{tmp_path}/elsewhere")
