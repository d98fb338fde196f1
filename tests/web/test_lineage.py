"""The graph that a script draws: what it links to, and how much more there is."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from tests.sdk import recorded
from tests.sdk.recorded import by, linked, logged, manifest, record, run

from git_registry.model import layout
from git_registry.model.documents.manifest import Code, Input, ProjectVersion
from git_registry.model.documents.notes import Notes

DATA = manifest("data")


@pytest.fixture(scope="module")
def browser(browse):
    """A run made a model of features, and it was linked; the features came of a data set and more."""
    made = browse()
    elsewhere = linked("dataset/customers", DATA, repository="other", used_as="<b>test</b>")
    bucket = Input(uri="s3://raw/\u200b2026/")
    features = manifest(
        "features", run=by("r1"), inputs=(linked("dataset/customers", DATA), elsewhere, bucket)
    )
    code = Code(repository="https://git.example/churn", commit="4be1" * 10, dirty=True)
    source = ProjectVersion(project="churn", artifact="xgb", version=manifest("model").id)
    record(
        made.desk,
        "projects/churn",
        recorded.project_at("churn"),
        *(recorded.collection_at("churn/features"), recorded.version_at("churn/features", features)),
        *(
            recorded.collection_at("churn/xgb"),
            recorded.version_at("churn/xgb", manifest("model", run=by("r2"))),
            {layout.notes_path(layout.manifest_path("churn/xgb", manifest("model").id)): Notes(ttl=86400)},
        ),
        recorded.run_at("churn", "r1", run(name="brisk")),
        recorded.run_at("churn", "r2", run(inputs=[logged("churn", "features", features)], code=code)),
    )
    record(
        made.desk,
        "main",
        *(recorded.collection_at("dataset/customers", "dataset"), recorded.collection_at("model/churn")),
        *(
            recorded.collection_at("model/risk"),
            recorded.version_at("model/risk", manifest("model", run=by("r2"), source=source)),
        ),
        recorded.version_at("dataset/customers", DATA),
        recorded.version_at("model/churn", manifest("model", run=by("r2"), source=source)),
        recorded.alias_at("model/churn", "production", manifest("model")),
    )
    return made


def told(graph):
    """Return the graph's edges by what its nodes are called."""
    called = {one["key"]: one["label"] for one in graph["nodes"]}
    return {(called[one["from"]], one["words"], called[one["to"]]) for one in graph["edges"]}


def test_a_version_leads_to_what_it_was_made_from(browser):
    graph = browser.data("model/churn/v0/lineage.json")

    assert graph["start"] == f"version:model/churn@{manifest('model').id}"
    assert told(graph) == {
        ("projects/churn/xgb:v0", "linked as", "model/churn:v0"),
        ("run churn/r2", "made", "projects/churn/xgb:v0"),
        ("projects/churn/features:v0", "used by", "run churn/r2"),
        ("code https://git.example/churn@4be14be14be1", "ran in, with uncommitted changes", "run churn/r2"),
    }
    start, *_ = graph["nodes"]
    assert (start["label"], start["aliases"], start["href"]) == ("model/churn:v0", ["production"], "./")


def test_a_version_and_its_source_say_where_it_is_linked(browser):
    source = browser.look("projects/churn/xgb/v0/")
    link = browser.look("model/churn/v0/")

    assert "Linked in model/churn:v0 production" in source.words
    assert source.links["model/churn:v0"] == "../../../../model/churn/v0/"
    assert "Also linked in model/risk:v0" in link.words
    assert "Also linked in model/churn:v0" not in link.words
    assert "not while a registry links it" in source.words


def test_a_graph_tells_of_what_it_begins_with(browser):
    link = browser.data("model/churn/v0/lineage.json")["facts"]
    run = browser.data("projects/churn/runs/r1/lineage.json")["facts"]

    assert link["linked"].endswith("by Ada Lovelace")
    assert link["size"].endswith(" B")
    assert run["state"] == "finished"


def test_where_a_graph_ends_it_says_how_much_more_there_is(browser):
    nodes = {one["label"]: one for one in browser.data("model/churn/v0/lineage.json")["nodes"]}

    assert nodes["projects/churn/features:v0"]["left_out"] == {"up": 4, "down": 0}
    assert nodes["model/churn:v0"]["left_out"] == {"up": 0, "down": 0}


def test_whoever_follows_the_graphs_that_a_graph_names_comes_to_everything(browser):
    waiting, seen, labels = ["model/churn/v0/lineage.json"], set(), set()
    while waiting:
        here = waiting.pop()
        if here in seen:
            continue
        seen.add(here)
        if "/runs/" in here:
            continue  # the page of a run has a test of its own
        for one in browser.data(here)["nodes"]:
            labels.add(one["label"])
            waiting += [urljoin(here, one["data"])] if one["data"] else []

    assert {"dataset/customers:v0", "projects/churn/features:v0", "run churn/brisk"} <= labels


def test_what_has_no_page_is_no_link_and_what_is_not_seen_is_told(browser):
    graph = browser.data("projects/churn/features/v0/lineage.json")
    nodes = {one["label"]: one for one in graph["nodes"]}
    elsewhere = f"other/dataset/customers@{DATA.id[:8]}"

    assert (nodes[elsewhere]["href"], nodes[elsewhere]["state"]) == (None, "in another repository")
    assert nodes["s3://raw/\\u200b2026/"]["data"] is None
    assert (elsewhere, "used by, as <b>test</b>", "projects/churn/features:v0") in told(graph)


def test_links_keep_the_date_that_is_looked_back_to(browser):
    nodes = browser.data("projects/churn/features/v0/lineage.json", at="2026-01-02")["nodes"]
    hrefs = {one["label"]: one["href"] for one in nodes}

    assert hrefs["dataset/customers:v0"] == "../../../../dataset/customers/v0/?at=2026-01-02"
    assert hrefs["run churn/brisk"] == "../../runs/r1/?at=2026-01-02"


@pytest.mark.parametrize(
    "path", ["model/churn/v7", "secret/churn/v0", "projects/other/xgb/v0", "model/churn/nobody"]
)
def test_what_is_not_there_has_no_graph(browser, path):
    assert browser.ask(f"{path}/lineage.json").status == 404
