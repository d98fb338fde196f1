"""The server notes who pushed what, whatever else happens, and loses nothing of it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.catalog.push_lines import Moved, Push, line, parse
from git_registry.catalog.pushes import LOG, Strange, note, noted, pushes
from git_registry.errors import Conflict, InvalidDocument
from git_registry.policy.account import Account
from git_registry.repository.repository import Repository
from git_registry.sdk.serving.installing import Installation, install
from git_registry.sdk.serving.layouts import Wish
from git_registry.sdk.serving.settings import Believed

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
ONE, TWO = "1" * 40, "2" * 40
PUSH = Push(
    at=NOON,
    principal="user:bob",
    adapter="gitolite",
    account=Account(name="bob", given=True),
    refs=(Moved("refs/heads/main", ONE, TWO),),
)


@pytest.fixture
def server(tmp_path, git):
    """A bare repository that notes what is pushed, and judges nothing."""
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "acme.git")
    wanted = Installation(believed=Believed(identity="env:REG_USER"), wish=Wish(hooks=("post-receive",)))
    install(tmp_path / "acme.git", wanted)
    return Repository.open(tmp_path / "acme.git")


@pytest.fixture
def work(tmp_path, git, server):
    git(tmp_path, "init", "-q", "-b", "main", "work")
    git(tmp_path / "work", "remote", "add", "origin", server.gitdir)
    return tmp_path / "work"


def push(work, *words, user="bob"):
    """Push as a person whom the host knows; return what was said."""
    environ = {**os.environ, **({"REG_USER": user} if user else {})}
    done = subprocess.run(
        ["git", "push", "-q", "origin", *words], cwd=work, capture_output=True, text=True, env=environ
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def commit(git, work, message="More", files=None):
    for path, content in (files or {}).items():
        (work / path).write_text(content)
        git(work, "add", path)
    git(work, "commit", "-q", "--allow-empty", "-m", message)
    return git(work, "rev-parse", "HEAD")


ORGANIZATION = """\
format: 1
name: acme
store: file:///tmp/store
admins: [user:ana]
identities:
  {principal}: {{ssh: ["SHA256:{key}"]}}
"""


def test_each_push_is_a_commit_that_says_who_and_what(server, work, git):
    first = commit(git, work)
    before = datetime.now(UTC)
    assert push(work, "main") == ""
    second = commit(git, work)
    push(work, "main", "main:refs/heads/proposals/bob/x", user="ana")

    one, two = pushes(server)

    assert (one.principal, one.adapter, one.account) == (
        "user:bob",
        "env:REG_USER",
        Account(name="bob", given=True),
    )
    assert one.refs == (Moved("refs/heads/main", None, first),)
    assert timedelta(0) <= one.at - before.replace(microsecond=0) < timedelta(minutes=1)
    assert two.principal == "user:ana"
    assert two.refs == (
        Moved("refs/heads/main", first, second),
        Moved("refs/heads/proposals/bob/x", None, second),
    )
    assert git(server.gitdir, "log", "--format=%s|%an|%ce|%T", LOG).splitlines() == [
        "user:ana pushed main and 1 more|git-registry|git-registry@localhost|" + EMPTY,
        "user:bob pushed main|git-registry|git-registry@localhost|" + EMPTY,
    ]
    git(server.gitdir, "fsck", "--strict")


EMPTY = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"


def test_a_deletion_is_noted(server, work, git):
    tip = commit(git, work)
    push(work, "main", "main:old")
    push(work, ":old")

    assert list(pushes(server))[-1].refs == (Moved("refs/heads/old", tip, None),)


def test_who_that_is_the_rules_before_the_push_say(server, work, git, tmp_path):
    install(server.gitdir, Installation(believed=Believed(identity="env:REG_USER"), wish=Wish(hooks=())))
    files = {"organization.yaml": ORGANIZATION.format(principal="user:ana", key="x" * 43)}
    commit(git, work, files=files)
    push(work, "main")
    server.set_config("registry.identity", "exposed-auth")
    key = "AAAAC3NzaC1lZDI1NTE5AAAAI" + "A" * 43
    (tmp_path / "auth").write_text(f"publickey ssh-ed25519 {key}\n")
    environ = {"SSH_USER_AUTH": str(tmp_path / "auth")}
    fingerprint = told_key(server, environ)
    # The push that says whose key it is was made while it was nobody's.
    said = ORGANIZATION.format(principal="user:kim", key=fingerprint.removeprefix("SHA256:"))
    for name in ("first", "second"):
        commit(git, work, message=name, files={"organization.yaml": said, "name": name})
        git(work, "push", "-q", "origin", "main", env=environ)

    assert [one.principal for one in pushes(server)] == ["user:bob", None, "user:kim"]


def test_whom_no_rules_let_push_is_noted_as_rescuing(server, work, git):
    server.set_config("registry.rescue", "user:ana")
    unread = {"organization.yaml": "format: 1\nname: acme\nadmin: [user:ana]\n"}
    commit(git, work, files=unread)
    push(work, "main", user="ana")
    push(work, "main:refs/heads/other", user="bob")
    commit(git, work, files={"organization.yaml": ORGANIZATION.format(principal="user:ana", key="x" * 43)})
    push(work, "main", user="ana")
    commit(git, work)
    push(work, "main", user="ana")

    assert [one.rescued for one in pushes(server)] == [True, False, True, False]


def test_a_key_that_rescues_is_who_pushes(server, work, git, tmp_path):
    server.set_config("registry.identity", "exposed-auth")
    (tmp_path / "auth").write_text("publickey ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI" + "A" * 43 + "\n")
    environ = {"SSH_USER_AUTH": str(tmp_path / "auth")}
    server.set_config("registry.rescue", told_key(server, environ))
    commit(git, work)

    git(work, "push", "-q", "origin", "main", env=environ)

    (one,) = pushes(server)
    assert (one.principal, one.rescued) == (told_key(server, environ), True)


def test_who_counts_approvals_is_noted(server, work, git):
    commit(git, work)
    push(work, "main")
    server.set_config("registry.approvals", "forge")
    push(work, "main:other")

    assert [one.forge for one in pushes(server)] == [False, True]


def told_key(server, environ):
    from git_registry.hooks.identity.adapters import identify

    return identify("exposed-auth", environ).account.key


def test_a_push_by_nobody_is_noted_as_that_and_said(server, work, git):
    commit(git, work)

    said = push(work, "main", user=None)

    assert "warning: the push log does not say who pushed" in said
    (one,) = pushes(server)
    assert (one.principal, one.account) == (None, None)


def test_what_goes_wrong_never_fails_the_push(server, work, git):
    commit(git, work)
    (server.gitdir / "refs/registry").write_text("in the way")

    said = push(work, "main")

    assert "warning: this push is not in the push log" in said
    assert git(server.gitdir, "rev-parse", "main") == git(work, "rev-parse", "main")


def test_a_log_that_can_not_be_written_is_given_up(server):
    (server.gitdir / "refs/registry").mkdir()
    (server.gitdir / "refs/registry/pushes.lock").touch()

    with pytest.raises(Conflict, match="can't be noted"):
        note(server, PUSH, seconds=0.1)


def test_eight_pushes_at_once_lose_nothing(server, work, git):
    tip = commit(git, work)
    names = [f"proposals/bob/{n}" for n in range(8)]

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda name: push(work, f"main:refs/heads/{name}"), names))

    found = list(pushes(server))
    assert sorted(one.refs[0].ref for one in found) == sorted(f"refs/heads/{name}" for name in names)
    assert {one.refs[0].new for one in found} == {tip}
    assert git(server.gitdir, "rev-list", "--count", LOG) == "8"


def test_the_log_is_hidden_and_nobody_pushes_to_it(server, work, git):
    tip = commit(git, work)
    push(work, "main")

    assert "refs/registry" not in git(work, "ls-remote", "origin")
    git(work, "push", "-q", "origin", f"{tip}:{LOG}", "--force", code=1, env={"REG_USER": "bob"})


def test_a_merge_that_a_forge_makes_is_noted_as_one(server, work, git):
    commit(git, work)
    server.set_config("registry.identity", "gitea")
    environ = {
        "GITEA_PUSHER_NAME": "bob",
        "GITEA_PUSHER_ID": "2",
        "GITEA_REPO_NAME": "acme",
        "GITEA_REPO_USER_NAME": "ana",
        "GITEA_REPO_ID": "1",
        "GITEA_REPO_IS_WIKI": "false",
        "GITEA_PR_ID": "7",
        "GITEA_PR_INDEX": "3",
        "GITEA_PUSH_TRIGGER": "pr-merge-to-base",
        "SSH_ORIGINAL_COMMAND": "gitea-internal",
        "GITEA_KEY_ID": "0",
        "GITEA_DEPLOY_KEY_ID": "0",
    }

    git(work, "push", "-q", "origin", "main", env=environ)

    (one,) = pushes(server)
    assert (one.principal, one.merges) == ("gitea:bob", "certain")


def test_where_there_is_no_log_nothing_was_pushed(server):
    assert list(noted(server)) == []


def test_what_somebody_puts_there_by_hand_is_told_and_passed(server, work, git):
    note(server, PUSH)
    tip = git(server.gitdir, "rev-parse", LOG)
    forged = git(server.gitdir, "commit-tree", "-p", tip, "-m", f"forged\n\n{line(PUSH)}", EMPTY)
    ours = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in WRITER.items()}
    broken = git(server.gitdir, "commit-tree", "-p", forged, "-m", "by hand", EMPTY, env=ours)
    git(server.gitdir, "update-ref", LOG, broken)
    note(server, PUSH)

    found = list(noted(server))

    assert [type(one) for one in found] == [Push, Strange, Strange, Push]
    assert [one.commit for one in found[1:3]] == [forged, broken]
    assert list(pushes(server)) == [PUSH, PUSH]


WRITER = {"NAME": "git-registry", "EMAIL": "git-registry@localhost"}


def test_the_default_branch_is_noted_however_many_refs_there_are(server, monkeypatch):
    from git_registry.hooks import post_receive

    monkeypatch.setattr(post_receive, "MOST_REFS", 3)
    told = [f"{'0' * 40} {ONE} refs/heads/a{n}" for n in range(5)] + [f"{'0' * 40} {ONE} refs/heads/main"]

    noticed = post_receive.noticed(server, told, {"REG_USER": "bob"})

    assert [moved.ref for moved in noticed.refs] == ["refs/heads/main", "refs/heads/a0", "refs/heads/a1"]
    assert noticed.omitted == 3


IDS = st.none() | st.text("0123456789abcdef", min_size=40, max_size=40)
REFS = st.text(st.characters(exclude_characters="\0\n"), max_size=30).map("refs/".__add__)
TEXTS = st.text(max_size=20)
PUSHES = st.builds(
    Push,
    at=st.integers(0, 32_000_000_000_000).map(lambda passed: NOON + timedelta(milliseconds=passed)),
    principal=st.none() | TEXTS,
    adapter=TEXTS,
    account=st.none() | st.builds(Account, host=TEXTS, name=TEXTS, key=TEXTS, given=st.booleans()),
    refs=st.lists(st.builds(Moved, REFS, IDS, IDS), max_size=3).map(tuple),
    merges=st.sampled_from(["", "certain", "perhaps"]),
    omitted=st.integers(0, 10),
    rescued=st.none() | st.booleans(),
    forge=st.none() | st.booleans(),
)


@given(PUSHES)
def test_what_is_written_is_read_and_is_one_line(push):
    assert parse(line(push)) == push
    assert line(push).isascii()
    assert "\n" not in line(push)


def test_a_line_of_before_this_was_noted_is_read():
    value = json.loads(line(PUSH))
    del value["rescued"], value["forge"]

    assert parse(json.dumps(value)) == PUSH


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(st.data())
def test_what_is_not_as_the_server_writes_it_is_an_error_of_ours(data):
    value = json.loads(line(PUSH))
    value[data.draw(st.sampled_from(sorted(value)))] = data.draw(JSON)

    with suppress(InvalidDocument):
        assert isinstance(parse(json.dumps(value)), Push)


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "null", "x", "[" * 100_000, line(PUSH).replace('"format": 1', '"format": 2')]
)
def test_what_is_no_push_is_said(text):
    with pytest.raises(InvalidDocument):
        parse(text)


def test_noting_starts_light():
    code = "import git_registry.hooks.post_receive, sys; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True)

    assert not {"click", "fsspec", "pygit2", "asyncio"} & set(loaded.stdout.split())
