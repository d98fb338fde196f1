"""Who may do what, by real pushes: every kind of event, by every role (DESIGN §5)."""

from datetime import UTC, datetime

import pytest
from tests.flows.servers.local import Local
from tests.flows.servers.server import USERS
from tests.flows.stepping import DECLINED, founded, organization, work
from tests.flows.steps import BASE, PROJECT_STEPS, STEPS

from git_registry.catalog.catalog import Catalog
from git_registry.model.diff import diff
from git_registry.model.events import KINDS
from git_registry.model.snapshot import Snapshot
from git_registry.policy.evaluate import evaluate
from git_registry.policy.evidence import Known
from git_registry.policy.rules import Rules
from git_registry.repository.repository import Repository

MAIN = "refs/heads/main"
PROJECT = "refs/heads/projects/churn"
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)

by_name = pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name)


@pytest.fixture(scope="module")
def founded_locally(tmp_path_factory):
    directory = tmp_path_factory.mktemp("roles")
    with Local(directory / "server").serving() as server:
        server.new_repository("acme")
        yield founded(directory / "work", server)


@pytest.fixture(scope="module")
def snapshot(founded_locally):
    """Return the snapshot at a commit."""
    repository = Repository.open(founded_locally[0].path)
    with Catalog(repository=repository, branch="main", clock=lambda: NOON) as catalog:
        yield lambda commit: Snapshot(catalog.tree(commit))


def test_the_table_names_every_kind_of_event():
    assert {step.kind for step in STEPS} == set(KINDS)


@by_name
def test_a_step_is_what_the_table_says(step, founded_locally, snapshot):
    at, base, _ = founded_locally

    events = diff(snapshot(base), snapshot(at.commit(step.files, base)))

    assert {event.kind for event in events} == {step.kind, *step.besides}


@by_name
def test_the_policy_allows_it_to_those_who_may(step, founded_locally, snapshot):
    at, base, _ = founded_locally
    before, after = snapshot(base), snapshot(at.commit(step.files, base))
    rules, events = Rules(before), diff(before, after)

    def allowed(user):
        evidence = Known(principal=f"user:{user}")
        return evaluate(rules, events, before, after, evidence).is_allowed

    assert {user for user in (*USERS, "mallory") if allowed(user)} == step.may


@pytest.mark.slow
@by_name
def test_those_who_may_push_it_and_nobody_else(step, founded_locally):
    at, base, _ = founded_locally

    pushed = at.tried(USERS, at.commit(step.files, base), MAIN)

    assert {user for user, done in pushed.items() if not done.code} == step.may
    for done in pushed.values():
        assert not done.code or refusal(done, step.kind, *step.besides)


@pytest.mark.parametrize("step", PROJECT_STEPS, ids=lambda step: step.name)
def test_those_who_may_push_it_to_a_project_and_nobody_else(step, founded_locally):
    at, _, project = founded_locally

    pushed = at.tried(USERS, at.commit(step.files, project), PROJECT)

    assert {user for user, done in pushed.items() if not done.code} == step.may
    for done in pushed.values():
        assert not done.code or refusal(done, "projects/churn")


def test_who_has_no_role_of_their_own_has_that_of_everybody(founded_locally):
    at, base, _ = founded_locally
    linking = at.commit(named("version-linked").files, base)
    welcoming = {"organization.yaml": BASE["organization.yaml"].replace("viewer", "member")}

    refused = at.push("mallory", f"{linking}:{MAIN}")
    assert refusal(refused, "user:mallory has viewer")

    everybody = at.commit(welcoming, base)
    at.put(MAIN, everybody)
    pushed = at.tried(["mallory", "carol"], at.commit(named("version-linked").files, everybody), MAIN)
    at.put(MAIN, base)
    assert [user for user, done in pushed.items() if not done.code] == ["mallory"]


def test_who_is_nobody_pushes_nothing(founded_locally):
    at, base, _ = founded_locally

    refused = at.push("", f"{at.commit(named('version-linked').files, base)}:{MAIN}")

    assert refusal(refused, "REG_USER")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sshd", "exposing", "gitolite", "http"])
def test_each_server_judges_by_who_came(kind, on, tmp_path):
    server = on(kind)
    at, base, _ = founded(tmp_path / "work", server)
    tries = {
        "version-linked": ("carol", "bob"),
        "alias-moved": ("eve", "bob"),
        "alias-moved that is protected": ("bob", "alice"),
        "registry-created": ("alice", "ana"),
        "version-rewritten": ("ana",),
    }

    for name, users in tries.items():
        step = named(name)
        pushed = at.tried(users, at.commit(step.files, base), MAIN)

        assert {user for user, done in pushed.items() if not done.code} == step.may & set(users)
        for done in pushed.values():
            assert not done.code or refusal(done, step.kind)


@pytest.mark.parametrize("kind", ["local", "sshd", "gitolite", "http"])
def test_the_first_push_is_made_by_those_whom_the_servers_admin_names(kind, on, tmp_path):
    server = on(kind)
    server.protect("user:ana")
    at = work(tmp_path / "work", server)
    first = at.commit(organization(server))

    refused = at.push("alice", f"{first}:{MAIN}")
    pushed = at.push("ana", f"{first}:{MAIN}")

    assert refusal(refused, "registry.rescue")
    assert pushed.code == 0, pushed.said
    assert at.at(MAIN) == first


def named(name):
    (found,) = (step for step in STEPS if step.name == name)
    return found


def refusal(done, *reasons):
    """Was the push refused by our hook for one of these reasons, and did the hook say so in order?"""
    said = "\n".join(done.remotely)
    assert done.code == 1
    assert DECLINED in done.said
    assert any(reason in said for reason in reasons), done.said
    assert "Traceback" not in said
    return True
