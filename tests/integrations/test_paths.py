import pytest

from git_registry.integrations.paths import project_of, split

SAID = {
    "": ("", 0, ""),
    "model": ("model", 1, ""),
    "model/churn": ("model/churn", 2, ""),
    "model/churn:v3": ("model/churn:v3", 2, ""),
    "model/churn:v3/deep/model.ubj": ("model/churn:v3", 2, "deep/model.ubj"),
    "model/churn/model.ubj": ("model/churn", 2, "model.ubj"),
    "acme": ("acme", 0, ""),
    "acme/model/churn@3fa9/x": ("acme/model/churn@3fa9", 2, "x"),
    "wandb-registry-model/churn:v3/x": ("wandb-registry-model/churn:v3", 2, "x"),
    "somebody/wandb-registry-model/churn:v3/x": ("somebody/wandb-registry-model/churn:v3", 2, "x"),
    "projects": ("projects", 0, ""),
    "projects/churn": ("projects/churn", 1, ""),
    "projects/churn/xgb:v0/model.ubj": ("projects/churn/xgb:v0", 2, "model.ubj"),
    "acme/projects/churn/xgb/model.ubj": ("acme/projects/churn/xgb", 2, "model.ubj"),
}


@pytest.mark.parametrize("path", SAID)
def test_a_path_is_a_selector_and_a_file(path):
    found = split(path, "acme")

    assert (found.said, found.depth, found.file) == SAID[path]
    assert found.project == ("projects" in path)
    assert found.has_version == (":" in path or "@" in path)


@pytest.mark.parametrize("path", SAID)
def test_a_name_in_a_listing_begins_as_its_place_was_written(path):
    found = split(path, "acme")

    assert (found.below(found.file) if found.file else found.said) == path


@pytest.mark.parametrize(
    ("path", "project"),
    [
        ("projects/churn/xgb:v0/x", "churn"),
        ("acme/projects/churn", "churn"),
        ("projects", None),
        ("model/churn:v3/projects/x", None),
        ("model/churn", None),
    ],
)
def test_a_project_is_told_without_knowing_the_organization(path, project):
    assert project_of(path) == project
