"""The organization at one commit."""

from __future__ import annotations

import pytest

from git_registry.errors import NotFound
from git_registry.model.documents.access import Access
from git_registry.model.documents.alias import Alias
from git_registry.model.documents.collection import Collection
from git_registry.model.documents.notes import Notes
from git_registry.model.documents.registry import Registry

from .example import ACCESS, CHURN, FILES, ORGANIZATION, A, B, C, D, files, linked, notes_of, spread, unlinked
from .memory import snapshot

NOW = snapshot(FILES)


def test_what_is_in_it():
    assert NOW.organization() == ORGANIZATION
    assert list(NOW.registries()) == ["model"]
    assert NOW.registry("model").title == "Models"
    assert list(NOW.collections("model")) == ["model/churn"]
    assert NOW.collection("model/churn") == CHURN
    assert NOW.has_collection("model/churn")
    assert not NOW.has_collection("model/fraud")
    assert NOW.aliases("model/churn") == {"production": A, "staging": B}


def test_an_empty_commit_holds_nothing():
    empty = snapshot({})

    with pytest.raises(NotFound) as missing:
        empty.organization()
    assert "init" in missing.value.hint
    assert not list(empty.registries())
    assert not list(empty.collections("model"))
    assert empty.versions("model/churn") == empty.aliases("model/churn") == {}
    assert empty.entry("model/churn/collection.yaml") is None


def test_access_without_a_document_is_the_empty_one():
    assert NOW.access("model") == ACCESS
    assert NOW.access("dataset") == Access()


def test_versions_are_found_in_flat_and_spread_directories():
    now = snapshot(files({spread(D): "manifest d", notes_of(spread(D)): Notes(ttl=1)}))

    assert now.versions("model/churn") == {A: linked(A), B: linked(B), D: spread(D)}
    assert now.versions("model/churn", unlinked=True) == {C: unlinked(C)}
    assert now.find("model/churn", A) == linked(A)
    assert now.find("model/churn", D) == spread(D)
    assert now.find("model/churn", C) is None
    assert now.find("model/churn", C, unlinked=True) == unlinked(C)


def test_notes_stand_beside_their_manifest():
    assert NOW.notes(linked(A)) == FILES[notes_of(linked(A))]
    assert NOW.notes(linked(B)) == Notes()


def test_an_alias():
    assert NOW.alias("model/churn", "production") == A
    assert NOW.alias("model/churn", "canary") is None


def test_automations_stand_in_a_registry_or_a_collection():
    stray = {"model/automations/deploy.yml": "x", "model/automations/old.yaml/x": "x"}
    now = snapshot(files({"model/automations/b.yaml": "b", "model/automations/a.yaml": "a", **stray}))

    assert now.automation_names("model") == ["a", "b", "tell"]
    assert now.automation_names("model/churn") == ["deploy"]
    assert now.automation_names("dataset") == []


@pytest.mark.parametrize(
    ("stray", "content"),
    [
        ("model/churn/versions/README.yaml", "x"),
        (f"model/churn/versions/ff/{D}.yaml", "x"),
        (f"model/churn/versions/{D}.yaml/x", "x"),
        ("model/churn/aliases/latest.yaml", Alias(version=A)),
        ("model/churn/aliases/v3.yaml", Alias(version=A)),
        ("model/churn/aliases/old.yaml/x", "x"),
        ("model/automations/collection.yaml", Collection(type="model")),
        ("model/runs/collection.yaml", Collection(type="model")),
        ("model/x/collection.yaml/x", "x"),
        (".hidden/registry.yaml", Registry()),
        ("projects/registry.yaml", Registry()),
        ("x/registry.yaml/x", "x"),
    ],
)
def test_what_the_layout_does_not_know_is_not_listed(stray, content):
    now = snapshot(files({stray: content}))

    assert list(now.registries()) == ["model"]
    assert list(now.collections("model")) == ["model/churn"]
    assert set(now.versions("model/churn")) == {A, B}
    assert set(now.aliases("model/churn")) == {"production", "staging"}


def test_nothing_is_read_before_it_is_asked_for():
    now = snapshot(FILES)

    list(now.collections("model"))
    now.versions("model/churn")

    assert not now.tree.read
    assert now.alias("model/churn", "production") == A
    assert set(now.tree.read) == {"model/churn/aliases/production.yaml"}
