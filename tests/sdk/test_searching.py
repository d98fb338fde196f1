"""Searching: by filters as W&B writes them, by words, at a moment, in parts of the organization."""

from __future__ import annotations

import pytest
from tests.index.test_numbers import manifest, rename

from git_registry.catalog.transaction import Transaction, commit
from git_registry.errors import UsageError
from git_registry.index.search.row import THINGS
from git_registry.model.edits import version as versions
from git_registry.model.edits.version import Addition
from git_registry.model.filters import All
from git_registry.sdk import linking, listing, looking_back, managing, noting, searching
from git_registry.sdk.managing import Description
from git_registry.sdk.searching import Search, read_filter

from .once import once


@once
def acme(desk):
    """Three churn models and a fraud model; the second churn model is in production."""
    for number, auc in enumerate((0.91, 0.93, 0.95)):
        desk.link(
            f"churn {number}",
            metrics={"auc": auc},
            metadata={"framework": "xgboost", "optimizer": {"lr": 0.1}, "langs": ["de", "en"]},
            tags=("eu",) if number else (),
            name="churn-xgb",
        )
    desk.link("fraud", "model/fraud", metrics={"auc": 0.5, "gap": 3}, description="Card fraud.")
    desk.promote("model/churn:v1", "production")
    return desk


def found(desk, filter_=None, kind="version", **asked):
    """Return the paths of what is found."""
    if filter_ is not None:
        asked["filter"] = read_filter(kind, document=filter_)
    return [
        f"{row.path}:v{row.number}" if row.id else row.path
        for row in desk(searching.search, Search(kind=kind, **asked)).rows
    ]


@pytest.mark.parametrize(
    ("document", "numbers"),
    [
        ({"tag": "eu"}, "21"),
        ({"tag": {"$eq": "eu"}}, "21"),
        ({"tag": {"$ne": "eu"}}, "0"),
        ({"metrics.auc": {"$gt": 0.93}}, "2"),
        ({"metrics.auc": {"$gte": 0.93}}, "21"),
        ({"metrics.auc": {"$lt": 0.93}}, "0"),
        ({"metrics.auc": {"$lte": 0.93}}, "10"),
        ({"version": {"$in": ["v0", "v2"]}}, "20"),
        ({"version": {"$nin": ["v0", "v2"]}}, "1"),
        ({"$and": [{"tag": "eu"}, {"alias": "production"}]}, "1"),
        ({"$or": [{"alias": "production"}, {"version": "v0"}]}, "10"),
        ({"$nor": [{"alias": "production"}, {"version": "v0"}]}, "2"),
        ({"metrics.auc": {"$not": {"$gt": 0.92}}}, "0"),
        ({"alias": {"$regex": "^prod"}}, "1"),
        ({"tag": {"$exists": False}}, "0"),
        ({"metadata.framework": {"$contains": "boost"}}, "210"),
        ({"metadata.optimizer.lr": 0.1}, "210"),
        ({"metadata.langs": {"$all": ["de", "en"]}, "metadata.langs.0": "de"}, "210"),
        ({"metadata.langs": {"$size": 2}}, "210"),
        ({"alias": "latest"}, "2"),
        ({"artifact_size": {"$gte": 1}, "number": {"$lt": 2}}, "10"),
        ({"registry": "wandb-registry-model"}, "210"),
        ({"created_at": {"$gte": "2026-01-01"}, "linked_at": {"$lt": "2026-01-02 00:00:00"}}, "210"),
        ({"created_at": {"$gte": "2026-01-02"}}, ""),
    ],
)
def test_operators_and_spellings_of_wandb(acme, document, numbers):
    assert found(acme, {**document, "collection": "churn"}) == [f"model/churn:v{one}" for one in numbers]


def test_everything_given_has_to_hold(acme):
    both = read_filter(
        "version",
        document='{"tag": "eu"}',
        clauses=["metrics.auc >= 0.9 and type = model", "number < 2"],
        equal={"alias": ["production"], "tag": ()},
    )

    assert found(acme, filter=both) == ["model/churn:v1"]
    assert not any(isinstance(part, All) for part in both.parts)
    assert [one.field for one in both.parts] == ["metrics.auc", "type", "number", "tag", "alias"]


def test_notes_win_over_the_manifest_key_by_key(acme):
    acme(noting.annotate, ["model/churn:v0"], Addition(metrics={"auc": 0.99, "gap": 1}))

    assert found(acme, {"metrics.auc": {"$gte": 0.95}}) == ["model/churn:v2", "model/churn:v0"]
    assert found(acme, {"metrics.auc": {"$lt": 0.92}}) == ["model/fraud:v0"]
    assert found(acme, {"metrics.gap": 1, "metadata.framework": "xgboost"}) == ["model/churn:v0"]


def test_what_was_unlinked_or_deleted_is_not_found(acme):
    acme(linking.unlink, ["model/churn:v0"])
    acme(managing.delete, "model/fraud")

    assert found(acme, {}) == ["model/churn:v2", "model/churn:v1"]
    assert found(acme, kind="collection") == ["model/churn"]


def test_words_occur_in_names_descriptions_tags_and_cards(acme):
    acme(managing.edit, "model/churn", Description(title="Churn", description="Who will LEAVE"))

    assert found(acme, words="CHURN-XGB eu") == ["model/churn:v2", "model/churn:v1"]
    assert found(acme, words='"card fraud"') == ["model/fraud:v0"]
    assert found(acme, words='"fraud card"') == []
    assert found(acme, kind="collection", words="leave churn") == ["model/churn"]
    assert found(acme, kind="collection", words="model/") == ["model/churn", "model/fraud"]
    assert found(acme, kind=None, words="churn") == [
        "model/churn", "model/churn:v2", "model/churn:v1", "model/churn:v0"
    ]  # fmt: skip


def test_all_kinds_are_one_list(acme):
    whole = found(acme, kind=None)

    assert whole[:4] == ["dataset", "model", "model/churn", "model/fraud"]
    for offset in range(len(whole) + 1):
        assert found(acme, kind=None, offset=offset, limit=3) == whole[offset : offset + 3]
    with pytest.raises(UsageError, match="one kind of thing"):
        found(acme, kind=None, filter=read_filter("version", document={"tag": "eu"}))


def test_collections_and_registries_by_their_facts(acme):
    acme(
        managing.edit,
        "model/churn",
        Description(title="Churn", description="Who will leave"),
    )
    acme(noting.tag, "model/churn", add=["tabular"])

    assert found(acme, {"tag": "tabular", "alias": "production"}, "collection") == ["model/churn"]
    assert found(acme, {"type": "model", "title": {"$exists": False}}, "collection") == ["model/fraud"]
    assert found(acme, {"id": "model/fraud"}, "collection") == ["model/fraud"]
    assert found(acme, {"name": {"$regex": "^mod"}}, "registry") == ["model"]
    assert found(acme, {"type": "dataset"}, "registry") == ["dataset"]


def test_when_a_collection_came_and_when_it_last_changed(acme):
    came = acme(searching.search, Search(kind="collection", order="created_at")).rows
    changed = acme(searching.search, Search(kind="collection", order="updated_at")).rows
    assert [row.path for row in came] == ["model/churn", "model/fraud"]
    assert [row.path for row in changed] == ["model/fraud", "model/churn"]

    acme(managing.edit, "model/fraud", Description(title="Fraud"))

    again = acme(searching.search, Search(kind="collection", order="created_at")).rows
    assert [row.facts["created_at"] for row in again] == [row.facts["created_at"] for row in came]
    assert found(acme, kind="collection", order="-updated_at") == ["model/fraud", "model/churn"]


@pytest.mark.parametrize(
    ("order", "first"),
    [
        ("-metrics.auc", "model/churn:v2"),
        ("+metrics.auc", "model/fraud:v0"),
        ("linked_at", "model/churn:v0"),
        ("-created_at", "model/fraud:v0"),
        ("artifact_size", "model/fraud:v0"),
        ("", "model/fraud:v0"),
    ],
)
def test_an_order(acme, order, first):
    assert found(acme, order=order, limit=1) == [first]
    assert len(found(acme, order=order)) == 4


def test_where_nothing_was_measured_an_order_may_name_any_metric(desk):
    assert found(desk, order="-metrics.auc") == []
    desk.link("one")
    assert found(desk, order="-metrics.auc") == ["model/churn:v0"]

    desk.link("two", metrics={"loss": 0.1})
    with pytest.raises(UsageError, match=r"order: no version has metrics\.auc"):
        found(desk, order="-metrics.auc")


def test_an_order_that_is_none(acme):
    with pytest.raises(UsageError, match="can't sort by 'linked'") as wrong:
        found(acme, order="linked")

    assert wrong.value.hint.startswith("did you mean 'linked_at'? fields: linked_at ")


@pytest.mark.parametrize(
    ("within", "paths"),
    [
        (("model",), ["model/churn", "model/fraud"]),
        (("model/ch*",), ["model/churn"]),
        (("dataset", "*/fraud"), ["model/fraud"]),
        (("nothing",), []),
    ],
)
def test_within_a_part(acme, within, paths):
    assert found(acme, kind="collection", within=within) == paths
    assert {path.partition(":")[0] for path in found(acme, within=within)} == set(paths)


def test_as_it_was(acme, git):
    before = git(acme.path, "rev-parse", "HEAD")
    acme.promote("model/churn:v2", "production")
    acme(linking.unlink, ["model/fraud:v0"])

    def then(catalog, wanted):
        looking_back.look_back(catalog, before)
        return [row.number for row in searching.search(catalog, wanted).rows]

    wanted = Search(
        filter=read_filter("version", document={"$or": [{"alias": "production"}, {"metrics.gap": 3}]})
    )
    assert acme(then, wanted) == [0, 1]
    assert [row.number for row in acme(searching.search, wanted).rows] == [2]


def test_versions_of_one_step_stand_with_the_highest_number_first(desk):
    edits = [lambda now, one=one: versions.link(now, "model/churn", manifest(one)) for one in "abcd"]
    desk(commit, Transaction(edits=edits, message="Four"))

    assert found(desk) == ["model/churn:v3", "model/churn:v2", "model/churn:v1", "model/churn:v0"]
    assert found(desk, limit=2, offset=1) == ["model/churn:v2", "model/churn:v1"]


def test_a_renamed_collection_is_found_where_it_is(acme, git):
    rename(acme, git, "model/churn", "model/retention")

    assert found(acme, {"alias": "production"}) == ["model/retention:v1"]
    assert found(acme, {"collection": "churn"}) == []


def test_what_cannot_be_read_is_known_by_its_place_alone(acme, git):
    identifier = acme.link("broken").id
    place = acme.path / f"model/churn/versions/{identifier}.yaml"
    place.write_text("format: 1\nnonsense\n")
    git(acme.path, "commit", "-q", "-a", "-m", "Break")

    row = acme(searching.search, Search(filter=read_filter("version", document={"version": "v3"}))).rows[0]

    assert (row.id, row.number, row.facts.get("type")) == (identifier, 3, None)
    assert row.problem.startswith(f"model/churn/versions/{identifier}.yaml: ")
    assert found(acme, {"type": "model"}) == [
        "model/fraud:v0", "model/churn:v2", "model/churn:v1", "model/churn:v0"
    ]  # fmt: skip


def test_views_are_those_that_are_listed(acme, git):
    acme(noting.annotate, ["model/churn:v0"], Addition(metrics={"gap": 1}, tags=("us",)))
    (acme.path / "model/fraud/collection.yaml").write_text("format: 1\n")
    git(acme.path, "commit", "-q", "-a", "-m", "Break")

    def views(catalog, kind):
        return searching.views(catalog, searching.search(catalog, Search(kind=kind)).rows)

    assert acme(views, "registry") == acme(listing.registries)
    assert acme(views, "collection") == acme(listing.collections, "model")
    shown = {(view.path): view for view in acme(views, "version")}
    assert len(shown) == 4
    for path, view in shown.items():
        assert view == acme(listing.show, path)


@pytest.mark.parametrize("kind", THINGS)
def test_an_unknown_field_is_answered_with_those_there_are(kind):
    with pytest.raises(UsageError, match="has no field 'descriptoin'") as wrong:
        read_filter(kind, document={"descriptoin": "x"})

    assert wrong.value.hint.startswith("did you mean 'description'? fields: ")


def test_a_count_is_not_negative(acme):
    with pytest.raises(UsageError, match="are counts"):
        found(acme, limit=-1)


def test_what_aliases_are_called_is_told_anew_once_another_comes(acme):
    with acme.open() as catalog:
        before = searching.aliases(catalog)
        acme.promote("model/churn:v2", "staging")

        assert (before, searching.aliases(catalog)) == (("production",), ("production", "staging"))
