"""What is no longer linked is named by its digits still, wherever that makes sense."""

import pytest
from tests.index.test_numbers import link, manifest

from git_registry.errors import NotFound, UsageError
from git_registry.model.lineage.nodes import Version
from git_registry.sdk import auditing, comparing, linking, listing, managing
from git_registry.sdk.resolving import resolve
from git_registry.sdk.tracing import lineage

from .once import once


def audited(desk, text):
    """Return the id of the version whose history is told."""
    return desk(auditing.about, text)[1].version


def traced(desk, text):
    """Return the id of the version whose lineage is told."""
    (node,) = (node for node in desk(lineage, text).nodes if isinstance(node, Version))
    return node.id


@pytest.fixture(params=[audited, traced])
def named(request, desk):
    """Return what the audit, or lineage, takes digits for."""
    return lambda digits: request.param(desk, f"model/churn@{digits}")


@pytest.fixture
def alike(desk):
    """Two versions whose digests begin alike, both linked."""
    seen = {}
    for number in range(2000):
        one = manifest(str(number))
        if one.id[:4] in seen:
            break
        seen[one.id[:4]] = one
    both = one, seen[one.id[:4]]
    link(desk, *both)
    return both


def unlink(desk, *gone):
    desk(linking.unlink, [f"model/churn@{one.id}" for one in gone])


def purge(desk, git):
    git(desk.path, "rm", "-q", "-r", "model/churn/versions")
    git(desk.path, "commit", "-q", "-m", "Purge")


def test_it_is_found_by_a_few_digits_or_by_all(desk, named):
    one = manifest("one")
    link(desk, one, manifest("two"))
    unlink(desk, one)

    assert {named(digits) for digits in (one.id[:4], one.id, one.digest.value, one.digest)} == {one.id}


def test_a_purged_one_too(desk, git, named):
    one = manifest("one")
    link(desk, one)
    purge(desk, git)

    assert named(one.id[:8]) == named(one.digest) == one.id


def test_a_linked_one_comes_first(desk, named, alike):
    unlink(desk, alike[0])

    assert named(alike[0].id[:4]) == alike[1].id
    assert named(alike[0].id) == alike[0].id


def test_digits_that_fit_several_take_more(desk, named, alike):
    unlink(desk, *alike)

    with pytest.raises(UsageError, match=r"fits 2 versions that were unlinked") as several:
        named(alike[0].id[:4])
    assert several.value.hint == "give more digits"
    assert named(alike[0].id) == alike[0].id


def test_digits_that_no_version_ever_had(desk, named):
    link(desk, manifest("one"))

    with pytest.raises(NotFound, match="no linked version's digest begins with"):
        named("00000000")


@pytest.mark.parametrize("digits", [4, 32, 64])
def test_who_wants_a_linked_one_is_told_that_it_was_unlinked(desk, digits):
    one = manifest("one")
    link(desk, one, manifest("two"))
    unlink(desk, one)

    with pytest.raises(NotFound, match="no linked version's digest begins with") as gone:
        desk(resolve, f"model/churn@{one.digest.value[:digits]}")
    assert gone.value.hint == f"@{one.id[:8]} was unlinked; linking it again brings it back"


@once
def two(desk):
    """A collection of each registry, and one that both have."""
    for place in ("model/churn", "model/fraud", "dataset/customers", "dataset/fraud"):
        desk.link(place, place)
    return desk


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("churn", "did you mean model/churn?"),
        ("Churn", "did you mean model/churn?"),
        ("fraud", "did you mean dataset/fraud or model/fraud?"),
        ("customer", "did you mean dataset/customers?"),
        ("modle", "did you mean model?"),
        ("v3", "name the collection: dataset/customers:v3"),
        ("v3?", "name the collection: dataset/customers:v3?"),
        ("latest", "name the collection: dataset/customers:latest"),
        ("nosuch", "`git registry list` shows the registries"),
        ("nosuch/churn", "`git registry list` shows the registries"),
        ("modle/churn:v0", "did you mean model?"),
    ],
)
def test_a_word_that_is_no_registry_may_be_short_for_something_in_one(two, word, hint):
    for verb, args in (
        (listing.show, [word]),
        (lineage, [word]),
        (comparing.compare, [["model/churn:v0", word]]),
        (auditing.about, [word]),
        (managing.delete, [word]),
    ):
        with pytest.raises(NotFound, match="there is no registry") as missing:
            two(verb, *args)
        assert missing.value.hint == hint


def test_where_nothing_is_linked_a_number_has_an_example(desk):
    with pytest.raises(NotFound) as missing:
        desk(listing.show, "v3")

    assert missing.value.hint == "name the collection: model/churn:v3"


def test_what_would_be_created_is_created_in_a_registry_of_that_name(desk):
    for verb, args in (
        (linking.link_files, [desk.source("x"), "nosuch/churn", linking.Request()]),
        (managing.create_collection, ["nosuch/churn", managing.Description()]),
    ):
        with pytest.raises(NotFound) as missing:
            desk(verb, *args)
        assert missing.value.hint == "`git registry create nosuch` creates it"
