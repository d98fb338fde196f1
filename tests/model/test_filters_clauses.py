"""What people type instead of a document: clauses, orders, words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.errors import UsageError
from git_registry.model.filters import (
    COLLECTION,
    METADATA,
    METRICS,
    REGISTRY,
    VERSION,
    Order,
    conditions,
    matches,
    mentions,
    order,
    parse,
    where,
    words,
)

READ = {
    "metrics.auc >= 0.9": {"metrics.auc": {"$gte": 0.9}},
    "metrics.auc>=0.9": {"metrics.auc": {"$gte": 0.9}},
    "metrics.auc > 0.9 and tag = eu": {"metrics.auc": {"$gt": 0.9}, "tag": "eu"},
    "metrics.auc<1e3 and\tmetrics.auc <= 5": {"metrics.auc": {"$lt": 1000.0, "$lte": 5}},
    "  tag != eu  ": {"tag": {"$ne": "eu"}},
    "tag = needs review and number = 3": {"tag": "needs review", "number": 3},
    "tag = 2024": {"tag": "2024"},
    "tag = true": {"tag": "true"},
    'tag = "2024"': {"tag": "2024"},
    "tag = 'needs review'": {"tag": "needs review"},
    "number = 3": {"number": 3},
    "number != null": {"number": {"$ne": None}},
    "metadata.framework = xgboost": {"metadata.framework": "xgboost"},
    "metadata.reviewed = true": {"metadata.reviewed": True},
    'metadata.reviewed = "true"': {"metadata.reviewed": "true"},
    "metadata.reviewed = 'true'": {"metadata.reviewed": "true"},
    "metadata.seed = NaN": {"metadata.seed": "NaN"},
    "metadata.a = [1]": {"metadata.a": "[1]"},
    r'description = "a \"b\" and c = d"': {"description": 'a "b" and c = d'},
    r'description = "\d"': {"description": r"\d"},
    "description = black and": {"description": "black and"},
    "tag == eu": {"tag": "eu"},
    "tag ~ ~": {"tag": {"$regex": "~"}},
    "description ~ ^Trained.*2026$": {"description": {"$regex": "^Trained.*2026$"}},
    r"version ~ '^v\d+$'": {"version": {"$regex": r"^v\d+$"}},
    r'version ~ "\bv" and tag = eu': {"version": {"$regex": r"\bv"}, "tag": "eu"},
    "tag in eu,us": {"tag": {"$in": ["eu", "us"]}},
    "tag in [eu, needs review] and number = 1": {"tag": {"$in": ["eu", "needs review"]}, "number": 1},
    'tag in ("eu", "a, b")': {"tag": {"$in": ["eu", "a, b"]}},
    "metadata.steps in [1, 2.5, x]": {"metadata.steps": {"$in": [1, 2.5, "x"]}},
    "tag IN [eu]": {"tag": {"$in": ["eu"]}},
    "metrics.auc > 0.8 AND tag = eu": {"metrics.auc": {"$gt": 0.8}, "tag": "eu"},
    "metrics.auc >= .95": {"metrics.auc": {"$gte": 0.95}},
    "metrics.auc <= 1.": {"metrics.auc": {"$lte": 1.0}},
    "metrics.gap > +0.5 and number = 03": {"metrics.gap": {"$gt": 0.5}, "number": 3},
    "metrics.loss < Infinity": {"metrics.loss": {"$lt": float("inf")}},
    "metrics.auc in [.9, 1]": {"metrics.auc": {"$in": [0.9, 1]}},
    "metadata.note = .95": {"metadata.note": ".95"},
    "metadata.trained >= 2026-01-01": {"metadata.trained": {"$gte": "2026-01-01"}},
    "metadata.release >= '1_000'": {"metadata.release": {"$gte": "1_000"}},
    "description = 'black AND white, tag = eu'": {"description": "black AND white, tag = eu"},
    'description = "eu || us"': {"description": "eu || us"},
    "description = this or that": {"description": "this or that"},
    "description ~ a = b": {"description": {"$regex": "a = b"}},
    "tag in []": {"tag": {"$in": []}},
    "created_at >= 2026-11-22 20:00:00": {"created_at": {"$gte": "2026-11-22 20:00:00"}},
    "metadata.domain = x": {"metadata.domain": "x"},
    "metadata.domain in [x]": {"metadata.domain": {"$in": ["x"]}},
    "artifact_size > 100": {"size": {"$gt": 100}},
}


@pytest.mark.parametrize("text", READ)
def test_read(text):
    assert repr(where(text, VERSION)) == repr(parse(READ[text], VERSION))


def test_a_gate_s_clauses_name_its_metrics():
    assert matches(
        where("auc >= 0.9 and steps in [800, 812]", METRICS), {"metrics": {"auc": 1, "steps": 812}}
    )


REFUSED = {
    "": "can't read ''",
    "tag": "can't read 'tag'",
    "tag = ": "can't read 'tag ='",
    "= eu": "can't read '= eu'",
    "tag =~ eu": "can't read 'tag =~ eu'",
    "tag => eu": "can't read 'tag => eu'",
    "description = band and and": "can't read 'and'",
    "tag = eu and us": "can't read 'us'",
    "tag = 'eu": "can't read \"tag = 'eu\"",
    "tag = eu or tag = us": "joined by 'and'",
    "tag = eu and nmae = x": "nmae: a version has no field 'nmae'",
    "created_at > yesterday": "created_at.$gt: expected a date",
    "version ~ (": "version.$regex: '(' is no regular expression",
    "tag in [a,,b]": "can't read the list '[a,,b]'",
    "tag in [eu": "the list '[eu' has no closing bracket",
    "tag in eu]": "the list 'eu]' has no opening bracket",
    "tag in (eu]": "the list '(eu]' has no closing bracket",
    "tag in [eu and number = 1": "the list '[eu' has no closing bracket",
    "metrics.auc > 0.8 OR tag = eu": "clauses are joined by 'and', found 'OR'",
    "tag = eu OR us": "clauses are joined by 'and', found 'OR'",
    "tag = eu && metrics.auc > 0.8": "clauses are joined by 'and', found '&&'",
    "tag = eu || us": "clauses are joined by 'and', found '||'",
    "tag = eu, metrics.auc > 0.8": "clauses are joined by 'and', found ','",
    "tag ~ ^eu, metrics.auc > 0.8": "clauses are joined by 'and', found ','",
    "tag in eu, us, number > 3": "clauses are joined by 'and', found ','",
    "tag = eu metrics.auc > 0.8": "clauses are joined by 'and', found none before 'metrics.auc >'",
    "metrics.auc >= high": "metrics.auc: metrics.auc is a number, found 'high'",
    "metrics.auc >= 1_000": "metrics.auc: metrics.auc is a number, found '1_000'",
    "metrics.auc = NaN": "metrics.auc.$eq: NaN equals nothing",
    "metrics.auc in [0.9, high]": "metrics.auc: metrics.auc is a number, found 'high'",
    "metrics.auc ~ 9": "metrics.auc: metrics.auc is a number, and ~ looks through texts",
    "size > 1kB": "size: size is a number, found '1kB'",
    "number = v8": "number: number is a number, found 'v8'",
    "number = '3'": "number: number is a number, found \"'3'\"",
    "metadata.lr >= .95": "metadata.lr: '.95' is neither plainly a number nor a text",
    "metadata.lr < 1_000": "metadata.lr: '1_000' is neither plainly a number nor a text",
    "version >= v9": "version.$gte: versions are no numbers: v10 would come before v9",
}


@pytest.mark.parametrize("text", REFUSED)
def test_refused(text):
    with pytest.raises(UsageError) as refused:
        where(text, VERSION)

    assert REFUSED[text] in str(refused.value)
    assert refused.value.where.startswith("where")


HINTS = {
    "tag = eu OR us": "give several --where, join with 'and', or say $or in --filter; quotes make it a text",
    "size > 1kB": "in bytes, 1000000 for 1 MB",
    "number = v8": "its number as `number = 8`, its name as `version = v8`",
    "metrics.auc >= high": "a number is written 0.95, 1000 or 1e-3",
    "metadata.lr >= .95": "write 0.95 for the number, '.95' in quotes for the text",
    "version >= v9": 'numbers are in order: number >= 9, in a filter {"number": {"$gte": 9}}',
    "auc > 0.9": "did you mean metrics.auc or metadata.auc? fields: version ",
    "descriptoin = x": "did you mean 'description'? fields: version ",
}


@pytest.mark.parametrize("text", HINTS)
def test_what_to_type_instead(text):
    with pytest.raises(UsageError) as refused:
        where(text, VERSION)

    assert refused.value.hint.startswith(HINTS[text])


@given(st.text(st.sampled_from("tag =<>!~in[](),'\"and or0.1\\\n"), max_size=30))
def test_nothing_typed_ends_in_anything_but_a_usage_error(text):
    try:
        read = where(text, VERSION)
    except UsageError:
        return
    assert matches(read, {}) in (True, False)


@given(st.text())
def test_a_quoted_value_is_that_text(value):
    quoted = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    control = any(ord(letter) < 0x20 for letter in value)

    if not control:
        assert repr(where(f"description = {quoted}", VERSION)) == repr(parse({"description": value}, VERSION))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name", Order("name", descending=False)),
        ("+name", Order("name", descending=False)),
        ("-created_at", Order("created_at", descending=True)),
    ],
)
def test_order(text, expected):
    assert order(text, ("name", "created_at")) == expected


def test_a_metric_s_own_name_is_no_field_to_sort_by():
    with pytest.raises(UsageError) as refused:
        order("-auc", ("created_at", "metrics.<key>", "metadata.<key>"))

    assert refused.value.hint.startswith("did you mean metrics.auc or metadata.auc? fields: created_at ")


@pytest.mark.parametrize("text", ["", "-", "--name", "+-name", "nam", "size"])
def test_what_can_t_be_sorted_by(text):
    with pytest.raises(UsageError, match=r"order: can't sort by") as refused:
        order(text, ("name", "created_at"))

    assert "fields: name created_at" in refused.value.hint
    assert ("did you mean 'name'?" in refused.value.hint) == (text in ("nam", "--name", "+-name"))


def test_words():
    assert words('eu "needs  review" XGBoost') == ("eu", "needs  review", "xgboost")
    assert words('  ""  ') == ()
    assert words('say "hello') == ("say", "hello")
    assert words('a"b c"d') == ("a", "b c", "d")


def test_every_word_is_mentioned_somewhere():
    texts = ("Churn", "Who will leave; trained in GRÖSSE XL")

    assert mentions(words('größe churn "will leave"'), texts)
    assert mentions(words(""), ())
    assert not mentions(words('churn "leave will"'), texts)
    assert not mentions(words("churn fraud"), texts)


@given(st.text(), st.text(), st.text())
def test_a_text_mentions_every_word_it_is_made_of(text, before, after):
    assert mentions(words(text), (before + text + after,))


def test_the_tables_know_what_they_should():
    assert {*REGISTRY.kinds} >= {"name", "title", "description", "type", "created_at", "updated_at"}
    assert {*COLLECTION.kinds} >= {"path", "tag", "alias"}
    for fields in (REGISTRY, COLLECTION, VERSION):
        assert {*fields.spellings.values()} <= {*fields.kinds}
        assert not {*fields.spellings} & {*fields.kinds}


def test_clauses_are_kept_as_a_document():
    text = "auc >= 0.9 and loss < 1 and auc <= 1"

    kept = conditions(text, METRICS)

    assert kept == {"auc": {"$gte": 0.9, "$lte": 1}, "loss": {"$lt": 1}}
    assert conditions("framework in [xgboost, torch] and eu.reviewed = true", METADATA) == {
        "framework": {"$in": ["xgboost", "torch"]},
        "eu.reviewed": True,
    }


@pytest.mark.parametrize("value", [0.5, 0.9, 0.95, 1, 2])
def test_the_document_means_what_the_clauses_mean(value):
    text, facts = "auc >= 0.9 and auc < 1", {"metrics": {"auc": value}}

    assert matches(parse(conditions(text, METRICS), METRICS), facts) == matches(where(text, METRICS), facts)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("auc >= 0.9 and auc >= 0.8", "auc has \\$gte twice"),
        ("auc ~ x", "is a number"),
        ("auc", "can't read"),
    ],
)
def test_clauses_that_no_document_says(text, said):
    with pytest.raises(UsageError, match=said):
        conditions(text, METRICS)
