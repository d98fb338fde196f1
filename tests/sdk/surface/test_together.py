"""`registry.transaction()`: several changes, one commit, or none."""

from __future__ import annotations

import pytest
from tests.sdk.once import once
from tests.sdk.recorded import manifest

from git_registry.catalog import projects
from git_registry.catalog.transaction import Transaction, commit
from git_registry.errors import Conflict, NotFound, Refused, UsageError
from git_registry.model.edits import project as project_edits
from git_registry.model.edits import version as version_edits
from git_registry.sdk import aliasing
from git_registry.sdk.surface.api import Api


@once
def acme(desk):
    for content, target in (("a", "churn"), ("b", "churn"), ("c", "fraud")):
        desk.link(content, f"model/{target}", aliases=["staging"])
    one = manifest("logged", artifact="xgb")
    steps = [
        lambda now: project_edits.begin(now, "lab"),
        lambda now: version_edits.link(now, "lab/xgb", one),
    ]
    with desk.open() as catalog:
        commit(projects.begun(catalog, "lab"), Transaction(edits=steps, message="Log"))
    return desk


@pytest.fixture
def api(acme):
    opened = Api(path=str(acme.path))
    opened.workspace.clock, opened.workspace.notify = acme.clock, acme.said.append
    yield opened
    opened.workspace.close()


def named(desk, collection):
    return {alias: version[:8] for alias, version in desk.aliases(collection).items()}


def test_one_alias_alone_is_one_alias(desk, api):
    with api.registry("model").transaction() as together:
        together.link("lab/xgb:v0", "fraud", aliases="candidate")

    assert named(desk, "model/fraud").keys() == {"staging", "candidate"}


def test_nothing_is_collected_that_would_never_be_committed(desk, api):
    before = desk.log()
    together = api.registry("model").transaction()
    with pytest.raises(UsageError, match="nothing would ever be committed") as refused:
        together.link("lab/xgb:v0", "fraud")
    assert refused.value.hint.startswith("with registry.transaction()")

    with together:
        together.tag("churn:v0", "eu")
    with pytest.raises(UsageError, match="nothing would ever be committed"):
        together.tag("churn:v0", "us")

    assert desk.log()[1:] == before


def test_a_version_of_a_project_that_is_called_like_the_registry(desk, api):
    steps = [
        lambda now: project_edits.begin(now, "model"),
        lambda now: version_edits.link(now, "model/churn", manifest("other", artifact="churn")),
    ]
    with desk.open() as catalog:
        commit(projects.begun(catalog, "model"), Transaction(edits=steps, message="Log"))
    logged = api.artifact("projects/model/churn")

    with api.registry("model").transaction() as together:
        linked = together.link(logged, "fraud")

    assert linked == f"model/fraud@{logged.id}"


def test_links_promotions_aliases_and_tags_are_one_commit(desk, api):
    before = desk.log()
    logged = api.artifact("lab/xgb")

    with api.registry("model").transaction() as together:
        linked = together.link(logged, "churn", aliases=["candidate"])
        together.promote(linked, "production")
        together.promote("fraud:v0", "production")
        together.alias("churn:v0", "rollback", "old")
        together.unalias("churn", "staging")
        together.tag("churn:v0", "eu", "best")
        together.unlink("churn:v1")
        assert desk.log() == before

    assert desk.log()[1:] == before
    assert [one.kind for one in together.outcome.events].count("alias-added") == 5
    assert api.artifact("model/churn:production").version == "v2"
    assert named(desk, "model/churn").keys() == {"candidate", "production", "rollback", "old"}
    assert named(desk, "model/fraud").keys() == {"production", "staging"}
    assert [one.version for one in api.artifacts("model", "model/churn", tags=["eu", "best"])] == ["v0"]
    assert not api.artifact_exists("model/churn:v1")
    assert desk.log()[0].startswith("Link model/churn@")


def all_of(api, *asked):
    """Ask for some changes of the registry `model`, as one."""
    with api.registry("model").transaction() as together:
        for ask in asked:
            ask(together)


def promoted(together):
    together.promote("churn:v0", "production")


def fail(_together):
    raise KeyError("a mistake")


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (fail, KeyError),
        (lambda together: together.link("churn:v0", "dataset/customers"), Refused),
        (lambda together: together.unalias("churn", "nothing"), NotFound),
    ],
)
def test_nothing_happens_if_the_block_raises_or_a_part_can_not_be(desk, api, ask, error):
    before = desk.log()

    with pytest.raises(error):
        all_of(api, promoted, ask)

    assert desk.log() == before


@pytest.mark.parametrize(
    ("ask", "error"),
    [
        (lambda together: together.promote("churn:v7", "production"), NotFound),
        (lambda together: together.promote("chrun:v0", "production"), NotFound),
        (lambda together: together.promote("churn:v0", "v7"), UsageError),
        (lambda together: together.promote("churn:v0", "latest"), UsageError),
        (lambda together: together.tag("churn:v0", "no/tag"), UsageError),
        (lambda together: together.promote("projects/lab/xgb:v0", "production"), UsageError),
        (lambda together: together.link("projects/lab/xgb:v0", "projects/lab/other"), UsageError),
    ],
)
def test_what_makes_no_sense_is_told_where_it_is_asked(desk, api, ask, error):
    before = desk.log()

    with pytest.raises(error):
        all_of(api, ask)

    assert desk.log() == before


def test_an_alias_that_moved_meanwhile_is_a_conflict(desk, api):
    def tagged(together):
        together.tag("fraud:v0", "eu")
        together.promote("churn:v0", "staging")

    def meanwhile(_together):
        desk(aliasing.remove, "model/churn", ["staging"])

    with pytest.raises(Conflict, match="staging names"):
        all_of(api, tagged, meanwhile)

    assert not api.artifacts("model", "model/fraud", tags=["eu"])


def test_an_alias_may_be_asked_for_twice_and_the_last_counts(desk, api):
    with api.registry("model").transaction("Turn it over") as together:
        together.promote("churn:v0", "staging")
        together.promote("churn:v1", "staging")
        together.promote("churn:v0", "staging")
        together.untag("churn:v0", "nothing")

    assert api.artifact("model/churn:staging").version == "v0"
    assert desk.log()[0] == "Turn it over"


def test_an_empty_block_makes_no_commit(desk, api):
    before = desk.log()

    with api.registry("model").transaction() as together:
        pass

    assert (desk.log(), together.outcome) == (before, None)


def test_others_see_all_of_it_or_nothing(desk, clone, git):
    desk.link("a")
    desk.link("b", "model/fraud")
    git(desk.path, "push", "-q")
    eva = Api(path=str(clone("eva").path))

    with Api(path=str(desk.path)).registry("model").transaction() as together:
        together.promote("churn:v0", "production")
        together.promote("fraud:v0", "production")

    assert not eva.artifact_exists("model/churn:production")
    eva.flush()
    assert eva.artifact_exists("model/churn:production")
    assert eva.artifact_exists("model/fraud:production")
    assert together.outcome.attempts == 1
