"""Who may do what, as a person asks at the keyboard, byte for byte."""

from __future__ import annotations

import pytest

from .once import once


@once
def acme(churn):
    """People in the registry `model`, and a protected alias with gates."""
    churn("access", "grant", "model", "alice", "admin")
    churn("access", "grant", "model", "user:bob", "member")
    churn(
        *("access", "protect", "model", "production", "--holds", "staging", "--metric", "auc >= 0.9"),
        *("--metric", "loss < 1", "--metadata", "framework = xgboost", "--content", "sha256"),
        *("--approvals", "1", "--not-author", "--signed"),
    )
    churn("access", "protect", "model", "staging")
    return churn


ASKED = {
    "show": (["show", "model"], 0),
    "show-all": (["show"], 0),
    "show-as": (["show", "model", "--as", "bob"], 0),
    "can": (["can", "bob", "link", "model/churn"], 0),
    "can-not": (["can", "bob", "promote", "model/churn", "staging"], 4),
    "can-with-gates": (["can", "alice", "promote", "model/churn:production"], 4),
    "can-with-a-version": (["can", "alice", "promote", "model/churn:v1", "production"], 4),
    "can-never": (["can", "ada", "version-rewritten", "model/churn"], 4),
    "who-can": (["who-can", "alias-moved", "model/churn:production"], 0),
    "who-can-never": (["who-can", "version-rewritten", "model/churn"], 0),
}


@pytest.mark.parametrize("name", ASKED)
def test_json(acme, golden, name):
    words, code = ASKED[name]
    golden(f"access/{name}.json", acme("access", *words, "--json", code=code))


@pytest.mark.parametrize("name", ASKED)
def test_text_in_a_pipe(acme, golden, name):
    words, code = ASKED[name]
    golden(f"access/{name}.pipe.txt", acme("access", *words, code=code))


@pytest.mark.parametrize("name", ["show", "show-all", "show-as", "who-can"])
def test_text_on_a_terminal(acme, golden, name, terminal):
    golden(f"access/{name}.terminal.txt", acme("access", *ASKED[name][0]))


CHANGES = {
    "grant": ["grant", "model", "bob", "viewer"],
    "revoke": ["revoke", "model", "alice"],
    "protect": ["protect", "model", "production", "--without", "signed", "--metric", "auc >= 0.95"],
    "unprotect": ["unprotect", "model", "staging"],
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_changed_is_told(acme, golden, name):
    golden(f"access/{name}.pipe.txt", acme("access", *CHANGES[name]))


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_changed_as_json(acme, golden, name):
    golden(f"access/{name}.json", acme("access", *CHANGES[name], "--json"))


def test_the_document_is_as_a_person_would_write_it(acme, golden):
    golden("access/access.yaml", (acme.directory / "model/access.yaml").read_text())
    assert acme("check").startswith("Nothing wrong")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["protect", "model", "production", "--metric", "auc => 1"], "--metric: can't read 'auc => 1'"),
        (
            ["protect", "model", "production", "--metric", "auc = 1 and auc = 2"],
            "--metric: auc has $eq twice",
        ),
        (["protect", "model", "production", "--not-author"], "--approvals: how many approvals?"),
        (["protect", "model", "production", "--approvals", "0"], "0 is not in the range"),
        (["grant", "model", "bob", "owner"], "'owner' is not one of"),
        (["grant", "model", "bob", "member", "viewer"], "unexpected extra argument"),
        (["can", "nobody at all", "link", "model/churn"], "expected a principal"),
    ],
)
def test_what_is_mistyped_changes_nothing(acme, words, said):
    before = (acme.directory / "model/access.yaml").read_text()

    acme("access", *words, code=2)

    assert said in acme.err
    assert (acme.directory / "model/access.yaml").read_text() == before


def test_a_clause_is_read_with_the_others_of_its_kind(acme):
    acme("access", "protect", "model", "eu", "--metric", "auc >= 0.9 and auc <= 1", "--metric", "loss < 1")

    shown = acme.json("access", "show", "model")["protected_aliases"]

    assert shown[-1] == {
        "alias": "eu",
        "gates": [{"metrics": {"auc": {"$gte": 0.9, "$lte": 1}, "loss": {"$lt": 1}}}],
    }


def test_looking_back(acme, git):
    assert acme("access", "can", "alice", "protect", "model").startswith("allowed")
    acme("access", "can", "alice", "protect", "model", "--at", "HEAD~4", code=4)
    assert acme.json("access", "show", "model", "--at", "HEAD~4")["protected_aliases"] == []


def test_what_one_may_do_is_asked_in_a_registry(acme):
    assert acme.error("access", "show", "--as", "bob", code=2)["where"] == "--as"


def test_a_closed_registry_is_shown_as_far_as_it_can_be(acme, git):
    (acme.directory / "model/access.yaml").write_text("members: {user:alice: owner}\n")
    git(acme.directory, "commit", "-qam", "Break it")

    assert acme("access", "show", "model") == "user:ada\torganization admin\tadmins\n"
    assert "model is closed, so nobody else has a role: model/access.yaml" in acme.err
    assert "problem" in acme.json("access", "show", "model")
    assert "closed\t" in acme("access", "who-can", "link", "model/churn")
    assert "model\tclosed\tmodel/access.yaml" in acme("access", "show")
