"""Refs by pattern and by what they hold, and what a ref would bring."""

from __future__ import annotations

import pytest

from git_registry.repository import bulk, listed
from git_registry.repository.repository import Repository

APPROVALS = "refs/approvals/"


@pytest.fixture
def place(make_repository):
    return make_repository(files={"a": "one", "b/c": "two"})


@pytest.fixture
def repository(place):
    return Repository.open(place)


@pytest.fixture
def head(place, git):
    return git(place, "rev-parse", "HEAD")


def test_refs_match_a_pattern_sorted_by_name(place, repository, head, git):
    for name in (f"bob/{head}", f"ana/{head}", "bob/other"):
        git(place, "update-ref", f"{APPROVALS}{name}", head)

    assert listed.matching(repository, f"{APPROVALS}*/{head}") == [
        (f"{APPROVALS}ana/{head}", head),
        (f"{APPROVALS}bob/{head}", head),
    ]
    assert listed.matching(repository, "refs/nothing/*") == []
    assert listed.matching(repository, "--all") == []


def test_refs_hold_an_object_below_a_prefix_alone(place, repository, head, git):
    git(place, "commit", "-q", "--allow-empty", "-m", "More")
    git(place, "branch", "proposals/bob/x", head)
    git(place, "branch", "proposals/bob/y")

    assert listed.pointing(repository, head, "refs/heads/proposals/") == ["refs/heads/proposals/bob/x"]
    assert listed.pointing(repository, head, "refs/heads/nothing/") == []


def test_a_ref_brings_what_no_other_reaches(place, repository, head, git):
    blob = git(place, "hash-object", "-w", "--stdin", input="new")
    odd = "b\n" + "0" * 40 + " c\tx"
    git(place, "update-index", "--add", "--cacheinfo", f"100644,{blob},{odd}")
    tree = git(place, "write-tree")
    tip = git(place, "commit-tree", tree, "-p", head, "-m", "New")

    brought = dict(listed.brought(repository, tip))

    assert set(brought) >= {tip, tree, blob}
    assert head not in brought
    assert brought[tip] == brought[tree] == ""
    assert list(listed.brought(repository, head)) == []


def test_no_more_is_read_than_is_wanted(repository, place, git, head):
    git(place, "update-ref", "-d", "refs/heads/main")
    found = listed.brought(repository, head)

    assert next(found) == (head, "")
    found.close()
    assert len(list(listed.brought(repository, head))) == 5


def test_sizes_and_types_are_told_in_order(place, repository, head, git):
    blob, missing = git(place, "rev-parse", "HEAD:a"), "1" * 40

    assert list(bulk.sizes(repository, [blob, missing, head, blob])) == [
        (blob, "blob", 3),
        (missing, "", 0),
        (head, "commit", int(git(place, "cat-file", "-s", head))),
        (blob, "blob", 3),
    ]
    assert list(bulk.sizes(repository, [])) == []


def test_trees_are_given_as_they_are_stored(place, repository, git, head):
    tree, blob = git(place, "rev-parse", "HEAD^{tree}"), git(place, "rev-parse", "HEAD:a")

    (_, text), (_, none), (_, large) = (
        *bulk.trees(repository, [tree, blob], at_most=1_000),
        *bulk.trees(repository, [tree], at_most=10),
    )

    assert text.startswith(b"100644 a\0" + bytes.fromhex(blob))
    assert (none, large) == (None, None)
