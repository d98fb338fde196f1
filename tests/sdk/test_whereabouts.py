"""What is not where it was looked for: verbs say where it went, if the clone can tell."""

from functools import partial

import pytest
from tests.index.test_numbers import rename
from tests.sdk.desk import NOON
from tests.sdk.test_looking_back import then

from git_registry.errors import NotFound
from git_registry.sdk import aliasing, auditing, linking, listing, managing, noting, resolving
from git_registry.sdk.managing import Description
from git_registry.sdk.syncing import sync
from git_registry.sdk.tracing import lineage

from .once import once

DAY = NOON.date().isoformat()
OLD, NEW, NEWER = "model/churn", "model/leavers", "model/gone"


@pytest.fixture(autouse=True)
def _dated(monkeypatch):
    """What is committed by hand has a date, too."""
    monkeypatch.setenv("GIT_COMMITTER_DATE", NOON.isoformat())


def refused(desk, verb, *args):
    with pytest.raises(NotFound) as caught:
        desk(verb, *args)
    return str(caught.value), caught.value.hint


@once
def leavers(desk, git):
    """Two versions, one in production, and an input of another; then Bob renamed their collection."""
    desk.link("one", aliases=["production"])
    desk.link("two")
    desk.link("of one", "model/small", inputs=["model/churn:v0"])
    git(desk.path, "config", "user.name", "Bob")
    rename(desk, git, OLD, NEW)
    git(desk.path, "config", "--unset", "user.name")
    return desk


@pytest.mark.parametrize(
    ("verb", "args"),
    [
        (listing.show, [f"{OLD}:production"]),
        (listing.show, [f"{OLD}:v0"]),
        (listing.show, [OLD]),
        (resolving.resolve, [f"{OLD}:production"]),
        (aliasing.promote, [[f"{OLD}:v0"], "staging"]),
        (aliasing.remove, [OLD, ["production"]]),
        (linking.unlink, [[f"{OLD}:v0"]]),
        (managing.edit, [OLD, Description(title="Leavers")]),
        (managing.delete, [OLD]),
        (partial(noting.tag, add=["eu"]), [OLD]),
        (lineage, [f"{OLD}:v0"]),
        (lineage, [OLD]),
    ],
)
def test_every_verb_tells_the_new_name(leavers, verb, args):
    said, hint = refused(leavers, verb, *args)

    assert said == f"there is no collection {OLD}"
    assert hint == f"it was renamed to {NEW} by Bob on {DAY}"


def test_lineage_by_digits_tells_the_new_name(leavers):
    identifier = leavers(resolving.resolve, f"{NEW}:v0").found.id

    said, _ = refused(leavers, lineage, f"{OLD}@{identifier[:8]}")

    assert said == f"there is no collection {OLD}"
    assert leavers(lineage, f"{NEW}@{identifier[:8]}").nodes


def test_renamed_twice_the_last_name_is_told(leavers, git):
    rename(leavers, git, NEW, NEWER)

    assert refused(leavers, listing.show, OLD)[1].startswith(f"it was renamed to {NEWER} by Ada")


def test_there_and_back_and_there_again(leavers, git):
    rename(leavers, git, NEW, OLD)
    assert leavers(listing.show, OLD).versions == 2
    rename(leavers, git, OLD, NEW)

    assert refused(leavers, listing.show, OLD)[1].startswith(f"it was renamed to {NEW} by Ada")


def test_what_was_deleted_later_was_not_renamed(leavers):
    leavers.link("three")
    leavers(managing.delete, OLD)

    assert refused(leavers, listing.show, OLD)[1] == "`git registry list model` shows what is there"


def test_a_mistyped_name_has_the_nearest(leavers):
    assert refused(leavers, listing.show, "model/leaverz")[1] == f"did you mean {NEW}?"


def test_a_clone_that_cannot_count_has_the_nearest(leavers, clone):
    leavers(sync)
    shallow = clone("shallow", "--depth=1")

    assert refused(shallow, listing.show, "model/smal")[1] == "did you mean model/small?"
    assert refused(shallow, listing.show, OLD)[1] == "`git registry list model` shows what is there"
    assert shallow.said == []


def test_looking_back_the_old_name_is_told(leavers, git):
    rename(leavers, git, NEW, NEWER)

    for name in (NEW, NEWER):
        with pytest.raises(NotFound) as caught:
            then(leavers, "HEAD~2", listing.show, f"{name}:production")
        assert str(caught.value) == f"there is no collection {name}"
        assert caught.value.hint == f"it was {OLD} then"


def test_looking_back_after_the_rename_the_new_name_is_told(leavers):
    leavers.link("three", NEW)

    with pytest.raises(NotFound) as caught:
        then(leavers, "HEAD~1", listing.show, OLD)
    assert caught.value.hint == f"it was renamed to {NEW} by Bob on {DAY}"


def test_what_was_another_collection_then_is_not_told(leavers, git):
    leavers(managing.delete, NEW)
    leavers.link("three")

    with pytest.raises(NotFound) as caught:
        then(leavers, "HEAD", listing.show, NEW)
    assert caught.value.hint == "`git registry list model` shows what is there"


def test_linking_to_the_old_name_makes_a_new_collection_and_says_so(leavers):
    leavers.link("three")

    assert leavers.said == [f"{OLD} was renamed to {NEW}; this is a new collection"]
    leavers.link("four")
    leavers.link("five", "model/other")
    assert len(leavers.said) == 1


def test_linking_a_version_to_the_old_name_says_so_too(leavers):
    leavers(linking.link_version, "model/small:v0", OLD, linking.Request())

    assert leavers.said == [f"{OLD} was renamed to {NEW}; this is a new collection"]


def test_a_version_that_moved_was_not_unlinked(leavers):
    leavers.link("three")

    said, hint = refused(leavers, listing.show, f"{OLD}:v1")

    assert said == f"{OLD}: v1 moved to {NEW} with the rename by Bob on {DAY}"
    assert hint == f"it is {NEW}:v1 now"
    assert refused(leavers, lineage, f"{OLD}:v1") == (said, hint)
    assert leavers(listing.show, f"{NEW}:v1").number == 1


def test_one_that_moved_twice(leavers, git):
    leavers.link("three")
    rename(leavers, git, NEW, NEWER)

    assert refused(leavers, listing.show, f"{OLD}:v1")[1] == f"it is {NEWER}:v1 now"


def test_one_that_moved_came_back_and_was_unlinked_then(leavers):
    leavers.link("two")
    leavers(linking.unlink, [f"{OLD}:v1"])

    said, hint = refused(leavers, listing.show, f"{OLD}:v1")

    assert said == f"{OLD}: v1 was unlinked by Ada Lovelace on {DAY}"
    assert "brings it back" in hint


def test_one_that_was_unlinked_before_its_collection_was_renamed(desk, git):
    desk.link("one")
    desk.link("two")
    desk(linking.unlink, [f"{OLD}:v0"])
    rename(desk, git, OLD, NEW)

    assert refused(desk, listing.show, f"{NEW}:v0")[0].startswith(f"{NEW}: v0 was unlinked by Ada Lovelace")


@pytest.mark.parametrize("unlinked_first", [False, True])
def test_what_was_purged_was_not_unlinked(desk, git, unlinked_first):
    identifier = desk.link("one").id
    desk.link("two")
    if unlinked_first:
        desk(linking.unlink, [f"{OLD}:v0"])
    place = "unlinked" if unlinked_first else "versions"
    git(desk.path, "rm", "-q", f"{OLD}/{place}/{identifier}.yaml")
    git(desk.path, "commit", "-q", "-m", "Purge")

    said, hint = refused(desk, listing.show, f"{OLD}:v0")

    assert said == f"{OLD}: v0 was purged by Ada Lovelace on {DAY}"
    assert hint == ""


def test_without_history_a_version_is_not_there(leavers, clone, git):
    leavers.link("three")
    leavers(sync)
    shallow = clone("shallow", "--depth=1")
    git(shallow.path, "config", "registry.deepen", "false")

    assert refused(shallow, listing.show, f"{OLD}:v1")[0].endswith("so versions can't be numbered here")


def test_history_of_the_old_name_is_there_still(leavers):
    wanted = auditing.Wanted(kinds=frozenset({"collection-renamed"}))

    assert [one.event.path for one in leavers(auditing.history, OLD, wanted).events] == [NEW]
