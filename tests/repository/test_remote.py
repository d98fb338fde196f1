import os

import pytest

from git_registry.errors import NetworkError, UsageError
from git_registry.repository import remote
from git_registry.repository.objects import entry_at
from git_registry.repository.remote import (
    Fate,
    Upstream,
    clone,
    deepen,
    default_branch,
    destination,
    fetch,
    prefetch,
    push,
    remote_tip,
    remotes,
    upstream,
    without_credentials,
)
from git_registry.repository.repository import Repository

MAIN = "refs/heads/main:refs/heads/main"


@pytest.fixture
def server(make_repository, tmp_path, git):
    git(tmp_path, "clone", "-q", "--bare", make_repository("seed", {"a": "1\n"}), "server.git")
    git(tmp_path / "server.git", "config", "uploadpack.allowFilter", "true")
    git(tmp_path / "server.git", "config", "uploadpack.allowAnySHA1InWant", "true")
    return tmp_path / "server.git"


@pytest.fixture
def ours(server, tmp_path):
    return clone(str(server), tmp_path / "ours")


@pytest.fixture
def theirs(server, tmp_path):
    return clone(str(server), tmp_path / "theirs")


def hook(server, name, text):
    path = server / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


def test_what_is_pushed_is_there(server, ours, git, commit):
    tip = commit(ours, {"b": b"2\n"})

    result = push(ours, "origin", [MAIN])

    assert result.ok
    assert [(ref.local, ref.remote, ref.fate) for ref in result.refs] == [
        ("refs/heads/main", "refs/heads/main", Fate.OK)
    ]
    assert remote_tip(ours, "origin", "refs/heads/main") == git(server, "rev-parse", "main") == tip
    assert push(ours, "origin", [MAIN]).refs[0].fate is Fate.UP_TO_DATE
    assert remote_tip(ours, "origin", "refs/heads/nothing") is None


@pytest.mark.parametrize("fetched", [False, True], ids=["fetch first", "non-fast-forward"])
def test_who_comes_second_is_rejected_and_nothing_is_lost(server, ours, theirs, git, commit, fetched):
    tip = commit(theirs, {"b": b"theirs\n"})
    push(theirs, "origin", [MAIN])
    commit(ours, {"b": b"ours\n"})
    if fetched:
        fetch(ours, "origin")

    result = push(ours, "origin", [MAIN])

    assert result.rejected
    assert not result.ok
    assert not result.refused
    assert git(server, "rev-parse", "main") == tip


def test_a_hook_that_refuses_is_heard(server, ours, git, commit):
    hook(server, "pre-receive", "echo 'not on a Friday'; exit 1")
    commit(ours, {"b": b"2\n"})

    result = push(ours, "origin", [MAIN])

    assert result.refused
    assert not result.rejected
    assert result.refs[0].reason == "pre-receive hook declined"
    assert (result.refuser, result.said) == ("the remote", "not on a Friday")


def test_a_hook_of_our_own_refuses_too(ours, commit):
    hook(ours.gitdir, "pre-push", "echo 'tests are red' >&2; exit 1")
    commit(ours, {"b": b"2\n"})

    result = push(ours, "origin", [MAIN])

    assert result.refused
    assert (result.refuser, result.said) == ("the pre-push hook here", "tests are red")


def test_each_ref_has_its_own_fate(server, ours, commit):
    hook(server, "update", 'test "$1" != refs/heads/closed')
    commit(ours, {"b": b"2\n"})

    result = push(ours, "origin", [MAIN, "refs/heads/main:refs/heads/closed"])

    assert {ref.remote: ref.fate for ref in result.refs} == {
        "refs/heads/main": Fate.OK,
        "refs/heads/closed": Fate.REFUSED,
    }


def test_a_lease_moves_a_ref_only_from_where_we_saw_it(server, ours, theirs, git, commit):
    seen = ours.branch("main")
    rewritten = git(ours.work_tree, "commit-tree", "-m", "Other root", f"{seen}^{{tree}}")
    refspec = [f"{rewritten}:refs/heads/main"]

    assert push(ours, "origin", refspec).rejected
    commit(theirs, {"b": b"theirs\n"})
    push(theirs, "origin", [MAIN])
    assert push(ours, "origin", refspec, expect={"refs/heads/main": seen}).rejected
    now = git(server, "rev-parse", "main")
    assert push(ours, "origin", refspec, expect={"refs/heads/main": now}).ok
    assert push(ours, "origin", ["HEAD:refs/heads/x"], expect={"refs/heads/x": None}).ok


def test_push_options_reach_the_hook(server, ours, git, commit):
    git(server, "config", "receive.advertisePushOptions", "true")
    hook(server, "pre-receive", 'echo "told $GIT_PUSH_OPTION_0"')
    commit(ours, {"b": b"2\n"})

    assert "told ci.skip" in push(ours, "origin", [MAIN], push_options=["ci.skip"]).said


def test_a_remote_that_cannot_be_reached_is_a_network_error(ours, tmp_path):
    gone = f"file://{tmp_path}/gone.git"

    for talk in (
        lambda: push(ours, gone, [MAIN]),
        lambda: fetch(ours, gone),
        lambda: clone(gone, tmp_path / "new"),
        lambda: remote_tip(ours, gone, "refs/heads/main"),
    ):
        with pytest.raises(NetworkError, match=r"does not (exist|appear to be a git repository)") as caught:
            talk()
        assert caught.value.exit_code == 7
        assert "\n" not in caught.value.message


def test_an_url_is_never_taken_for_an_option(tmp_path):
    with pytest.raises(NetworkError):
        clone("--upload-pack=touch pwned", tmp_path / "new")
    assert not (tmp_path / "pwned").exists()


def test_credentials_are_cut_out_of_what_git_says(ours, git):
    text = "fatal: unable to access 'https://ada:s3cret@example.org/x.git/': ssh://t0ken@host"

    assert without_credentials(text) == "fatal: unable to access 'https://example.org/x.git/': ssh://host"
    with pytest.raises(NetworkError) as caught:
        fetch(ours, "nosuch://ada:s3cret@example.org/x")
    assert "s3cret" not in str(caught.value)


def test_what_others_pushed_is_fetched(ours, theirs, commit):
    tip = commit(theirs, {"b": b"2\n"})
    push(theirs, "origin", [MAIN])

    fetch(ours, "origin")

    assert ours.ref("refs/remotes/origin/main") == tip


def test_a_shallow_clone_is_deepened(server, tmp_path, ours, commit, git):
    commit(ours, {"a": b"2\n"})
    push(ours, "origin", [MAIN])
    shallow = clone(server.as_uri(), tmp_path / "shallow", depth=1)
    assert shallow.is_shallow

    deepen(shallow, "origin")

    assert not shallow.is_shallow
    assert git(shallow.work_tree, "rev-list", "--count", "HEAD") == "2"
    assert Repository.open(shallow.work_tree).is_partial


def test_missing_blobs_are_fetched_all_at_once(server, tmp_path, git):
    partial = clone(server.as_uri(), tmp_path / "partial", filter_="blob:none", options=["--no-checkout"])
    blob = git(server, "rev-parse", "main:a")

    prefetch(partial, "origin", [blob])
    prefetch(partial, "origin", [])

    with partial.reader() as reader:
        assert reader.blob(entry_at(reader, reader.root(partial.head().commit), "a").id, at_most=10) == b"1\n"


def test_what_a_branch_follows(ours, git):
    assert upstream(ours, "main") == Upstream("origin", "refs/heads/main", "refs/remotes/origin/main")
    assert upstream(ours, "other") is None
    git(ours.work_tree, "branch", "-q", "--track", "local", "main")
    again = Repository.open(ours.work_tree)
    assert upstream(again, "local") == Upstream(".", "refs/heads/main", "refs/heads/main")
    assert remotes(again) == ("origin",)


def test_where_a_branch_goes_is_another_place_once_that_is_set(ours):
    assert destination(ours, "main").name == "origin/main"

    ours.set_config("branch.main.merge", "refs/heads/trunk")

    assert destination(ours, "main").name == "origin/trunk"


def test_the_default_branch_is_as_configured_as_the_remote_has_it_or_the_current(
    ours, git, make_repository, tmp_path
):
    git(ours.work_tree, "switch", "-q", "-c", "feature")
    assert default_branch(Repository.open(ours.work_tree)) == "main"

    git(ours.work_tree, "config", "registry.branch", "release")
    assert default_branch(Repository.open(ours.work_tree)) == "release"

    alone = make_repository("alone", {"a": "a"}, "-b", "trunk")
    assert default_branch(Repository.open(alone)) == "trunk"
    git(alone, "checkout", "-q", "--detach")
    with pytest.raises(UsageError, match="default one is not known"):
        default_branch(Repository.open(alone))


def test_a_clone_may_be_bare_and_named_relatively(server, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert clone(os.fspath(server), "copy.git", options=["--bare"]).is_bare


HESITANT = """#!/bin/sh
# Answers like ssh, once somebody said that it takes long.
for last; do :; done
read -r _ < "$SAID"
exec sh -c "$last"
"""


@pytest.mark.parametrize(
    "ask",
    [
        lambda ours: fetch(ours, "origin"),
        lambda ours: remote_tip(ours, "origin", "refs/heads/main"),
        lambda ours: push(ours, "origin", [MAIN]),
    ],
    ids=["fetch", "ask", "push"],
)
def test_a_remote_that_does_not_answer_is_told(server, ours, tmp_path, monkeypatch, ask):
    ssh, fifo, told = tmp_path / "ssh", tmp_path / "said", []
    ssh.write_text(HESITANT)
    ssh.chmod(0o755)
    os.mkfifo(fifo)
    for name, value in {"GIT_SSH_COMMAND": ssh, "GIT_SSH_VARIANT": "ssh", "SAID": fifo}.items():
        monkeypatch.setenv(name, str(value))
    monkeypatch.setattr(remote, "PATIENCE", 0)
    ours = Repository.open(ours.work_tree)
    ours.set_config("remote.origin.url", f"ssh://ada:s3cret@nowhere.example{server}")

    def notify(text):
        told.append(text)
        fifo.write_text("go on\n")

    ours.notify = notify
    ask(ours)

    assert told == [f"still waiting for ssh://nowhere.example{server}"]


def test_one_that_answers_is_not(ours):
    told = []
    ours.notify = told.append

    fetch(ours, "origin")

    assert told == []
