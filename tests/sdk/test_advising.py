"""What is said of a write that waits here: what the server would say to it, as far as that is known."""

from __future__ import annotations

import pytest

from git_registry.catalog.transaction import Outcome
from git_registry.model.documents.access import Approvals, Gate
from git_registry.sdk import aliasing, linking, managing, membership, protecting
from git_registry.sdk.advising import advice
from git_registry.sdk.managing import Description

from .once import once


@once
def bob(desk, upstream, git):
    """A member of `model`, whose production is protected, in a clone that follows the upstream."""
    desk.link("weights", aliases=["production"])
    desk.link("better", metrics={"auc": 0.5})
    desk(membership.grant, "model", {"user:bob": "member", "user:alice": "admin"})
    desk(protecting.protect, "model", "production")
    publish(desk, git)
    git(desk.path, "config", "registry.user", "user:bob")
    return desk


def publish(desk, git):
    git(desk.path, "push", "-q", "origin", "main")


def said(desk, verb, *args, **options):
    """Do something, and return what is said of it."""

    def run(catalog):
        done = verb(catalog, *args, **options)
        return advice(catalog, done if isinstance(done, Outcome) else done.outcome)

    return desk(run)


def test_what_takes_another_role_needs_an_approval(bob):
    told = said(bob, aliasing.promote, ["model/churn:v1"], "production")

    assert told == (
        "advice: this would need approval by user:ada or user:alice: model/churn: alias-moved takes "
        "admin of model (the alias production is protected); user:bob has member; `git registry propose` "
        "asks for it"
    )


def test_what_is_allowed_is_not_spoken_of(bob, git):
    assert said(bob, aliasing.promote, ["model/churn:v1"], "staging") == ""
    git(bob.path, "config", "registry.user", "user:alice")
    assert said(bob, aliasing.promote, ["model/churn:v1"], "production") == ""
    assert said(bob, aliasing.promote, ["model/churn:v1"], "production") == ""  # so already


def test_what_no_approval_lifts_is_refused(bob, git):
    bob(protecting.protect, "model", "production", [Gate(metrics={"auc": {"$gte": 0.9}})])
    publish(bob, git)

    told = said(bob, aliasing.promote, ["model/churn:v1"], "production")

    assert told.startswith("advice: this would be refused: model/churn: production may point at ")
    assert told.endswith(" (and 1 more reason)")


def test_each_thing_that_unlinking_takes_along_is_judged(bob):
    assert "alias-removed takes admin of model" in said(bob, linking.unlink, ["model/churn:v0"])


@pytest.mark.parametrize("registry", ["reports", "x"])
def test_what_takes_an_organization_admin(bob, registry):
    told = said(bob, managing.create_registry, registry, Description())

    assert told.startswith("advice: this would need approval by user:ada: ")


def test_the_rules_are_those_that_were_fetched_not_those_that_are_written_here(bob):
    first = said(bob, membership.grant, "model", {"user:bob": "admin"})
    second = said(bob, aliasing.promote, ["model/churn:v1"], "production")

    assert "takes admin of model" in first
    assert "takes admin of model" in second


def test_who_has_rights_by_many_hands_is_told_of_three(bob, git):
    bob(membership.grant, "model", {f"user:admin{number}": "admin" for number in range(3)})
    publish(bob, git)

    told = said(bob, aliasing.promote, ["model/churn:v1"], "production")

    assert "by user:ada or user:admin0 or user:admin1 or 2 more: " in told


def test_what_takes_approvals_of_two_registries_says_whose(bob, git):
    bob.link("rows", "dataset/customers")
    bob(membership.grant, "dataset", {"user:bob": "member", "user:dora": "admin"})
    bob(protecting.protect, "dataset", "production")
    bob(protecting.protect, "model", "production", [Gate(approvals=Approvals(count=2, role="admin"))])
    publish(bob, git)

    told = said(bob, aliasing.promote, ["model/churn:v1", "dataset/customers:v0"], "production")

    assert told.startswith(
        "advice: this would need approval by user:ada or user:dora, and 2 approvals by user:ada or "
        "user:alice: dataset/customers: "
    )


def test_nothing_is_said_where_nobody_knows_who_works_here(bob, git):
    git(bob.path, "config", "--unset", "registry.user")

    assert said(bob, aliasing.promote, ["model/churn:v1"], "production") == ""


@pytest.mark.parametrize("name", ["nobody at all", "team:nlp:x"])
def test_a_name_that_is_none_spoils_no_write(bob, git, name):
    git(bob.path, "config", "registry.user", name)
    before = bob.aliases()["production"]

    assert said(bob, aliasing.promote, ["model/churn:v1"], "production") == ""
    assert bob.aliases()["production"] != before


def test_nothing_is_said_without_an_access_document(desk, upstream, git):
    git(desk.path, "config", "registry.user", "user:bob")

    assert said(desk, managing.create_registry, "reports", Description()) == ""


def test_nothing_is_said_without_a_remote(desk, git):
    desk(protecting.protect, "model", "production")
    git(desk.path, "config", "registry.user", "user:bob")

    assert said(desk, managing.create_registry, "reports", Description()) == ""


def test_a_branch_of_ones_own_is_no_place_for_advice(bob, git):
    git(bob.path, "config", "registry.branch", "main")
    git(bob.path, "checkout", "-q", "-b", "proposals/bob/better")

    assert said(bob, aliasing.promote, ["model/churn:v1"], "production") == ""
