"""What can't be read closes what it rules, and who may mend it; what no step may leave behind."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.model.memory import MemoryTree
from tests.policy.acme import (
    ACCESS,
    EXAMPLES,
    FILES,
    ORGANIZATION,
    files_of,
    judge,
    on_production,
    rules,
)

from git_registry.model import events as e
from git_registry.model.documents.access import Access
from git_registry.model.documents.organization import Identity, Team
from git_registry.model.snapshot import Snapshot
from git_registry.policy import projects, refs, roles
from git_registry.policy.rules import Rules

SHUT = {"access": "not a document"}
MENDED = [
    e.MemberAdded(path="model", principal="user:alice", after="admin"),
    e.ProtectionAdded(path="model", name="production", after=None),
    e.FileChanged(path="model/access.yaml"),
]
"""What the diff tells of an access document that could not be read before, and can be now."""
ABOUT_MODEL = [one for kind, one in EXAMPLES.items() if one.path.startswith("model")]


@pytest.mark.parametrize("event", ABOUT_MODEL, ids=lambda one: one.kind)
@pytest.mark.parametrize("who", ["user:alice", "user:ana"])
def test_in_a_closed_registry_nothing_happens_but_mending(event, who):
    verdict = judge(rules(**SHUT), event, who)

    mends = {
        *("visibility-changed", "member-added", "member-removed", "role-changed"),
        *("protection-added", "protection-removed", "gates-changed"),
    }
    assert verdict.is_allowed == (who == "user:ana" and event.kind in mends)


def test_a_closed_registry_says_who_opens_it():
    (one,) = judge(rules(**SHUT), EXAMPLES["version-linked"], "user:alice").violations

    assert one.rule == "closed"
    assert one.message == "model is closed: its access document can't be read"
    assert one.hint == ("an organization admin mends model/access.yaml first: expected access")
    assert one.able == ("team:ops", "user:ana")


def test_an_organization_admin_mends_it_and_nobody_else():
    assert judge(rules(**SHUT), MENDED, "user:ana").is_allowed

    for who in ("user:alice", "user:mia", None):
        verdict = judge(rules(**SHUT), MENDED, who)
        assert [one.event for one in verdict.violations] == MENDED
        assert {one.needed for one in verdict.violations} == {"organization admin"}


def test_what_comes_with_the_mending_waits():
    verdict = judge(rules(**SHUT), [*MENDED, EXAMPLES["version-linked"]], "user:ana")

    assert [one.rule for one in verdict.violations] == ["closed"]


def test_a_closed_registry_closes_no_other():
    linked = replace(EXAMPLES["version-linked"], path="dataset/customers")

    assert judge(rules(**SHUT), linked, "user:ana").is_allowed
    assert judge(rules(**SHUT), EXAMPLES["team-changed"], "user:ana").is_allowed


def test_renaming_out_of_a_closed_registry_or_into_one_is_closed_too():
    for before, after in (("model/a", "dataset/a"), ("dataset/a", "model/a")):
        renamed = e.CollectionRenamed(path=after, before=before, after=after)
        assert [one.rule for one in judge(rules(**SHUT), renamed, "user:ana").violations] == ["closed"]


def test_rights_in_a_closed_registry_count_nowhere():
    assert not roles.in_any(rules(**SHUT), "user:mia").reaches("member")
    assert roles.in_any(rules(), "user:mia").reaches("member")


# organization.yaml

LOST = {"organization": "not a document"}


@pytest.mark.parametrize("event", EXAMPLES.values(), ids=lambda one: one.kind)
def test_without_an_organization_nobody_is_allowed_anything(event):
    assert not judge(rules(**LOST), event, "user:ana").is_allowed


@pytest.mark.parametrize("rescue", [[], ["user:ida"]])
def test_whatever_is_refused_for_that_says_the_same(rescue):
    lost = rules(rescue=rescue, **LOST)
    tag = refs.Update(ref="refs/tags/v1", old=None, new="1" * 40)

    said = [
        *judge(lost, EXAMPLES["version-linked"], "user:ana").violations,
        *projects.writes(lost, "churn", "user:ana"),
        *refs.may_write(lost, "user:ana", tag, "main"),
    ]

    assert len({replace(one, event=None) for one in said}) == 1
    assert all(one.hint for one in said)


def test_it_is_said_who_may_mend_it():
    (one,) = judge(rules(rescue=["user:ida"], **LOST), EXAMPLES["version-linked"], "user:ana").violations
    (nobody,) = judge(rules(**LOST), EXAMPLES["version-linked"], "user:ana").violations

    assert one.message == "nobody can be allowed anything: expected organization"
    assert (one.able, one.path) == (("user:ida",), "organization.yaml")
    assert one.hint == "user:ida may mend that: registry.rescue of this server says so"
    assert "git config registry.rescue" in nobody.hint


@pytest.mark.parametrize("event", EXAMPLES.values(), ids=lambda one: one.kind)
def test_whom_the_server_names_may_mend_it_but_not_what_is_never_allowed(event):
    verdict = judge(rules(rescue=["user:ida"], **LOST), event, "user:ida")

    never = event.kind in ("version-rewritten", "project-changed", "run-recorded")
    assert verdict.is_allowed == (not never)


def test_rescue_is_for_rules_that_cannot_be_read_alone():
    assert not judge(rules(rescue=["user:ida"]), EXAMPLES["version-linked"], "user:ida").is_allowed


def test_the_first_push_is_for_those_whom_the_server_names():
    first = [e.OrganizationChanged(path="", field="name", after="acme"), EXAMPLES["registry-created"]]

    assert judge(Rules(None, rescue=frozenset({"user:ida"})), first, "user:ida", before={}).is_allowed is (
        False
    )  # there would be no organization
    assert judge(
        Rules(None, rescue=frozenset({"user:ida"})), first, "user:ida", before={}, after=FILES
    ).is_allowed
    assert not judge(Rules(None), first, "user:ana", before={}, after=FILES).is_allowed


# what a step may not leave behind

CHANGED = EXAMPLES["organization-changed"]


def left(organization, *happened, who="user:ana"):
    now = files_of(FILES, {"organization.yaml": organization})
    return [str(one) for one in judge(rules(), happened or [CHANGED], who, after=now).violations]


@pytest.mark.parametrize(
    ("admins", "teams", "remains"),
    [
        (("user:ana",), {}, True),
        (("team:ops",), {"ops": Team(members=("user:oda",))}, True),
        ((), {}, False),
        (("team:ops",), {}, False),  # there is no such team
        (("team:ops",), {"ops": Team()}, False),
        (("team:ops",), {"ops": Team(members=("service:deploy", "team:nlp"))}, False),
        (("service:deploy",), {}, False),
        (("github:mallory",), {}, False),
    ],
)
def test_one_person_at_least_stays_an_admin(admins, teams, remains):
    said = left(replace(ORGANIZATION, admins=admins, teams=teams))

    assert said == (
        [] if remains else ["organization.yaml: no person would be an organization admin any more"]
    )


def test_the_organization_is_never_removed():
    assert left(None) == ["organization.yaml: there would be no organization: there is no organization here"]
    assert left(None, e.FileChanged(path="organization.yaml")) == left(None)


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (Identity(github="ana-gh"), Identity(github="Ana-GH"), ["github Ana-GH"]),
        (Identity(ssh=("SHA256:k",)), Identity(ssh=("SHA256:x", "SHA256:k")), ["ssh SHA256:k"]),
        (Identity(gitlab="ana"), Identity(github="ana"), []),
        (Identity(emails=("a@acme.example",)), Identity(emails=("a@acme.example",)), []),  # gives no right
        (Identity(gerrit="ana"), Identity(gerrit="Ana"), []),
        (Identity(ssh=("SHA256:k", "SHA256:k")), Identity(), []),
    ],
)
def test_an_account_or_key_belongs_to_one_principal(one, other, said):
    claimed = replace(ORGANIZATION, identities={"user:one": one, "user:other": other})

    assert left(claimed) == [
        f"organization.yaml: {claim} is claimed by user:one and user:other" for claim in said
    ]


def test_what_stood_before_is_no_reason_to_refuse_what_is_about_something_else():
    twice = {"user:one": Identity(github="x"), "user:other": Identity(github="x")}
    now = files_of(FILES, {"organization.yaml": replace(ORGANIZATION, identities=twice)})

    assert judge(rules(), EXAMPLES["version-linked"], "user:mia", after=now).is_allowed


def test_rules_are_read_once_and_only_as_far_as_they_are_asked():
    tree = MemoryTree({**FILES, "dataset/access.yaml": Access()})
    ruling = Rules(Snapshot(tree))

    for event in (EXAMPLES["version-linked"], on_production("alias-moved"), EXAMPLES["types-changed"]):
        judge(ruling, event, "user:alice")

    assert tree.read == {"organization.yaml": 1, "model/access.yaml": 1}


def test_an_access_document_without_a_registry_rules_nothing():
    orphaned = rules({"left/access.yaml": ACCESS})

    assert str(roles.held(orphaned, "user:alice", "left")) == "no role"
