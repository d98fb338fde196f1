"""What the server's gate does where the repository is not as it should be."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from tests.hooks.identity import hosts

ORGANIZATION = 'format: 1\nname: acme\nstore: "file:///srv/store"\nadmins: ["user:ana"]\n'


def judged(repository, old, new, ref="refs/heads/main", **environ):
    """Judge a push as ana, as git would start the hook, and return how that ended."""
    return subprocess.run(
        [sys.executable, "-I", "-m", "git_registry.hooks.pre_receive"],
        input=f"{old} {new} {ref}\n",
        cwd=repository,
        env={**os.environ, "GIT_DIR": ".", **(environ or {"REG_USER": "ana"})},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_policy_that_is_missing_is_not_fetched(make_repository, git, tmp_path):
    """A server may be a partial clone, whose config says by which program to fetch."""
    work = make_repository("work", {"organization.yaml": ORGANIZATION})
    first = git(work, "rev-parse", "HEAD")
    git(work, "commit", "-q", "--allow-empty", "-m", "Second")
    git(tmp_path, "clone", "-q", "--bare", work, "acme.git")
    server, asked = tmp_path / "acme.git", tmp_path / "asked"
    git(server, "config", "registry.identity", "env:REG_USER")
    second = git(server, "rev-parse", "main")
    git(server, "update-ref", "refs/heads/main", first)
    assert judged(server, first, second).returncode == 0

    for key, value in {
        "remote.origin.url": "git@elsewhere.example:acme",
        "remote.origin.promisor": "true",
        "remote.origin.partialclonefilter": "blob:none",
        "core.sshCommand": f"touch {asked}; false",
    }.items():
        git(server, "config", key, value)
    blob = git(server, "rev-parse", "main:organization.yaml")
    (server / "objects" / blob[:2] / blob[2:]).unlink()
    done = judged(server, first, second)

    assert done.returncode not in (0, 5), done.stderr
    assert "Traceback" not in done.stderr
    assert not asked.exists()


NOTHING = "0" * 40


@pytest.fixture
def gitea(make_repository, git, tmp_path):
    """A server as Gitea has it, with a commit in it that changes who may do what."""
    organization = f"{ORGANIZATION}identities: {{user:ana: {{gitea: ana}}}}\n"
    work = make_repository("work", {"organization.yaml": organization})
    git(tmp_path, "clone", "-q", "--bare", work, "acme.git")
    server = tmp_path / "acme.git"
    git(server, "config", "registry.identity", "gitea")
    git(server, "config", "receive.procReceiveRefs", "refs/for")
    return server


def asked(server, git, new=None, ref="refs/for/main", **environ):
    """Ask for review as Gitea takes it, and return what the hook says; nothing if it lets it in."""
    new = new or git(server, "commit-tree", "-p", "main", "-m", "Change", "main^{tree}")
    told = {name: value for name, value in (environ or hosts.GITEA_SSH).items() if name not in hosts.GIT}
    done = judged(server, NOTHING, new, ref, **told)
    assert done.returncode == (4 if done.stderr else 0)
    return done.stderr


@pytest.mark.parametrize("environ", [hosts.GITEA_SSH, hosts.GITEA_HTTP])
def test_gitea_makes_a_request_of_what_is_pushed_for_review(gitea, git, environ):
    assert asked(gitea, git, **environ) == asked(gitea, git, ref="refs/for/main/topic", **environ) == ""


def test_for_review_nobody_pushes_but_who_is_known_and_nobody_removes(gitea, git):
    stranger = {**hosts.GITEA_SSH, "GITEA_PUSHER_NAME": "mallory"}
    assert "only users and services ask for review" in asked(gitea, git, **stranger)
    assert "nobody writes such a ref" in asked(gitea, git, **hosts.GITEA_DEPLOY_KEY)
    assert "nobody writes such a ref" in asked(gitea, git, new=NOTHING)


def test_what_no_host_takes_for_review_would_be_a_ref(gitea, git):
    for key, value in (("registry.identity", "env:REG_USER"), ("receive.procReceiveRefs", "refs/heads")):
        before = git(gitea, "config", key)
        git(gitea, "config", key, value)
        assert "nobody writes such a ref" in asked(gitea, git, **hosts.GITEA_SSH, REG_USER="ana")
        git(gitea, "config", key, before)
    assert "nobody writes such a ref" in asked(gitea, git, ref="refs/drafts/main")


def test_what_is_too_much_for_a_branch_is_too_much_for_review(gitea, git):
    tree = git(gitea, "rev-parse", "main^{tree}")
    for _ in range(16):
        tree = git(gitea, "mktree", input=f"040000 tree {tree}\tdeeper\n")
    deep = git(gitea, "commit-tree", "-p", "main", "-m", "Deep", tree)

    assert "nested more than" in asked(gitea, git, new=deep)
