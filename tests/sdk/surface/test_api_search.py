"""`api.registries(…).collections(…).versions(…)`: filters, orders, pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.sdk.once import once

from git_registry.errors import UsageError
from git_registry.sdk import managing
from git_registry.sdk.managing import Description
from git_registry.sdk.surface.api import Api
from git_registry.sdk.surface.paging import Pages


@once
def acme(desk):
    """Two more registries; five collections with six versions."""
    desk(managing.create_registry, "golden", Description(title="Golden Datasets"), ["dataset"])
    for target, content, request in (
        ("model/churn", "a", {"aliases": ["staging"], "metrics": {"auc": 0.7}}),
        (
            "model/churn",
            "b",
            {"aliases": ["production"], "metrics": {"auc": 0.9}, "metadata": {"framework": "xgb"}},
        ),
        ("model/fraud", "c", {"aliases": ["production"], "metrics": {"auc": 0.8}, "tags": ["eu"]}),
        ("model/ranking", "d", {}),
        ("dataset/customers", "e", {"tags": ["eu"]}),
        ("golden/churn", "f", {"type": "dataset"}),
    ):
        desk.link(content, target, **request)
    return desk


@pytest.fixture
def api(acme):
    opened = Api(path=str(acme.path))
    opened.workspace.clock, opened.workspace.notify = acme.clock, acme.said.append
    yield opened
    opened.workspace.close()


def paths(found):
    return [one.path for one in found]


def versions(found):
    return [f"{one.collection.path}:{one.version}" for one in found]


def test_registries_by_filter_and_order(api):
    assert paths(api.registries()) == ["dataset", "golden", "model"]
    assert paths(api.registries(order="-name")) == ["model", "golden", "dataset"]
    assert paths(api.registries(order="created_at"))[-1] == "golden"
    for wanted in (
        {"name": "model"},
        {"name": "wandb-registry-model"},
        {"name": {"$regex": "^mod"}},
        {"$or": [{"name": "model"}, {"name": "nothing"}]},
        {"description": {"$contains": "serve"}},
    ):
        assert paths(api.registries(filter=wanted)) == ["model"], wanted


def test_collections_of_the_registries_that_pass(api):
    assert paths(api.registries().collections()) == [
        "dataset/customers",
        "golden/churn",
        "model/churn",
        "model/fraud",
        "model/ranking",
    ]
    assert paths(api.registries(filter={"name": "golden"}).collections()) == ["golden/churn"]
    assert paths(api.registries().collections({"name": "churn"})) == ["golden/churn", "model/churn"]
    assert paths(api.registries(filter={"name": "model"}).collections({"name": {"$ne": "churn"}})) == [
        "model/fraud",
        "model/ranking",
    ]
    assert paths(api.registries(filter={"name": "nothing"}).collections()) == []
    assert paths(api.registry("model").collections(order="-name")) == [
        "model/ranking",
        "model/fraud",
        "model/churn",
    ]


def test_versions_of_the_collections_that_pass(api):
    assert versions(api.registries().versions()) == [
        "golden/churn:v0",
        "dataset/customers:v0",
        "model/ranking:v0",
        "model/fraud:v0",
        "model/churn:v1",
        "model/churn:v0",
    ]
    production = {"alias": "production"}
    assert versions(api.registries().versions(production)) == ["model/fraud:v0", "model/churn:v1"]
    assert versions(api.registries().collections({"name": "churn"}).versions()) == [
        "golden/churn:v0",
        "model/churn:v1",
        "model/churn:v0",
    ]
    assert versions(api.registries().collections({"name": "churn"}).versions(production)) == [
        "model/churn:v1"
    ]
    assert versions(api.registries(filter={"name": "model"}).versions({"tag": "eu"})) == ["model/fraud:v0"]
    assert versions(api.registries(filter={"name": "model"}).collections({"name": "ranking"}).versions()) == [
        "model/ranking:v0"
    ]
    assert versions(api.registries().collections({"name": "nothing"}).versions()) == []
    assert versions(api.registries(filter={"name": "nothing"}).versions()) == []
    assert versions(api.registry("model").versions({"metadata.framework": "xgb"})) == ["model/churn:v1"]
    assert versions(api.registry("model").versions({"metrics.auc": {"$gt": 0.75}}, order="-metrics.auc")) == [
        "model/churn:v1",
        "model/fraud:v0",
    ]


def test_versions_stand_in_the_order_of_what_they_are_in(api):
    found = api.registries(order="-name").collections(order="-name").versions(order="number")

    assert versions(found) == [
        "model/ranking:v0",
        "model/fraud:v0",
        "model/churn:v0",
        "model/churn:v1",
        "golden/churn:v0",
        "dataset/customers:v0",
    ]


@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda api: api.registries(filter={"nmae": "x"}), "a registry has no field 'nmae'"),
        (lambda api: api.registries().collections({"alias_": "x"}), "a collection has no field"),
        (lambda api: api.registries().versions({"accuracy": 1}), "a version has no field 'accuracy'"),
        (lambda api: api.registry("model").collections({"id": "x", "collection_id": "y"}), "are one field"),
        (lambda api: api.registries(order="size"), "size"),
        (lambda api: api.registries().collections(order="number"), "number"),
        (lambda api: api.registries(per_page=0), "a page has at least one thing"),
        (lambda api: api.registries(start="x"), "'x' is no cursor"),
        (lambda api: api.registries("globex"), "neither the organization"),
    ],
)
def test_what_can_not_be_asked_is_a_value_error_before_anything_is_read(api, ask, said):
    with pytest.raises(ValueError, match=said):
        ask(api)


def test_an_unknown_field_is_told_with_those_that_are_known(api):
    with pytest.raises(UsageError) as refused:
        api.registries(filter={"nmae": "x"})

    assert "did you mean 'name'?" in refused.value.hint


def test_pages_are_counted_indexed_and_go_on_at_their_cursor(api):
    found = api.registries().collections(per_page=2)
    assert found.cursor is None
    assert bool(found)
    assert [next(found).path, next(found).path] == ["dataset/customers", "golden/churn"]
    assert len(found) == 5
    assert (found[0].path, found[-1].path, paths(found[1:3])) == (
        "dataset/customers",
        "model/ranking",
        ["golden/churn", "model/churn"],
    )
    with pytest.raises(IndexError):
        found[5]

    rest = api.registries().collections(per_page=2, start=found.cursor)
    assert paths(rest) == ["model/churn", "model/fraud", "model/ranking"]
    assert rest.cursor is None
    with pytest.raises(StopIteration):
        next(rest)
    assert not api.registries(filter={"name": "nothing"})


def test_a_cursor_goes_on_in_what_was_looked_at_then(desk, api):
    found = api.registry("model").versions(per_page=1)
    assert next(found).version == "v0"
    desk.link("z", "model/churn")

    rest = api.registry("model").versions(per_page=1, start=found.cursor)

    assert versions(rest) == ["model/fraud:v0", "model/churn:v1", "model/churn:v0"]
    assert versions(found)[0] == "model/ranking:v0"
    assert versions(api.registry("model").versions())[0] == "model/churn:v2"


@pytest.mark.parametrize(
    "chain",
    [
        lambda api: api.registries(order="name").collections(),
        lambda api: api.registries().collections(order="name"),
        lambda api: api.registries(order="name").versions(),
        lambda api: api.registries().collections(order="-name").versions(),
    ],
)
def test_an_ordered_chain_is_walked_and_nothing_else(api, chain):
    for use in (len, lambda found: found[0], lambda found: found[:1], lambda found: found.cursor):
        with pytest.raises(ValueError, match="an ordered chain has no"):
            use(chain(api))

    assert len(list(chain(api))) in (5, 6)


def test_an_ordered_chain_begins_at_its_beginning(api):
    cursor = api.registries().collections()
    next(cursor)

    for chain in (
        lambda start: api.registries(order="name").collections(start=start),
        lambda start: api.registries().collections().versions(order="number", start=start),
    ):
        with pytest.raises(ValueError, match="an ordered chain has no start"):
            chain(cursor.cursor)


def test_what_can_not_be_read_does_not_end_a_list(desk, api, git):
    (desk.path / "golden/registry.yaml").write_text("format: 1\ntypes: {\n")
    (desk.path / "model/fraud/collection.yaml").write_text("format: 1\ntype: [\n")
    git(desk.path, "commit", "-qam", "Broken")

    assert paths(api.registries()) == ["dataset", "model"]
    assert paths(api.registry("model").collections()) == ["model/churn", "model/ranking"]
    assert sum("registry.yaml" in one for one in desk.said) == 1
    assert sum("collection.yaml" in one for one in desk.said) == 1


class Counted:
    """Numbers, and how often somebody asked for some."""

    is_ordered_chain = False

    def __init__(self, count):
        self.numbers, self.asked = list(range(count)), 0

    def tip(self):
        return "c0ffee"

    def read(self, commit, offset, limit):
        assert commit == "c0ffee"
        self.asked += 1
        return self.numbers[offset : None if limit is None else offset + limit]


@given(count=st.integers(0, 40), per_page=st.integers(1, 7), taken=st.integers(0, 45))
def test_a_cursor_splits_a_list_in_two(count, per_page, taken):
    fresh = Pages(Counted(count), per_page=per_page)
    begun = [next(fresh) for _ in range(min(taken, count))]
    rest = list(Pages(Counted(count), per_page=per_page, start=fresh.cursor)) if fresh.cursor else []

    expected = list(range(count))
    assert begun + rest == (expected if taken > 0 else [])
    assert (fresh.cursor is None) == (not 0 < taken < count)


@given(count=st.integers(0, 200), per_page=st.integers(1, 7))
def test_a_long_list_is_read_in_few_steps(count, per_page):
    source = Counted(count)

    seen = []
    for one in Pages(source, per_page=per_page):
        seen.append(one)

    assert seen == source.numbers
    assert source.asked <= 10
