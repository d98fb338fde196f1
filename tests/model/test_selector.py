"""What a user types to name something."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.errors import NotFound, UsageError
from git_registry.model.names import ALIAS, PLACE
from git_registry.model.selector import Selector, of_version, parse, parse_run

DIGITS = "3fa94c1b"
FULL = "3fa94c1be2d07788a1c0f3d2b4e59617" * 2

READ = {
    "model": Selector(registry="model"),
    "model/": Selector(registry="model"),
    "model/churn": Selector(registry="model", collection="churn"),
    "model/churn/": Selector(registry="model", collection="churn"),
    "model/churn:production": Selector(registry="model", collection="churn", alias="production"),
    "model/churn:latest": Selector(registry="model", collection="churn", latest=True),
    "model/churn:v0": Selector(registry="model", collection="churn", number=0),
    "model/churn:v17": Selector(registry="model", collection="churn", number=17),
    "model/churn:v7?": Selector(registry="model", collection="churn", number=7),
    f"model/churn@{DIGITS}": Selector(registry="model", collection="churn", digits=DIGITS),
    "model/churn@3fa9": Selector(registry="model", collection="churn", digits="3fa9"),
    f"model/churn@sha256:{FULL}": Selector(registry="model", collection="churn", digits=FULL),
    "projects/churn": Selector(registry="churn", project=True),
    "projects/churn/churn-xgb:v7": Selector(registry="churn", collection="churn-xgb", project=True, number=7),
    "Our models": Selector(registry="Our models"),
    "Our models/churn:v3": Selector(registry="Our models", collection="churn", number=3),
    "Größe/churn": Selector(registry="Größe", collection="churn"),
    "wandb-registry-model": Selector(registry="model"),
    "wandb-registry-model/churn:v3": Selector(registry="model", collection="churn", number=3),
    "acme/wandb-registry-model/churn:v3": Selector(registry="model", collection="churn", number=3),
    "wandb-registry-Our models/churn:latest": Selector(
        registry="Our models", collection="churn", latest=True
    ),
}

REFUSED = [
    "",
    "/",
    ":production",
    "@3fa9",
    "model:production",
    "model@3fa9",
    "model/churn:",
    "model/churn@",
    "model/churn@3fa",
    "model/churn@3FA94C1B",
    "model/churn@xyz1",
    "model/churn@sha256:",
    f"model/churn@{FULL}0",
    "model/churn@md5:3fa94c1b",
    "model/churn:v07",
    "model/churn:v7??",
    "model/churn:v٣",
    "model/churn:v1٣",
    "model/churn:a b",
    "model/churn:production@3fa9",
    "model/churn@3fa9:production",
    "model/churn:a:b",
    "model//churn",
    "a/b/c",
    "projects/a/b/c",
    "model/runs",
    "model/ab cd",
    "other/model/churn",
]


@pytest.mark.parametrize("text", READ)
def test_read(text):
    assert parse(text) == READ[text]


@pytest.mark.parametrize("text", ["model/automations/tell", "acme/model/churn/automations/deploy"])
def test_an_automation_is_shown_by_verbs_of_its_own(text):
    with pytest.raises(UsageError, match="is an automation") as caught:
        parse(text, organization="acme")

    assert caught.value.hint == "`git registry automation` shows, changes and removes it"


@pytest.mark.parametrize("text", REFUSED)
def test_refused_with_examples(text):
    with pytest.raises(UsageError) as refused:
        parse(text)

    assert repr(text) in refused.value.message
    assert "model/churn:production" in refused.value.hint


@pytest.mark.parametrize("digits", ["9" * 19, "1" + "0" * 5000])
def test_a_number_that_nobody_can_count_to_is_not_there(digits):
    assert parse(f"model/churn:v{'9' * 18}").number == 10**18 - 1
    with pytest.raises(NotFound, match="no version v"):
        parse(f"model/churn:v{digits}")


@pytest.mark.parametrize(
    ("text", "path", "project"),
    [
        ("acme/model/churn:v3", "model/churn", False),
        ("acme/model", "model", False),
        ("acme/projects/churn/xgb", "churn/xgb", True),
        ("acme/wandb-registry-model/churn", "model/churn", False),
        ("acme", "acme", False),
    ],
)
def test_the_organizations_own_name_is_taken_off(text, path, project):
    selector = parse(text, organization="acme")

    assert (selector.path, selector.project) == (path, project)


@pytest.mark.parametrize("version", [":x", ":v0", ":v0?", ":latest", "@abcd"])
def test_what_names_a_version(version):
    assert parse(f"model/churn{version}").names_version
    assert not parse("model/churn").names_version


places = st.from_regex(PLACE.pattern, fullmatch=True).filter(lambda text: not PLACE.problem(text))
aliases = st.from_regex(ALIAS.pattern, fullmatch=True).filter(lambda text: not ALIAS.problem(text))
versions = st.one_of(
    st.just({}),
    st.just({"latest": True}),
    st.builds(lambda alias: {"alias": alias}, aliases),
    st.builds(lambda number: {"number": number}, st.integers(0, 10**6)),
    st.builds(lambda digits: {"digits": digits}, st.from_regex("[0-9a-f]{4,64}", fullmatch=True)),
)


@given(places, places, st.booleans(), versions)
def test_a_selector_reads_as_it_is_written(registry, collection, project, version):
    if registry.startswith("wandb-registry-") or collection.startswith("wandb-registry-"):
        return
    selector = Selector(registry=registry, collection=collection, project=project, **version)

    assert parse(str(selector)) == selector


def test_a_run_is_named_by_its_path():
    assert parse_run("projects/churn/runs/k3j2h1") == ("churn", "k3j2h1")
    assert parse_run("acme/projects/churn/runs/k3.j2", organization="acme") == ("churn", "k3.j2")


@pytest.mark.parametrize(
    "text",
    [
        "projects/churn/runs",
        "projects/churn/runs/",
        "projects/churn/xgb:v0",
        "model/runs/k3j2h1",
        "acme/x/runs/k",
    ],
)
def test_what_names_no_run(text):
    assert parse_run(text) is None


@pytest.mark.parametrize("shown", ["v3", "@3fa94c1b"])
def test_a_version_is_selected_by_how_it_is_shown(shown):
    selector = of_version("model/churn", shown)

    assert str(parse(selector)) == selector
    assert parse(selector).path == "model/churn"
