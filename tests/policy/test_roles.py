"""Who has which role, and where it comes from."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.model.memory import snapshot
from tests.policy.acme import ACCESS, EXAMPLES, FILES, ORGANIZATION, judge, rules

from git_registry.model.documents.access import Access
from git_registry.model.documents.organization import Team
from git_registry.policy import roles
from git_registry.policy.roles import Held
from git_registry.policy.rules import Rules


def held(principal, registry="model", **documents):
    return str(roles.held(rules(**documents), principal, registry))


@pytest.mark.parametrize(
    ("principal", "said"),
    [
        ("user:ana", "organization admin (by admins)"),
        ("user:oda", "organization admin (by team:ops in admins)"),
        ("user:alice", "admin"),
        ("user:lea", "admin (by team:leads)"),
        ("user:bob", "member (by team:nlp)"),
        ("user:rex", "restricted_viewer"),
        ("user:zoe", "viewer (by default_role)"),
        (None, "no role"),
    ],
)
def test_where_a_role_comes_from(principal, said):
    assert held(principal) == said


def test_the_highest_of_ones_own_and_ones_teams_wins():
    lowered = replace(ACCESS, members={**ACCESS.members, "user:bob": "viewer", "user:lea": "viewer"})

    assert held("user:bob", access=lowered) == "member (by team:nlp)"
    assert [one.role for one in roles.grants(rules(access=lowered), "user:lea", "model")] == [
        "admin",
        "viewer",
    ]


def test_the_default_role_is_for_those_who_are_not_listed_alone():
    everybody = replace(ORGANIZATION, default_role="member")

    assert held("user:zoe", organization=everybody) == "member (by default_role)"
    assert held("user:rex", organization=everybody) == "restricted_viewer"
    assert held("user:zoe", "dataset", organization=everybody) == "member (by default_role)"


def test_a_registry_without_access_document_has_the_default_role_for_all():
    assert held("user:alice", "dataset") == "viewer (by default_role)"
    assert held("user:ana", "dataset") == "organization admin (by admins)"


def test_in_a_registry_that_is_not_there_only_the_organization_counts():
    assert held("user:alice", "reports") == "no role"
    assert held("user:oda", "reports") == "organization admin (by team:ops in admins)"


@pytest.mark.parametrize(
    ("organization", "access", "said"),
    [
        (ORGANIZATION, Access(members={"team:leads": "admin"}), "member (by team:leads)"),
        (ORGANIZATION, Access(members={"service:train": "admin"}), "admin"),
        (replace(ORGANIZATION, default_role="admin"), Access(), "member (by default_role)"),
        (replace(ORGANIZATION, admins=("service:train",)), Access(), "organization admin (by admins)"),
    ],
)
def test_a_service_is_admin_only_where_it_is_listed_by_name(organization, access, said):
    assert held("service:train", organization=organization, access=access) == said


def test_a_service_in_a_team_of_admins_is_none():
    assert held("service:deploy") == "viewer (by default_role)"


SIGNED_UP = replace(ORGANIZATION, admins=("user:ana", "github:mallory"), default_role="admin")


def test_an_account_that_anybody_may_have_has_no_more_than_a_viewer_wherever_it_is_listed():
    listed = Access(members={"github:mallory": "admin", "team:nlp": "member"})
    organization = replace(SIGNED_UP, teams={"nlp": Team(members=("github:mallory",))})

    assert held("github:mallory", access=listed, organization=organization) == "viewer (by default_role)"
    assert held("github:mallory", "reports", organization=organization) == "no role"
    assert not roles.in_any(rules(organization=organization), "github:mallory").reaches("member")


def test_teams_do_not_hold_teams():
    nested = replace(ORGANIZATION, teams={**ORGANIZATION.teams, "all": Team(members=("team:nlp",))})

    assert (
        held("user:bob", access=Access(members={"team:all": "admin"}), organization=nested)
        == "viewer (by default_role)"
    )


@pytest.mark.parametrize(
    ("principal", "project", "said"),
    [
        ("user:bob", "churn", "member (by team:nlp)"),
        ("user:vera", "churn", "viewer"),
        ("user:mia", "churn", "no role"),  # listed projects have no default
        ("user:mia", "CHURN", "no role"),  # another spelling is no other project
        ("user:ana", "churn", "organization admin (by admins)"),
        ("user:bob", "secret", "no role"),
        ("user:mia", "open", "member"),  # of a registry: a project that isn't listed is any member's
        ("user:vera", "open", "viewer (by default_role)"),
        (None, "open", "no role"),
    ],
)
def test_in_a_project(principal, project, said):
    assert str(roles.in_project(rules(), principal, project)) == said


class Counting(Rules):
    """Rules that count how often somebody asks for an access document."""

    asked = 0

    def access(self, registry):
        self.asked += 1
        return super().access(registry)


def test_who_is_able_is_found_once_however_much_is_refused():
    ruling = Counting(snapshot(FILES))

    judge(ruling, EXAMPLES["types-changed"], "user:zoe")
    first = ruling.asked
    judge(ruling, EXAMPLES["types-changed"], "user:zoe")

    assert ruling.asked - first < len(ACCESS.members) < first


def test_the_highest_role_anywhere_may_be_of_a_project():
    only = replace(ORGANIZATION, projects={"churn": {"user:zoe": "member"}})

    assert roles.in_any(rules(organization=only), "user:zoe") == Held(role="member", source="itself")


@pytest.mark.parametrize(
    ("needed", "registries", "able"),
    [
        ("organization admin", (), ("team:ops", "user:ana")),
        ("admin", ("model",), ("team:leads", "team:ops", "user:alice", "user:ana")),
        ("admin", ("model", "dataset"), ("team:ops", "user:ana")),
        ("member", ("dataset",), ("team:ops", "user:ana")),
        (
            "member",
            ("model",),
            ("team:leads", "team:nlp", "team:ops", "user:alice", "user:ana", "user:mia"),
        ),
        ("nobody", ("model",), ()),
    ],
)
def test_who_is_able(needed, registries, able):
    assert roles.able(rules(), needed, registries) == able


def test_nobody_is_named_as_able_who_is_not():
    listed = Access(members={"github:mallory": "admin", "user:alice": "admin"})
    orphaned = {"left/access.yaml": Access(members={"user:mia": "admin"})}

    assert roles.able(rules(access=listed, organization=SIGNED_UP), "admin", ("model",)) == (
        "user:alice",
        "user:ana",
    )
    assert roles.able(rules(orphaned), "admin", ("left",)) == ("team:ops", "user:ana")


def test_who_has_a_role_in_one_registry_by_a_team_and_in_another_by_name_is_able():
    both = {"dataset/access.yaml": Access(members={"user:bob": "member"})}

    assert "user:bob" in roles.able(rules(both), "member", ("dataset", "model"))
