"""A small organization that the tests of the model change in one way each."""

from __future__ import annotations

from git_registry.model.documents.access import Access, Gate, Protection
from git_registry.model.documents.alias import Alias
from git_registry.model.documents.collection import Collection
from git_registry.model.documents.notes import Notes
from git_registry.model.documents.organization import Identity, Organization, Team
from git_registry.model.documents.project import Project
from git_registry.model.documents.registry import Registry
from git_registry.model.documents.run import Made, Run

A, B, C, D = ("aa" * 16, "bb" * 16, "cc" * 16, "dd" * 16)
"""Ids of versions."""


def linked(version, collection="model/churn"):
    return f"{collection}/versions/{version}.yaml"


def spread(version, collection="model/churn"):
    return f"{collection}/versions/{version[:2]}/{version}.yaml"


def unlinked(version, collection="model/churn"):
    return f"{collection}/unlinked/{version}.yaml"


def notes_of(path):
    return path.replace(".yaml", ".notes.yaml")


ORGANIZATION = Organization(
    name="acme",
    store="s3://acme-ml",
    admins=("user:ana",),
    teams={"nlp": Team(members=("user:bob",))},
    identities={"user:bob": Identity(github="bob-gh")},
)
ACCESS = Access(
    members={"user:alice": "admin", "team:nlp": "member"},
    protected_aliases={"production": Protection(gates=(Gate(holds="staging"),))},
)
CHURN = Collection(type="model", title="Churn", tags=("tabular",))
RUN = Run(
    name="brisk-otter-41",
    job_type="train",
    state="finished",
    started="2026-11-22T19:02:11.000Z",
    ended="2026-11-22T20:28:40.000Z",
    tags=("nightly",),
    outputs=(Made(artifact="churn-xgb", version=A),),
)

FILES = {
    "organization.yaml": ORGANIZATION,
    "README.md": "# acme",
    ".github/workflows/ci.yml": "jobs: {}",
    "docs/guide/README.md": "How to",
    "model/registry.yaml": Registry(title="Models", types=("model",)),
    "model/access.yaml": ACCESS,
    "model/README.md": "# Models",
    "model/automations/tell.yaml": "when: …",
    "model/churn/collection.yaml": CHURN,
    "model/churn/README.md": "# Churn",
    "model/churn/automations/deploy.yaml": "when: …",
    linked(A): "manifest a",
    notes_of(linked(A)): Notes(description="First", tags=("eu",), metrics={"auc": 0.9}),
    linked(B): "manifest b",
    unlinked(C): "manifest c",
    "model/churn/aliases/production.yaml": Alias(version=A),
    "model/churn/aliases/staging.yaml": Alias(version=B),
}

PROJECT = {
    "churn/project.yaml": Project(description="Churn experiments."),
    "churn/runs/k3j2h1.yaml": RUN,
}
"""What a project's branch adds; of these it is told by the path alone that they changed."""


def files(changes=None):
    """Return the example's files with some set, or left out where None."""
    return {path: content for path, content in {**FILES, **(changes or {})}.items() if content is not None}


def moved(old, new, of=None):
    """Return the changes that take everything below one path to another."""
    of = of or FILES
    below = [path for path in of if path.startswith(f"{old}/")]
    return {
        **dict.fromkeys(below),
        **{new + path.removeprefix(old): of[path] for path in below},
    }
