"""An organization that is named by a URL: the clone that is kept of it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import textwrap
from datetime import timedelta

import pytest

from git_registry.catalog.catalog import Reach
from git_registry.errors import NetworkError, NotFound, UsageError
from git_registry.index.numbers import at_hand
from git_registry.repository import turns
from git_registry.repository.locks import taken
from git_registry.repository.refs import FETCHING
from git_registry.sdk import aliasing, clones, resolving
from git_registry.sdk.opening import open_catalog
from git_registry.sdk.surface.workspace import Workspace
from git_registry.sdk.syncing import sync

from .once import once
from .smart_http import serving


@pytest.fixture
def places(tmp_path):
    """Where clones are kept."""
    return tmp_path / "clones"


@once
def url(desk, upstream):
    """An organization with one version, published."""
    desk.link("one", aliases=["staging"])
    desk(sync)
    return f"file://{upstream}"


class Away:
    """Somebody who has no clone, and knows the URL."""

    def __init__(self, url, places, clock):
        self.url, self.clock, self.said = url, clock, []
        self.environ = {**os.environ, "GIT_REGISTRY_CLONES": str(places)}

    def open(self, reach=None):
        return open_catalog(
            self.url, environ=self.environ, clock=self.clock, notify=self.said.append, reach=reach
        )

    def __call__(self, verb, *args, reach=None, **options):
        with self.open(reach) as catalog:
            return verb(catalog, *args, **options)

    def aliases(self):
        return self(lambda catalog: dict(catalog.now().aliases("model/churn")))


@pytest.fixture
def away(url, places, desk):
    return Away(url, places, desk.clock)


@pytest.fixture
def at(places):
    """The one clone that is kept."""

    def only():
        (found,) = [path for path in places.iterdir() if path.suffix != ".lock"]
        return found

    return only


def test_the_default_branch_is_read_as_it_is_published(away, at):
    with away.open() as catalog:
        assert (catalog.branch, catalog.reach) == ("main", Reach.PUBLISHED)
        assert catalog.now().organization().name == "acme"
        assert catalog.tip() == catalog.published_tip()
        resolved = resolving.resolve(catalog, "model/churn:staging")
        known = at_hand(catalog)
        numbered = known.get("model/churn", resolved.found.id)
        assert numbered.number == 0
        assert known.is_published(numbered)

    assert away.said == []
    assert at().stat().st_mode & 0o777 == at().parent.stat().st_mode & 0o777 == 0o700


def test_what_others_publish_is_read_the_next_time(away, desk):
    assert away.aliases().keys() == {"staging"}
    desk.promote("model/churn:staging", "production")
    assert away.aliases().keys() == {"staging"}
    desk(sync)

    assert away.aliases().keys() == {"staging", "production"}


def test_what_is_written_is_published_and_nothing_waits(away, upstream, git, at):
    with away.open() as catalog:
        done = aliasing.promote(catalog, ["model/churn:staging"], "production")
        assert catalog.now().alias("model/churn", "production")

    assert done.attempts == 1
    assert git(upstream, "rev-parse", "main") == done.commit
    assert git(at(), "for-each-ref", "refs/heads") == ""


def test_who_was_faster_is_fetched(away, desk):
    with away.open() as catalog:
        desk.promote("model/churn:staging", "production")
        desk(sync)
        done = aliasing.promote(catalog, ["model/churn:staging"], "best")

    assert done.attempts == 2
    assert away.aliases().keys() == {"staging", "production", "best"}


@pytest.mark.parametrize("reach", [Reach.HERE, Reach.PUBLISHED])
def test_syncing_what_only_follows_makes_no_branch(away, desk, git, at, upstream, reach):
    with away.open(reach) as catalog:
        desk.promote("model/churn:staging", "production")
        desk(sync)
        done = sync(catalog)

    assert (done.fetched, done.pushed, done.to) == (1, 0, "origin/main")
    assert git(at(), "for-each-ref", "refs/heads") == ""
    assert git(at(), "rev-parse", "origin/main") == git(upstream, "rev-parse", "main")


def test_what_takes_long_is_told(away, desk, monkeypatch):
    monkeypatch.setattr(turns, "PATIENCE", 0)
    for number in range(2):  # the first time it is made, then it is there
        with away.open() as catalog:
            desk.promote("model/churn:staging", f"theirs-{number}")
            desk(sync)
            aliasing.promote(catalog, ["model/churn:staging"], f"ours-{number}")

    assert away.said == ["origin/main: others were faster once; still trying"] * 2


def test_a_clone_may_be_as_old_as_the_user_wants(away, desk):
    away.environ["GIT_REGISTRY_REFRESH"] = "3600"
    away.aliases()
    desk.promote("model/churn:staging", "production")
    desk(sync)
    assert away.aliases().keys() == {"staging"}
    now = away.clock()
    away.clock = lambda: now + timedelta(hours=2)

    assert away.aliases().keys() == {"staging", "production"}


def test_a_clock_that_was_put_back_makes_nobody_wait(away, desk):
    away.environ["GIT_REGISTRY_REFRESH"] = "3600"
    away.aliases()
    desk.promote("model/churn:staging", "production")
    desk(sync)
    now = away.clock()
    away.clock = lambda: now - timedelta(days=9)

    assert away.aliases().keys() == {"staging", "production"}


@pytest.mark.parametrize("seconds", ["soon", "-1", "nan", "1e99"])
def test_a_patience_that_is_none(away, seconds):
    away.environ["GIT_REGISTRY_REFRESH"] = seconds

    with pytest.raises(UsageError) as wrong:
        away.open()

    assert wrong.value.where == "GIT_REGISTRY_REFRESH"


@pytest.mark.parametrize(
    ("later", "ago"),
    [
        (timedelta(seconds=1), "1 second ago"),
        (timedelta(minutes=5), "5 minutes ago"),
        (timedelta(hours=1, minutes=59), "1 hour ago"),
        (timedelta(days=12), "12 days ago"),
    ],
)
def test_a_remote_that_is_gone_leaves_what_was_fetched_and_says_how_old_it_is(away, upstream, later, ago):
    now = away.clock()
    away.clock = lambda: now
    away.aliases()
    upstream.rename(upstream.with_name("elsewhere.git"))
    away.clock = lambda: now + later

    assert away.aliases().keys() == {"staging"}

    (said,) = away.said
    assert said.startswith(f"reading what was fetched {ago}; {away.url} can't be reached: ")
    assert "\n" not in said


def test_a_remote_that_is_gone_before_anything_was_fetched(away, upstream, places):
    upstream.rename(upstream.with_name("elsewhere.git"))

    with pytest.raises(NetworkError, match="can't be reached"):
        away.open()

    assert [path for path in places.iterdir() if path.suffix != ".lock"] == []


def test_a_commit_that_can_not_be_published_is_not_made(away, upstream, git, at):
    away.aliases()
    upstream.rename(upstream.with_name("elsewhere.git"))

    with pytest.raises(NetworkError):
        away(aliasing.promote, ["model/churn:staging"], "production")

    assert git(at(), "for-each-ref", "refs/heads") == ""
    assert away.aliases().keys() == {"staging"}


def test_a_remote_that_answers_and_can_not_be_fetched_from(away, desk, upstream, git):
    away.aliases()
    desk.promote("model/churn:staging", "production")
    desk(sync)
    lost = git(upstream, "rev-parse", "main:model/churn/aliases")
    (upstream / "objects" / lost[:2] / lost[2:]).unlink()

    assert away.aliases().keys() == {"staging"}

    (said,) = away.said
    assert said.startswith("reading what was fetched ")
    assert f"{away.url} can't be reached: " in said
    assert lost in said


def test_a_clone_that_others_own_is_read_and_that_is_told(away, desk, at):
    away.aliases()
    desk.promote("model/churn:staging", "production")
    desk(sync)
    queue = at() / "fetch-queue"
    queue.unlink()
    queue.symlink_to(at() / "nowhere" / "queue")  # nobody can write to it, not even root

    assert away.aliases().keys() == {"staging"}

    (said,) = away.said
    assert said.startswith("reading what was fetched ")


def test_offline_asks_nobody(away, desk):
    with pytest.raises(NotFound, match="nothing was fetched"):
        away.open(Reach.OFFLINE)
    away.aliases()
    desk.promote("model/churn:staging", "production")
    desk(sync)

    with away.open(Reach.OFFLINE) as catalog:
        assert catalog.now().aliases("model/churn").keys() == {"staging"}


def test_another_default_branch(away, upstream, git, at):
    away.aliases()
    git(upstream, "branch", "-m", "main", "trunk")
    git(upstream, "symbolic-ref", "HEAD", "refs/heads/trunk")

    with away.open() as catalog:
        assert catalog.branch == "trunk"
        assert catalog.tip() == git(upstream, "rev-parse", "trunk")
    assert "origin/main" not in git(at(), "for-each-ref", "--format=%(refname)")


def without_head(clone):
    (clone / "HEAD").unlink()


def without_sense(clone):
    (clone / "config").write_text("[remote\n")


def without_objects(clone):
    shutil.rmtree(clone / "objects")
    (clone / "objects").mkdir()


def without_a_tip(clone):
    (clone / "refs/remotes/origin/main").write_text("nonsense\n")


def not_a_directory(clone):
    shutil.rmtree(clone)
    clone.write_text("what is this?")


@pytest.mark.parametrize(
    "broken", [without_head, without_sense, without_objects, without_a_tip, not_a_directory]
)
def test_a_broken_clone_is_made_anew(away, at, broken, git):
    away.aliases()
    broken(at())

    assert away.aliases().keys() == {"staging"}

    git(at(), "fsck", "--strict")
    assert away.said == []


def test_a_broken_clone_stays_while_nothing_better_can_be_had(away, at, upstream):
    away.aliases()
    without_objects(at())
    upstream.rename(upstream.with_name("elsewhere.git"))
    with pytest.raises(NotFound, match="is not in this repository"):
        away.aliases()
    upstream.with_name("elsewhere.git").rename(upstream)

    assert away.aliases().keys() == {"staging"}


@pytest.mark.parametrize("packed", [False, True])
def test_what_was_committed_offline_is_not_lost_with_a_broken_clone(away, at, places, git, packed):
    away.aliases()
    done = away(aliasing.promote, ["model/churn:staging"], "best", reach=Reach.OFFLINE)
    assert done.attempts == 0
    if packed:
        git(at(), "pack-refs", "--all")
    (at() / "refs/remotes/origin/main").write_text("nonsense\n")

    assert away.aliases().keys() == {"staging"}

    (said,) = away.said
    (kept,) = places.glob("*.broken")
    assert said.endswith(f"what was committed to it offline is in {kept}")
    assert git(kept, "rev-parse", "main") == done.commit


def nonsense(clone):
    (clone / "refs/heads/main").write_text("zz\n")


def of_a_lost_commit(clone):
    (clone / "refs/heads/main").write_text(f"{'1' * 40}\n")


def packed_of_a_lost_commit(clone):
    with (clone / "packed-refs").open("a") as packed:
        packed.write(f"{'1' * 40} refs/heads/projects/churn\n")


@pytest.mark.parametrize("broken", [nonsense, of_a_lost_commit, packed_of_a_lost_commit])
def test_a_branch_that_leads_nowhere_is_put_aside(away, at, places, broken):
    away.aliases()
    (at() / "refs/heads/main.lock").touch()
    assert away.aliases().keys() == {"staging"}
    assert away.said == []
    broken(at())

    with away.open() as catalog:
        assert catalog.now().aliases("model/churn").keys() == {"staging"}
        gitdir = catalog.repository.gitdir

    (said,) = away.said
    (kept,) = places.glob("*.broken")
    assert said.endswith(f"what was committed to it offline is in {kept}")
    assert not (gitdir / "refs/heads/main").exists()


def test_what_was_committed_offline_is_read_and_goes_first(away, upstream, git):
    away.aliases()
    away(aliasing.promote, ["model/churn:staging"], "waiting", reach=Reach.OFFLINE)
    assert away.aliases().keys() == {"staging", "waiting"}

    away(aliasing.promote, ["model/churn:staging"], "best")

    aliases = git(upstream, "ls-tree", "--name-only", "main:model/churn/aliases").split()
    assert aliases == ["best.yaml", "staging.yaml", "waiting.yaml"]


def test_a_clone_that_can_not_be_written_to_is_read(away, at, desk, git):
    away.aliases()
    desk.promote("model/churn:staging", "production")
    desk(sync)
    lock = at().with_suffix(".lock")
    lock.unlink()
    lock.mkdir()  # nobody can take it, not even root

    assert away.aliases().keys() == {"staging"}

    (said,) = away.said
    assert said.startswith("reading what was fetched ")
    assert said.endswith(f"{lock}: Is a directory")


@pytest.mark.parametrize("lock", ["of the clone", "of its fetches"])
def test_a_process_that_hangs_in_a_fetch_keeps_no_reader_waiting(away, at, desk, monkeypatch, lock):
    monkeypatch.setattr(clones, "TURN", 0.2)
    away.aliases()
    desk.promote("model/churn:staging", "production")
    desk(sync)
    held = at().with_suffix(".lock") if lock == "of the clone" else at() / FETCHING

    with taken(held):
        assert away.aliases().keys() == {"staging"}

    (said,) = away.said
    assert said.startswith("reading what was fetched ")
    assert said.endswith(f"{held}: another process has been at work for more than 0.2 seconds")
    assert away.aliases().keys() == {"staging", "production"}


def test_a_repository_around_the_directory_is_not_mistaken_for_it(away, places, git):
    places.mkdir()
    git(places.parent, "init", "-q", places)

    assert away.aliases().keys() == {"staging"}
    assert git(places, "for-each-ref") == ""


def test_a_place_that_is_named_in_a_roundabout_way(away, places, at):
    away.environ["GIT_REGISTRY_CLONES"] = str(places / ".." / places.name)
    away.aliases()
    made = at().stat().st_ino

    away.aliases()

    assert at().stat().st_ino == made


def test_two_urls_have_two_clones(away, places, upstream, tmp_path, desk):
    other = Away(f"file://{tmp_path}/../{tmp_path.name}/upstream.git", places, desk.clock)

    assert away.aliases() == other.aliases()

    assert len([path for path in places.iterdir() if path.suffix != ".lock"]) == 2


OPEN = textwrap.dedent("""
    import os, sys
    from datetime import UTC, datetime
    from git_registry.sdk.opening import open_catalog

    def tell(text):
        print(text, file=sys.stderr)

    now = datetime.now(UTC)
    with open_catalog(sys.argv[1], environ=os.environ, clock=lambda: now, notify=tell) as catalog:
        print(sorted(catalog.now().aliases("model/churn")))
""")


def opening(away, **environ):
    return subprocess.Popen(
        [sys.executable, "-c", OPEN, away.url],
        env={**away.environ, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def test_eight_processes_at_once(away, at, desk):
    """First nobody has it, then all have it and it is old."""
    for aliases in (["staging"], ["production", "staging"]):
        said = [one.communicate(timeout=120) for one in [opening(away) for _ in range(8)]]

        assert said == [(f"{aliases}\n".encode(), b"")] * 8
        assert at().suffix == ""
        desk.promote("model/churn:staging", "production")
        desk(sync)


PROMOTE = textwrap.dedent("""
    import os, sys
    from datetime import UTC, datetime
    from git_registry.sdk import aliasing
    from git_registry.sdk.opening import open_catalog

    url, name = sys.argv[1:]
    how = {"environ": os.environ, "clock": lambda: datetime.now(UTC), "notify": sys.exit}
    for number in range(3):
        with open_catalog(url, **how) as catalog:
            aliasing.promote(catalog, ["model/churn:staging"], f"{name}-{number}")
""")


def test_processes_that_write_through_one_clone_lose_nothing(away, upstream, git):
    writers = [
        subprocess.Popen([sys.executable, "-c", PROMOTE, away.url, f"w{number}"], env=away.environ)
        for number in range(4)
    ]

    assert [writer.wait(timeout=120) for writer in writers] == [0] * 4

    aliases = {"staging", *(f"w{w}-{n}" for w in range(4) for n in range(3))}
    assert away.aliases().keys() == aliases
    assert git(upstream, "rev-list", "--merges", "main") == ""


SLOW = """#!/bin/sh
# Answers like ssh; the second time it begins to, and never ends.
for last; do :; done
if test -e "$CALLED"; then
    mkfifo "$CALLED.fifo"
    echo fetching > "$CALLED.said"
    exec cat "$CALLED.fifo"
fi
: > "$CALLED"
exec sh -c "$last"
"""


@pytest.mark.parametrize("all_of_it", [True, False], ids=["with its children", "alone"])
def test_killed_while_it_is_made(away, places, at, tmp_path, upstream, all_of_it):
    ssh = tmp_path / "ssh"
    ssh.write_text(SLOW)
    ssh.chmod(0o755)
    os.mkfifo(tmp_path / "called.said")
    away.url = f"ssh://git@nowhere.example{upstream}"
    slow = {"GIT_SSH_COMMAND": str(ssh), "GIT_SSH_VARIANT": "ssh", "CALLED": str(tmp_path / "called")}
    with opening(away, **slow) as process:
        assert (tmp_path / "called.said").read_text() == "fetching\n"
        (left,) = places.glob("*.part")
        (os.killpg if all_of_it else os.kill)(process.pid, signal.SIGKILL)
        process.wait()
        if not all_of_it:
            (tmp_path / "called.fifo").open("w").close()
    assert left.is_dir()

    quick = tmp_path / "quick"
    quick.write_text('#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n')
    quick.chmod(0o755)
    out, err = opening(away, GIT_SSH_COMMAND=str(quick), GIT_SSH_VARIANT="ssh").communicate(timeout=60)

    assert (out, err) == (b"['staging']\n", b"")
    assert at().suffix == ""


def test_over_http_with_a_password(away, upstream, git, at, tmp_path):
    git(upstream, "config", "http.receivepack", "true")
    with serving(upstream.parent, "ana:s3cret") as host:
        away.url = f"http://ana:s3cret@{host}/upstream.git"
        away(aliasing.promote, ["model/churn:staging"], "production")
        assert away.aliases().keys() == {"staging", "production"}
        wrong = Away(f"http://ana:wr0ng@{host}/upstream.git", tmp_path / "clones", away.clock)
        with pytest.raises(NetworkError) as refused:
            wrong.open()

    assert "s3cret" not in str(at())
    assert away.aliases().keys() == {"staging", "production"}
    assert f"http://{host}/upstream.git can't be reached" in away.said[-1]
    assert "s3cret" not in away.said[-1]
    assert "wr0ng" not in f"{refused.value}{refused.value.hint}"


def test_a_workspace_is_opened_once_for_a_thread(away, upstream):
    workspace = Workspace(path=away.url, environ=away.environ, clock=away.clock, notify=away.said.append)

    assert workspace.organization == "acme"
    assert workspace.catalog is workspace.catalog
    assert workspace.catalog.reach is Reach.PUBLISHED
    project = workspace.project("churn")
    assert (project.project, project.tip()) == ("churn", None)
    workspace.close()

    offline = Workspace(path=away.url, environ=away.environ, reach=Reach.OFFLINE, notify=away.said.append)
    upstream.rename(upstream.with_name("elsewhere.git"))
    assert offline.organization == "acme"
    assert away.said == []
    offline.close()


def test_a_workspace_on_somebodys_own_clone_fetches_nothing_when_it_is_opened(desk, upstream):
    desk.link("one")
    desk(sync)
    upstream.rename(upstream.with_name("elsewhere.git"))
    workspace = Workspace(path=str(desk.path), notify=desk.said.append)

    assert workspace.organization == "acme"
    assert desk.said == []
    workspace.close()


def test_the_clones_are_in_the_users_cache(away, monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    del away.environ["GIT_REGISTRY_CLONES"]
    away.aliases()

    (found,) = (tmp_path / "cache/git-registry/clones").glob("*/config")
    assert away.url in found.read_text()
