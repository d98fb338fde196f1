"""What may be done on a project's branch, and by whom."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.policy.acme import EXAMPLES, rules, spelled

from git_registry.model.events import KINDS, FileChanged
from git_registry.policy import projects

NEVER = {
    *("organization-changed", "admin-added", "admin-removed", "team-changed", "identity-changed"),
    *("registry-created", "registry-deleted", "types-changed", "visibility-changed"),
    *("member-added", "member-removed", "role-changed"),
    *("protection-added", "protection-removed", "gates-changed"),
    *("collection-renamed", "version-rewritten"),
    *("automation-created", "automation-changed", "automation-deleted"),
}
BY_ORGANIZATION_ADMINS = {"version-purged", "file-changed"}


def inside(kind, project="churn"):
    return replace(EXAMPLES[kind], path=f"{project}/xgb")


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_writer_may_do(kind):
    verdict = projects.evaluate(rules(), "churn", [inside(kind)], "user:bob")

    assert verdict.is_allowed == (kind not in NEVER | BY_ORGANIZATION_ADMINS)
    assert all(one.event == inside(kind) for one in verdict.violations)


@pytest.mark.parametrize("kind", sorted(NEVER | BY_ORGANIZATION_ADMINS))
def test_what_an_organization_admin_may_do_besides(kind):
    verdict = projects.evaluate(rules(), "churn", [inside(kind)], "user:ana")

    assert verdict.is_allowed == (kind in BY_ORGANIZATION_ADMINS)


@pytest.mark.parametrize("path", ["", "model/churn", "churned/xgb", "Churn/xgb", ".github/workflows/ci.yml"])
def test_a_branch_holds_what_is_below_its_project_alone(path):
    happened = replace(EXAMPLES["version-linked"], path=path)

    (one,) = projects.evaluate(rules(), "churn", [happened], "user:ana").violations

    assert str(one).removeprefix(f"{path}: ") == "the branch projects/churn holds only what is below churn/"


def test_spelling_is_any_writers():
    verdict = projects.evaluate(rules(), "churn", [spelled("churn/project.yaml")], "user:bob")

    assert verdict.is_allowed


def test_a_stray_file_is_not_a_writers():
    (one,) = projects.evaluate(rules(), "churn", [FileChanged(path="churn/x.bin")], "user:bob").violations

    assert one.needed == "organization admin"
    assert one.able == ("team:ops", "user:ana")


@pytest.mark.parametrize(
    ("who", "project", "said"),
    [
        ("user:bob", "churn", ""),
        ("user:vera", "churn", "the project; user:vera has viewer"),
        ("user:mia", "churn", "the project; user:mia has no role"),
        ("user:mia", "Churn", "the project; user:mia has no role"),  # whatever its case
        ("user:mia", "open", ""),
        (
            "user:zoe",
            "open",
            "a registry or project; user:zoe has viewer (by default_role)",
        ),
        (None, "secret", "the project; whoever this is has no role"),
    ],
)
def test_who_writes_to_a_project(who, project, said):
    found = "; ".join(one.message for one in projects.writes(rules(), project, who))

    assert found == (f"writing to the project takes member of {said}" if said else "")


def test_rules_that_cannot_be_read_close_every_project():
    (one,) = projects.writes(rules(organization="no document"), "churn", "user:ana")

    assert one.rule == "closed"
