"""What undoes a change, as it is typed. That it does is seen in tests/cli/test_review.py."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.model.events import (
    KINDS,
    AliasAdded,
    AliasMoved,
    AliasRemoved,
    AutomationCreated,
    CollectionCreated,
    CollectionTagged,
    FileChanged,
    MemberAdded,
    MemberRemoved,
    ProtectionAdded,
    RoleChanged,
    VersionAnnotated,
    VersionLinked,
    VersionTagged,
    VersionUntagged,
)
from git_registry.review.undoing import _VERBS, REVERT, undo

OLD, NEW = "a" * 32, "b" * 32
NAMES = {OLD: "v7", NEW: "@bbbbbbbb"}


def named(_path, version):
    return NAMES[version]


def commands(*events):
    return [one.removeprefix("git registry ") for one in undo(events, named).commands]


def moved(path="model/churn", alias="production"):
    return AliasMoved(path=path, alias=alias, before=OLD, after=NEW)


LINKED = VersionLinked(path="model/churn", version=NEW)

SAID = {
    "one promotion": ([moved()], ["rollback model/churn production --to v7"]),
    "a set": (
        [moved("model/a"), moved("model/b"), moved("model/c")],
        ["rollback model/a model/b model/c production --to v7"],
    ),
    "a set that was at several versions": (
        [moved("model/a"), AliasMoved(path="model/b", alias="production", before=NEW, after=OLD)],
        ["promote model/a:v7 model/b@bbbbbbbb --to production"],
    ),
    "names that look like options": (
        [
            *(moved("-m/--help"), CollectionTagged(path="model/churn", tag="--help")),
            VersionUntagged(path="-m/churn", version=OLD, tag="eu"),
        ],
        [
            *("rollback --to v7 -- -m/--help production", "tag add -- -m/churn:v7 eu"),
            "tag remove -- model/churn --help",
        ],
    ),
    "two aliases": (
        [moved(), moved(alias="staging")],
        ["rollback model/churn production --to v7", "rollback model/churn staging --to v7"],
    ),
    "a first promotion": (
        [AliasAdded(path="model/churn", alias=alias, after=OLD) for alias in ("production", "eu")],
        ["alias remove model/churn production eu"],
    ),
    "an alias gone": (
        [AliasRemoved(path="model/churn", alias="production", before=OLD)],
        ["promote model/churn:v7 --to production"],
    ),
    "a link, and all that it brings": (
        [LINKED, VersionAnnotated(path="model/churn", version=NEW, field="metrics"), moved()],
        ["rollback model/churn production --to v7", "unlink model/churn@bbbbbbbb"],
    ),
    "a collection, and all in it": (
        [CollectionCreated(path="model/churn", after="model"), LINKED, moved()],
        ["delete model/churn"],
    ),
    "tags": (
        [
            VersionTagged(path="model/churn", version=OLD, tag="needs review"),
            VersionUntagged(path="model/churn", version=OLD, tag="eu"),
            CollectionTagged(path="model/churn", tag="eu"),
        ],
        [
            *("tag remove model/churn:v7 'needs review'", "tag add model/churn:v7 eu"),
            "tag remove model/churn eu",
        ],
    ),
    "roles": (
        [
            MemberAdded(path="model", principal="user:eve", after="admin"),
            MemberRemoved(path="model", principal="user:bob", before="member"),
            RoleChanged(path="model", principal="user:ana", before="admin", after="viewer"),
            ProtectionAdded(path="model", name="production"),
        ],
        [
            "access unprotect model production",
            *("access revoke model user:eve", "access grant model user:bob member"),
            "access grant model user:ana admin",
        ],
    ),
    "automations": (
        [
            AutomationCreated(path="model", name="tell"),
            CollectionCreated(path="model/new", after="model"),
            AutomationCreated(path="model/new", name="deploy"),
            AutomationCreated(path="model/churn", name="deploy"),
        ],
        [
            *("automation remove model/automations/tell", "automation remove model/churn/automations/deploy"),
            "delete model/new",
        ],
    ),
    "nothing": ([], []),
}


@pytest.mark.parametrize("name", SAID)
def test_the_verbs_for_it(name):
    events, expected = SAID[name]

    assert commands(*events) == expected


def test_what_no_verb_undoes_is_reverted_as_a_whole():
    found = undo([moved(), FileChanged(path="README.md")], named)

    assert found.commands == (REVERT,)
    assert "gone for good" not in found.remark
    assert "gone for good" in undo([LINKED, FileChanged(path="README.md")], named).remark


def test_once_it_is_merged_a_revert_of_it_does_all_at_once():
    tagged = VersionTagged(path="model/churn", version=OLD, tag="eu")

    assert undo([moved(), tagged], named).at_once == ""
    assert undo([moved(), tagged], named, "3fa94c1b").at_once == "git revert -m 1 3fa94c1b"
    assert undo([moved(), LINKED, tagged], named, "3fa94c1b").at_once == "", "it would be purged"
    reverted = undo([FileChanged(path="README.md")], named, "3fa94c1b")
    assert (reverted.commands, reverted.remark) == (("git revert -m 1 3fa94c1b",), "")


def test_every_kind_that_a_verb_undoes_is_one():
    assert set(_VERBS) <= set(KINDS)


@given(st.lists(st.sampled_from(["a", "b"]), max_size=4), st.text(min_size=1, max_size=20))
def test_what_is_typed_is_read_as_it_was_meant(paths, tag):
    events = [CollectionTagged(path=f"model/{path}", tag=tag) for path in paths]

    read = [shlex.split(one) for one in undo(events, named).commands]
    ends = ["--"] if tag.startswith("-") else []
    assert read == [["git", "registry", "tag", "remove", *ends, f"model/{path}", tag] for path in paths]
