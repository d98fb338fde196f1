"""A request is opened once and brought up to date, whatever it is asked by."""

from __future__ import annotations

import shlex

import pytest

from git_registry.errors import UsageError
from git_registry.sdk.forges.request import How

from .conftest import BRANCH


def test_a_request_is_opened(bob, forge):
    asked = bob.asked()

    (request,) = forge.requests
    assert (request["head"], request["base"]) == (BRANCH, "main")
    assert request["title"] == "Promote model/churn v1 to production"
    assert "It **moves**." in request["body"]
    assert asked.how is How.OPENED
    assert asked.url.endswith(f"/{request['number']}")
    assert asked.noun in ("pull request", "merge request")
    assert asked.problem == ""


def test_asking_again_changes_nothing(bob, forge):
    first = bob.asked()

    again = bob.asked()

    assert (again.how, again.url) == (How.UPDATED, first.url)
    assert (len(forge.requests), forge.writes) == (1, 1)


def test_what_people_wrote_around_it_stays(bob, forge):
    bob.asked()
    (request,) = forge.requests
    body = f"For Friday.\n\n{request['body']}\n\n- [x] asked Ana"
    forge.set(requests=[{**request, "title": "Mine", "body": body}])

    asked = bob.asked("model/churn:v2", body="It moves *elsewhere*.")

    (request,) = forge.requests
    assert asked.how is How.UPDATED
    assert request["title"] == "Mine"
    assert request["body"].startswith("For Friday.\n\n")
    assert request["body"].endswith("\n\n- [x] asked Ana")
    assert "It moves *elsewhere*." in request["body"]
    assert "It **moves**." not in request["body"]


def test_a_request_that_somebody_opened_by_hand_is_taken(bob, forge):
    forge.set(requests=[by_hand()])

    asked = bob.asked()

    assert asked.how is How.UPDATED
    (request,) = forge.requests
    assert request["body"].startswith("By hand\n\n")
    assert "It **moves**." in request["body"]


def test_a_request_that_is_opened_in_this_moment_is_taken(bob, forge):
    forge.set(race=by_hand())

    asked = bob.asked()

    assert asked.how is How.UPDATED
    (request,) = forge.requests
    assert "It **moves**." in request["body"]


def test_a_fork_may_have_a_branch_of_the_same_name(bob, forge):
    stranger = {**by_hand(), "fork": True}
    forge.set(requests=[stranger])

    assert bob.asked().how is How.OPENED

    assert forge.requests[0] == stranger
    assert len(forge.requests) == 2


def by_hand():
    return {
        "number": 1,
        "head": BRANCH,
        "base": "main",
        "title": "Mine",
        "body": "By hand",
        "fork": False,
        "draft": False,
    }


def test_a_draft(bob, forge):
    bob.asked(draft=True, title="Not yet")

    (request,) = forge.requests
    marked = {"Draft: Not yet": True, "WIP: Not yet": True, "Not yet": request.get("draft")}
    assert marked[request["title"]] is True


@pytest.mark.parametrize("draft", [True, False])
def test_a_title_that_nobody_chose_follows_the_proposal(bob, forge, draft):
    bob.asked(draft=draft)
    before = forge.requests[0]["title"]

    bob.asked("model/churn:v2")

    (request,) = forge.requests
    assert before.endswith("Promote model/churn v1 to production")
    assert request["title"] == before.replace("v1", "v2")


def test_a_hostile_title_is_one_line_of_text(bob, forge):
    bob.asked(title="--body=x\n\r\x1b[2J\u202eexe." + "x" * 999)

    (request,) = forge.requests
    assert request["title"].startswith("--body=x [2J exe.")
    assert len(request["title"]) == 240


def test_a_body_as_long_as_it_gets(bob, forge):
    bob.asked(body="x" * 60_000)

    (request,) = forge.requests
    assert "x" * 60_000 in request["body"]


def test_a_forge_that_fails_leaves_the_proposal_and_says_where_to_open_it(bob, forge, there, git):
    forge.fail()

    placed, asked = bob.propose()

    assert git(there, "rev-parse", BRANCH) == placed.commit
    assert asked.how is How.BY_HAND
    assert BRANCH.rpartition("/")[2] in asked.url
    assert asked.problem
    assert "sesame" not in asked.problem


# Which forge it is


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("git@github.com:acme/registry.git", "https://github.com/acme/registry/compare/main...{}?expand=1"),
        (
            "https://bob:secret@github.com/acme/registry",
            "https://github.com/acme/registry/compare/main...{}?expand=1",
        ),
        (
            "ssh://git@codeberg.org:22/acme/registry.git",
            "https://codeberg.org/acme/registry/compare/main...{}",
        ),
        (
            "https://gitlab.acme.example:8443/deep/er/registry.git",
            (
                "https://gitlab.acme.example:8443/deep/er/registry/-/merge_requests/new?"
                "merge_request%5Bsource_branch%5D={quoted}&merge_request%5Btarget_branch%5D=main"
            ),
        ),
        (
            "git@bitbucket.org:acme/registry.git",
            "https://bitbucket.org/acme/registry/pull-requests/new?source={quoted}&dest=main",
        ),
    ],
)
def test_where_nothing_can_ask_the_page_is_named(bob, url, page, there):
    hook = there / "hooks/update"
    hook.write_text('#!/bin/sh\ncase "$1" in refs/for/*) exit 1 ;; esac\n')
    hook.chmod(0o755)
    bob.config("registry.web", url)

    asked = bob.asked()

    assert asked.how is How.BY_HAND
    assert asked.url == page.format(BRANCH, quoted=BRANCH.replace("/", "%2F"))
    assert "secret" not in f"{asked}"


def test_a_host_is_known_by_who_is_logged_in_there(bob, install):
    gh = install("gh")
    gh.set(hosts=["git.acme.example"])

    asked = bob.asked()

    assert asked.url == "https://git.acme.example/acme/registry/pull/1"


@pytest.mark.parametrize("host", ["git.acme.example", "https://git.acme.example/"])
def test_a_host_is_known_by_what_the_environment_names(bob, install, host):
    install("glab")
    bob.environ["GITLAB_HOST"] = host

    assert bob.asked().url == "https://git.acme.example/acme/registry/-/merge_requests/1"


def test_git_config_names_the_forge_of_one_host(bob, install):
    install("gh")
    install("glab")
    bob.config("registry.forge", "none")
    bob.config("registry.https://git.acme.example.forge", "gitlab")

    assert bob.asked().noun == "merge request"


def test_none_is_asked(bob, install):
    gh = install("gh")
    gh.set(hosts=["git.acme.example"])
    bob.config("registry.forge", "none")

    assert bob.asked() is None
    assert gh.requests == []


def test_a_forge_that_is_not_known(bob):
    bob.config("registry.forge", "sourcehut")

    with pytest.raises(UsageError, match="'sourcehut' is no forge that is known here"):
        bob.asked()


def test_without_a_forge_there_is_a_text_to_send(bob):
    placed, asked = bob.propose()

    assert asked.how is How.BY_MAIL
    assert f"  git@git.acme.example:acme/registry.git {BRANCH}\n" in asked.text
    assert f"for you to fetch changes up to {placed.commit}" in asked.text


def test_the_text_is_the_same_whatever_its_reader_has_set(bob, git):
    _, asked = bob.propose()
    for name, value in {"color.ui": "always", "log.showSignature": "true"}.items():
        bob.config(name, value)

    assert bob.asked().text == asked.text


def test_what_makes_the_text_again_is_one_command(bob):
    bob.git(bob.desk.path, "remote", "rename", "origin", "a;b")

    placed, asked = bob.propose(name="churn")

    refspec = f"{placed.commit}:refs/heads/proposals/bob/churn"
    assert shlex.split(asked.command) == ["git", "request-pull", "a;b/main", "a;b", refspec]


# What else may be answered


@pytest.mark.parametrize("name", ["github", "gitlab", "gitea"])
@pytest.mark.parametrize(
    ("broken", "says"),
    [
        ((404, {}, b'{"message": "Not Found"}'), "answered 404: Not Found"),
        ((500, {}, b"<html>oops</html>"), "answered 500"),
        ((422, {}, b'{"message": "Validation Failed"}'), "answered 422"),
        ((200, {}, b"<html>Sign in</html>"), "no JSON"),
        ((200, {}, b'{"what": "else"}'), "something else than its documentation says"),
        ((200, {}, b"[[1, 2]]"), "something else than its documentation says"),
        ((302, {"Location": "http://localhost:1/"}, b""), "sends us elsewhere"),
        ((307, {"Location": "/elsewhere"}, b""), "sends us elsewhere"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_an_answer_that_is_none(bob, serve, name, broken, says):
    forge = serve(name)
    forge.set(broken=broken)

    asked = bob.asked()

    assert asked.how is How.BY_HAND
    missing = name == "gitea" and broken[0] == 404
    assert ("answered 404" if missing else says) in asked.problem
    assert all(call.path.startswith("/api/") for call in forge.asked)


def test_a_server_that_is_gone(bob, serve):
    serve("gitea")
    bob.config("registry.web", "http://127.0.0.1:9/acme/registry")

    asked = bob.asked()

    assert asked.how is How.BY_HAND
    assert "can't be reached" in asked.problem


@pytest.mark.parametrize("name", ["github", "gitlab", "gitea"])
def test_a_token_goes_to_no_host_that_nobody_named(bob, serve, name):
    forge = serve(name)
    bob.git(bob.desk.path, "config", "--unset", "registry.forge")

    assert bob.asked().how is How.BY_MAIL

    assert forge.asked == []


@pytest.mark.parametrize("others", [[], ["fork"], ["open"]])
def test_gitea_finds_one_that_was_closed_too(bob, serve, others):
    forge = serve("gitea")
    existing = {"fork": {"fork": True}, "open": {}}
    numbered = [
        {**by_hand(), **existing[one], "number": number} for number, one in enumerate(others, start=2)
    ]
    forge.set(requests=[{**by_hand(), "state": "closed"}, *numbered])

    asked = bob.asked()

    assert forge.wrong == []
    assert asked.how is (How.UPDATED if "open" in others else How.OPENED)
    assert forge.requests[0]["body"] == "By hand"
    assert "It **moves**." in forge.requests[-1]["body"]


def test_a_token_that_no_header_takes_is_not_shown(bob, serve):
    serve("github")
    bob.environ["GH_TOKEN"] = "open\nsesame"

    asked = bob.asked()

    assert asked.how is How.BY_HAND
    assert "the token that is set" in asked.problem
    assert "sesame" not in asked.problem


def test_a_refusal_is_quoted(bob, serve):
    forge = serve("github")
    answer = forge.answer

    def refusing(state, call):
        if call.method == "POST":
            return 422, {
                "message": "Validation Failed",
                "errors": [{"message": "No commits between main and it"}],
            }
        return answer(state, call)

    forge.set(answer=refusing)

    assert "No commits between main and it" in bob.asked().problem
