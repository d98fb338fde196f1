"""Notes and aliases that somebody edited: what others wrote meanwhile stays, or it is a conflict."""

import pytest

from git_registry.errors import Conflict, UsageError
from git_registry.model.documents.notes import Notes
from git_registry.model.edits.version import Addition
from git_registry.sdk import noting
from git_registry.sdk.renoting import Revision, revise

from .once import once
from .projects import log


@once
def version(desk):
    return desk.link("one", tags=["eu"], description="First.", aliases=["staging"]).id


@pytest.fixture
def notes(desk, version):
    return lambda: desk.document(f"model/churn/versions/{version}.notes.yaml", Notes)


SEEN = Notes(description="First.", tags=("eu",))


def test_only_what_was_changed_is_changed(desk, notes):
    after = Notes(description="First.", tags=("eu", "big"), metadata={"by": "risk"}, ttl=60)
    others = Addition(description="Second.", tags=("asia",), metadata={"seen": True}, metrics={"f1": 0.5})
    desk(noting.annotate, ["model/churn:v0"], others)

    desk(revise, "model/churn:v0", Revision(before=SEEN, after=after))

    assert notes() == Notes(
        description="Second.",
        tags=("eu", "asia", "big"),
        metadata={"seen": True, "by": "risk"},
        metrics={"f1": 0.5},
        ttl=60,
    )


@pytest.mark.parametrize(
    ("mine", "theirs", "named"),
    [
        ({"description": "Mine."}, Addition(description="Theirs."), "its description"),
        ({"metadata": {"by": "me"}}, Addition(metadata={"by": "them"}), "the same key"),
    ],
)
def test_the_same_thing_changed_by_two_is_a_conflict(desk, version, mine, theirs, named):
    desk(noting.annotate, ["model/churn:v0"], theirs)
    before = desk.log()
    after = Notes(**{"description": "First.", "tags": ("eu",), **mine})

    with pytest.raises(Conflict, match=f"somebody changed {named} meanwhile") as conflict:
        desk(revise, "model/churn:v0", Revision(before=SEEN, after=after))

    assert conflict.value.where == f"model/churn/versions/{version}.notes.yaml"
    assert desk.log() == before


def test_notes_and_aliases_in_one_commit(desk, notes, version):
    desk(
        revise,
        "model/churn:v0",
        Revision(before=SEEN, after=Notes(tags=("eu",)), add=("a", "b"), remove=("staging", "gone")),
    )

    assert notes() == Notes(tags=("eu",))
    assert desk.aliases() == {"a": version, "b": version}
    assert desk.log()[0] == f"Annotate model/churn@{version[:8]}; aliases: add a, b; remove staging, gone"


def test_an_alias_that_went_to_another_version_is_not_taken_away(desk, version):
    other = desk.link("two", aliases=["staging"]).id

    desk(revise, f"model/churn@{version}", Revision(remove=("staging",)))

    assert desk.aliases() == {"staging": other}


def test_saying_nothing_new_is_no_commit(desk, version):
    before = desk.log()

    desk(revise, "model/churn:v0", Revision(before=SEEN, after=SEEN, add=("staging",)))

    assert desk.log() == before


@pytest.mark.parametrize(
    "revision",
    [
        Revision(add=("v7",)),
        Revision(add=("latest",)),
        Revision(add=("a/b",)),
        Revision(after=Notes(tags=("a/b",))),
    ],
)
def test_what_may_not_be_called_that(desk, version, revision):
    with pytest.raises(UsageError):
        desk(revise, "model/churn:v0", revision)


def test_a_version_in_a_project(desk, git):
    logged = log(desk, "one", description="First.")

    desk(revise, "projects/churn/churn-xgb:v0", Revision(after=Notes(ttl=60), add=("best",)))

    listed = git(desk.path, "ls-tree", "-r", "--name-only", "projects/churn").splitlines()
    assert f"churn/churn-xgb/versions/{logged.id}.notes.yaml" in listed
    assert "churn/churn-xgb/aliases/best.yaml" in listed
    assert desk.log() == ["Create the organization acme"]
