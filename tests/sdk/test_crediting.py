"""Who proposed and who approved, by commits and refs; what a message claims is not believed."""

from git_registry.sdk.crediting import credited

from .once import once


@once
def proposal(desk, git):
    """A commit of Bob's on a branch; the default branch has gone on meanwhile."""
    git(desk.path, "switch", "-q", "-c", "proposals/bob/x")
    git(desk.path, "commit", "-q", "--allow-empty", "-m", "Change", "--author", "Bob <bob@acme.example>")
    git(desk.path, "switch", "-q", "main")
    git(desk.path, "commit", "-q", "--allow-empty", "-m", "Another")
    return git(desk.path, "rev-parse", "proposals/bob/x")


@once
def merged(desk, git, proposal):
    message = (
        "Merge bob/x: Change\n\nProposed-by: user:bob\nApproved-by: user:alice\nApproved-by: service:ci\n"
        "Approved-by: user:mallory\nObjected-by: user:carol\nObjected-by: whoever <this> is"
    )
    git(desk.path, "merge", "-q", "--no-ff", "-m", message, proposal)
    return git(desk.path, "rev-parse", "main")


def approve(desk, git, user, commit, target=None):
    git(desk.path, "update-ref", f"refs/approvals/{user}/{commit}", target or commit)


def test_a_merge_has_a_proposer_and_who_approved_what_it_merged(desk, git, proposal, merged):
    approve(desk, git, "alice", proposal)
    approve(desk, git, "service.ci", proposal)

    (credit,) = desk(credited, {merged: "bob/x"}).values()

    assert (credit.proposed_by.name, credit.proposed_by.email) == ("Bob", "bob@acme.example")
    assert credit.approved_by == ("user:alice", "service:ci")


def test_who_approved_after_the_merge_is_not_named(desk, git, proposal, merged):
    for user in ("alice", "zoe"):
        approve(desk, git, user, proposal)

    assert desk(credited, {merged: "bob/x"})[merged].approved_by == ("user:alice",)


def test_a_merge_names_who_asked_for_changes(desk, merged):
    assert desk(credited, {merged: "bob/x"})[merged].objected_by == ("user:carol",)


def test_what_the_message_says_of_approvals_is_not_believed(desk, merged):
    assert desk(credited, {merged: "bob/x"})[merged].approved_by == ()


def test_a_ref_that_is_elsewhere_is_no_approval(desk, git, proposal, merged):
    approve(desk, git, "alice", proposal, target=merged)

    assert desk(credited, {merged: "bob/x"})[merged].approved_by == ()


def test_what_was_approved_may_be_the_step_itself(desk, git, proposal):
    approve(desk, git, "alice", proposal)

    credit = desk(credited, {proposal: ""})[proposal]

    assert (credit.proposed_by, credit.approved_by) == (None, ("user:alice",))


def test_a_merge_by_hand_of_what_was_approved_was_a_proposal(desk, git, proposal, merged):
    assert desk(credited, {merged: ""}) == {}
    approve(desk, git, "alice", proposal)

    assert desk(credited, {merged: ""})[merged].proposed_by.name == "Bob"


def test_what_was_squashed_has_nobody_but_its_author(desk, proposal):
    assert desk(credited, {proposal: "12"}) == {}
