"""Whoever pushes by hand is stopped while blobs wait here for the store, and by nothing else."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from tests.sdk.desk import found

from git_registry.catalog import pending, projects
from git_registry.catalog.catalog import Reach
from git_registry.errors import Refused
from git_registry.hooks.pre_push import judge
from git_registry.model.documents.manifest import Manifest
from git_registry.repository import hooks
from git_registry.repository.hooks import Placed
from git_registry.repository.objects import NOTHING
from git_registry.repository.repository import Repository
from git_registry.sdk import guarding, logged
from git_registry.sdk.blobs import blobs
from git_registry.sdk.linking import unlink
from git_registry.sdk.manifests import About
from git_registry.store.sources import collect


@pytest.fixture
def desk(tmp_path):
    """An organization whose store nobody can reach."""
    return found(tmp_path / "acme", store="s3://nobody-is-there/blobs").allowing(reach=Reach.OFFLINE)


def push(desk, *words, environ=None):
    """Push as a person does; return the exit code, and what was said."""
    done = subprocess.run(
        ["git", "push", *words],
        cwd=desk.path,
        capture_output=True,
        text=True,
        env={**os.environ, **(environ or {})},
    )
    return done.returncode, done.stderr


def uploaded(desk):
    """Let go of everything that waits, as if it were in the store."""
    with desk.open() as catalog:
        here = pending.waiting(catalog.repository)
        here.remove(here.blobs())


def log(desk, content, project="churn"):
    with desk.open() as catalog:
        stored = blobs(catalog).store.upload(collect(desk.source(content)))
        about = logged.Log(about=About(artifact="xgb", type="model"))
        return logged.log(projects.begun(catalog, project), about, stored)


def test_a_commit_whose_blobs_wait_is_not_pushed(desk, upstream, git):
    before = git(upstream, "rev-parse", "main")
    linked = desk.link({"one.bin": "one", "two.bin": "two"})

    code, said = push(desk, "origin", "main")

    assert code == 1
    assert f"error: model/churn@{linked.id[:8]}: its blobs are not in the store yet (2 wait here)" in said
    assert "hint: `git registry sync` uploads what waits here" in said
    assert git(upstream, "rev-parse", "main") == before


def test_once_nothing_waits_it_is_pushed_and_no_python_is_started(desk, upstream, git, tmp_path):
    desk.link("weights")
    uploaded(desk)
    hook = desk.path / ".git/hooks/pre-push"
    hook.write_text(hook.read_text().replace(f"python={sys.executable}", f"python={tmp_path}/no-such-python"))

    assert push(desk, "origin", "main")[0] == 0
    desk.link("other weights")
    code, said = push(desk, "origin", "main")
    assert code == 1
    assert "no-such-python" in said


def test_what_names_no_blob_that_waits_is_pushed(desk, upstream, git):
    desk.promote(f"model/churn@{desk.link('weights').id}", "production")
    uploaded(desk)
    assert push(desk, "origin", "main")[0] == 0

    log(desk, "waits")
    desk.promote(f"model/churn@{desk.link('weights', 'model/other').id}", "beta")
    git(desk.path, "branch", "other", "main~2")

    assert push(desk, "origin", "other")[0] == 0
    assert push(desk, "origin", "--delete", "other")[0] == 0
    assert push(desk, "origin", "main")[0] == 1, "its blob waits again: it was put again"


def test_a_new_branch_of_a_project(desk, upstream, git):
    version = log(desk, "weights")

    code, said = push(desk, "origin", "projects/churn")
    assert code == 1
    assert f"churn/xgb@{version.id[:8]}" in said

    uploaded(desk)
    assert push(desk, "origin", "projects/churn")[0] == 0


def test_several_branches_one_of_which_waits(desk, upstream, git):
    log(desk, "weights")
    git(desk.path, "switch", "-q", "-c", "topic")
    git(desk.path, "commit", "-q", "--allow-empty", "-m", "Nothing")

    assert push(desk, "origin", "topic", "projects/churn")[0] == 1
    assert not git(upstream, "for-each-ref", "refs/heads/topic"), "all or nothing"
    assert push(desk, "origin", "topic")[0] == 0


def test_a_blob_that_a_later_commit_no_longer_names_counts(desk, upstream):
    linked = desk.link("weights")
    desk(unlink, [f"model/churn@{linked.id}"])

    assert push(desk, "origin", "main")[0] == 1


def test_a_list_in_the_store_stands_for_its_files(desk, upstream):
    linked = desk.link({f"{number}": f"{number}" for number in range(101)}, "dataset/many")
    document = desk.document(f"dataset/many/versions/{linked.id}.yaml", Manifest)
    assert document.files is None

    code, said = push(desk, "origin", "main")

    assert code == 1
    assert f"dataset/many@{linked.id[:8]}: its blobs are not in the store yet (1 wait here)" in said


def test_a_tag_of_such_a_commit(desk, upstream, git):
    desk.link("weights")
    git(desk.path, "tag", "-a", "-m", "Tagged", "v1")

    assert push(desk, "origin", "v1")[0] == 1


def test_from_a_linked_work_tree(desk, upstream, git, tmp_path):
    desk.link("weights")
    git(desk.path, "worktree", "add", "-q", "-b", "topic", tmp_path / "beside")

    done = subprocess.run(
        ["git", "push", "origin", "topic"], cwd=tmp_path / "beside", capture_output=True, text=True
    )

    assert done.returncode == 1
    assert "not in the store yet" in done.stderr


def test_what_somebody_else_pushed_meanwhile_need_not_be_here(desk, upstream):
    linked = desk.link("weights")
    repository = Repository.open(desk.path)
    tip = repository.branch("main")

    with pytest.raises(Refused) as caught:
        judge(repository, [f"refs/heads/main {tip} refs/heads/main {'1' * 40}\n"])

    assert caught.value.where == f"model/churn@{linked.id[:8]}"
    judge(repository, [f"(delete) {NOTHING} refs/heads/main {tip}\n"])
    judge(repository, [])
    judge(repository, ["\n"])


def test_every_document_is_told(desk, upstream):
    desk.link("a")
    desk.link("b")
    repository = Repository.open(desk.path)

    found = list(
        pending.pending(
            repository, repository.branch("main"), since=repository.ref("refs/remotes/origin/main")
        )
    )

    assert [one.blobs for one in found] == [1, 1]
    assert len({one.path for one in found}) == 2
    with pytest.raises(Refused, match="nor are those of 1 more"):
        pending.require_none(repository, repository.branch("main"), since=None)


def test_a_hook_is_put_where_git_looks_and_never_over_another(make_repository):
    repository = Repository.open(make_repository("repo"))

    assert hooks.put(repository, "pre-push", "#!/bin/sh\n") is Placed.PUT
    assert hooks.put(repository, "pre-push", "#!/bin/sh\n") is Placed.THERE
    assert hooks.put(repository, "pre-push", "#!/bin/sh\nexit 1\n") is Placed.TAKEN
    place = hooks.place_of(repository, "pre-push")
    assert place.read_text() == "#!/bin/sh\n"
    assert [
        path.name for path in place.parent.iterdir() if "pre-push" in path.name and ".sample" not in path.name
    ] == ["pre-push"]


def test_the_hook_names_the_python_that_runs():
    assert f"\npython={sys.executable}\n" in guarding.script()
