"""`proposals`, `approve`, `request-changes` and `merge`, as people type them."""

from __future__ import annotations

import json
import re

import pytest
from tests.flows.reviewing import APPROVED, Office, gated
from tests.flows.servers.local import Local
from tests.flows.steps import CHURN, SECOND, THIRD, VERSIONS, alias

NAME = "bob/promote"
LINKED = {f"{VERSIONS}/{THIRD.id}.yaml": THIRD.manifest}


@pytest.fixture
def office(tmp_path):
    with Local(tmp_path / "server").serving() as server:
        server.new_repository("acme")
        yield Office.found(tmp_path / "office", server, gated(APPROVED))


@pytest.fixture
def proposed(office):
    commit = office.proposed()
    for user in ("alice", "bob", "carol"):
        office.look(user)
    return commit


def test_a_list_tells_what_each_waits_for(office, proposed):
    (row,) = office.run("alice", "proposals").splitlines()
    name, state, approvers, asking, age, subject = row.split("\t")

    assert (name, state) == (NAME, "needs approval by user:alice or user:ana or user:raj")
    assert (approvers, asking, subject) == ("", "", "Step")
    assert re.fullmatch(r"\d+ (d|h|min|s)", age)

    office.run("alice", "approve", "promote")
    (one,) = office.json("alice", "proposals")
    assert one == {
        "proposal": NAME,
        "owner": "user:bob",
        "commit": proposed,
        "state": "may be merged",
        "merger": "user:bob",
        "able": [],
        "why": [],
        "subject": "Step",
        "time": "2026-09-21T14:13:20Z",
        "mine": False,
        "approved_by": ["user:alice"],
        "changes_requested": [],
    }


def test_a_list_for_people_has_no_empty_columns(office, proposed, terminal):
    assert office.run("alice", "proposals").splitlines()[0].split("  ", 1)[0] == "PROPOSAL"
    assert "APPROVED BY" not in office.run("alice", "proposals")

    office.run("alice", "approve", NAME)

    assert "APPROVED BY" in office.run("alice", "proposals")


def test_a_list_of_nothing(office):
    assert office.run("alice", "proposals") == "Nothing waits for review\n"
    assert office.json("alice", "proposals") == []


def test_approving_says_what_comes_next(office, proposed):
    said = office.run("carol", "approve", NAME)
    assert said.startswith(
        f"Approved: {NAME} at {proposed[:8]}, by user:carol\n"
        f"  {CHURN}:production is v0 now, was v1 (protected)\n"
        "Not to be merged yet: it needs approval by user:alice or user:ana or user:raj\n"
    )
    assert "user:carol has not that role" in said

    said = office.run("alice", "approve", NAME)
    assert said.endswith(f"user:bob may merge it: `git registry merge {NAME}`\n")
    shape = office.json("alice", "approve", NAME)
    assert (shape["new"], shape["state"]) == (False, "may be merged")
    assert shape["does"] == [f"{CHURN}:production is v0 now, was v1 (protected)"]

    said = office.run("alice", "approve", NAME, "--withdraw")
    assert said == f"Your approval is taken back: {NAME} at {proposed[:8]}\n"
    assert office.json("carol", "approve", NAME, "--withdraw")["withdrawn"] == "approval"


def test_approving_ones_own_is_remarked_on(office, proposed):
    assert "it is your own" in office.run("bob", "approve", NAME)


def test_approving_ones_own_is_not_remarked_on_where_no_gate_asks_for_somebody_else(office):
    office.proposed({f"{CHURN}/aliases/candidate.yaml": alias(SECOND)})
    office.look("bob")

    said = office.run("bob", "approve", NAME)

    assert "it is your own" not in said
    assert "counts for nothing" not in said


def test_an_approval_that_counts_for_nothing_is_told_to(office, proposed):
    office.look("eve")

    for user, has in (("eve", "restricted_viewer"), ("carol", "viewer")):
        said = office.run(user, "approve", NAME)
        assert f"it counts for nothing that this takes: {has} of model\n" in said
    assert "counts for nothing" not in office.run("alice", "approve", NAME)
    assert office.json("alice", "approve", NAME)["lacking"] is None


def test_who_approved_and_merged_is_named_by_the_merge_and_by_history(office):
    proposed = office.proposed({f"{CHURN}/aliases/candidate.yaml": alias(SECOND)})
    for user in ("carol", "alice"):
        office.look(user)
        office.run(user, "approve", NAME)

    merged = office.json("alice", "merge", NAME)

    counted = ["user:alice"]  # Carol is a viewer, and may approve nothing of this
    assert merged["approved_by"] == counted
    assert merged["events"][0]["approved_by"] == counted
    message = office.git("alice", "log", "-1", "--format=%B", merged["commit"])
    assert [line.split()[-1] for line in message.splitlines() if line.startswith("Approved-by")] == counted
    office.run("ana", "approve", NAME, "--commit", proposed)  # which comes too late
    office.run("bob", "sync")
    for user in ("alice", "bob"):
        told = map(json.loads, office.run(user, "history", CHURN, "--json").splitlines())
        (named,) = (one["approved_by"] for one in told if one["commit"] == merged["commit"])
        assert named == counted


def test_approving_what_was_not_seen_is_a_conflict(office, proposed):
    office.proposed({f"{CHURN}/aliases/candidate.yaml": alias(SECOND)})

    said = office.run("alice", "approve", NAME, code=6)

    assert "it was amended since you reviewed it" in said
    assert f"hint: git registry review {NAME}" in said


def test_what_somebody_asks_changes_of_is_not_to_be_merged(office, proposed):
    office.run("carol", "request-changes", NAME, "-m", "Which data is it from?")

    said = office.run("alice", "approve", NAME)

    assert said.endswith("\nNot to be merged yet: somebody asks for changes\n")
    assert "may be merged" not in office.run("alice", "proposals")


def test_asking_for_changes_and_settling_them(office, proposed):
    said = office.run("alice", "request-changes", NAME, "-m", "Measure it again.")
    assert said == f"Changes requested: {NAME} at {proposed[:8]}, by user:alice\n"
    assert "already" in office.run("alice", "request-changes", NAME, "-m", "Measure it again.")
    assert office.json("bob", "proposals")[0]["changes_requested"] == [
        {"by": "user:alice", "text": "Measure it again."}
    ]
    assert "user:alice: Measure it again." in office.run("bob", "merge", NAME, code=4)
    # It is no other merge that is not published.
    assert "user:alice: Measure it again." in office.run("bob", "merge", NAME, "--no-push", code=4)

    assert "The changes you had asked for are settled" in office.run("alice", "approve", NAME)
    assert "Your approval of it is taken back" in office.run("alice", "request-changes", NAME, "-m", "No.")
    assert "request for changes is taken back" in office.run("alice", "request-changes", NAME, "--withdraw")
    office.run("alice", "request-changes", NAME, "-m", " ", code=2)


def test_an_editor_asks_what_shall_be_changed(office, proposed, monkeypatch, tmp_path):
    editor = tmp_path / "editor"
    editor.write_text('#!/bin/sh\nprintf "Measure it.\\n# not this\\n" > "$1"\n')
    editor.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(editor))
    monkeypatch.delenv("VISUAL", raising=False)

    assert office.json("alice", "request-changes", NAME)["text"] == "Measure it."

    monkeypatch.setenv("EDITOR", "true")  # whoever saves nothing says nothing
    office.run("alice", "request-changes", NAME, code=2)


def test_a_merge_tells_the_numbers_it_gave_who_approved_and_what_undoes_it(office):
    commit = office.proposed({**LINKED, f"{CHURN}/aliases/production.yaml": alias(THIRD)})
    office.run("alice", "approve", NAME, "--commit", commit)

    said = office.run("bob", "merge", NAME, "--commit", commit)

    first, second, merged, *undone = said.splitlines()
    assert (first, second) == (
        f"Linked {CHURN}:v2 (@{THIRD.id[:8]})",
        f"{CHURN}:production is v2 now, was v1 (protected)",
    )
    assert re.fullmatch(f"Merged {NAME} of user:bob, approved by user:alice, as [0-9a-f]{{8}}", merged)
    assert undone == [
        f"Undo: git registry rollback {CHURN} production --to v1",
        f"Undo: git registry unlink {CHURN}:v2",
        "To undo it takes what moving it takes: add --propose",
    ]


def test_what_takes_more_than_one_command_to_undo_is_undone_at_once_by_a_revert(office):
    commit = office.proposed(
        {
            f"{CHURN}/aliases/candidate.yaml": alias(SECOND),
            f"{CHURN}/aliases/another.yaml": alias(SECOND),
        }
    )

    said = office.run("bob", "merge", NAME, "--commit", commit).splitlines()

    (merged,) = (line.rpartition(" ")[2] for line in said if line.startswith("Merged"))
    assert sum(line.startswith("Undo: ") for line in said) == 2
    assert f"All at once: git revert -m 1 {merged}" in said
    assert not any("add --propose" in line for line in said)
    office.git("bob", "revert", "--no-edit", "-m", "1", merged)
    assert office.git("bob", "rev-parse", "HEAD^{tree}") == office.git(
        "bob", "rev-parse", f"{merged}^^{{tree}}"
    )


def test_a_merge_as_json(office, proposed):
    office.run("alice", "approve", NAME)

    done = office.json("carol", "merge", NAME)

    assert (done["proposal"], done["owner"], done["head"]) == (NAME, "user:bob", proposed)
    assert (done["base"], done["approved_by"]) == (office.base, ["user:alice"])
    assert done["objected_by"] == []
    assert (done["published"], done["removed"]) == (True, False)
    assert [(one["event"], one["after"], one["commit"]) for one in done["events"]] == [
        ("alias-moved", "v0", done["commit"])
    ]
    assert done["undo"] == {
        "commands": [f"git registry rollback {CHURN} production --to v1"],
        "at_once": None,
        "remark": "To undo it takes what moving it takes: add --propose",
    }


def test_a_merge_that_may_not_be_tells_every_reason(office, proposed):
    said = office.run("bob", "merge", NAME, code=4)

    assert f"error: {NAME}: it needs approval by user:alice or user:ana or user:raj" in said
    assert "alias-moved takes admin of model (the alias production is protected); user:bob has member" in said
    assert "only if 1 approval by admin of model" in said

    shape = office.json("bob", "merge", NAME, code=4)["error"]
    assert shape["kind"] == "refused"
    assert len(shape["problems"]) == 3


def test_what_is_not_published_says_so(office, proposed):
    office.run("alice", "approve", NAME)
    office.git("bob", "fetch", "-q")

    office.look("carol")
    office.run("carol", "request-changes", NAME, "-m", "Why?")

    said = office.run("bob", "merge", NAME, "--no-push", "--despite")

    assert "It is not published: `git push` does that" in said
    assert (
        f"Merged {NAME} of user:bob, approved by user:alice, though user:carol asked for changes, as " in said
    )
    assert office.at("refs/heads/main") == office.base
    told = office.run("bob", "history", f"{CHURN}:production", "--limit", "1")
    assert "approved by user:alice, though user:carol asked for changes" in told


class TestAUrl:
    """An organization that is named by where it is."""

    @pytest.fixture
    def url(self, office, monkeypatch):
        monkeypatch.setenv("GIT_REGISTRY", office.server.url("alice"))
        known = office.server.environment("alice")
        count = int(known["GIT_CONFIG_COUNT"])
        mine = {f"GIT_CONFIG_KEY_{count}": "registry.user", f"GIT_CONFIG_VALUE_{count}": "user:alice"}
        for name, value in {**known, **mine, "GIT_CONFIG_COUNT": str(count + 1)}.items():
            monkeypatch.setenv(name, value)
        return office

    def test_is_approved_at_the_commit_that_is_named_and_merged(self, url):
        proposed = url.proposed({f"{CHURN}/aliases/candidate.yaml": alias(SECOND)})

        assert url.json("alice", "proposals")[0]["state"] == "may be merged"
        assert "--commit" in url.run("alice", "approve", NAME, code=2)
        url.run("alice", "approve", NAME, "--commit", proposed)
        assert "--commit" in url.run("alice", "merge", NAME, code=2)
        url.run("alice", "merge", NAME, "--commit", proposed)

        assert url.refs("refs/approvals/") == [f"alice/{proposed}"]
        assert url.at("refs/heads/main") != url.base

    def test_publishes_or_does_nothing(self, url):
        proposed = url.proposed()

        url.run("alice", "merge", NAME, "--commit", proposed, "--no-push", code=2)


def test_what_conflicts_is_reviewed_as_that_in_whatever_form(office, proposed):
    office.publish({f"{CHURN}/aliases/production.yaml": alias(THIRD), **LINKED})
    where = f"{CHURN}/aliases/production.yaml"
    first = f"The proposal {NAME} conflicts with what is published: propose it again"

    said, comment = office.run("alice", "review", NAME), office.run("alice", "review", NAME, "--markdown")
    shape = office.json("alice", "review", NAME)

    assert said.startswith(first)
    assert f"conflicts in {where}." in said
    assert comment.startswith("<!-- git-registry review -->\n### Registry review: conflicts\n")
    assert first in comment
    assert (shape["verdict"], shape["head"], shape["proposal"]) == ("conflicts", proposed, NAME)
    assert where in shape["conflict"]
    ranged = office.run("alice", "review", f"origin/main..{proposed}", "--number", "7")
    assert ranged.startswith("Request 7 conflicts with what is published: merge what is published into it")
    office.run("alice", "check", "--base", "origin/main", "--head", proposed, "--actor", "bob", code=6)
