"""Which refs exist, and who writes each."""

from __future__ import annotations

import pytest
from tests.policy.acme import rules

from git_registry.policy.refs import Kind, Update, kind_of, may_write

OLD, NEW = "a" * 40, "b" * 40
APPROVAL = f"refs/approvals/bob/{NEW}"
OBJECTION = f"refs/objections/bob/{NEW}"


@pytest.mark.parametrize(
    ("ref", "kind", "names"),
    [
        ("refs/heads/main", Kind.DEFAULT, ("", "")),
        ("refs/heads/projects/churn", Kind.PROJECT, ("churn", "")),
        ("refs/heads/proposals/bob/new-model", Kind.PROPOSAL, ("bob", "new-model")),
        ("refs/heads/proposals/service.train/a/b", Kind.PROPOSAL, ("service.train", "a/b")),
        ("refs/heads/feature", Kind.BRANCH, ("", "")),
        ("refs/heads/feature/x", Kind.BRANCH, ("", "")),
        (APPROVAL, Kind.APPROVAL, ("bob", NEW)),
        (OBJECTION, Kind.OBJECTION, ("bob", NEW)),
        ("refs/objections/bob/abc", Kind.OTHER, ("", "")),
        ("refs/for/main", Kind.REQUEST, ("", "")),
        ("refs/for/main/bob/topic", Kind.REQUEST, ("", "")),
        ("refs/for", Kind.OTHER, ("", "")),
        ("refs/tags/v1", Kind.TAG, ("", "")),
        ("refs/tags/a/b", Kind.TAG, ("", "")),
        ("refs/replace/" + OLD, Kind.OTHER, ("", "")),
        ("refs/registry/pushes", Kind.OTHER, ("", "")),
        ("refs/notes/commits", Kind.OTHER, ("", "")),
        ("refs/approvals/bob", Kind.OTHER, ("", "")),
        ("refs/approvals/bob/abc", Kind.OTHER, ("", "")),
        (f"refs/approvals/bob/x/{NEW}", Kind.OTHER, ("", "")),
        (f"refs/approvals/bob/{NEW}\n", Kind.OTHER, ("", "")),
        ("refs/heads/projects", Kind.OTHER, ("", "")),
        ("refs/heads/projects/a/b", Kind.OTHER, ("", "")),
        ("refs/heads/projects/runs", Kind.OTHER, ("", "")),  # a reserved name
        ("refs/heads/Projects/churn", Kind.OTHER, ("", "")),
        ("refs/heads/proposals/bob", Kind.OTHER, ("", "")),
        ("refs/heads/PROPOSALS/bob/x", Kind.OTHER, ("", "")),
        ("refs/heads/Main", Kind.OTHER, ("", "")),  # the default branch, on some file systems
        ("refs/heads/mains", Kind.BRANCH, ("", "")),
        ("refs/heads", Kind.OTHER, ("", "")),
        ("refs/main", Kind.OTHER, ("", "")),
        ("refs/tags", Kind.OTHER, ("", "")),
        ("HEAD", Kind.OTHER, ("", "")),
        ("", Kind.OTHER, ("", "")),
    ],
)
def test_what_a_ref_is_for(ref, kind, names):
    assert kind_of(ref, "main") == (kind, *names)


def test_the_default_branch_is_whatever_the_repository_says():
    assert kind_of("refs/heads/trunk", "trunk")[0] is Kind.DEFAULT
    assert kind_of("refs/heads/main", "trunk")[0] is Kind.BRANCH


def refused(who, ref, old=None, new=NEW, *, forward=True, ruling=None):
    update = Update(ref=ref, old=old, new=new, forward=forward)
    found = may_write(ruling or rules(), who, update, "main")
    assert all(one.path == ref for one in found if one.rule == "ref")
    return "; ".join(one.message for one in found)


CREATE, MOVE, FORCE, DELETE = (None, NEW, True), (OLD, NEW, True), (OLD, NEW, False), (OLD, None, True)
MAIN, CHURN, OPEN = "refs/heads/main", "refs/heads/projects/churn", "refs/heads/projects/open"
BOBS, TRAINS = "refs/heads/proposals/bob/x", "refs/heads/proposals/service.train/x"
BRANCH, TAG, REQUEST = "refs/heads/feature", "refs/tags/v1", "refs/for/main"

ANYBODY = ("user:ana", "user:alice", "user:mia", "user:bob", "service:train", "user:vera", "user:zoe", None)
"""An organization admin, an admin, two members, a service that is one, two viewers, and whoever."""
MEMBERS = ANYBODY[:5]
WRITERS = {
    (MAIN, MOVE): ANYBODY,  # what comes with it is judged
    (MAIN, CREATE): (),
    (MAIN, FORCE): (),
    (MAIN, DELETE): (),
    (CHURN, CREATE): ("user:ana", "user:alice", "user:bob", "service:train"),
    (CHURN, MOVE): ("user:ana", "user:alice", "user:bob", "service:train"),
    (CHURN, FORCE): ("user:ana",),
    (CHURN, DELETE): ("user:ana",),
    ("refs/heads/projects/secret", MOVE): ("user:ana",),
    (OPEN, CREATE): MEMBERS,
    (OPEN, MOVE): MEMBERS,
    (OPEN, FORCE): ("user:ana",),
    (OPEN, DELETE): ("user:ana",),
    (BOBS, CREATE): ("user:bob",),
    (BOBS, MOVE): ("user:bob",),
    (BOBS, FORCE): ("user:bob",),
    (BOBS, DELETE): ("user:ana", "user:bob"),
    (TRAINS, CREATE): ("service:train",),
    (TRAINS, DELETE): ("user:ana", "service:train"),
    ("refs/heads/proposals/zoe/x", CREATE): ("user:zoe",),  # a proposal takes no role
    (BRANCH, CREATE): MEMBERS,
    (BRANCH, MOVE): MEMBERS,
    (BRANCH, FORCE): MEMBERS,
    (BRANCH, DELETE): MEMBERS,
    (APPROVAL, CREATE): ("user:bob",),
    (APPROVAL, MOVE): (),
    (APPROVAL, DELETE): ("user:bob",),
    (f"refs/approvals/service.train/{NEW}", CREATE): (),
    (OBJECTION, CREATE): ("user:bob",),
    (OBJECTION, MOVE): ("user:bob",),
    (OBJECTION, FORCE): ("user:bob",),
    (OBJECTION, DELETE): ("user:bob",),
    (f"refs/objections/service.train/{NEW}", CREATE): (),
    (TAG, CREATE): MEMBERS,
    (TAG, MOVE): ("user:ana",),
    (TAG, FORCE): ("user:ana",),
    (TAG, DELETE): ("user:ana",),
    (REQUEST, CREATE): (),  # nor does a host that makes a request of it
    (REQUEST, DELETE): (),
    ("refs/replace/" + OLD, CREATE): (),
    ("refs/registry/pushes", MOVE): (),
    ("refs/notes/commits", CREATE): (),
    ("refs/heads/MAIN", CREATE): (),
}


@pytest.mark.parametrize(("ref", "how"), WRITERS)
def test_who_writes_a_ref(ref, how):
    old, new, forward = how

    able = tuple(who for who in ANYBODY if not refused(who, ref, old, new, forward=forward))

    assert able == WRITERS[ref, how]


def test_where_the_host_makes_a_request_of_it_whoever_could_propose_may_ask_for_review():
    def able(ref, new=NEW):
        update = Update(ref=ref, old=None, new=new, is_requested=True)
        return tuple(who for who in ANYBODY if not may_write(rules(), who, update, "main"))

    assert able(REQUEST) == ANYBODY[:-1]
    assert able(REQUEST, new=None) == able("refs/replace/" + OLD) == ()
    update = Update(ref=REQUEST, old=None, new=NEW, is_requested=True)
    (found,) = may_write(rules(), "gitea:mallory", update, "main")
    assert found.message == "only users and services ask for review; gitea:mallory is neither"


def test_every_kind_of_ref_is_in_the_table():
    assert {kind_of(ref, "main")[0] for ref, _ in WRITERS} == set(Kind)


def test_an_account_that_anybody_may_have_owns_no_refs_and_is_no_member():
    for ref in (BRANCH, TAG, OPEN, "refs/heads/proposals/mallory/x", f"refs/approvals/mallory/{NEW}"):
        assert refused("github:mallory", ref)


@pytest.mark.parametrize("name", ["promote-churn", "v1.2", "A_b+c=d", "=", "_", "9"])
def test_a_proposal_is_called_by_a_word(name):
    assert refused("user:bob", f"refs/heads/proposals/bob/{name}") == ""


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("x;id", "x-id"),
        ("$(id)", "id"),
        ("`id`", "id"),
        ("it's", "it-s"),
        ('"', "change"),
        ("a b", "a-b"),
        ("a|b", "a-b"),
        ("a&b", "a-b"),
        ("größe", "gr-e"),
        ("<!--", "change"),
        ("-x", "x"),
        (".x", "x"),
        ("alice/nice", "alice-nice"),
        ("x\n", "x"),
    ],
)
def test_what_a_shell_or_a_reader_would_take_for_something_else_is_no_name(name, instead):
    update = Update(ref=f"refs/heads/proposals/bob/{name}", old=None, new=NEW)
    (found,) = may_write(rules(), "user:bob", update, "main")

    assert "expected a proposal's name such as promote-churn" in found.message
    assert found.hint == f"call it proposals/bob/{instead}"
    assert refused("user:bob", update.ref, OLD, NEW)
    assert refused("user:bob", update.ref, OLD, None) == ""  # who has one may still withdraw it


def test_a_user_is_not_taken_for_a_service_by_its_name():
    assert refused("user:service.train", TRAINS)
    assert refused("user:service.train", "refs/heads/proposals/user:service.train/x")


def test_an_approval_points_at_the_commit_that_it_names():
    assert refused("user:bob", f"refs/approvals/bob/{OLD}") == (
        "an approval points at the commit that it names, not at bbbbbbbb"
    )


def test_the_first_push_is_for_those_whom_the_server_names():
    empty = rules(dict.fromkeys(("organization.yaml",)), rescue=["user:ida"])

    assert refused("user:ida", MAIN, ruling=empty) == ""
    assert "decides who may do what" in refused("user:ana", MAIN, ruling=empty)
    (one,) = may_write(rules(), "user:ana", Update(ref=MAIN, old=None, new=NEW), "main")
    assert "git config registry.rescue" in one.hint


@pytest.mark.parametrize("ref", [CHURN, OPEN, BRANCH, TAG])
def test_rules_that_cannot_be_read_close_all_that_takes_a_role(ref):
    broken = rules(organization="not a document")

    assert refused("user:ana", ref, ruling=broken).startswith("nobody can be allowed anything")


def test_what_takes_no_role_stays_open_so_that_it_can_be_mended():
    broken = rules(organization="not a document")

    assert refused("user:bob", BOBS, ruling=broken) == ""
    assert refused("user:ana", MAIN, OLD, ruling=broken) == ""
