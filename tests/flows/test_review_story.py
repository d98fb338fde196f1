"""A promotion that people make together, on real servers with a hook (DESIGN §6)."""

from __future__ import annotations

import json

import pytest
from tests.flows.reviewing import APPROVED, MAIN, Office, gated
from tests.flows.stepping import DECLINED
from tests.flows.steps import BASE, CHURN, FIRST, SECOND, THIRD, VERSIONS, alias, version
from tests.repeating import times

NAME = "bob/promote-model-churn-to-production"
METRICS = "{metrics: {auc: {$gte: 0.9}}}"
OTHERS = ("fraud", "spam")
OLD, NEW = (version(content) for content in ("old", "new"))

GATED = {
    **gated(METRICS, APPROVED),
    f"{VERSIONS}/{SECOND.id}.notes.yaml": "format: 1\nmetrics: {auc: 0.93}\n",
    f"{VERSIONS}/{FIRST.id}.notes.yaml": "format: 1\nmetrics: {auc: 0.91}\n",
    f"{VERSIONS}/{THIRD.id}.yaml": THIRD.manifest,
    f"{VERSIONS}/{THIRD.id}.notes.yaml": "format: 1\nmetrics: {auc: 0.7}\n",
}
"""Production asks for a metric and for somebody's approval; the third version is not good enough."""

SET = {
    path: text
    for name in OTHERS
    for path, text in {
        f"model/{name}/collection.yaml": "format: 1\ntype: model\n",
        f"model/{name}/versions/{OLD.id}.yaml": OLD.manifest,
        f"model/{name}/versions/{OLD.id}.notes.yaml": "format: 1\nmetrics: {auc: 0.92}\n",
        f"model/{name}/versions/{NEW.id}.yaml": NEW.manifest,
        f"model/{name}/versions/{NEW.id}.notes.yaml": "format: 1\nmetrics: {auc: 0.95}\n",
        f"model/{name}/aliases/production.yaml": alias(OLD),
    }.items()
}
"""Two more collections that go together with the first."""

EVERY = ("local", "sshd", "gitolite", "http")
WHOLE = ("gitolite",)
"""Where the whole story is told; its parts on one server, and all of it on each in a campaign."""


def on_servers(*usually):
    kinds = EVERY[: times(0, len(EVERY))] or usually
    return pytest.mark.parametrize("kind", [pytest.param(kind, marks=pytest.mark.slow) for kind in kinds])


@pytest.fixture
def office(kind, on, tmp_path):
    assert BASE["model/access.yaml"] != GATED["model/access.yaml"]
    return Office.found(tmp_path / "office", on(kind), GATED, SET)


def selector(office, of):
    return f"{CHURN}@{of.id[:8]}"


def production(office, name="churn"):
    here = str(office.server.repository)
    text = office.server.run("git", "-C", here, "show", f"{MAIN}:model/{name}/aliases/production.yaml")
    (found,) = (one for one in (FIRST, SECOND, OLD, NEW) if one.id in text)
    return found


@on_servers(*WHOLE)
def test_bob_proposes_alice_approves_and_carol_merges(office):
    # Bob may not promote: the hook says why, and what to do.
    office.run("bob", "promote", selector(office, SECOND), "--to", "production")
    refused = office.tried("bob", "push", "origin", "main")
    assert DECLINED in refused.said
    assert "alias-moved takes admin of model (the alias production is protected)" in refused.said
    assert "user:bob has member" in refused.said
    office.git("bob", "reset", "-q", "--hard", "origin/main")

    # He proposes it, and his work tree stays as it is.
    office.run("bob", "promote", selector(office, SECOND), "--to", "production", "--propose")
    assert office.at(MAIN) == office.base == office.git("bob", "rev-parse", "main")
    proposed = office.at(f"refs/heads/proposals/{NAME}")
    assert proposed
    assert "needs approval" in office.run("bob", "merge", NAME, code=4)

    # Nobody approves in another's name, nor by a commit of their own.
    for ref in (f"refs/approvals/alice/{proposed}", f"refs/approvals/alice/{office.base}"):
        forged = office.tried("bob", "push", "origin", f"{proposed}:{ref}")
        assert "under their own name" in forged.said

    # Alice asks for changes first, then for nothing more.
    office.look("alice", NAME)
    office.run("alice", "request-changes", NAME, "-m", "Which data?")
    assert "you have not reviewed it here" in office.run("carol", "merge", NAME, code=6)
    office.look("carol", NAME)
    assert "user:alice: Which data?" in office.run("carol", "merge", NAME, code=4)
    office.run("alice", "approve", NAME)

    # An approval that is taken back is none.
    office.run("alice", "approve", NAME, "--withdraw")
    assert "needs approval" in office.run("carol", "merge", NAME, code=4)
    office.run("alice", "approve", NAME)

    # Who approved it does not merge it; Carol, who may do nothing else, may.
    assert "user:bob may" in office.run("alice", "merge", NAME, code=4)
    office.run("carol", "merge", NAME)
    assert office.production() == SECOND

    # History names who decided.
    told = office.run("carol", "history", f"{CHURN}:production", "--event", "alias-moved", "--json")
    (moved,) = [json.loads(line) for line in told.splitlines()]
    assert moved["proposed_by"]["name"] == "Bob"
    assert moved["committer"]["name"] == "Carol"
    assert moved["approved_by"] == ["user:alice"]
    assert moved["proposal"] == NAME
    message = office.git("carol", "log", "-1", "--format=%B", office.at(MAIN))
    assert "Proposed-by: user:bob\nApproved-by: user:alice" in message

    # And it goes back the same way, for what the alias held before is still good enough.
    office.run("bob", "rollback", CHURN, "production", "--proposal", "back")
    office.look("alice", "bob/back")
    assert "needs approval" in office.run("bob", "merge", "bob/back", code=4)
    office.run("alice", "approve", "bob/back")
    office.run("bob", "merge", "bob/back")
    assert office.production() == FIRST
    assert office.refs("refs/heads/proposals/") == [NAME]  # which Bob has not removed, and Carol can't


@on_servers("local")
def test_an_amended_proposal_loses_its_approval(office):
    office.run("bob", "promote", selector(office, SECOND), "--to", "production", "--proposal", "it")
    office.look("alice", "bob/it")
    office.run("alice", "approve", "bob/it")

    office.run("bob", "annotate", selector(office, SECOND), "stage=final")
    office.run("bob", "promote", selector(office, SECOND), "--to", "production")
    office.run("bob", "propose", "it")

    assert "amended since you reviewed it" in office.run("alice", "approve", "bob/it", code=6)
    assert "needs approval" in office.run("bob", "merge", "bob/it", code=4)
    head = office.git("bob", "rev-parse", "origin/proposals/bob/it")
    assert merged_by_git(office, "bob", head).code
    assert office.at(MAIN) == office.base

    office.run("alice", "approve", "bob/it", "--commit", head)
    office.run("bob", "merge", "bob/it")
    assert office.production() == SECOND


@on_servers("local")
def test_a_gate_that_is_not_met_blocks_whoever_approves(office):
    office.run("bob", "promote", selector(office, THIRD), "--to", "production", "--proposal", "it")
    for user in ("alice", "ana"):
        office.look(user, "bob/it")
        office.run(user, "approve", "bob/it")

    for user in ("bob", "ana"):
        said = office.run(user, "merge", "bob/it", code=4)
        assert "metrics are" in said
        assert "auc is 0.7" in said
        assert "metrics are" in merged_by_git(office, user, office.at("refs/heads/proposals/bob/it")).said
    assert office.at(MAIN) == office.base


@on_servers("local")
def test_three_models_go_together(office):
    """One proposal, one review, one merge, one undo: readers see all of them or none."""
    news = [f"model/{name}@{NEW.id[:8]}" for name in OTHERS]
    office.run("bob", "promote", selector(office, SECOND), *news, "--to", "production", "--proposal", "set")
    office.desk("alice")
    review = office.run("alice", "review", "bob/set")
    assert all(f"model/{name}" in review for name in ("churn", *OTHERS))
    office.run("alice", "approve", "bob/set")

    done = office.json("bob", "merge", "bob/set")

    assert office.git("bob", "rev-parse", f"{done['commit']}^") == office.base
    assert [one["event"] for one in done["events"]] == ["alias-moved"] * 3
    assert [production(office, name) for name in ("churn", *OTHERS)] == [SECOND, NEW, NEW]

    (undo,) = done["undo"]["commands"]
    office.run("bob", *undo.removeprefix("git registry ").split(), "--proposal", "undo")
    office.look("alice", "bob/undo")
    office.run("alice", "approve", "bob/undo")
    assert len(office.json("bob", "merge", "bob/undo")["events"]) == 3
    assert [production(office, name) for name in ("churn", *OTHERS)] == [FIRST, OLD, OLD]


def merged_by_git(office, user, head):
    """Return how a push of a merge ends that Git alone makes."""
    tree = office.git(user, "rev-parse", f"{head}^{{tree}}")
    merge = office.git(user, "commit-tree", tree, "-p", office.at(MAIN), "-p", head, "-m", "Merge")
    done = office.tried(user, "push", "origin", f"{merge}:{MAIN}")
    assert DECLINED in done.said or not done.code
    return done
