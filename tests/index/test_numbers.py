"""Numbers are not stored: they come from the first-parent line, once for each content."""

import shutil
from datetime import timedelta

import pytest
from tests.index import naive
from tests.sdk.desk import NOON, Desk
from tests.sdk.once import once

from git_registry.catalog.transaction import Transaction, commit
from git_registry.errors import NotFound
from git_registry.index.numbers import numbers
from git_registry.model.dates import timestamp
from git_registry.model.digest import Digest, list_digest
from git_registry.model.documents.manifest import FileEntry, Manifest
from git_registry.model.edits import version as versions
from git_registry.sdk import linking, managing, selecting, syncing


def manifest(text, created=NOON):
    """Return the manifest of one file with this content, which no store holds."""
    digest = Digest.of(text.encode())
    entry = FileEntry(path="model.bin", size=len(text), digest=digest, uri=f"file:///store/{digest.value}")
    return Manifest(
        artifact="churn",
        type="model",
        digest=list_digest([(entry.path, entry.digest, entry.uri)]),
        size=len(text),
        created=timestamp(created),
        files=(entry,),
    )


def link(desk, *manifests, into="model/churn"):
    """Link in one commit, in this order of edits."""
    edits = [lambda now, one=one: versions.link(now, into, one) for one in manifests]
    desk(commit, Transaction(edits=edits, message=f"Link {len(manifests)}"))
    return [one.id for one in manifests]


def numbered(desk, collection="model/churn"):
    """Return the ids of a collection by number."""
    found = desk(lambda catalog: numbers(catalog).of(collection))
    taken = {one.number: version for version, one in found.items()}
    assert sorted(taken) == list(range(len(found)))
    assert desk(naive.numbers).get(collection, {}) == found
    return [taken[number] for number in sorted(taken)]


def test_each_content_takes_the_next_number(desk):
    ids = [desk.link(text).id for text in ("one", "two", "one", "three", "two")]

    assert numbered(desk) == [ids[0], ids[1], ids[3]]


def test_several_in_one_step_are_ordered_by_creation_then_id(desk):
    late, early = manifest("late", NOON + timedelta(days=1)), manifest("early", NOON - timedelta(days=1))
    same = sorted((manifest("a"), manifest("b"), manifest("c")), key=lambda one: one.id)

    link(desk, late, same[2], same[0], early, same[1])

    assert numbered(desk) == [early.id, *(one.id for one in same), late.id]


def test_a_collection_counts_for_itself(desk):
    first, second = manifest("one"), manifest("two")
    link(desk, first)
    link(desk, second, into="model/other")
    link(desk, first, into="model/other")

    assert numbered(desk) == [first.id]
    assert numbered(desk, "model/other") == [second.id, first.id]


def test_a_number_is_kept_through_unlinking_and_linking_again(desk):
    ids = [desk.link(text).id for text in ("one", "two")]

    desk(linking.unlink, ["model/churn:v0"])
    ids.append(desk.link("three").id)
    assert numbered(desk) == ids
    desk.link("one")

    assert numbered(desk) == ids


def test_a_retired_number_says_when_and_by_whom_it_was_unlinked(desk, git):
    identifier = desk.link("one").id
    desk.link("two")
    git(desk.path, "config", "user.name", "Bob")
    desk(linking.unlink, ["model/churn:v0"])
    git(desk.path, "config", "--unset", "user.name")
    desk.link("three")

    with pytest.raises(NotFound) as gone:
        desk(lambda catalog: selecting.version(*selecting.place(catalog, "model/churn:v0")))

    assert str(gone.value) == "model/churn: v0 was unlinked by Bob on 2026-01-01"
    assert f"linking @{identifier[:8]} again brings it back" in gone.value.hint


def test_a_collection_created_anew_goes_on_counting(desk):
    ids = [desk.link("one").id]
    desk(managing.delete, "model/churn")
    ids.append(desk.link("two").id)
    desk.link("one")

    assert numbered(desk) == ids


def test_linked_in_another_order_on_a_branch_the_first_parent_line_decides(desk, git):
    ids = {text: desk.link(text).id for text in ("base",)}
    git(desk.path, "switch", "-q", "-c", "side")
    ids |= {text: desk.link(text).id for text in ("side 1", "side 2")}
    git(desk.path, "switch", "-q", "main")
    ids |= {text: desk.link(text).id for text in ("main",)}

    git(desk.path, "merge", "-q", "--no-ff", "-m", "Merge side", "side")

    assert numbered(desk) == [ids["base"], ids["main"], ids["side 1"], ids["side 2"]]


def test_a_merge_that_unlinks_and_one_that_links_the_same_content(desk, git):
    ids = [desk.link("one").id, desk.link("two").id]
    git(desk.path, "switch", "-q", "-c", "side")
    desk(linking.unlink, ["model/churn:v0"])
    git(desk.path, "switch", "-q", "main")
    ids.append(desk.link("three").id)

    git(desk.path, "merge", "-q", "-m", "Merge side", "side")

    assert numbered(desk) == ids
    assert desk(selecting_latest) == ids[2]


def selecting_latest(catalog):
    return selecting.version(*selecting.place(catalog, "model/churn:latest")).id


def test_a_foxtrot_merge_renumbers_what_was_published_and_sync_refuses_it(desk, clone, git):
    desk.link("base")
    desk(syncing.sync)
    bob = clone("bob")
    theirs = desk.link("theirs").id
    desk(syncing.sync)
    assert numbered(desk)[1] == theirs
    mine = bob.link("mine").id

    git(bob.path, "pull", "-q", "--no-rebase")

    assert numbered(bob)[1] == mine
    with pytest.raises(Exception, match="would renumber what is published") as refused:
        bob(syncing.sync)
    assert refused.value.exit_code == 6
    git(bob.path, "rebase", "-q", "origin/main")
    bob(syncing.sync)
    assert numbered(bob)[1:] == [theirs, mine]


def rename(desk, git, old, new):
    """Rename a collection as one does by hand."""
    git(desk.path, "mv", old, new)
    document = desk.path / new / "collection.yaml"
    lines = [line for line in document.read_text().splitlines() if not line.startswith("renamed_from")]
    document.write_text("\n".join([*lines, f"renamed_from: {old}"]) + "\n")
    git(desk.path, "add", "--all")
    git(desk.path, "commit", "-q", "-m", f"Rename {old} to {new}")


def test_a_renamed_collection_takes_its_numbers_along(desk, git):
    ids = [desk.link(text).id for text in ("one", "two")]
    desk(linking.unlink, ["model/churn:v0"])

    rename(desk, git, "model/churn", "model/retention")
    ids.append(desk.link("three", "model/retention").id)
    ids_again = desk.link("one", "model/retention").id

    assert ids_again == ids[0]
    assert numbered(desk, "model/retention") == ids


def test_a_collection_renamed_twice_still_does(desk, git):
    ids = [desk.link(text).id for text in ("one", "two")]
    rename(desk, git, "model/churn", "model/retention")
    ids.append(desk.link("three", "model/retention").id)
    rename(desk, git, "model/retention", "model/loyalty")
    ids.append(desk.link("four", "model/loyalty").id)

    assert numbered(desk, "model/loyalty") == ids


def test_a_claim_to_be_renamed_counts_only_in_the_step_that_renames(desk, git):
    desk.link("one")
    other = desk.link("two", "model/other").id
    document = desk.path / "model/other/collection.yaml"
    document.write_text(document.read_text() + "renamed_from: model/churn\n")
    git(desk.path, "commit", "-q", "-a", "-m", "A claim")

    assert numbered(desk, "model/other") == [other]


def test_a_rename_that_leaves_a_version_behind_counts_anew(desk, git):
    for text in ("one", "two"):
        desk.link(text)
    git(desk.path, "mv", "model/churn", "model/other")
    document = desk.path / "model/other/collection.yaml"
    document.write_text(document.read_text() + "renamed_from: model/churn\n")
    gone = min((desk.path / "model/other/versions").iterdir())
    git(desk.path, "rm", "-q", "-f", gone)
    git(desk.path, "add", "--all")
    git(desk.path, "commit", "-q", "-m", "Rename, but not all")

    assert len(numbered(desk, "model/other")) == 1


def published(desk, collection="model/churn"):
    """Return number → whether it is permanent."""

    def read(catalog):
        known = numbers(catalog)
        return {one.number: known.is_published(one) for one in known.of(collection).values()}

    return desk(read)


def test_without_a_remote_numbers_are_permanent_at_once(desk):
    desk.link("one")

    assert published(desk) == {0: True}


def test_a_number_is_provisional_until_its_step_is_published(desk, upstream):
    desk.link("one")
    desk(syncing.sync)
    desk.link("two")
    assert published(desk) == {0: True, 1: False}

    desk(syncing.sync)

    assert published(desk) == {0: True, 1: True}


def test_with_a_remote_but_no_upstream_nothing_is_published_yet(desk, git):
    git(desk.path, "remote", "add", "origin", "https://git.acme.example/registry.git")
    desk.link("one")

    assert published(desk) == {0: False}


def test_a_provisional_number_gives_way_to_what_was_published_first(desk, clone):
    bob = clone("bob")
    mine, theirs = bob.link("mine").id, desk.link("theirs").id
    assert numbered(bob) == [mine]
    desk(syncing.sync)

    bob(syncing.sync)

    assert numbered(bob) == [*numbered(desk), mine] == [theirs, mine]
    assert published(bob) == {0: True, 1: True}


@once
def shallow(desk, clone):
    """A clone of depth 1; three versions came in two commits, together with their order."""
    link(desk, manifest("second", NOON + timedelta(days=1)), manifest("first"))
    link(desk, manifest("third"))
    desk(syncing.sync)
    return clone("shallow", "--depth=1")


def test_a_shallow_clone_fetches_the_history_it_lacks_and_says_so(desk, shallow):
    assert numbered(shallow) == numbered(desk) == [manifest(t).id for t in ("first", "second", "third")]
    assert shallow.said == [
        "fetching the history that this shallow clone lacks (registry.deepen=false turns that off)"
    ]


def test_what_was_read_before_the_history_came_can_still_be_read(desk, shallow):
    def mixed(catalog):
        now = catalog.now()
        now.organization()
        known = numbers(catalog).of("model/churn")
        return [now.manifest(path).created for path in now.versions("model/churn").values()], known

    created, known = shallow(mixed)

    assert len(created) == 3
    assert len(known) == 3


def test_manifests_that_came_late_are_ordered_by_their_content(desk, clone, git):
    first, second, gone = manifest("x1"), manifest("x2", NOON - timedelta(days=1)), manifest("x3")
    link(desk, first, second, gone)
    git(desk.path, "rm", "-q", "-r", "model/churn/versions")
    git(desk.path, "commit", "-q", "-m", "Purge")
    desk(syncing.sync)
    shallow = clone("shallow", "--depth=1")

    def read_first(catalog):
        catalog.now().organization()
        return numbers(catalog).of("model/churn")

    expected = sorted((first, gone), key=lambda one: one.id)
    taken = {one.number: version for version, one in shallow(read_first).items()}
    assert taken == dict(enumerate([second.id, *(one.id for one in expected)]))


def test_deepening_can_be_forbidden(shallow, git):
    git(shallow.path, "config", "registry.deepen", "false")

    with pytest.raises(NotFound, match="this clone is shallow") as refused:
        shallow(lambda catalog: numbers(catalog).highest("model/churn"))

    assert "git fetch --unshallow --filter=blob:none" in refused.value.hint
    assert shallow.said == []
    assert (shallow.path / ".git/shallow").exists()


def test_no_commits_no_numbers(make_repository):
    with pytest.raises(NotFound, match="has no commits yet"):
        Desk(make_repository())(lambda catalog: numbers(catalog).highest("model/churn"))


def test_spreading_a_collection_out_changes_no_number(desk, git):
    ids = [desk.link(text).id for text in ("one", "two")]
    spread = desk.path / "model/churn/versions" / ids[0][:2]
    spread.mkdir()
    shutil.move(desk.path / f"model/churn/versions/{ids[0]}.yaml", spread)
    git(desk.path, "add", "--all")
    git(desk.path, "commit", "-q", "-m", "Spread")
    ids.append(desk.link("three").id)

    assert numbered(desk) == ids
