"""What a version was made from, and who linked it."""

from __future__ import annotations

from tests.sdk import recorded
from tests.sdk.recorded import by, manifest, record

from git_registry.sdk import syncing
from git_registry.sdk.origin import origin
from git_registry.sdk.resolving import resolve


def told(desk, text):
    return desk(lambda catalog: origin(resolve(catalog, text)))


def test_it_names_what_was_used_and_who_linked_it_first(desk, git):
    desk.link("customers", "dataset/customers")
    git(desk.path, "config", "user.name", "Bob")
    desk.link("weights", inputs=["dataset/customers:v0"])
    git(desk.path, "config", "user.name", "Eve")
    desk.promote("model/churn:v0", "production")

    found = told(desk, "model/churn:production")

    assert found.path == "model/churn:v0"
    assert [one.registry for one in found.inputs] == ["dataset/customers"]
    assert found.run is None
    assert found.linked.name == "Bob"


def test_a_run_is_named_by_the_manifest(desk):
    one = manifest("weights", run=by("r1"))
    record(desk, "main", recorded.collection_at("model/churn"), recorded.version_at("model/churn", one))

    assert told(desk, "model/churn:v0").run.id == "r1"


def test_where_history_is_not_at_hand_nothing_is_fetched_for_it(desk, clone):
    identifier = desk.link("weights", aliases=["best"]).id
    desk(syncing.sync)
    shallow = clone("shallow", "--depth=1")

    found = told(shallow, "model/churn:best")

    assert (found.path, found.linked) == (f"model/churn@{identifier[:8]}", None)
    assert shallow.said == []
