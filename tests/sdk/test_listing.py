"""What is there, in a clone that may not count versions: all of it, by digits."""

import pytest

from git_registry.errors import NotFound
from git_registry.model.selector import Selector
from git_registry.sdk import auditing, bisecting, comparing, listing, searching, series
from git_registry.sdk.scoping import scope
from git_registry.sdk.syncing import sync
from git_registry.sdk.tracing import lineage

from .once import once

CHURN = Selector(registry="model", collection="churn")


@once
def published(desk, upstream):
    ids = [desk.link(text, metrics={"auc": 0.5}).id for text in ("one", "two", "three")]
    desk.promote("model/churn:v1", "production")
    desk(sync)
    return ids


@once
def shallow(desk, published, clone, git):
    """A clone that shall stay shallow."""
    made = clone("shallow", "--depth=1")
    git(made.path, "config", "registry.deepen", "false")
    return made


def test_a_version_is_shown_by_its_digits(shallow, published):
    for name in ("model/churn:production", f"model/churn@{published[1][:8]}"):
        view = shallow(listing.show, name)
        assert (view.id, view.version, view.path) == (published[1], None, f"model/churn@{published[1][:8]}")
        assert view.aliases == ("production",)


def test_a_collection_is_shown_without_its_latest(shallow, published):
    for view in (shallow(listing.show, "model/churn"), *shallow(listing.collections, "model")):
        assert view.aliases == {"production": f"@{published[1][:8]}"}
        assert (view.versions, view.latest) == (3, None)


def test_versions_are_listed_the_last_created_first(shallow, published):
    found = shallow(listing.listed, CHURN)

    assert [one.id for one in found] == published[::-1]
    assert [one.version for one in found] == [None] * 3


def test_versions_are_compared_by_their_digits(shallow, published):
    found = shallow(comparing.compare, ["model/churn:production", f"model/churn@{published[0]}"])

    assert [one.id for one in found.versions] == [published[1], published[0]]
    assert shallow(scope, "model/churn:production").version.id == published[1]


HUNT = bisecting.Hunt(collection="model/churn", good="production", bad="production", command=("true",))


@pytest.mark.parametrize(
    ("verb", "args"),
    [
        (listing.show, ["model/churn:v1"]),
        (listing.show, ["model/churn:latest"]),
        (auditing.history, ["model/churn", auditing.Wanted()]),
        (searching.search, [searching.Search()]),
        (lineage, ["model/churn:production"]),
        (series.over, ["model/churn", "auc"]),
        (bisecting.bisect, [HUNT, None]),
        (listing.versions, [CHURN]),
    ],
)
def test_what_needs_the_past_is_refused_with_the_way_out(shallow, verb, args):
    with pytest.raises(NotFound, match="so versions can't be numbered here") as refused:
        shallow(verb, *args)

    assert refused.value.hint.startswith("`git fetch --unshallow --filter=blob:none`")
    assert shallow.said == []


def test_what_was_read_before_the_clone_became_shallow_has_numbers(published, clone, git):
    bob = clone("bob")
    assert bob(listing.show, "model/churn").latest == "v2"
    git(bob.path, "config", "registry.deepen", "false")
    git(bob.path, "fetch", "-q", "--depth=1")

    assert bob(listing.show, "model/churn").latest == "v2"
    assert [one.version for one in bob(listing.listed, CHURN)] == ["v2", "v1", "v0"]


def test_a_clone_that_may_is_deepened_for_its_numbers(published, clone):
    bob = clone("bob", "--depth=1")

    assert [one.version for one in bob(listing.listed, CHURN)] == ["v2", "v1", "v0"]
    assert "fetching the history" in bob.said[0]
