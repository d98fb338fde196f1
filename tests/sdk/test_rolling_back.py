"""Rolling back: an alias goes to what it named before, and nothing that it never named."""

import pytest
from tests.sdk import mounted
from tests.sdk.projects import log

from git_registry.catalog import projects
from git_registry.catalog.catalog import Reach
from git_registry.codec.canonical import encode
from git_registry.errors import Conflict, NotFound, UsageError
from git_registry.model.documents.alias import Alias
from git_registry.sdk import aliasing, renaming, resolving
from git_registry.sdk.linking import unlink
from git_registry.sdk.rolling_back import rollback

from .once import once

ada, host, trusting, vault = mounted.ada, mounted.host, mounted.trusting, mounted.vault

PRODUCTION = "model/churn/aliases/production.yaml"


@once
def versions(desk):
    """Three versions that were in production one after the other."""
    return [desk.link(text, aliases=["production"]).id for text in ("one", "two", "three")]


def test_it_goes_back_to_what_it_named_before(desk, versions, git):
    outcome = desk(rollback, ["model/churn"], "production")

    assert desk.aliases() == {"production": versions[1]}
    assert desk.log()[0] == "Roll back model/churn production to v1"
    assert [(one.kind, one.before, one.after) for one in outcome.events] == [
        ("alias-moved", versions[2], versions[1])
    ]
    assert git(desk.path, "show", "--format=", "--name-only").split() == [PRODUCTION]


def test_twice_comes_back_to_where_it_was(desk, versions):
    desk(rollback, ["model/churn"], "production")
    desk(rollback, ["model/churn"], "production")

    assert desk.aliases() == {"production": versions[2]}


def test_another_spelling_and_a_promotion_to_the_same_are_passed_by(desk, versions, git):
    (desk.path / PRODUCTION).write_text(f"# Since Monday.\n{encode(Alias(version=versions[2])).decode()}")
    git(desk.path, "commit", "-qam", "Say since when")
    desk.promote("model/churn:v2", "production")

    desk.allowing(rewrite=True)(rollback, ["model/churn"], "production")

    assert desk.aliases() == {"production": versions[1]}


def test_the_time_it_named_nothing_is_passed_by(desk, versions):
    desk(aliasing.remove, "model/churn", ["production"])
    desk.promote("model/churn:v2", "production")

    desk(rollback, ["model/churn"], "production")

    assert desk.aliases() == {"production": versions[1]}


def test_an_alias_that_was_removed_comes_back(desk, versions):
    desk(aliasing.remove, "model/churn", ["production"])

    outcome = desk(rollback, ["model/churn"], "production")

    assert [one.kind for one in outcome.events] == ["alias-added"]
    assert desk.aliases() == {"production": versions[2]}


def test_a_renamed_collection_has_its_past(desk, versions):
    desk(renaming.rename, "model/churn", "model/leaving")

    desk(rollback, ["model/leaving"], "production")

    assert desk.aliases("model/leaving") == {"production": versions[1]}


@pytest.mark.parametrize("to", ["v0", "@{0}", ":oldest", "oldest"])
def test_further_back_by_any_name(desk, versions, to):
    desk.promote("model/churn:v0", "oldest")

    desk(rollback, ["model/churn"], "production", to=to.format(versions[0][:8]))

    assert desk.aliases()["production"] == versions[0]


def test_where_it_is_already_is_nothing(desk, versions):
    before = desk.log()

    assert desk(rollback, ["model/churn"], "production", to="v2").events == ()
    assert desk.log() == before


def test_several_collections_go_back_in_one_commit_or_none_does(desk, versions):
    others = [desk.link(text, "model/spam", aliases=["production"]).id for text in ("ham", "spam")]
    desk.link("alone", "model/alone", aliases=["production"])
    before = desk.log()

    with pytest.raises(NotFound, match="never pointed anywhere else"):
        desk(rollback, ["model/churn", "model/alone"], "production")
    with pytest.raises(NotFound, match="no version v2"):
        desk(rollback, ["model/churn", "model/spam"], "production", to="v2")
    assert desk.log() == before
    desk(rollback, ["model/churn", "model/spam"], "production")

    assert desk.log()[0] == "Roll back model/churn production to v1 and model/spam production to v0"
    assert desk.log()[1:] == before
    assert (desk.aliases()["production"], desk.aliases("model/spam")["production"]) == (
        versions[1],
        others[0],
    )


def test_what_it_never_named_is_a_promotion(desk, versions):
    desk.link("four")

    with pytest.raises(UsageError, match="production never pointed at v3") as refused:
        desk(rollback, ["model/churn"], "production", to="v3")

    assert refused.value.hint.startswith("`git registry promote model/churn:v3 --to production`")


def test_what_was_unlinked_meanwhile_is_said(desk, versions):
    desk(unlink, ["model/churn:v1"])

    with pytest.raises(NotFound, match="pointed at v1 before, which was unlinked meanwhile") as gone:
        desk(rollback, ["model/churn"], "production")
    assert "--to VERSION" in gone.value.hint
    desk(rollback, ["model/churn"], "production", to="v0")

    assert desk.aliases() == {"production": versions[0]}


def test_an_alias_that_never_was_is_not_found(desk, versions):
    with pytest.raises(NotFound, match="there never was an alias 'prodction'") as missing:
        desk(rollback, ["model/churn"], "prodction")

    assert missing.value.hint == "did you mean production?"


@pytest.mark.parametrize("selected", ["model", "model/churn:v1"])
def test_it_takes_collections(desk, versions, selected):
    with pytest.raises(UsageError):
        desk(rollback, [selected], "production")


def test_it_goes_back_only_from_what_is_expected(desk, versions):
    with pytest.raises(Conflict, match="production names v2, not v1"):
        desk(rollback, ["model/churn"], "production", expect="v1")
    desk(rollback, ["model/churn"], "production", expect="v2")

    assert desk.aliases() == {"production": versions[1]}


def test_what_others_moved_meanwhile_is_not_overwritten(desk, versions, clone, upstream, git):
    git(desk.path, "push", "-q")
    bob = clone("bob")
    desk.promote("model/churn:v0", "production")
    git(desk.path, "push", "-q")

    with bob.open() as catalog:
        catalog.reach = Reach.PUBLISHED
        with pytest.raises(Conflict, match="production names v0, not v2"):
            rollback(catalog, ["model/churn"], "production")
    assert desk.aliases() == {"production": versions[0]}


def test_an_artifact_of_a_project_goes_back(desk):
    first, _ = (log(desk, text, aliases=("best",)) for text in ("one", "two"))

    desk(rollback, ["projects/churn/churn-xgb"], "best")

    with desk.open() as catalog:
        there = projects.on_project(catalog, "churn")
        assert there.now().alias("churn/churn-xgb", "best") == first.id


def test_an_alias_of_a_mounted_repository_goes_back_there(trusting, vault):
    trusting.promote("secret/model/churn:v1", "production")

    outcome = trusting(rollback, ["secret/model/churn"], "production")

    assert (outcome.mount, outcome.events[0].path) == ("secret", "model/churn")
    back, first = (trusting(resolving.resolve, f"secret/model/churn:{one}") for one in ("production", "v0"))
    assert back.files == first.files
