"""What waits for review, and what would become of it now."""

from __future__ import annotations

import pytest
from tests.flows.offices import earlier, offices
from tests.flows.reviewing import APPROVED, MOVED, PRODUCTION, Office, gated
from tests.flows.servers.local import Local
from tests.flows.steps import CHURN, FIRST, SECOND, alias

from git_registry.catalog import proposals
from git_registry.errors import NotFound, UsageError
from git_registry.sdk import approving, objecting, prospects
from git_registry.sdk.merging import merge
from git_registry.sdk.prospects import State, listed

__all__ = ["earlier", "offices"]

CANDIDATE = {f"{CHURN}/aliases/candidate.yaml": alias(SECOND)}


@pytest.fixture
def office(offices):
    return offices.found(gated(APPROVED))


def states(office, user="alice", **options):
    return {one.proposal.name: one.prospect.state for one in office.desk(user)(listed, **options)}


def test_there_may_be_nothing(office):
    assert states(office) == {}


def test_each_is_told_by_what_would_become_of_it(office):
    for name, files in {
        "waits": MOVED,
        "plain": CANDIDATE,
        "never": {f"{CHURN}/versions/{SECOND.id}.yaml": "format: 1\n"},
        "late": {f"{CHURN}/collection.yaml": "format: 1\ntype: model\ntitle: Late\n"},
    }.items():
        office.proposed(files, name=name)
    office.publish({f"{CHURN}/collection.yaml": "format: 1\ntype: model\ntitle: Early\n"})

    assert states(office) == {
        "bob/waits": State.WAITING,
        "bob/plain": State.READY,
        "bob/never": State.REFUSED,
        "bob/late": State.CONFLICTS,
    }


def test_what_its_owner_may_merge_is_told_to_who_may_not(office):
    office.proposed()
    office.look("alice")
    office.desk("alice")(approving.approve, "promote")

    (to_alice,), (to_carol,) = (office.desk(user)(listed) for user in ("alice", "carol"))

    assert (to_alice.prospect.state, to_alice.prospect.merger) == (State.READY, "user:bob")
    assert (to_carol.prospect.state, to_carol.prospect.merger) == (State.READY, "user:carol")
    assert to_carol.approvers == ("user:alice",)


def test_who_asks_for_changes_holds_it_up(office):
    office.proposed(CANDIDATE)
    office.look("carol")
    office.desk("carol")(objecting.object_to, "promote", "Why?")

    (one,) = office.desk("alice")(listed)

    assert one.prospect.state is State.OBJECTED
    assert [(other.principal, other.text) for other in one.objections] == [("user:carol", "Why?")]


def test_each_is_judged_anew_only_if_it_may_be_otherwise(office, monkeypatch):
    judged, really = [], prospects.foreseen
    monkeypatch.setattr(prospects, "foreseen", lambda *told: judged.append(told[1].name) or really(*told))
    proposed = office.proposed()

    with office.desk("carol").open() as catalog:
        (first,), (again,) = listed(catalog), listed(catalog)
        assert first == again
        assert (first.prospect.state, judged) == (State.WAITING, ["bob/promote"])

        office.work.push("alice", f"{proposed}:refs/approvals/alice/{proposed}")
        (one,) = listed(catalog)
        assert (one.prospect.state, judged) == (State.READY, ["bob/promote"] * 2)

        office.publish({"model/card.md": "New.\n"})
        assert len(listed(catalog)) == 1
        assert judged == ["bob/promote"] * 3


def test_what_is_merged_is_told_only_if_asked(office):
    office.desk("alice")(merge, "promote", office.proposed(CANDIDATE))

    assert states(office) == {}
    assert states(office, merged=True) == {"bob/promote": State.MERGED}


def test_what_others_did_already_is_nothing_to_merge(office):
    office.proposed(CANDIDATE)
    office.publish({**CANDIDATE, "model/README.md": "# Models\n"})

    assert states(office) == {}
    assert states(office, merged=True) == {"bob/promote": State.IDLE}


def test_ones_own_alone(office):
    office.proposed(name="his")
    office.proposed(CANDIDATE, name="hers", by="alice")

    assert states(office, mine=True) == {"alice/hers": State.READY}


def test_only_so_many_are_judged(office):
    for number in range(3):
        office.proposed({**CANDIDATE, "model/README.md": f"# {number}\n"}, name=f"p{number}")

    assert list(states(office, at_most=1).values()).count(State.UNJUDGED) == 2
    assert State.UNJUDGED not in states(office, at_most=None).values()


def test_who_is_nobody_is_told_what_its_owner_would_be(office):
    office.proposed(CANDIDATE)
    office.git("alice", "config", "--unset-all", "registry.user")

    (one,) = office.desk("alice")(listed)

    assert (one.prospect.state, one.prospect.merger, one.is_ours) == (State.READY, "user:bob", False)


def test_why_not_is_told_by_the_numbers_of_versions(tmp_path):
    with Local(tmp_path / "server").serving() as server:
        server.new_repository("acme")
        office = Office.found(tmp_path / "office", server, gated("{metrics: {auc: {$gte: 2}}}"))
        office.proposed()

        (one,) = office.desk("alice")(listed)

        assert any("production may point at v0 only if metrics are " in why for why in one.prospect.why)


def test_a_signature_is_asked_of_who_merges(tmp_path):
    with Local(tmp_path / "server").serving() as server:
        server.new_repository("acme")
        office = Office.found(tmp_path / "office", server, gated("{signed: true}"))
        office.proposed(by="alice")

        assert states(office) == {"alice/promote": State.READY}
        (later,) = office.json("alice", "review", "promote", "--no-blobs")["gates_later"]
        assert (later["gate"], later["passed"]) == ("signed", False)
        said = office.run("alice", "review", "promote", "--no-blobs")
        assert "not known before whoever merges it makes that commit" in said


def test_rules_that_can_not_be_read_let_nothing_be_merged(office):
    office.proposed(CANDIDATE)
    office.publish({"model/access.yaml": "format: 1\nmembers: [what]\n"})

    (one,) = office.desk("alice")(listed)

    assert one.prospect.state is State.REFUSED
    assert "its access document can't be read" in " ".join(one.prospect.why)


def test_a_proposal_without_a_common_past_conflicts(office):
    alone = office.work.commit({PRODUCTION: alias(FIRST)})
    assert not office.work.push("bob", f"{alone}:refs/heads/proposals/bob/alone").code

    assert states(office) == {"bob/alone": State.CONFLICTS}


@pytest.mark.parametrize("name", ["promote", "bob/promote", "proposals/bob/promote"])
def test_a_proposal_is_found_by_as_much_of_its_name_as_is_needed(office, name):
    commit = office.proposed()

    with office.desk("alice").open() as catalog:
        assert proposals.find(catalog.repository, name).commit == commit


def test_a_name_with_a_slash_is_whole_and_one_without_is_found_among_all_people(office):
    """Whoever calls a proposal as another's is called has no say in what the other name means."""
    office.proposed(CANDIDATE, name="same")
    commit = office.proposed(name="same", by="alice")
    office.work.put("refs/heads/proposals/carol/bob/promote", commit)

    with office.desk("alice").open() as catalog:
        proposals.refresh(catalog)
        with pytest.raises(NotFound, match="no such proposal"):
            proposals.find(catalog.repository, "bob/promote")
        with pytest.raises(UsageError, match="alice/same and bob/same are called that"):
            proposals.find(catalog.repository, "same")


def test_of_a_name_that_is_none_the_nearest_are_told_first(office):
    for name in ("aardvark", "beetle", "cat", "dog", "elephant", "promote-churn"):
        office.proposed(CANDIDATE, name=name)
    desk = office.desk("alice")

    for typed in ("promot-churn", "bob/promot-churn"):
        with pytest.raises(NotFound) as wrong, desk.open() as catalog:
            proposals.find(catalog.repository, typed)
        assert wrong.value.hint.startswith("there are bob/promote-churn, ")
        assert wrong.value.hint.count(",") == 4


@pytest.mark.parametrize("name", ["promote", "bob/promote"])
def test_one_that_is_merged_and_gone_is_told_as_that(office, name):
    done = office.desk("bob")(merge, "promote", office.proposed(CANDIDATE))
    office.desk("carol")

    for verb in ("review", "approve", "merge"):
        assert f"it is merged, as {done.commit[:8]}" in office.run("carol", verb, name, code=5)
