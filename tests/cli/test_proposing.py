"""`git registry propose`, and what a command with `--propose` says in the end."""

from __future__ import annotations

import os
import re

import pytest
from tests.sdk.forges.conftest import Installed

from git_registry.cli.group import VERBS, cli

from .once import once

BRANCH = "proposals/bob/promote-model-churn-to-production"
PROMOTED = ("promote", "model/churn:v1", "--to", "production")


@once
def published(churn, git, tmp_path, capsys):
    """A published organization, and Bob's clone of it."""
    churn("promote", "model/churn:v0", "--to", "production")
    churn("promote", "model/churn:v1", "--to", "staging")
    git(tmp_path, "clone", "-q", "--bare", "acme", "upstream.git")
    type(churn)(tmp_path, capsys)("clone", "upstream.git", "bob", "--as", "user:bob")
    return churn


@pytest.fixture
def bob(published, git, tmp_path, capsys):
    """Bob in his clone; nothing but Git serves it."""
    git(tmp_path / "bob", "remote", "set-url", "origin", tmp_path / "upstream.git")
    return type(published)(tmp_path / "bob", capsys)


@pytest.fixture
def there(git, tmp_path):
    """Return what a branch is at, upstream."""

    def read(branch=BRANCH):
        return git(
            tmp_path / "upstream.git", "for-each-ref", "--format=%(objectname)", f"refs/heads/{branch}"
        )

    return read


def test_where_it_is_comes_first_and_the_review_follows(bob, there, git):
    said = bob(*PROMOTED, "--propose", "--no-request").splitlines()

    assert said[0] == f"Proposed as bob/promote-model-churn-to-production, at {there()[:8]}"
    assert said[1].startswith("The proposal bob/promote-model-churn-to-production needs approval by ")
    assert "  model/churn:production is v1 now, was v0" in "\n".join(said)
    assert "To undo it once it is merged" in said
    assert git(bob.directory, "status", "--porcelain", "--branch") == "## main...origin/main"


def test_again_it_is_as_it_was_and_amended_it_is_told_what_it_was(bob, there):
    bob(*PROMOTED, "--propose")
    first = there()

    headline, verdict = bob(*PROMOTED, "--propose").splitlines()
    assert headline.endswith(f"at {first[:8]}, as it was")
    assert verdict.startswith("The proposal bob/promote-model-churn-to-production needs approval by ")
    assert verdict.endswith(" git registry review bob/promote-model-churn-to-production")
    assert there() == first
    said = bob("unlink", "model/churn:v0", "--proposal", "promote-model-churn-to-production")
    assert said.splitlines()[0].endswith(f"; it was at {first[:8]}")


def test_json(bob, there, golden):
    said = bob(*PROMOTED, "--propose", "--no-request", "--json")

    golden("propose.json", re.sub(r'(?<=": ")[0-9a-f]{40}', "<commit>", said))
    again = bob.json(*PROMOTED, "--propose", "--no-request")
    assert (again["commit"], again["replaced"]) == (there(), None)


def test_nothing_to_propose(bob, there):
    done = ("promote", "model/churn:v0", "--to", "production", "--propose")

    assert bob(*done) == "Nothing to propose: it is so already\n"
    assert bob.json(*done)["proposal"] is None
    assert there("proposals") == ""


def test_notes_that_are_others_by_now_are_told_and_proposing_again_mends_it(bob, there, churn, git, tmp_path):
    git(churn.directory, "remote", "add", "origin", f"{tmp_path}/upstream.git")
    git(churn.directory, "config", "registry.user", "user:ada")
    churn("access", "protect", "model", "production", "--approvals", "1", "--push")
    bob(*PROMOTED, "--proposal", "mine")
    churn("approve", "bob/mine", "--commit", there("proposals/bob/mine"))
    churn("annotate", "model/churn:v1", "auc=0.96", "--push")

    said = bob("review", "bob/mine")
    assert (
        "user:ada approved it, and the version's notes are others by now: it is to be proposed again" in said
    )
    assert "nobody approved" not in said

    approved = there("proposals/bob/mine")[:8]
    assert bob(*PROMOTED, "--proposal", "mine").splitlines()[0].endswith(f"of {approved} counts no more")
    assert "the version's notes" not in bob("review", "bob/mine")


ASIDE = (
    "it is read as published, without the commits that are on main here alone; "
    "`git registry propose` takes those, `git registry sync` publishes them"
)


def test_the_same_for_another_reason_is_another_commit(bob, there):
    why = ("--proposal", "mine", "--no-request", "-m")
    bob(*PROMOTED, *why, "Better.")
    first = there("proposals/bob/mine")

    for words in (why[:-1], (*why, "Better.")):
        assert bob(*PROMOTED, *words).splitlines()[0].endswith(", as it was")
    headline = bob(*PROMOTED, *why, "Better, and smaller.").splitlines()[0]
    assert headline == f"Proposed as bob/mine, at {there('proposals/bob/mine')[:8]}; it was at {first[:8]}"
    assert bob.json("review", "mine")["why"] == "Better, and smaller."


def test_what_is_here_alone_is_said_to_be_left_aside(bob):
    nothing = ("promote", "model/churn:staging", "--to", "staging", "--propose")
    missing = ("promote", "model/churn:v2", "--to", "production", "--propose")
    bob(*nothing)
    assert bob.err == ""
    assert ASIDE not in bob.error(*missing, code=5).get("hint", "")

    bob.write("../model.bin", "weights of bob's")
    bob("link", "../model.bin", "model/churn", "--alias", "staging")

    assert bob(*nothing) == "Nothing to propose: it is so already\n"
    assert bob.err == f"{ASIDE}\n"
    assert bob.error(*missing, code=5)["hint"].startswith(ASIDE)
    bob("promote", "model/churn:v2", "--to", "production")
    assert "takes those" not in bob.err


def test_where_no_approval_helps_nobody_is_asked(bob, there, churn, git):
    churn("access", "grant", "model", "user:bob", "viewer")
    churn("access", "protect", "model", "production", "--metric", "auc >= 2")
    git(churn.directory, "push", "-q", "../upstream.git", "main")

    said = bob(*PROMOTED, "--propose")

    assert said.splitlines()[0] == f"Proposed as bob/promote-model-churn-to-production, at {there()[:8]}"
    assert "send this" not in said
    last = said.splitlines()[-1]
    assert last.startswith("As it is no approval helps: model/churn: production may point at v1 only if ")
    assert last.endswith("; auc is 0.95")


WRITING = [
    ["create", "model/other", "--type", "model"],
    ["edit", "model/churn", "--title", "@everyone <!-- `x` |"],
    ["delete", "model/churn", "--yes"],
    ["link", "../model.bin", "model/churn", "--metadata", "made=by bob"],
    ["unlink", "model/churn:v0"],
    ["alias", "add", "model/churn:v1", "candidate"],
    ["alias", "remove", "model/churn", "staging"],
    ["tag", "add", "model/churn:v1", "good"],
    ["tag", "remove", "model/churn:v0", "eu"],
    ["annotate", "model/churn:v1", "auc=0.99"],
    ["rollback", "model/churn", "staging"],
    ["access", "grant", "model", "user:bob", "admin"],
]


@pytest.mark.parametrize("words", WRITING, ids=" ".join)
def test_every_command_that_writes_can_propose(bob, words, git, there):
    bob.write("../model.bin", "weights of bob's")
    before = git(bob.directory, "for-each-ref", "refs/heads"), git(bob.directory, "write-tree")

    said = bob(*words, "--proposal", "mine", "--no-request")

    assert said.startswith(f"Proposed as bob/mine, at {there('proposals/bob/mine')[:8]}\n")
    assert (git(bob.directory, "for-each-ref", "refs/heads"), git(bob.directory, "write-tree")) == before
    assert git(bob.directory, "status", "--porcelain") == ""


def test_what_is_logged_to_a_project_is_proposed_by_linking_it(bob, there):
    log = ("log", "../model.bin", "projects/churn/xgb", "--type", "model")

    assert "is not proposed" in bob.error(*log, "--propose", code=2)["message"]
    bob(*log)
    assert there("projects") == ""
    said = bob("link", "projects/churn/xgb:v0", "model/xgb", "--propose", "--no-request")
    assert re.match(rf"Proposed as bob/link-model-xgb-\w{{8}}, at {there('proposals')[:8]}\n", said)
    assert there("projects") == ""


def test_no_push_keeps_it_here(bob, there, git):
    said = bob(*PROMOTED, "--propose", "--no-push")

    assert f"It is only here, on the branch {BRANCH}\n" in said
    assert there() == ""
    assert bob("propose", "promote-model-churn-to-production").startswith("Proposed as bob/promote-model")
    assert there() == git(bob.directory, "rev-parse", BRANCH)


def test_without_a_remote(churn):
    said = churn(*PROMOTED, "--propose")

    assert "It is only here, on the branch proposals/ada/promote-model-churn-to-production\n" in said
    assert "model/churn:production is v1" in said
    assert "request" not in said


def test_what_cannot_be_merged_is_proposed_all_the_same(bob, churn, git):
    git(bob.directory, "switch", "-q", "-c", "mine")
    bob(*PROMOTED)
    git(churn.directory, "remote", "add", "origin", "../upstream.git")
    churn("promote", "model/churn:v1", "--to", "production")
    churn("alias", "remove", "model/churn", "production")
    git(churn.directory, "push", "-q", "origin", "main")

    said = bob("propose")

    assert said.startswith("Proposed as bob/mine, at ")
    assert "model/churn:production is v1 now, was v0" in said
    assert "can't be told: " in bob.err


def test_a_servers_own_repository_holds_the_proposals_itself(bob, there, git, tmp_path):
    bob(*PROMOTED, "--proposal", "mine")
    bob.directory = tmp_path / "upstream.git"  # cloned from elsewhere once, and bare: nothing is fetched

    (one,) = bob.json("proposals")

    assert (one["proposal"], one["state"]) == ("bob/mine", "needs approval")
    assert bob("review", "mine").startswith("The proposal bob/mine needs approval by ")
    assert git(bob.directory, "config", "--get-all", "remote.origin.url"), "there is a remote"
    assert there("proposals/bob/mine") == one["commit"]


def test_a_shallow_clone_knows_what_is_proposed(bob, tmp_path):
    bob(*PROMOTED, "--propose", "--no-request")
    bob.directory = tmp_path

    bob("clone", f"file://{tmp_path}/upstream.git", "shallow", "--as", "user:ana", "--depth", "1")

    bob.directory = tmp_path / "shallow"
    assert [one["owner"] for one in bob.json("proposals")] == ["user:bob"]


def test_what_is_committed_here_is_proposed(bob, there, git):
    bob(*PROMOTED)
    tip = git(bob.directory, "rev-parse", "main")

    said = bob("propose", "--no-request")

    assert there() == tip
    assert said.endswith("main here is what is published again\n")
    bob("propose", code=2)
    assert "nothing here that is not published" in bob.err


def test_a_url_has_no_clone_that_could_keep_anything(bob, there, tmp_path, monkeypatch, git):
    monkeypatch.setenv("GIT_REGISTRY_CLONES", str(tmp_path / "clones"))
    git(bob.directory, "config", "--global", "registry.user", "user:bob")
    url = f"file://{tmp_path}/upstream.git"
    main = there("main")
    try:
        said = bob("-C", url, *PROMOTED, "--propose", "--no-request")
        assert (
            "what is written to a URL"
            in bob.error("-C", url, *PROMOTED, "--propose", "--no-push", code=2)["message"]
        )
    finally:
        git(bob.directory, "config", "--global", "--unset", "registry.user")

    assert said.startswith(f"Proposed as bob/promote-model-churn-to-production, at {there()[:8]}\n")
    assert there("main") == main


def test_withdrawn(bob, there):
    bob(*PROMOTED, "--proposal", "mine")
    commit = there("proposals/bob/mine")

    assert "or made" in bob.error("propose", "x", "--withdraw", "mine", code=2)["message"]
    assert bob("propose", "--withdraw", "mine") == f"Withdrew bob/mine, which was at {commit[:8]}\n"
    assert there("proposals/bob/mine") == ""
    assert bob.error("propose", "--withdraw", "mine", code=5)["where"] == "mine"


def test_a_mail_is_what_is_left_where_no_forge_is(bob, there, tmp_path):
    said = bob(*PROMOTED, "--propose")
    (request,) = [bob.json(*PROMOTED, "--propose")["request"]]

    assert f"  {tmp_path}/upstream.git {BRANCH}\n" in said
    assert request["how"] == "by-mail"
    assert request["command"] == f"git request-pull origin/main origin {there()}:refs/heads/{BRANCH}"
    assert "for you to fetch changes up to" in request["text"]
    assert "The proposal bob/promote-model-churn-to-production needs approval" in request["text"]


def test_nobody_is_asked_if_git_config_says_so(bob, git):
    git(bob.directory, "config", "registry.forge", "none")

    assert bob.json(*PROMOTED, "--propose")["request"] is None


def test_every_writing_command_is_tried():
    assert {words[0] for words in WRITING} <= set(VERBS) == set(cli.list_commands(None))


def test_why_is_in_the_commit_and_whoever_reviews_it_reads_that(bob, there, git, tmp_path):
    why = "Better on October.\n\n@ana <!-- `x` | y"

    said = bob(*PROMOTED, "--propose", "--no-request", "-m", why)

    name = "promote-model-churn-to-production"
    assert git(tmp_path / "upstream.git", "log", "-1", "--format=%b", there()).strip() == why
    assert "Why\n  In its author's words\n  Better on October. @ana <!-- `x` | y\n" in said
    comment = bob("review", name, "--markdown")
    assert r"| Better on October.  @&#8203;ana &lt;!-- \`x\` \| y |" in comment
    assert bob.json("review", name)["why"] == why
    bob(*PROMOTED, "-m", "Right here.")
    assert git(bob.directory, "log", "-1", "--format=%B").split("\n\n")[1:] == ["Right here.\n"]


# Whom it was told


@pytest.fixture
def forge(tmp_path, bob, git, monkeypatch):
    """Bob's remote is on a forge, and its tool is installed."""

    def make(tool, page):
        place = tmp_path / "bin"
        place.mkdir()
        monkeypatch.setenv("PATH", f"{place}{os.pathsep}{os.environ['PATH']}")
        git(bob.directory, "config", "registry.web", page)
        return Installed(place, tool)

    return make


def test_a_request_is_opened_that_says_what_it_does_and_nothing_that_others_decide(bob, forge):
    gh = forge("gh", "https://github.com/acme/registry")
    url = "https://github.com/acme/registry/pull/1"

    assert bob(*PROMOTED, "--propose").endswith(f"\nPull request opened: {url}\n")
    assert bob(*PROMOTED, "--propose").endswith(f"\nPull request brought up to date: {url}\n")
    assert bob.json(*PROMOTED, "--propose")["request"] == {
        "how": "updated",
        "url": url,
        "command": None,
        "text": None,
        "problem": None,
    }
    (request,) = gh.requests
    assert "| model/churn:production is v1 now, was v0 |" in request["body"]
    assert "| metrics.auc | 0\\.93 | 0\\.95 | \\+0.02 |" in request["body"]
    assert "`git registry rollback model/churn production --to v0`" in request["body"]
    assert "`git registry review bob/promote-model-churn-to-production`" in request["body"]
    for stale in ("needs approval", "approve ", "Gates", "Blobs", "Registry review", "by the rules"):
        assert stale not in request["body"]
    assert request["title"] == "Promote model/churn v1 to production"


def test_what_is_committed_here_is_asked_for_too(bob, forge):
    glab = forge("glab", "https://gitlab.com/acme/registry")
    bob(*PROMOTED)

    said = bob("propose", "mine", "--draft", "--title", "For Friday")

    assert "Merge request opened: https://gitlab.com/acme/registry/-/merge_requests/1\n" in said
    (request,) = glab.requests
    assert (request["head"], request["title"]) == ("proposals/bob/mine", "Draft: For Friday")


def test_a_tool_that_fails_says_so_and_the_proposal_is_there(bob, forge, there):
    forge("gh", "https://github.com/acme/registry").fail()

    said = bob(*PROMOTED, "--propose")

    assert said.startswith(f"Proposed as bob/promote-model-churn-to-production, at {there()[:8]}\n")
    assert said.endswith(
        f"\nOpen the pull request: https://github.com/acme/registry/compare/main...{BRANCH}?expand=1\n"
    )
    assert bob.err == (
        "the pull request is yours to open: gh: error connecting: check your internet connection\n"
    )


def test_no_request(bob, forge):
    gh = forge("gh", "https://github.com/acme/registry")

    assert "request" not in bob(*PROMOTED, "--propose", "--no-request").splitlines()[-1]

    assert gh.requests == []


def test_a_forge_without_a_tool(bob, git):
    git(bob.directory, "config", "registry.web", "https://bitbucket.org/acme/registry")

    assert bob(*PROMOTED, "--propose").splitlines()[-1] == (
        "Open the pull request: https://bitbucket.org/acme/registry/pull-requests/new?"
        f"source={BRANCH.replace('/', '%2F')}&dest=main"
    )
