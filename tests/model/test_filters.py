"""Filters in MongoDB's words: what passes, what is read, what is refused and how."""

from __future__ import annotations

import subprocess
import sys

import pytest

from git_registry.errors import UsageError
from git_registry.model import filters
from git_registry.model.filters import (
    COLLECTION,
    METRICS,
    REGISTRY,
    VERSION,
    All,
    Any,
    Fields,
    Nor,
    Not,
    Test,
    matches,
    parse,
    parse_json,
)

NAN = float("nan")
INFINITY = float("inf")

CHURN = {
    "version": "v3",
    "number": 3,
    "artifact": "churn-xgb",
    "tag": ("eu", "needs review"),
    "alias": (),
    "type": "model",
    "description": "Trained on October,\nby Größe & co.",
    "created_at": "2026-11-22T20:28:34.123Z",
    "size": 104857912,
    "metadata": {
        "framework": "xgboost",
        "reviewed": True,
        "depth": 7,
        "seed": None,
        "optimizer": {"lr": 0.1, "betas": [0.9, 0.99]},
        "optimizer.lr": 0.2,
        "shape": [3, [4, 5]],
        "splits": [{"name": "train", "rows": 100}, {"name": "test"}, 7],
        "none": [],
    },
    "metrics": {"auc": 0.931, "steps": 812, "loss": NAN, "val.auc": 0.9, "gap": -INFINITY},
}

PASSES = [
    {},
    {"version": "v3"},
    {"version": {"$eq": "v3"}},
    {"version": "v3", "number": 3},
    {"number": {"$gt": 2, "$lt": 4}},
    {"number": 3.0},
    {"number": {"$in": [1, 2, 3]}},
    {"number": {"$nin": []}},
    {"number": {"$gte": 3, "$lte": 3}},
    {"artifact_size": {"$gt": 1e8}},
    # lists
    {"tag": "eu"},
    {"tag": ["eu", "needs review"]},
    {"tag": {"$in": ["us", "eu"]}},
    {"tag": {"$nin": ["us", "asia"]}},
    {"tag": {"$ne": "us"}},
    {"tag": {"$all": ["eu", "needs review"]}},
    {"tag": {"$size": 2}},
    {"tag": {"$contains": "eu"}},
    {"tag": {"$regex": "^needs"}},
    {"tag": {"$gt": "m"}},
    {"alias": {"$size": 0}},
    {"alias": []},
    {"alias": {"$ne": "production"}},
    {"alias": {"$exists": True}},
    # text
    {"description": {"$contains": "October"}},
    {"description": {"$regex": "trained", "$options": "i"}},
    {"description": {"$options": "im", "$regex": "^BY"}},
    {"description": {"$regex": "Gr(ö|oe)ße"}},
    {"description": {"$not": {"$regex": "^by"}}},
    {"artifact": {"$regex": "xgb$", "$ne": "churn"}},
    # nothing there
    {"digest": None},
    {"digest": {"$exists": False}},
    {"digest": {"$ne": "x"}},
    {"digest": {"$nin": ["x", "y"]}},
    {"digest": {"$in": ["x", None]}},
    {"digest": {"$not": {"$gt": ""}}},
    {"metadata.seed": None},
    {"metadata.seed": {"$exists": True}},
    {"metadata.framework.name": None},
    # nested
    {"metadata.framework": "xgboost"},
    {"metadata.reviewed": True},
    {"metadata.optimizer.lr": 0.1},
    {"metadata.optimizer.lr": 0.2},
    {"metadata.optimizer": {"betas": [0.9, 0.99], "lr": 0.1}},
    {"metadata.optimizer.betas": 0.99},
    {"metadata.optimizer.betas.1": 0.99},
    {"metadata.shape": [3, [4, 5]]},
    {"metadata.shape": [4, 5]},
    {"metadata.shape.1": 5},
    {"metadata.shape.1.0": 4},
    {"metadata.shape": {"$contains": 3}},
    {"metadata.splits.name": "test"},
    {"metadata.splits.0.name": "train"},
    {"metadata.splits.rows": None},
    {"metadata.splits.rows": 100},
    {"metadata.splits": 7},
    {"metadata.none.key": {"$exists": False}},
    {"metadata": {"$exists": True}},
    {"metrics.auc": {"$gte": 0.9}},
    {"metrics.val.auc": 0.9},
    {"metrics.gap": {"$lt": 0}},
    {"metrics.auc": {"$lt": INFINITY}},
    # NaN
    {"metrics.loss": {"$exists": True}},
    {"metrics.loss": {"$ne": 1}},
    {"metrics.loss": {"$not": {"$gte": 0}}},
    # dates
    {"created_at": {"$gt": "2026-11-22"}},
    {"created_at": {"$lt": "2026-11-23"}},
    {"created_at": {"$gte": "2026-11-22 20:28:34"}},
    {"created_at": {"$lte": "2026-11-22T20:28:34.13Z"}},
    {"created_at": "2026-11-22 20:28:34.123"},
    {"created_at": "2026-11-22 21:28:34.123+01:00"},
    {"created_at": {"$gt": "2026-11-22 20:28"}},
    {"created_at": {"$regex": "^2026-11"}},
    {"updated_at": None},
    # documents
    {"$and": [{"tag": "eu"}, {"tag": "needs review"}]},
    {"$or": [{"tag": "us"}, {"tag": "eu"}]},
    {"$nor": [{"tag": "us"}, {"alias": "production"}]},
    {"$not": {"tag": "us", "version": "v3"}},
    {"$or": [{"tag": "us"}, {"number": 3}], "$nor": [{"tag": "us"}], "version": "v3", "$and": [{}]},
]
FAILS = [
    {"version": 3},
    {"number": "3"},
    {"number": True},
    {"number": {"$in": []}},
    {"number": {"$in": ["3", True, None]}},
    {"number": {"$contains": 3}},
    {"tag": "EU"},
    {"tag": ["needs review", "eu"]},
    {"tag": {"$ne": "eu"}},
    {"tag": {"$nin": ["eu"]}},
    {"tag": {"$not": {"$in": ["eu"]}}},
    {"tag": {"$all": ["eu", "us"]}},
    {"tag": {"$all": []}},
    {"tag": {"$contains": "e"}},
    {"tag": {"$size": 1}},
    {"version": {"$size": 2}},
    {"alias": None},
    {"alias": "production"},
    {"description": {"$contains": "october"}},
    {"version": {"$contains": 3}},
    {"description": {"$regex": "^october"}},
    {"digest": {"$exists": True}},
    {"digest": {"$gt": ""}},
    {"digest": {"$regex": ""}},
    {"metadata.reviewed": 1},
    {"metadata.reviewed": "true"},
    {"metadata.depth": True},
    {"metadata.seed": {"$exists": False}},
    {"metadata.shape": [3]},
    {"metadata.shape": [3, [4, 5], 6]},
    {"metadata.shape.2": {"$exists": True}},
    {"metadata.shape.00000000001": 4},
    {"metadata.shape.00": 3},
    {"metadata.shape.²": 4},
    {"metadata.optimizer": {"lr": 0.1}},
    {"metadata.none.key": None},
    {"metadata.splits.rows": {"$exists": False}},
    {"metrics.loss": {"$gte": 0}},
    {"metrics.loss": {"$lt": INFINITY}},
    {"metrics.auc": {"$gte": 0.95}},
    {"metrics.auc": {"$not": {"$gte": 0.9, "$lt": 1}}},
    {"created_at": "2026-11-22"},
    {"created_at": {"$gt": "2026-11-22 20:28:34.123Z"}},
    {"updated_at": {"$gt": "2026-11-22"}},
    {"$nor": [{"tag": "us"}, {"tag": "eu"}]},
    {"$not": {"tag": "eu"}},
]


@pytest.mark.parametrize("document", PASSES, ids=str)
def test_passes(document):
    assert matches(parse(document, VERSION), CHURN)


@pytest.mark.parametrize("document", FAILS, ids=str)
def test_fails(document):
    assert not matches(parse(document, VERSION), CHURN)


AUC = Test("metrics.auc", "$gte", 0.9)
EU = Test("tag", "$eq", "eu")

READ = [
    ({}, All(())),
    ({"tag": "eu"}, EU),
    ({"metrics.auc": {"$gte": 0.9}, "tag": "eu"}, All((AUC, EU))),
    ({"$and": [{"tag": "eu"}, {"$and": [{"metrics.auc": {"$gte": 0.9}}, {}]}]}, All((EU, AUC))),
    ({"tag": {"$eq": "eu", "$ne": "us"}}, All((EU, Not(Test("tag", "$eq", "us"))))),
    ({"tag": {"$nin": ["eu"]}}, Not(Test("tag", "$in", ("eu",)))),
    ({"tag": {"$all": ["eu"]}}, EU),
    ({"tag": {"$all": []}}, Any(())),
    ({"tag": {"$exists": False}}, Not(Test("tag", "$exists", operand=True))),
    ({"$or": [{"tag": "eu"}]}, EU),
    ({"$or": [{"tag": "eu"}, {"metrics.auc": {"$gte": 0.9}}]}, Any((EU, AUC))),
    ({"$nor": [{"tag": "eu"}]}, Nor((EU,))),
    ({"tag": {"$regex": "(?s)e", "$options": "i"}}, Test("tag", "$regex", "(?is)e")),
    ({"artifact_size": 1}, Test("size", "$eq", 1)),
    (
        {"linked_at": {"$in": ["2026-11-22", None]}},
        Test("linked_at", "$in", ("2026-11-22T00:00:00.000Z", None)),
    ),
    ({"registry": "wandb-registry-model"}, Test("registry", "$eq", "model")),
    ({"metadata.a": {"b": [1, {}]}}, Test("metadata.a", "$eq", {"b": (1, {})})),
]


@pytest.mark.parametrize(("document", "expected"), READ)
def test_read(document, expected):
    assert parse(document, VERSION) == expected


def test_all_any_and_nor_are_three():
    assert len({All((EU,)), Any((EU,)), Nor((EU,)), All((EU,))}) == 3
    assert repr(Any((EU,))).startswith("Any(")


def test_a_gate_names_its_metrics_without_saying_so():
    document = {"auc": {"$gte": 0.9}, "$or": [{"val.auc": 1}, {"steps": {"$gt": 10}}]}

    gate = parse(document, METRICS)

    assert gate.parts[0] == AUC
    assert matches(gate, CHURN)


def test_the_fields_that_a_filter_asks_about():
    document = {
        "metrics.auc": {"$gte": 0.9, "$not": {"$in": [1]}},
        "$or": [{"tag": "eu"}, {"$nor": [{"b": 1}]}],
    }
    fields = Fields("a thing", {"tag": "texts", "metrics": "tree", "a": "number"}, {"b": "a"})

    assert list(filters.fields_of(parse(document, fields))) == ["metrics.auc", "metrics.auc", "tag", "a"]
    assert list(filters.fields_of(parse({}, fields))) == []


W_AND_B = [
    (REGISTRY, {"name": "wandb-registry-model"}, {"name": "model"}),
    (REGISTRY, {"id": "model"}, {"name": "model"}),
    (REGISTRY, {"name": {"$in": ["wandb-registry-a", "b"]}}, {"name": {"$in": ["a", "b"]}}),
    (REGISTRY, {"name": {"$not": {"$eq": "wandb-registry-a"}}}, {"name": {"$ne": "a"}}),
    (REGISTRY, {"name": {"$regex": "^wandb-registry-mod"}}, {"name": {"$regex": "^mod"}}),
    (REGISTRY, {"title": "wandb-registry-x"}, {"$and": [{"title": "wandb-registry-x"}]}),
    (COLLECTION, {"collection_id": "model/churn"}, {"path": "model/churn"}),
    (COLLECTION, {"artifact_collection_id": "wandb-registry-model/churn"}, {"path": "model/churn"}),
    (COLLECTION, {"id": "model/churn"}, {"path": "model/churn"}),
]


@pytest.mark.parametrize(("fields", "document", "ours"), W_AND_B)
def test_what_w_and_b_writes(fields, document, ours):
    assert parse(document, fields) == parse(ours, fields)


def test_a_pattern_with_w_and_bs_prefix_finds_the_registry():
    pattern = {"name": {"$regex": "wandb-registry-mod"}}

    assert matches(parse(pattern, REGISTRY), {"name": "model"})
    assert not matches(parse(pattern, REGISTRY), {"name": "my-model"})
    assert not matches(parse({"name": {"$regex": "registry"}}, REGISTRY), {"name": "model"})


REFUSED = [
    ({"nmae": 1}, "filter: nmae: a collection has no field 'nmae'", "did you mean 'name'? fields: name path"),
    ({"metadata.a": 1}, "filter: metadata.a: a collection has no field 'metadata.a'", "fields: name path"),
    (
        {"$or": [{}, {"tga": "x"}]},
        "filter: $or[1].tga: a collection has no field 'tga'",
        "did you mean 'tag'?",
    ),
    (
        {"id": "a", "path": "b"},
        "filter: path: 'id' and 'path' are the same field",
        "give one of them",
    ),
    (
        {"name": {"$eqq": 1}},
        "filter: name.$eqq: '$eqq' is no operator here",
        "did you mean '$eq'? operators: $eq $ne $gt",
    ),
    ({"name": {"$gt": 1, "x": 2}}, "filter: name.x: 'x' is no operator here", "operators: $eq"),
    ({"name": {"$or": []}}, "filter: name.$or: '$or' is no operator here", "outside the field"),
    ({"$gt": 1}, "filter: $gt: '$gt' is no operator here", "beside a field"),
    ({"$xor": []}, "filter: $xor: '$xor' is no operator here", "did you mean '$or'? operators: $and"),
    ({"$and": []}, "filter: $and: $and takes a list of filters", '{"$and": [{…}, {…}]}'),
    ({"$or": {"name": 1}}, "filter: $or: $or takes a list of filters", ""),
    ({"$nor": ["x"]}, "filter: $nor[0]: expected a filter, found a str", ""),
    ({"$not": []}, "filter: $not: expected a filter, found a list", ""),
    ({"name": {"$not": "x"}}, "filter: name.$not: $not takes operators, found 'x'", "$gt"),
    ({"name": {"$not": {}}}, "filter: name.$not: $not takes operators, found {}", ""),
    ({"name": {"$not": {"$in": 1}}}, "filter: name.$not.$in: expected a list, found 1", ""),
    ({"name": {"$nin": "ab"}}, "filter: name.$nin: expected a list, found 'ab'", ""),
    ({"name": {"$all": "ab"}}, "filter: name.$all: expected a list, found 'ab'", ""),
    ({"tag": {"$size": -1}}, "filter: tag.$size: $size takes a count, found -1", ""),
    ({"tag": {"$size": True}}, "filter: tag.$size: $size takes a count, found True", ""),
    ({"tag": {"$exists": 1}}, "filter: tag.$exists: $exists takes true or false, found 1", ""),
    ({"tag": {"$gt": None}}, "filter: tag.$gt: $gt takes a number or a text, found None", ""),
    ({"tag": {"$gt": True}}, "filter: tag.$gt: $gt takes a number or a text, found True", ""),
    ({"tag": {"$lt": ["x" * 99]}}, "filter: tag.$lt: $lt takes a number or a text, found ['xxx", ""),
    ({"tag": {"$contains": None}}, "filter: tag.$contains: $contains takes a text", ""),
    ({"tag": {"$regex": 1}}, "filter: tag.$regex: $regex takes a text, found 1", ""),
    ({"tag": {"$regex": "(a"}}, "filter: tag.$regex: '(a' is no regular expression: missing )", ""),
    ({"tag": {"$regex": r"(a)\1"}}, r"filter: tag.$regex: '(a)\\1' has a backreference", "Python's re"),
    ({"tag": {"$regex": "a" * 201}}, "filter: tag.$regex: a pattern has at most 200 characters", ""),
    ({"tag": {"$options": "i"}}, "filter: tag.$options: $options stands beside a $regex", ""),
    ({"tag": {"$regex": "a", "$options": "x"}}, "filter: tag.$options: expected some of the letters", ""),
    ({"tag": {"$in": ["a", NAN]}}, "filter: tag.$in[1]: NaN equals nothing", ""),
    ({"tag": [{"$gt": 1}]}, "filter: tag[0]: '$gt' can't be a key of a value", ""),
    ({"tag": {1: 2}}, "filter: tag: 1 can't be a key of a value", ""),
    ({1: 2}, "filter: 1: a field is named by a text, found 1", ""),
    ({"tag": object}, "filter: tag: expected a value as JSON has them, found a type", ""),
    ({"created_at": "22.11.2026"}, "filter: created_at: expected a date, found '22.11.2026'", "YYYY-MM-DD"),
    ({"created_at": {"$in": ["2026-02-30"]}}, "filter: created_at.$in[0]: expected a date", "YYYY-MM-DD"),
    ({"created_at": {"$gt": "2026-11-22 20"}}, "filter: created_at.$gt: expected a date", ""),
    ({"created_at": {"$gt": "٢٠٢٦-11-22"}}, "filter: created_at.$gt: expected a date", ""),
    ([], "filter: expected a filter, found a list", '{"tag": "eu"}'),
]


@pytest.mark.parametrize(("document", "message", "hint"), REFUSED, ids=lambda value: str(value)[:60])
def test_refused(document, message, hint):
    with pytest.raises(UsageError) as refused:
        parse(document, COLLECTION)

    assert str(refused.value).startswith(message)
    assert hint in refused.value.hint


@pytest.mark.parametrize(
    ("document", "message", "hint"),
    [
        ({"number": {"$gt": "2"}}, "number.$gt: number is a number, found '2'", "`number = 2`"),
        ({"size": {"$lt": None}}, "size.$lt: size is a number, found None", "in bytes"),
        ({"metrics.auc": {"$lt": True}}, "metrics.auc.$lt: metrics.auc is a number, found True", "0.95"),
        ({"version": {"$gte": "v9"}}, "version.$gte: versions are no numbers", '{"number": {"$gte": 9}}'),
        ({"version": {"$not": {"$lt": "x"}}}, "version.$not.$lt: versions are no numbers", "number < 9"),
    ],
    ids=str,
)
def test_what_has_no_order_beside_a_field_is_refused(document, message, hint):
    with pytest.raises(UsageError) as refused:
        parse(document, VERSION)

    assert str(refused.value).startswith(f"filter: {message}")
    assert hint in refused.value.hint


def test_an_empty_key_is_refused():
    with pytest.raises(UsageError, match=r"metadata\.a\.: 'metadata\.a\.' has an empty key"):
        parse({"metadata.a.": 1}, VERSION)


@pytest.mark.parametrize("name", ["metadata.a", "tag"])
def test_a_name_has_an_end(name):
    long = name + ".a" * 100

    with pytest.raises(UsageError) as caught:
        parse({long: 1}, VERSION)
    assert caught.value.message == f"a field's name has at most 200 characters, found {len(long)}"
    assert caught.value.where == f"filter: {long[:200]}"
    parse({f"metadata.{'a' * 191}": 1}, VERSION)


def test_an_error_says_which_document():
    with pytest.raises(UsageError) as refused:
        parse({"auc": {"$gte": []}}, METRICS, where="model/access.yaml: gates[0].metrics")

    assert refused.value.where == "model/access.yaml: gates[0].metrics: auc.$gte"


def nested(levels):
    return "[" * (levels - 1) + "]" * (levels - 1)


def test_a_filter_is_not_deeper_than_a_document_may_be():
    parse_json(f'{{"metadata.a": {nested(16)}}}', VERSION)

    for levels in (17, 100_000):
        with pytest.raises(UsageError, match="nested deeper than 16 levels"):
            parse_json(f'{{"metadata.a": {nested(levels)}}}', VERSION)
    circle = {}
    circle["$and"] = [circle]
    with pytest.raises(UsageError, match="nested deeper than 16 levels"):
        parse(circle, VERSION)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "filter: not JSON at line 1, column 1: expecting value"),
        ('{"tag":\n "eu",}', "filter: not JSON at line 2, column 7: "),
        ('{"tag": 1, "tag": 2}', "filter: the key 'tag' is repeated"),
        ('{"tag": {"$gt": 1, "$gt": 2}}', r"filter: the key '\$gt' is repeated"),
        ('{"number": NaN}', "filter: NaN is no JSON"),
        ('{"number": -Infinity}', "filter: -Infinity is no JSON"),
        ('"tag"', "filter: expected a filter, found a str"),
        ('{"number": %s}' % ("9" * 5000), "filter: a number has too many digits"),
    ],
)
def test_no_json(text, message):
    with pytest.raises(UsageError, match=message):
        parse_json(text, VERSION)


def test_json_is_read_as_the_document():
    text = '{"metrics.auc": {"$gte": 0.9}, "tag": "eu"}'

    assert parse_json(text, VERSION) == All((AUC, EU))


def test_filters_start_light():
    code = "import sys; from git_registry.model.filters import METRICS, matches, parse; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    loaded = set(done.stdout.split())
    assert "git_registry.model.filters.matching" in loaded
    ours = {f"git_registry.model.filters.{name}" for name in ("automaton", "clauses", "jsontext")}
    assert loaded & {"json", "datetime", "difflib", *ours} == set()


def test_everything_named_is_there():
    assert all(getattr(filters, name) is not None for name in filters.__all__)
    with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
        filters.nothing  # noqa: B018
