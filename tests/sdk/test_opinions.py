"""Approving and asking for changes of what was seen, on a server whose hook judges every push."""

from __future__ import annotations

import pytest
from tests.flows.offices import earlier, offices
from tests.flows.reviewing import APPROVED, MAIN, MOVED, Office, gated
from tests.flows.steps import CHURN, SECOND, alias

from git_registry.catalog import proposals
from git_registry.catalog.objections import objections
from git_registry.errors import Conflict, NotFound, Refused, UsageError
from git_registry.sdk import approving, objecting
from git_registry.sdk.looked_at import remember
from git_registry.sdk.merging import merge
from git_registry.sdk.prospects import State, listed

__all__ = ["earlier", "offices"]

NAME = "bob/promote"
AMENDED = {**MOVED, f"{CHURN}/README.md": "# Better\n"}


@pytest.fixture
def office(offices):
    return offices.found(gated(APPROVED))


@pytest.fixture
def proposed(office, offices):
    """The commit of Bob's proposal, which Alice has reviewed."""
    return offices.after(reviewed)


def reviewed(office):
    commit = office.proposed()
    office.look("alice")
    return commit


def asked(office, user="alice"):
    """Return what is asked of the proposal, and by whom, as somebody has fetched it."""
    return [(one.principal, one.text) for one in objected(office, user)]


def objected(office, user="alice"):
    with office.desk(user).open() as catalog:
        proposals.refresh(catalog)
        found = proposals.find(catalog.repository, NAME)
        return list(objections(catalog, found.commit))


def reworded(office, commit):
    """Have Bob amend the message of his proposal, and nothing else; return its commit."""
    words = ("commit-tree", f"{commit}^{{tree}}", "-p", office.base, "-m", "In other words")
    amended = office.work.git(*words)
    assert not office.work.push("bob", f"+{amended}:refs/heads/proposals/{NAME}").code
    return amended


def made_anew(office, _commit, main):
    return office.proposed(base=main)


def brought_up(office, commit, main):
    """Have Bob merge the default branch into his proposal; return its commit."""
    again = made_anew(office, commit, main)
    words = ("commit-tree", f"{again}^{{tree}}", "-p", commit, "-p", main, "-m", "Up to date")
    amended = office.work.git(*words)
    assert not office.work.push("bob", f"+{amended}:refs/heads/proposals/{NAME}").code
    return amended


class TestApproving:
    def test_is_a_ref_at_the_commit_that_was_seen(self, office, proposed):
        done = office.desk("alice")(approving.approve, NAME)

        assert office.refs("refs/approvals/") == [f"alice/{proposed}"]
        assert office.at(f"refs/approvals/alice/{proposed}") == proposed
        assert (done.by, done.is_new, done.is_own) == ("user:alice", True, False)
        assert (done.prospect.state, done.prospect.merger) == (State.READY, "user:bob")

    def test_again_says_nothing_new(self, office, proposed):
        desk = office.desk("alice")
        desk(approving.approve, NAME)

        assert not desk(approving.approve, NAME).is_new
        assert office.refs("refs/approvals/") == [f"alice/{proposed}"]

    def test_what_was_amended_since_is_refused(self, office, proposed):
        office.proposed(AMENDED)

        with pytest.raises(Conflict, match="amended since you reviewed it"):
            office.desk("alice")(approving.approve, NAME)

        assert office.refs("refs/approvals/") == []

    def test_what_was_never_reviewed_is_refused_however_often_it_is_fetched(self, office):
        desk = office.desk("alice")
        office.proposed()

        for _ in range(2):
            with pytest.raises(Conflict, match="not reviewed it") as refused:
                desk(approving.approve, NAME)
            office.git("alice", "fetch", "-q")
            desk(listed)

        assert refused.value.hint == f"git registry review {NAME}"
        assert office.refs("refs/approvals/") == []

    def test_what_was_amended_is_refused_until_it_is_reviewed_again(self, office, proposed):
        amended = office.proposed(AMENDED)
        desk = office.desk("alice")
        for _ in range(2):
            with pytest.raises(Conflict, match=f"amended since you reviewed it at {proposed[:8]}"):
                desk(approving.approve, NAME)
            office.git("alice", "fetch", "-q")

        office.look("alice")
        desk(approving.approve, NAME)

        assert office.refs("refs/approvals/") == [f"alice/{amended}"]

    def test_a_review_is_remembered_here_alone_and_while_the_proposal_is_there(self, office, proposed):
        below = ("for-each-ref", "--format=%(refname) %(objectname)", "refs/registry")
        assert office.git("alice", *below) == f"refs/registry/reviewed/{NAME} {proposed}"
        assert office.refs("refs/registry/reviewed") == []
        office.work.push("bob", f":refs/heads/proposals/{NAME}")
        longer = office.work.commit(AMENDED, office.base)
        office.work.put(f"refs/heads/proposals/{NAME}/again", longer)

        office.look("alice", f"{NAME}/again")

        assert office.git("alice", *below) == f"refs/registry/reviewed/{NAME}/again {longer}"

    def test_a_commit_may_be_named_that_was_read_elsewhere(self, office):
        desk = office.desk("alice")
        proposed = office.proposed()

        desk(approving.approve, NAME, proposed)

        assert office.refs("refs/approvals/") == [f"alice/{proposed}"]

    def test_of_another_commit_than_the_one_named_is_refused(self, office, proposed):
        office.proposed(AMENDED)

        with pytest.raises(Conflict, match=f"not at {proposed[:8]}"):
            office.desk("alice")(approving.approve, NAME, proposed)

        assert office.refs("refs/approvals/") == []

    @pytest.mark.parametrize("commit", ["abc", "main", "HEAD~1", "ABCD1234" * 5])
    def test_only_an_id_names_a_commit(self, office, proposed, commit):
        with pytest.raises(UsageError):
            office.desk("alice")(approving.approve, NAME, commit)

    def test_no_beginning_of_an_id_names_a_commit_for_others_may_begin_like_it(self, office, proposed):
        desk = office.desk("alice")
        for commit in (proposed[:8], proposed[:39], f"{proposed}0"):
            for verb in (approving.approve, merge):
                with pytest.raises(UsageError, match="not all of a commit's id"):
                    desk(verb, NAME, commit)

    def test_an_amended_proposal_has_no_approval(self, office, proposed):
        desk = office.desk("alice")
        desk(approving.approve, NAME)
        amended = office.proposed(AMENDED)
        office.look("alice")

        done = desk(approving.approve, NAME)

        assert done.is_new
        assert sorted(office.refs("refs/approvals/")) == sorted(f"alice/{one}" for one in (proposed, amended))

    def test_tells_what_is_missing_still(self, office, proposed):
        office.look("carol")

        done = office.desk("carol")(approving.approve, NAME)

        assert done.prospect.state is State.WAITING
        assert done.prospect.able == ("user:alice", "user:ana", "user:raj")
        assert any("user:carol has not that role" in one for one in done.prospect.why)

    def test_of_ones_own_is_told_to_be_that(self, office, proposed):
        office.look("bob")

        done = office.desk("bob")(approving.approve, NAME)

        assert done.is_own
        assert done.prospect.state is State.WAITING

    def test_is_taken_back(self, office, proposed):
        desk = office.desk("alice")
        desk(approving.approve, NAME)

        desk(approving.withdraw, NAME)

        assert office.refs("refs/approvals/") == []
        with pytest.raises(NotFound, match="has not approved"):
            desk(approving.withdraw, NAME)

    def test_a_service_approves_nothing(self, office, proposed):
        office.git("alice", "config", "--replace-all", "registry.user", "service:train")

        with pytest.raises(Refused, match="users do"):
            office.desk("alice")(approving.approve, NAME)

    def test_in_somebody_elses_name_is_refused_there(self, office, proposed):
        office.git("alice", "config", "--replace-all", "registry.user", "user:ana")

        with pytest.raises(Refused) as refused:
            office.desk("alice")(approving.approve, NAME)

        assert "user:alice is not user:ana" in refused.value.hint
        assert office.refs("refs/approvals/") == []

    def test_in_two_clones_of_one_person_is_the_same(self, office, proposed):
        other = Office(office.directory / "other", office.server, office.work, office.base)
        other.directory.mkdir()
        other.look("alice")
        office.desk("alice")(approving.approve, NAME)

        assert not other.desk("alice")(approving.approve, NAME).is_new

    def test_without_a_remote_is_a_ref_here(self, desk, git):
        git(desk.path, "config", "registry.user", "user:ada")
        git(desk.path, "branch", "proposals/ada/it")
        git(desk.path, "switch", "-q", "proposals/ada/it")
        desk.link("weights")
        git(desk.path, "switch", "-q", "main")
        commit = git(desk.path, "rev-parse", "proposals/ada/it")

        with pytest.raises(Conflict, match="not reviewed"):
            desk(approving.approve, "it")
        desk(lambda catalog: remember(catalog, proposals.find(catalog.repository, "it")))
        desk(approving.approve, "it")

        assert git(desk.path, "rev-parse", f"refs/approvals/ada/{commit}") == commit
        desk(approving.withdraw, "it")
        assert git(desk.path, "for-each-ref", "refs/approvals") == ""


class TestAskingForChanges:
    def test_is_a_commit_on_top_whose_message_says_which(self, office, proposed):
        done = office.desk("alice")(objecting.object_to, NAME, " Measure it again.\n\nOn October. ")

        ref = f"refs/objections/alice/{proposed}"
        assert office.refs("refs/objections/") == [f"alice/{proposed}"]
        there = str(office.server.repository)
        told = office.server.run("git", "-C", there, "log", "-1", "--format=%P %T|%B", office.at(ref))
        tree = office.server.run("git", "-C", there, "rev-parse", f"{proposed}^{{tree}}").strip()
        assert told.strip() == f"{proposed} {tree}|Measure it again.\n\nOn October."
        assert asked(office, "bob") == [("user:alice", done.text)]

    def test_again_replaces_what_was_said(self, office, proposed):
        desk = office.desk("alice")
        desk(objecting.object_to, NAME, "Measure it again.")

        assert desk(objecting.object_to, NAME, "Say on which data.").is_changed
        assert not desk(objecting.object_to, NAME, "Say on which data.").is_changed
        assert asked(office, "bob") == [("user:alice", "Say on which data.")]

    def test_takes_the_approval_back_and_the_other_way_round(self, office, proposed):
        desk = office.desk("alice")
        desk(approving.approve, NAME)

        assert desk(objecting.object_to, NAME, "Wait.").is_withdrawn
        assert office.refs("refs/approvals/") == []
        assert desk(approving.approve, NAME).is_settled
        assert office.refs("refs/objections/") == []
        assert office.refs("refs/approvals/") == [f"alice/{proposed}"]

    def test_that_is_withdrawn_is_gone(self, office, proposed):
        desk = office.desk("alice")
        desk(objecting.object_to, NAME, "Wait.")

        desk(objecting.withdraw, NAME)

        assert asked(office, "bob") == []
        with pytest.raises(NotFound, match="asks for no changes"):
            desk(objecting.withdraw, NAME)

    def test_of_an_amended_proposal_is_gone_with_what_it_was_about(self, office, proposed):
        office.desk("alice")(objecting.object_to, NAME, "Wait.")
        office.proposed(AMENDED)

        assert asked(office, "bob") == []
        with pytest.raises(Conflict, match="amended since"):
            office.desk("alice")(objecting.object_to, NAME, "Still.")

    def test_of_what_was_amended_in_words_alone_still_stands(self, office, proposed):
        office.desk("alice")(objecting.object_to, NAME, "Wait.")
        amended = reworded(office, proposed)

        (asked,) = objected(office)
        assert (asked.principal, asked.text, asked.earlier) == ("user:alice", "Wait.", proposed)
        assert asked.said == f"of the same change at {proposed[:8]}: Wait."
        (listed_one,) = office.desk("bob")(listed)
        assert listed_one.objections == (asked,)
        with pytest.raises(Refused, match=f"user:alice: of the same change at {proposed[:8]}: Wait"):
            office.desk("bob")(merge, NAME, amended)

    def test_of_what_does_the_same_wherever_it_begins_still_stands(self, office, proposed):
        desk = office.desk("alice")
        desk(objecting.object_to, NAME, "Wait.")
        main = office.publish({f"{CHURN}/README.md": "# Churn\n"})

        for again in (made_anew, brought_up):
            amended = again(office, proposed, main)
            (asked,) = objected(office)
            assert (asked.text, asked.earlier) == ("Wait.", proposed)
            (listed_one,) = desk(listed)
            assert listed_one.objections == (asked,)
            with pytest.raises(Refused, match="of the same change"):
                office.desk("bob")(merge, NAME, amended)

        desk(objecting.withdraw, NAME)
        assert office.refs("refs/objections/") == []

    def test_of_what_is_merged_is_of_nothing_else(self, office, proposed):
        office.desk("alice")(objecting.object_to, NAME, "Wait.")
        office.work.put(MAIN, proposed)
        empty = office.work.git("commit-tree", f"{office.base}^{{tree}}", "-p", office.base, "-m", "None")

        assert not office.work.push("bob", f"+{empty}:refs/heads/proposals/{NAME}").code

        assert objected(office) == []

    def test_of_the_same_in_other_words_is_asked_again_settled_or_taken_back(self, office, proposed):
        desk = office.desk("alice")
        desk(objecting.object_to, NAME, "Wait.")
        amended = reworded(office, proposed)

        assert not desk(objecting.object_to, NAME, "Wait.", amended).is_changed
        assert office.refs("refs/objections/") == [f"alice/{amended}"]

        office.proposed()
        desk(objecting.withdraw, NAME)
        assert office.refs("refs/objections/") == []

        desk(objecting.object_to, NAME, "Wait.", proposed)
        assert desk(approving.approve, NAME, reworded(office, proposed)).is_settled
        assert office.refs("refs/objections/") == []

    @pytest.mark.parametrize("text", ["", " \n", "x" * (objecting.LONGEST + 1)])
    def test_says_something_and_no_novel(self, office, proposed, text):
        with pytest.raises(UsageError):
            office.desk("alice")(objecting.object_to, NAME, text)

        assert office.refs("refs/objections/") == []

    def test_of_several_is_told_of_each(self, office, proposed):
        office.desk("alice")(objecting.object_to, NAME, "Wait.")
        office.look("carol")
        office.desk("carol")(objecting.object_to, NAME, "Why?")

        assert asked(office, "bob") == [("user:alice", "Wait."), ("user:carol", "Why?")]


def test_nobody_writes_what_another_asks_for(office, proposed):
    office.desk("alice")(objecting.object_to, NAME, "Wait.")
    ref = f"refs/objections/alice/{proposed}"

    for wanted in (f":{ref}", f"+{office.base}:{ref}"):
        done = office.work.push("bob", wanted)
        assert "under their own name" in done.said
    assert asked(office, "bob") == [("user:alice", "Wait.")]


def test_an_approval_that_was_cleared_there_is_cleared_here(office, proposed):
    office.desk("alice")(approving.approve, NAME)
    bob = office.desk("bob")
    assert bob(approved) == ["user:alice"]

    office.desk("alice")(approving.withdraw, NAME)

    assert bob(approved) == []


def approved(catalog):
    proposals.refresh(catalog)
    return list(proposals.approvers(catalog.repository, proposals.find(catalog.repository, NAME).commit))


def test_a_golden_thing_is_moved_by_whoever_may_without_anybody(office):
    """What takes nobody's approval is ready for whoever may do it."""
    office.proposed({f"{CHURN}/aliases/candidate.yaml": alias(SECOND)})
    desk = office.desk("alice")
    office.look("alice")

    done = desk(approving.approve, NAME)

    assert (done.prospect.state, done.prospect.merger) == (State.READY, "user:alice")
