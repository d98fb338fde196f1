"""What no forge would answer: the proposal stands, and people open the request."""

from __future__ import annotations

import json

import pytest

from git_registry.sdk.forges.request import Existing, How

from .conftest import BRANCH, TOKENS

NEVER = {
    "number": ["1/../../../user/keys?x=", "1", -1, True, None, 1.5],
    "title": [None, 5, ["x"], "\0", "\ud800"],
    "body": [{"a": 1}, ["x"], 5, "\0", "\udcff"],
    "url": [None, "javascript:alert(1)", "https://x/\n\x1b[31mDone.", "https://x/ y", ""],
}
EXISTING = {"number": 1, "url": "https://x/1", "title": "Mine", "body": "By hand"}
NAMES = {"number": "iid", "url": "web_url", "body": "description"}
GITLAB = {"source_project_id": 7, "target_project_id": 7}
HERE = {"head": {"ref": BRANCH, "repo_id": 7}, "base": {"ref": "main", "repo_id": 7}, "state": "open"}


def answer(client, **told):
    """Return what a client reads of a request that stands, as its forge would write it."""
    row = {**EXISTING, **told}
    if client in ("glab", "gitlab"):
        return [{**{NAMES.get(name, name): value for name, value in row.items()}, **GITLAB}]
    row |= {"html_url": row["url"], "isCrossRepository": False, **HERE}
    return row if client == "gitea" else [row]


@pytest.fixture
def answers(forge, client):
    """Let a forge answer this to whatever it is asked."""

    def set_to(text):
        forge.set(
            **(
                {"broken": (200, {}, text.encode())}
                if client in TOKENS
                else {"says": text, "requests": [EXISTING]}
            )
        )

    return set_to


@pytest.mark.parametrize(("name", "value"), [(name, value) for name in NEVER for value in NEVER[name]])
def test_what_no_request_has(name, value):
    with pytest.raises(TypeError, match="a request's"):
        Existing.told(**{**EXISTING, name: value})


def test_each_client_takes_no_such_request(bob, answers, client):
    for name, (value, *_) in NEVER.items():
        answers(json.dumps(answer(client, **{name: value})))
        asked = bob.asked()
        assert asked.how is How.BY_HAND
        assert "something else than its documentation says" in asked.problem

    answers(json.dumps(answer(client, body=None)))
    assert bob.asked().url == "https://x/1"


def test_an_answer_without_an_end(bob, answers):
    answers("[" * 200_000)

    asked = bob.asked()

    assert asked.how is How.BY_HAND
    assert "JSON" in asked.problem


def test_an_answer_that_is_too_long(bob, serve, there, git):
    serve("gitea").set(broken=(200, {}, b" " * (1 << 22) + b"{}"))

    placed, asked = bob.propose()

    assert git(there, "rev-parse", BRANCH) == placed.commit
    assert asked.how is How.BY_HAND
    assert "more than it has to say" in asked.problem


def test_what_it_says_is_quoted_on_one_line(bob, serve):
    serve("github").set(broken=(500, {}, json.dumps({"message": "no\n\x1b[31m\u202eDone. Merged."}).encode()))

    assert bob.asked().problem.endswith("answered 500: no [31m Done. Merged.")


@pytest.mark.parametrize("errors", [5, "x", {"a": 1}, [{"message": {"a": 1}}, 5], [{"message": [1]}]])
def test_a_refusal_that_says_not_why(bob, serve, errors):
    forge = serve("github")
    answer = forge.answer
    refusal = 422, {"message": [5, {}], "errors": errors}
    forge.set(answer=lambda state, call: refusal if call.method == "POST" else answer(state, call))

    assert "it says not why" in bob.asked().problem
