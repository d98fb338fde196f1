"""Work without a network: commits and blobs wait here, and `sync` publishes them, the blobs first."""

from __future__ import annotations

import json
import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from functools import partial

import pytest
from tests.store.conftest import KEYS, new_bucket

from git_registry import codec
from git_registry.catalog import pending, projects
from git_registry.catalog.catalog import Reach
from git_registry.errors import Conflict, NetworkError, Refused, StoreError
from git_registry.model.digest import Digest
from git_registry.model.snapshot import Snapshot
from git_registry.sdk import linking, logged
from git_registry.sdk.blobs import blobs
from git_registry.sdk.downloading import Wish, download
from git_registry.sdk.linking import Request
from git_registry.sdk.manifests import About
from git_registry.sdk.opening import open_catalog
from git_registry.sdk.syncing import sync, sync_everything, upload
from git_registry.store.blobs import Store
from git_registry.store.sources import collect

from .desk import found


class FarStore:
    """An S3 server that can be switched off and on; what it holds stays.

    Attributes:
        uri: of the store that a test has on it.
    """

    def __init__(self):
        from moto.server import ThreadedMotoServer

        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server = ThreadedMotoServer
        self._running = None
        self.port = 0
        self.start()
        _, self.port = self._running.get_host_and_port()

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        if self._running:
            return
        self._running = self._server(ip_address="127.0.0.1", port=self.port, verbose=False)
        self._running.start()

    def stop(self):
        if self._running:
            self._running.stop()
            self._running = None


@pytest.fixture(scope="module")
def server():
    """The server for all tests of this module."""
    server = FarStore()
    yield server
    server.stop()


@pytest.fixture
def far(server, monkeypatch):
    """A store that is far away; it is on."""
    import s3fs

    server.start()
    for name, value in {**KEYS, "AWS_ENDPOINT_URL": server.endpoint, "AWS_MAX_ATTEMPTS": "1"}.items():
        monkeypatch.setenv(name, value)
    # A file system remembers the endpoint it was made for.
    s3fs.S3FileSystem.clear_instance_cache()
    server.uri = f"s3://{new_bucket(server.endpoint)}/blobs"
    yield server
    s3fs.S3FileSystem.clear_instance_cache()


@pytest.fixture
def desk(tmp_path, far):
    """A new organization whose store is far away."""
    return found(tmp_path / "acme", store=far.uri)


@pytest.fixture
def offline(upstream, desk):
    """The same desk, on a train."""
    return desk.allowing(reach=Reach.OFFLINE)


def log(desk, content, artifact="xgb", project="churn"):
    """Log a file into a project."""
    with desk.open() as catalog:
        stored = blobs(catalog).store.upload(collect(desk.source(content)))
        about = logged.Log(about=About(artifact=artifact, type="model"))
        return logged.log(projects.begun(catalog, project), about, stored)


def waits(desk):
    with desk.open() as catalog:
        return len(pending.waiting(catalog.repository).blobs())


def holds(far, linked):
    return not Store(far.uri).missing(one.digest for one in linked.manifest.files)


def published(git, upstream, branch="main"):
    return git(upstream, "for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}")


def test_offline_nobody_far_away_is_asked(offline, far, git, upstream):
    before = published(git, upstream)
    far.stop()

    linked = offline.link("weights")

    (entry,) = linked.manifest.files
    assert entry.uri == Store(far.uri).uri_of(entry.digest)
    assert offline.log()[0] == f"Link model/churn@{linked.id[:8]}"
    assert waits(offline) == 1
    assert published(git, upstream) == before


def test_what_waits_is_read_here_by_any_command(desk, offline, far, tmp_path):
    far.stop()
    offline.link("weights")
    offline.link({f"{number}": f"{number}" for number in range(101)}, "dataset/many")

    for number, reader in enumerate((desk, offline)):
        reader(download, "model/churn:latest", Wish(target=tmp_path / f"one{number}"))
        assert (tmp_path / f"one{number}/model.bin").read_text() == "weights"
        arrived = reader(download, "dataset/many:latest", Wish(target=tmp_path / f"many{number}"))
        assert len(arrived.files) == 101


def test_a_store_beside_the_clone_needs_no_spool(tmp_path):
    desk = found(tmp_path / "near").allowing(reach=Reach.OFFLINE)

    desk.link("weights")

    assert waits(desk) == 0
    assert len(desk.blobs) == 1


def test_sync_uploads_and_then_publishes(desk, offline, far, clone, tmp_path):
    far.stop()
    linked = offline.link("weights")
    many = offline.link({f"{number}": f"{number}" for number in range(101)}, "dataset/many")
    far.start()

    done = desk(sync_everything)

    assert (done.uploaded.blobs, done.branches[0].synced.pushed) == (103, 2)
    assert waits(desk) == 0
    assert holds(far, linked)
    bob = clone("bob")
    assert len(bob(download, "dataset/many:latest", Wish(target=tmp_path / "there")).files) == 101
    assert many.manifest.file_list.count == 101


def test_a_store_out_of_reach_stops_everything_and_the_next_sync_goes_on(desk, offline, far, git, upstream):
    before = published(git, upstream)
    linked = offline.link("weights")
    log(offline, "logged")
    far.stop()

    with pytest.raises(StoreError, match="could not be reached"):
        desk(sync_everything)

    assert waits(desk) == 2
    assert published(git, upstream) == before
    assert not published(git, upstream, "projects/churn")
    far.start()
    desk(sync_everything)
    assert waits(desk) == 0
    assert holds(far, linked)
    assert published(git, upstream) == git(desk.path, "rev-parse", "main")
    assert published(git, upstream, "projects/churn") == git(desk.path, "rev-parse", "projects/churn")


def spooled(desk, digest):
    with desk.open() as catalog:
        return pending.waiting(catalog.repository).place(digest)


@pytest.mark.parametrize("files", [1, 101])
def test_what_names_a_blob_that_is_gone_is_not_published(desk, offline, far, git, upstream, files):
    before = published(git, upstream)
    content = {f"{number}": f"{number}" for number in range(files)}
    linked = offline.link(content, "dataset/many")
    offline.link("weights")
    gone = spooled(desk, Digest.of(b"0"))
    gone.unlink()

    for _ in range(2):
        with pytest.raises(Refused, match="are gone, and it does not hold them") as caught:
            desk(sync_everything)
        assert f"belong to dataset/many@{linked.id[:8]}. Nothing" in str(caught.value)
    assert published(git, upstream) == before
    push = subprocess.run(["git", "push", "origin", "main"], cwd=desk.path, capture_output=True, text=True)
    assert "not in the store yet" in push.stderr

    offline.link(content, "dataset/again")
    assert desk(sync_everything).failure is None
    assert not Store(far.uri).missing(Digest.of(text.encode()) for text in content.values())
    assert published(git, upstream) == git(desk.path, "rev-parse", "main")


def test_with_the_whole_spool_gone_nothing_is_published_either(desk, offline, git, upstream):
    before = published(git, upstream)
    linked = offline.link("weights")
    shutil.rmtree(spooled(desk, Digest.of(b"weights")).parents[2])

    with pytest.raises(Refused, match=f"belong to model/churn@{linked.id[:8]}"):
        desk(sync_everything)
    assert published(git, upstream) == before

    git(desk.path, "reset", "-q", "--hard", "HEAD~1")
    assert desk(sync_everything).failure is None, "nothing names it any more"


def test_the_original_may_be_linked_again_by_whoever_reaches_the_store(desk, offline, far, git, upstream):
    linked = offline.link("weights")
    spooled(desk, Digest.of(b"weights")).unlink()

    desk.link("weights", "model/other")

    assert desk(sync_everything).failure is None
    assert holds(far, linked)
    assert published(git, upstream) == git(desk.path, "rev-parse", "main")


@pytest.fixture
def moved(far, desk, offline, clone, git):
    """A function that moves the store while somebody is offline; it returns where that is."""

    def move(*further):
        import s3fs

        bob, there = clone("bob"), far.uri.replace("bucket-", "bucket2-")
        s3fs.S3FileSystem().mkdir(there.removesuffix("/blobs"))
        document = bob.path / "organization.yaml"
        document.write_text("\n".join([document.read_text().replace(far.uri, there).rstrip(), *further, ""]))
        git(bob.path, "commit", "-qam", "Another store")
        git(bob.path, "push", "-q")
        return bob, Store(there)

    return move


def test_a_store_that_moved_meanwhile_gets_what_waits_and_readers_find_it(
    desk, offline, far, moved, git, tmp_path
):
    linked = offline.link("weights")
    many = offline.link({f"{number}": f"{number}" for number in range(101)}, "dataset/many")
    bob, there = moved()

    assert desk(sync_everything).failure is None

    assert not there.missing([*(one.digest for one in linked.manifest.files), many.manifest.file_list.digest])
    assert not holds(far, linked)
    bob(sync)
    for desk_, number in ((bob, 1), (desk, 2)):
        desk_(download, "model/churn:latest", Wish(target=tmp_path / f"one{number}"))
        desk_(download, "dataset/many:latest", Wish(target=tmp_path / f"many{number}"))
        assert (tmp_path / f"one{number}/model.bin").read_text() == "weights"
        assert (tmp_path / f"many{number}/100").read_text() == "100"


def test_wrong_credentials_are_told_without_telling_them(desk, offline, git, upstream, monkeypatch):
    import s3fs
    from moto import settings

    offline.link("weights")
    before = published(git, upstream)
    monkeypatch.setattr(settings, "INITIAL_NO_AUTH_ACTION_COUNT", 0.0)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAWRONGWRONGWRONG1")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "very-secret-value")
    s3fs.S3FileSystem.clear_instance_cache()

    with pytest.raises(StoreError) as caught:
        desk(sync_everything)

    said = f"{caught.value} {caught.value.hint}"
    assert "permission denied" in said
    assert "very-secret-value" not in said
    assert "AKIAWRONG" not in said
    assert waits(desk) == 1
    assert published(git, upstream) == before


def test_nothing_else_publishes_what_names_a_blob_that_waits(desk, offline, git, upstream):
    before = published(git, upstream)
    linked = offline.link("weights")

    with pytest.raises(
        Refused, match=r"its blobs are not in the store yet \(1 wait here\); nothing was pushed"
    ) as caught:
        desk(sync)
    assert caught.value.where == f"model/churn@{linked.id[:8]}"
    assert "git registry sync" in caught.value.hint

    with pytest.raises(Refused, match="not in the store yet"):
        desk.allowing(reach=Reach.PUBLISHED).promote("model/churn@" + linked.id, "production")
    assert published(git, upstream) == before


def test_a_version_whose_blobs_wait_is_not_linked_for_others(desk, offline, git, upstream):
    before = published(git, upstream)
    version = log(offline, "weights")
    online = desk.allowing(reach=Reach.PUBLISHED)

    with pytest.raises(Refused, match="not in the store yet"):
        online(linking.link_version, f"projects/churn/xgb@{version.id}", "model/churn", Request())

    assert published(git, upstream) == before
    desk(sync_everything)
    linked = online(linking.link_version, f"projects/churn/xgb@{version.id}", "model/churn", Request())
    assert linked.outcome.attempts == 1


def test_every_project_that_is_here_is_published_and_brought_up(desk, offline, clone, git, upstream):
    for project in ("churn", "fraud"):
        log(offline, f"first of {project}", project=project)
    assert [branch.name for branch in desk(sync_everything).branches] == [
        *("main", "projects/churn", "projects/fraud")
    ]
    bob = clone("bob")
    log(bob.allowing(reach=Reach.PUBLISHED), "bob's", project="churn")
    log(bob.allowing(reach=Reach.PUBLISHED), "bob's too", project="fraud")
    log(offline, "second", project="churn")

    done = {branch.name: branch.synced for branch in desk(sync_everything).branches}

    assert (done["main"].fetched, done["main"].pushed) == (0, 0)
    churn, fraud = done["projects/churn"], done["projects/fraud"]
    assert (churn.fetched, churn.replayed, churn.pushed) == (1, 1, 1)
    assert (fraud.fetched, fraud.replayed, fraud.pushed) == (1, 0, 0)
    for project in ("projects/churn", "projects/fraud"):
        assert published(git, upstream, project) == git(desk.path, "rev-parse", project)
    assert len(desk(sync_everything).branches) == 1, "nothing is left to be done"


def test_with_another_branch_checked_out_the_default_one_is_synced_as_well(desk, offline, git, upstream):
    offline.link("weights")
    log(offline, "logged")
    git(desk.path, "switch", "-q", "projects/churn")
    assert [branch.name for branch in desk(sync_everything).branches] == ["projects/churn", "main"]

    git(desk.path, "switch", "-q", "main")
    offline.link("other weights")
    git(desk.path, "switch", "-q", "--detach", "main")
    with open_catalog(str(desk.path), environ={}, clock=desk.clock, notify=desk.said.append) as catalog:
        done = sync_everything(catalog)

    assert [(branch.name, branch.synced.pushed) for branch in done.branches] == [("main", 1)]
    assert published(git, upstream) == git(desk.path, "rev-parse", "main")


def test_the_clone_of_a_url_gets_no_branch_that_nothing_was_committed_to(desk, upstream, git, tmp_path):
    environ = {"GIT_REGISTRY_CLONES": str(tmp_path / "clones")}
    opened = partial(
        open_catalog, f"file://{upstream}", environ=environ, clock=desk.clock, notify=desk.said.append
    )

    def published_from_there():
        with opened() as catalog:
            return [(one.name, one.synced.pushed, one.failure) for one in sync_everything(catalog).branches]

    assert published_from_there() == [("main", 0, None)]
    with opened(reach=Reach.OFFLINE) as catalog:
        gitdir = catalog.repository.gitdir
        assert not git(gitdir, "branch", "--list")
        linking.link_files(catalog, desk.source("weights"), "model/churn", Request())
    assert published_from_there() == [("main", 1, None)]
    assert published(git, upstream) == git(gitdir, "rev-parse", "main")


def test_a_project_that_the_remote_is_not_asked_for_is_told(desk, offline, git, upstream):
    git(desk.path, "config", "remote.origin.fetch", "+refs/heads/main:refs/remotes/origin/main")
    log(offline, "logged")
    offline.link("weights")

    main, churn = desk(sync_everything).branches

    assert main.synced.pushed == 1
    assert "does not fetch refs/heads/projects/churn" in str(churn.failure)


def test_an_online_run_elsewhere_is_not_kept_waiting_by_the_same_content(desk, offline, far, git, upstream):
    log(offline, "a data set", project="churn")

    log(desk.allowing(reach=Reach.PUBLISHED), "a data set", project="fraud")

    assert waits(desk) == 0
    assert published(git, upstream, "projects/fraud")
    assert not published(git, upstream, "projects/churn")
    desk(sync_everything)
    assert published(git, upstream, "projects/churn")


def test_a_branch_that_disagrees_does_not_keep_the_others(desk, offline, clone, git, upstream):
    first, second = (desk.link(content) for content in ("a", "b"))
    desk(sync_everything)
    clone("bob").allowing(reach=Reach.PUBLISHED).promote(f"model/churn@{first.id}", "production")
    offline.promote(f"model/churn@{second.id}", "production")
    log(offline, "logged")

    done = desk(sync_everything)

    assert isinstance(done.failure, Conflict)
    assert [(branch.name, branch.failure is None) for branch in done.branches] == [
        *(("main", False), ("projects/churn", True))
    ]
    assert published(git, upstream, "projects/churn") == git(desk.path, "rev-parse", "projects/churn")


def test_a_remote_that_goes_away_is_told_beside_each_branch(desk, offline, git, upstream):
    hook = upstream / "hooks/post-update"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\nmv "$PWD" "$PWD.gone"\n')
    hook.chmod(0o755)
    log(offline, "logged")
    log(offline, "trained", project="spam")
    offline.link("weights")

    done = desk(sync_everything)

    assert [(branch.name, branch.synced.pushed) for branch in done.branches] == [
        *(("main", 1), ("projects/churn", 0), ("projects/spam", 0))
    ]
    assert [type(branch.failure) for branch in done.branches] == [type(None), NetworkError, NetworkError]
    assert done.failure is done.branches[1].failure


def test_without_a_remote_the_blobs_go_to_the_store_all_the_same(desk, far):
    linked = desk.allowing(reach=Reach.OFFLINE).link("weights")

    done = desk(sync_everything)

    assert (done.uploaded.blobs, done.branches) == (1, ())
    assert holds(far, linked)


def test_the_hook_is_put_there_once_and_said(offline, desk):
    offline.link("a")
    offline.link("b")

    hook = desk.path / ".git/hooks/pre-push"
    assert os.access(hook, os.X_OK)
    assert [said for said in offline.said if "pre-push" in said] == [offline.said[0]]
    push = ["git", "push", "origin", "main"]
    done = subprocess.run(push, cwd=desk.path, capture_output=True, text=True)
    assert done.returncode == 1
    assert "not in the store yet" in done.stderr


def test_a_hook_that_is_there_stays_and_is_told_what_to_call(offline, desk):
    hook = desk.path / ".git/hooks/pre-push"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\nexit 0\n")

    offline.link("a")

    assert hook.read_text() == "#!/bin/sh\nexit 0\n"
    assert f"add to {hook}" in offline.said[0]
    assert "-m git_registry.hooks.pre_push" in offline.said[0]


def test_while_nothing_guards_the_clone_each_commit_and_each_sync_say_so(offline, desk, git):
    git(desk.path, "config", "core.hooksPath", ".husky/_")
    offline.link("a")
    offline.link("b")
    desk(sync_everything)

    assert len(desk.said) == 3
    assert set(desk.said) == {offline.said[0]}
    assert "add to" in offline.said[0]
    desk(sync_everything)
    assert len(desk.said) == 3, "nothing waits"


@pytest.mark.parametrize("hook", [".husky/_/pre-push", ".husky/pre-push"])
def test_a_hook_that_calls_ours_guards_the_clone(offline, desk, git, upstream, hook):
    git(desk.path, "config", "core.hooksPath", ".husky/_")
    (desk.path / ".husky/_").mkdir(parents=True)
    offline.link("a")
    line = offline.said[0].partition("git tells it): ")[2]
    (desk.path / hook).write_text(f"#!/bin/sh\n{line}\n")
    (desk.path / hook).chmod(0o755)

    offline.link("b")

    assert len(offline.said) == 1
    if hook == ".husky/_/pre-push":
        done = subprocess.run(
            ["git", "push", "origin", "main"], cwd=desk.path, capture_output=True, text=True
        )
        assert done.returncode == 1
        assert "not in the store yet" in done.stderr


def test_where_hooks_are_elsewhere_nothing_is_put(offline, desk, git):
    git(desk.path, "config", "core.hooksPath", ".githooks")

    offline.link("a")

    assert not (desk.path / ".githooks").exists()
    assert not (desk.path / ".git/hooks/pre-push").exists()
    assert f"add to {desk.path}/.githooks/pre-push" in offline.said[0]


def test_ended_between_the_upload_and_the_push(desk, offline, far, git, upstream):
    before = published(git, upstream)
    linked = offline.link("weights")

    desk(upload)

    assert (waits(desk), holds(far, linked)) == (0, True)
    assert published(git, upstream) == before
    done = desk(sync_everything)
    assert (done.uploaded.blobs, done.branches[0].synced.pushed) == (0, 1)


SYNC = [sys.executable, "-m", "git_registry.cli", "sync"]


def test_the_command_says_what_became_of_each_branch(desk, offline, clone):
    first, second = (offline.link(content) for content in ("a", "bb"))
    log(offline, "logged")

    assert subprocess.check_output(SYNC, cwd=desk.path, text=True).splitlines() == [
        "Uploaded 3 blobs (9 B)",
        "Published 2 commits to origin/main",
        "projects/churn: Published 1 commit to origin/projects/churn",
    ]

    clone("bob").allowing(reach=Reach.PUBLISHED).promote(f"model/churn@{first.id}", "production")
    offline.promote(f"model/churn@{second.id}", "production")
    log(offline, "logged again")
    done = subprocess.run([*SYNC, "--json"], cwd=desk.path, capture_output=True, text=True)
    said = json.loads(done.stdout)
    assert done.returncode == Conflict.exit_code
    assert (said["pushed"], said["uploaded"]) == (0, 1)
    main, churn = said["branches"]
    assert (main["branch"], main["error"]["kind"]) == ("main", "conflict")
    assert (churn["branch"], churn["pushed"], churn["error"]) == ("projects/churn", 1, None)
    assert "model/churn:production names" in done.stderr


def test_two_that_sync_at_once(desk, offline, git, upstream):
    for number in range(5):
        offline.link(f"weights {number}")
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    both = [subprocess.Popen(SYNC, cwd=desk.path, **streams) for _ in range(2)]
    ended = [process.communicate() for process in both]

    assert [process.returncode for process in both] == [0, 0], ended
    assert waits(desk) == 0
    assert published(git, upstream) == git(desk.path, "rev-parse", "main")


LINK = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from git_registry.catalog.catalog import Catalog, Reach
from git_registry.repository.repository import Repository
from git_registry.sdk.linking import Request, link_files
catalog = Catalog(
    repository=Repository.open(sys.argv[1]),
    branch="main",
    clock=lambda: datetime.now(UTC),
    reach=Reach.OFFLINE,
)
with catalog:
    for number in range(5):
        source = Path(sys.argv[2]) / str(number)
        source.mkdir(parents=True)
        for file in range(101):
            (source / str(file)).write_text(f"{number} {file % 90}")
        link_files(catalog, source, "dataset/many", Request())
"""


@pytest.mark.slow
def test_one_syncs_while_another_goes_on_working_offline(desk, offline, far, git, upstream, tmp_path):
    worker = subprocess.Popen([sys.executable, "-c", LINK, desk.path, tmp_path / "work"])
    syncs = 0
    while worker.poll() is None:
        desk(sync_everything)
        syncs += 1
        assert_whole(desk, far, published(git, upstream))

    assert worker.returncode == 0
    assert syncs > 1
    assert desk(sync_everything).failure is None
    assert waits(desk) == 0
    assert_whole(desk, far, published(git, upstream))
    assert published(git, upstream) == git(desk.path, "rev-parse", "main")


def assert_whole(desk, far, commit):
    """Whatever that commit names is in the store."""
    store = Store(far.uri)
    with desk.open() as catalog:
        now = Snapshot(catalog.tree(commit))
        for version in now.versions("dataset/many") if now.has_collection("dataset/many") else ():
            manifest = now.manifest(now.find("dataset/many", version))
            listed = codec.decode_files(store.read(manifest.file_list.digest), where="")
            assert not store.missing(one.digest for one in listed)


@pytest.mark.slow
def test_killed_at_any_moment_nothing_is_published_without_its_blobs(desk, offline, far, git, upstream):
    for moment in (0.4, 0.8, 1.0, 1.2, 1.5):
        linked = [offline.link(f"weights {moment} {number}") for number in range(3)]
        process = subprocess.Popen(
            SYNC, cwd=desk.path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        time.sleep(moment)  # the moment of the kill is the point here
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

        there = published(git, upstream)
        for one in linked:
            is_named = git(desk.path, "ls-tree", "-r", "--name-only", there).find(one.id) >= 0
            assert holds(far, one) or not is_named

    desk(sync_everything)
    assert waits(desk) == 0
    assert published(git, upstream) == git(desk.path, "rev-parse", "main")


def test_a_run_offline(desk, upstream, far, clone, git, monkeypatch, tmp_path):
    import git_registry as gr

    monkeypatch.setenv("GIT_REGISTRY", str(desk.path))
    far.stop()
    with gr.init(project="churn", mode="offline", config={"depth": 3}) as run:
        for step in range(3):
            run.log({"loss": 1 / (step + 1)})
        artifact = gr.Artifact("xgb", type="model")
        artifact.add_file(str(desk.source("weights")))
        run.log_artifact(artifact)
        run.link_artifact(artifact, "model/churn", aliases=["staging"])

    assert not published(git, upstream, "projects/churn")
    far.start()
    with pytest.raises(Refused):
        desk(sync)
    branches = desk(sync_everything).branches
    assert [(branch.name, branch.failure) for branch in branches] == [
        ("main", None),
        ("projects/churn", None),
    ]
    bob = clone("bob")
    bob(download, "model/churn:staging", Wish(target=tmp_path / "there"))
    assert (tmp_path / "there/model.bin").read_text() == "weights"
    monkeypatch.setenv("GIT_REGISTRY", str(bob.path))
    rows = list(gr.Api().run(f"churn/{run.id}").scan_history())
    assert [row["loss"] for row in rows] == [1, 1 / 2, 1 / 3]


def test_the_rows_of_a_run_offline_are_found_in_a_store_that_moved(desk, upstream, far, moved, monkeypatch):
    import git_registry as gr

    monkeypatch.setenv("GIT_REGISTRY", str(desk.path))
    with gr.init(project="churn", mode="offline") as run:
        run.log({"loss": 0.5})
    bob, _ = moved()
    assert desk(sync_everything).failure is None
    bob(sync)

    monkeypatch.setenv("GIT_REGISTRY", str(bob.path))
    assert [row["loss"] for row in gr.Api().run(f"churn/{run.id}").scan_history()] == [0.5]
