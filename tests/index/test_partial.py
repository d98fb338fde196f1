"""Clones that lack something: blobs, trees, or the past."""

import json
import shutil
from dataclasses import replace

import pytest
from tests.index import naive
from tests.index.test_numbers import link, manifest
from tests.sdk.desk import found

from git_registry.errors import NotFound, UsageError
from git_registry.index.numbers import numbers
from git_registry.index.opening import ask
from git_registry.model.selector import Selector
from git_registry.sdk import listing, managing, resolving, syncing
from git_registry.sdk.looking_back import look_back
from git_registry.sdk.managing import Description

VERSIONS = 40


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """A clone with forty versions, two in each commit, of which one is promoted and noted now and then."""
    desk = found(tmp_path_factory.mktemp("history") / "acme")
    made = [manifest(f"{number}") for number in range(VERSIONS)]
    for number in range(0, VERSIONS, 2):
        link(desk, *made[number : number + 2])
        desk.promote(f"model/churn@{made[number].id}", "production")
    return desk


@pytest.fixture
def desk(tmp_path, history):
    """The same, for one test."""
    return replace(history, path=shutil.copytree(history.path, tmp_path / "acme", symlinks=True), said=[])


@pytest.fixture
def published(desk, upstream):
    desk(syncing.sync)
    return desk


def numbered(desk):
    return desk(lambda catalog: {v: n.number for v, n in numbers(catalog).of("model/churn").items()})


def happened(desk):
    return desk(ask, lambda moment: moment.rows("SELECT kind, detail FROM temp.now_event ORDER BY position"))


@pytest.fixture
def fetches(tmp_path, monkeypatch):
    """Return how often git fetched since the last time."""
    log = tmp_path / "trace"
    monkeypatch.setenv("GIT_TRACE2_EVENT", str(log))
    read = 0

    def count():
        nonlocal read
        lines = log.read_text().splitlines() if log.exists() else []
        new, read = lines[read:], len(lines)
        starts = (one for one in map(json.loads, new) if one["event"] == "start")
        return sum("fetch-pack" in one["argv"] or "fetch" in one["argv"][1:6] for one in starts)

    return count


def test_a_clone_without_blobs_fetches_what_it_needs_in_one_go(published, clone, fetches):
    bare_of_blobs = clone("bob", "--filter=blob:none", "--no-checkout")
    fetches()

    assert numbered(bare_of_blobs) == numbered(published)

    assert fetches() <= 2
    assert happened(bare_of_blobs) == happened(published)
    assert fetches() == 0


def test_nothing_is_fetched_twice(published, clone, fetches):
    bob = clone("bob", "--filter=blob:none")
    numbered(bob)
    fetches()
    (bob.path / ".git/registry/index.sqlite").unlink()

    assert numbered(bob) == numbered(published)
    assert fetches() == 0


def test_what_came_later_is_fetched_in_one_go_too(published, clone, git, fetches):
    bob = clone("bob", "--filter=blob:none", "--no-checkout")
    numbered(bob)
    for number in range(5):
        link(published, manifest(f"late {number}"), manifest(f"later {number}"))
    published(syncing.sync)
    git(bob.path, "fetch", "-q")
    git(bob.path, "update-ref", "refs/heads/main", "origin/main")
    fetches()

    assert numbered(bob) == numbered(published)
    assert fetches() <= 2


def test_a_branch_under_review_is_read_without_blobs(published, clone, git, fetches):
    git(published.path, "switch", "-q", "-c", "side")
    link(published, manifest("aside"), manifest("beside"))
    git(published.path, "push", "-q", "-u", "origin", "side")
    bob = clone("bob", "--filter=blob:none", "--no-checkout", "--branch=side")
    fetches()

    assert numbered(bob) == numbered(published)
    assert fetches() <= 4


def test_a_submodule_where_a_document_belongs_is_not_fetched(published, clone, git):
    for path in ("model/churn/aliases/odd.yaml", "model/odd/collection.yaml"):
        git(published.path, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},{path}")
    git(published.path, "commit", "-q", "-m", "Submodules")
    git(published.path, "push", "-q")

    bob = clone("bob", "--filter=blob:none", "--no-checkout")

    assert numbered(bob) == numbered(published)
    assert happened(bob) == happened(published)


def test_a_clone_without_trees_is_refused_with_a_way_out(published, clone):
    bob = clone("bob", "--filter=tree:0", "--no-checkout")

    with pytest.raises(UsageError, match="made with --filter=tree:0: its history would be") as refused:
        numbered(bob)

    assert refused.value.hint == "clone with --filter=blob:none, which is as small and holds the trees"


@pytest.mark.parametrize("options", [("--depth=1",), ("--depth=3",), ("--depth=1", "--filter=blob:none")])
def test_a_shallow_clone_is_deepened_once(published, clone, git, options):
    bob = clone("bob", *options)

    assert numbered(bob) == numbered(published)
    assert numbered(bob) == numbered(published)

    assert len(bob.said) == 1
    assert git(bob.path, "rev-parse", "--is-shallow-repository") == "false"


def test_what_was_read_before_a_clone_became_shallow_is_still_known(published, clone, git):
    bob = clone("bob")
    expected = numbered(bob)
    git(bob.path, "config", "registry.deepen", "false")
    git(bob.path, "fetch", "-q", "--depth=1")
    assert git(bob.path, "rev-parse", "--is-shallow-repository") == "true"

    assert numbered(bob) == expected


def test_a_commit_that_a_shallow_clone_can_not_place(published, clone, git):
    link(published, manifest("late"))
    published(syncing.sync)
    bob = clone("bob", "--depth=1")
    git(bob.path, "config", "registry.deepen", "false")

    with pytest.raises(NotFound, match="this clone is shallow"):
        numbered(bob)

    git(bob.path, "config", "registry.deepen", "true")
    assert numbered(bob) == numbered(published)


def test_a_shallow_clone_with_a_projects_branch(published, clone, git):
    git(published.path, "switch", "-q", "--orphan", "projects/fish")
    place = published.path / "fish/net/versions"
    place.mkdir(parents=True)
    for name in ("aa", "bb", "cc"):
        (place / f"{name * 16}.yaml").write_text("format: 1\n")
        git(published.path, "add", "--all")
        git(published.path, "commit", "-q", "-m", f"Log {name}")
    git(published.path, "push", "-q", "-u", "origin", "projects/fish")
    bob = clone("bob", "--depth=1", "--no-single-branch", "--branch=projects/fish")

    found = bob(lambda catalog: numbers(catalog).of("fish/net"))

    assert found == bob(naive.numbers)["fish/net"]
    assert [one.number for one in found.values()] == [0, 1, 2]
    assert len(bob.said) == 1


def test_documents_of_the_tip_are_fetched_in_bulk_too(published, clone, fetches):
    bob = clone("bob", "--filter=blob:none", "--no-checkout")
    fetches()

    assert [one.path for one in bob(listing.collections, "model")] == ["model/churn"]
    shown = bob(listing.versions, Selector(registry="model", collection="churn"))

    assert len(shown) == VERSIONS
    assert all(one.manifest for one in shown)
    assert fetches() <= 5
    assert bob(resolving.resolve, "model/churn:production").manifest
    assert fetches() == 0


def test_a_document_that_changed_upstream_is_fetched_when_it_is_looked_at(published, clone, git, fetches):
    bob = clone("bob", "--filter=blob:none")
    published(managing.edit, "model/churn", Description(title="Leavers"))
    published(syncing.sync)
    git(bob.path, "fetch", "-q")

    def there(catalog):
        look_back(catalog, "origin/main")
        return catalog.now().collection("model/churn").title

    assert bob(there) == "Leavers"
