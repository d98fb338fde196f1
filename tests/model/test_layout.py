"""Path to identity and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.model import layout
from git_registry.model.layout import Identity, Kind, identify
from git_registry.model.names import ALIAS, NAME, PLACE

ID = "3fa94c1be2d07788a1c0f3d2b4e59617"

TABLE = {
    "organization.yaml": Identity(Kind.ORGANIZATION),
    "model/registry.yaml": Identity(Kind.REGISTRY, "model"),
    "model/access.yaml": Identity(Kind.ACCESS, "model"),
    "model/README.md": Identity(Kind.REGISTRY_CARD, "model"),
    "model/automations/deploy.yaml": Identity(Kind.AUTOMATION, "model", name="deploy"),
    "model/churn/collection.yaml": Identity(Kind.COLLECTION, "model", "churn"),
    "model/churn/README.md": Identity(Kind.COLLECTION_CARD, "model", "churn"),
    f"model/churn/versions/{ID}.yaml": Identity(Kind.VERSION, "model", "churn", ID),
    f"model/churn/versions/3f/{ID}.yaml": Identity(Kind.VERSION, "model", "churn", ID),
    f"model/churn/versions/{ID}.notes.yaml": Identity(Kind.NOTES, "model", "churn", ID),
    f"model/churn/versions/3f/{ID}.notes.yaml": Identity(Kind.NOTES, "model", "churn", ID),
    f"model/churn/unlinked/{ID}.yaml": Identity(Kind.UNLINKED, "model", "churn", ID),
    f"model/churn/unlinked/{ID}.notes.yaml": Identity(Kind.UNLINKED_NOTES, "model", "churn", ID),
    "model/churn/aliases/production.yaml": Identity(Kind.ALIAS, "model", "churn", "production"),
    "model/churn/automations/deploy.yaml": Identity(Kind.AUTOMATION, "model", "churn", "deploy"),
    "churn/project.yaml": Identity(Kind.PROJECT, "churn"),
    "churn/runs/k3j2h1.yaml": Identity(Kind.RUN, "churn", name="k3j2h1"),
    "churn/runs/k3/k3j2h1.yaml": Identity(Kind.RUN, "churn", name="k3j2h1"),
    "churn/runs/k3/K3j2h1.yaml": Identity(Kind.RUN, "churn", name="K3j2h1"),
    "churn/runs/a/a.b.yaml": Identity(Kind.RUN, "churn", name="a.b"),
}

OUTSIDE = [
    "",
    "README.md",
    "CODEOWNERS",
    ".gitattributes",
    ".github/workflows/ci.yaml",
    ".github/registry.yaml",
    "registry.yaml",
    "model/organization.yaml",
    "model/notes.txt",
    "model/churn/notes.txt",
    "model/churn/registry.yaml",
    "model/collection.yaml",
    "runs/registry.yaml",
    "projects/churn/collection.yaml",
    "model/versions/collection.yaml",
    "model/Runs/collection.yaml",
    "model/churn/versions/short.yaml",
    f"model/churn/versions/{ID}",
    f"model/churn/versions/{ID}.yml",
    f"model/churn/versions/{ID.upper()}.yaml",
    f"model/churn/versions/ff/{ID}.yaml",
    f"model/churn/versions/3f/a9/{ID}.yaml",
    f"model/churn/versions/{ID}.notes.notes.yaml",
    f"model/churn/versions/{ID}.yaml/x",
    "model/churn/aliases/latest.yaml",
    "model/churn/aliases/v3.yaml",
    "model/churn/aliases/production.yaml.yaml",
    "model/churn/aliases/x/production.yaml",
    "model/churn/aliases/production",
    "model/automations/.yaml",
    "model/automations/a b.yaml",
    "model/churn/runs/x.yaml",
    "churn/runs/ff/k3j2h1.yaml",
    "churn/runs/K3/K3j2h1.yaml",
    "churn/runs/a./a.b.yaml",
    "churn/runs/k3/j2/k3j2h1.yaml",
    "churn/runs/k3j2h1.notes",
    "model/automations/de/deploy.yaml",
    "model/churn/deep/er/collection.yaml",
    "con/registry.yaml",
    "model/a..b/collection.yaml",
]


@pytest.mark.parametrize("path", TABLE)
def test_what_a_path_is_about(path):
    assert identify(path) == TABLE[path]


@pytest.mark.parametrize("path", OUTSIDE)
def test_outside_the_format(path):
    assert identify(path) == Identity(Kind.OUTSIDE)


def test_every_kind_is_in_the_table():
    assert {identity.kind for identity in TABLE.values()} | {Kind.OUTSIDE} == set(Kind)


def test_what_a_person_calls_it():
    assert identify(f"model/churn/versions/{ID}.yaml").subject == "model/churn"
    assert identify("model/access.yaml").subject == "model"
    assert identify("organization.yaml").subject == ""


def valid(rule):
    return st.from_regex(rule.pattern, fullmatch=True).filter(lambda text: not rule.problem(text))


@given(valid(PLACE), valid(NAME))
def test_a_run_and_back(project, run):
    flat, spread = layout.run_places(project, run)

    assert flat == layout.run_path(project, run)
    assert identify(flat) == identify(spread) == Identity(Kind.RUN, project, name=run)


@given(valid(PLACE), valid(PLACE), valid(ALIAS), st.from_regex("[0-9a-f]{32}", fullmatch=True), st.booleans())
def test_identity_and_back(registry, collection, alias, version, aside):
    subject = f"{registry}/{collection}"
    kind, kind_of_notes = (Kind.UNLINKED, Kind.UNLINKED_NOTES) if aside else (Kind.VERSION, Kind.NOTES)
    assert identify(layout.registry_path(registry)) == Identity(Kind.REGISTRY, registry)
    assert identify(layout.project_path(registry)) == Identity(Kind.PROJECT, registry)
    assert identify(layout.access_path(registry)) == Identity(Kind.ACCESS, registry)
    assert identify(layout.card_path(registry)) == Identity(Kind.REGISTRY_CARD, registry)
    assert identify(layout.collection_path(subject)) == Identity(Kind.COLLECTION, registry, collection)
    assert identify(layout.card_path(subject)) == Identity(Kind.COLLECTION_CARD, registry, collection)
    assert identify(layout.alias_path(subject, alias)) == Identity(Kind.ALIAS, registry, collection, alias)
    for manifest in layout.manifest_places(subject, version, unlinked=aside):
        assert identify(manifest) == Identity(kind, registry, collection, version)
        assert identify(layout.notes_path(manifest)) == Identity(kind_of_notes, registry, collection, version)


paths = st.lists(
    st.sampled_from([*"ab", "model", "churn", "versions", "aliases", "3f", f"{ID}.yaml", "x.yaml"]),
    max_size=6,
)


@given(st.one_of(st.text(), paths.map("/".join)))
def test_any_text_is_about_something(path):
    identity = identify(path)

    if identity.name and identity.kind is not Kind.AUTOMATION:
        assert identity.name in path
        assert not NAME.problem(identity.name)


def test_every_file_of_a_version_is_its_own():
    found = [identify(path) for path in layout.version_files("model/churn", ID)]

    kinds = (Kind.VERSION, Kind.UNLINKED, Kind.NOTES, Kind.UNLINKED_NOTES)
    assert found == [Identity(kind, "model", "churn", ID) for kind in kinds for _ in ("flat", "spread")]
    assert len({*layout.version_files("model/churn", ID)}) == 8
