"""What is wrong with a document that no single field can tell, and what it answers of itself."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace

import pytest

from git_registry.model.diff import diff
from git_registry.model.digest import Digest, list_digest
from git_registry.model.documents.access import Access, Approvals, Gate, Protection
from git_registry.model.documents.manifest import INLINE_FILES, Code, FileEntry, FileList, Input, Manifest
from git_registry.model.documents.notes import SignatureBundle
from git_registry.model.documents.organization import Identity, Organization, Team
from git_registry.model.documents.registry import Registry
from git_registry.model.documents.run import History

from .example import CHURN, PROJECT, RUN, A, files, linked, notes_of
from .memory import snapshot

BYTES = Digest.of(b"x")
GATED = Protection(gates=(Gate(signed=True),))


def entry(path):
    return FileEntry(path=path, size=1, digest=BYTES, uri="s3://acme-ml/x")


def manifest(*paths, **values):
    entries = tuple(map(entry, paths))
    digest = list_digest((each.path, each.digest, each.uri) for each in entries)
    whole = {
        "artifact": "churn-xgb",
        "type": "model",
        "digest": digest,
        "size": len(entries),
        "created": "2026-11-22T20:28:34.123Z",
        "files": entries,
    }
    return Manifest(**{**whole, **values})


def where(document):
    return [field for field, _ in document.problems()]


def test_a_manifest_is_named_by_its_digest():
    one = manifest("a", "b")

    assert one.digest.value.startswith(one.id)
    assert len(one.id) == 32
    assert one.file_count == 2
    assert where(one) == []


LONG = FileList(uri="s3://acme-ml/list", digest=BYTES, count=5_000)


def test_a_long_file_list_is_kept_elsewhere():
    one = manifest("a", files=None, file_list=LONG)

    assert (one.file_count, where(one)) == (5_000, [])


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        (manifest(files=None), "files"),
        (manifest("a", file_list=LONG), "files"),
        (manifest("a", digest=BYTES), "digest"),
        (manifest("a", size=2), "size"),
        (manifest("a", digest=Digest("etag", "x"), files=None, file_list=LONG), "digest"),
        (manifest("a", "a"), "files"),
        (manifest(*(f"{n}" for n in range(INLINE_FILES + 1))), "files"),
    ],
)
def test_a_manifest_that_contradicts_itself(wrong, field):
    assert field in where(wrong)


@pytest.mark.parametrize(
    "given",
    [
        {"registry": "dataset/customers", "version": A},
        {"registry": "dataset/customers", "version": A, "repository": "acme", "used_as": "train"},
        {"project": "churn", "artifact": "features", "version": A},
        {"uri": "s3://raw/", "digest": Digest("etag", "x")},
        {"uri": "s3://raw/"},
    ],
)
def test_the_three_forms_of_an_input(given):
    assert where(Input(**given)) == []


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"registry": "dataset/customers"},
        {"version": A},
        {"project": "churn", "version": A},
        {"registry": "dataset/customers", "version": A, "uri": "s3://raw/"},
        {"registry": "dataset/customers", "project": "churn", "artifact": "x", "version": A},
    ],
)
def test_no_input(given):
    assert where(Input(**given)) == [""]


GATES = [
    {"holds": "staging"},
    {"metrics": {"auc": {"$gte": 0.9}}},
    {"metadata": {"framework": "xgboost"}},
    {"content": "sha256"},
    {"approvals": Approvals(count=1)},
    {"signed": True},
]


@pytest.mark.parametrize("given", GATES)
def test_a_gate_asks_for_one_thing(given):
    assert where(Gate(**given)) == []


@pytest.mark.parametrize(
    "given", [{}, {"signed": False}, {"metrics": {}}, *({**GATES[0], **g} for g in GATES[1:])]
)
def test_no_gate(given):
    assert where(Gate(**given)) == [""]


def test_what_a_registry_accepts():
    assert Registry().accepts("anything")
    assert Registry(types=("model",)).accepts("model")
    assert not Registry(types=("model",)).accepts("dataset")


@pytest.mark.parametrize(
    ("state", "ended", "wrong"),
    [
        ("running", None, []),
        ("running", RUN.ended, ["ended"]),
        ("finished", RUN.ended, []),
        ("failed", RUN.ended, []),
        ("crashed", None, []),
    ],
)
def test_a_run_that_runs_has_not_ended(state, ended, wrong):
    assert where(replace(RUN, state=state, ended=ended)) == wrong


def test_a_document_does_not_change():
    with pytest.raises(FrozenInstanceError):
        CHURN.title = "x"


# A field that is added to a document one day must not change without an event.

OTHER = {
    "organization.yaml": {
        "name": "other",
        "store": "gs://b",
        "references": ("s3://r/",),
        "moved": {"s3://a": "s3://b"},
        "admins": (),
        "default_role": "viewer",
        "teams": {"nlp": Team(gitlab="x")},
        "projects": {"churn": {"user:ana": "member"}},
        "identities": {"user:bob": Identity(ssh=("SHA256:x",))},
        "repositories": {"secret": "git@host:x"},
        "extra": {"x": 1},
    },
    "model/registry.yaml": {"title": "x", "description": "x", "types": (), "extra": {"x": 1}},
    "model/access.yaml": {
        "visibility": "restricted",
        "members": {},
        "protected_aliases": {"production": Protection(extra={"x": 1})},
        "extra": None,
    },
    "model/churn/collection.yaml": {
        "type": None,
        "title": "x",
        "description": "x",
        "tags": (),
        "renamed_from": "model/x",
        "extra": {"x": 1},
    },
    notes_of(linked(A)): {
        "description": "x",
        "tags": (),
        "metrics": {"auc": float("nan")},
        "metadata": {"x": None},
        "ttl": 0,
        "signature": SignatureBundle(uri="s3://x", digest=BYTES),
        "extra": {"x": 1},
    },
    "model/churn/aliases/production.yaml": {"version": "bb" * 16, "extra": {"x": 1}},
    "churn/project.yaml": {"description": "x", "extra": {"x": 1}},
    "churn/runs/k3j2h1.yaml": {
        "name": "x",
        "job_type": "x",
        "state": "crashed",
        "started": "2026-11-22T19:02:12.000Z",
        "ended": "2026-11-22T20:28:41.000Z",
        "tags": (),
        "notes": "x",
        "group": "x",
        "config": {"max_depth": 7},
        "summary": {"auc": float("nan")},
        "code": Code(commit="4be1"),
        "inputs": (Input(uri="s3://raw/"),),
        "outputs": (),
        "history": History(uri="s3://x", digest=BYTES, rows=1),
        "extra": {"x": 1},
    },
}
"""Another value for each field; None for those that refuse the step."""


@pytest.mark.parametrize("path", OTHER)
def test_every_field_has_an_event(path):
    everything = files(PROJECT)
    document = everything[path]
    assert {field.name for field in fields(document)} == set(OTHER[path])

    for field, value in OTHER[path].items():
        if value is not None:
            changed = everything | {path: replace(document, **{field: value})}
            found = diff(snapshot(everything), snapshot(changed))
            assert found, field
            assert "file-changed" not in {event.kind for event in found}, field


def test_an_alias_is_not_protected_twice():
    access = Access(protected_aliases={"Production": Protection(), "eu": Protection(), "production": GATED})

    assert list(access.problems()) == [
        ("protected_aliases", "'production' and 'Production' differ in case alone, so they are one alias")
    ]
    assert where(Access(protected_aliases={"production": GATED, "prod": GATED})) == []


def test_an_alias_is_protected_whatever_its_case_and_by_every_name():
    access = Access(protected_aliases={"Production": Protection(), "eu": Protection(), "production": GATED})

    assert access.protection("PRODUCTION") == {"Production": Protection(), "production": GATED}
    assert access.protection("prod") == {}


def test_a_project_is_not_listed_twice():
    listed = {"churn": {}, "Churn": {"user:mia": "member"}, "churned": {}}
    organization = Organization(name="acme", store="s3://acme-ml", projects=listed)

    assert list(organization.problems()) == [
        ("projects", "'Churn' and 'churn' differ in case alone, so they are one project")
    ]


def test_a_project_is_found_whatever_its_case():
    organization = Organization(name="acme", store="s3://acme-ml", projects={"Churn": {"user:mia": "viewer"}})

    assert organization.project("churn") == organization.project("CHURN") == {"user:mia": "viewer"}
    assert organization.project("churned") is None
