"""Values typed on a command line, and files of metadata."""

import json
import math

import pytest

from git_registry.codec import decode_value, load_mapping
from git_registry.errors import InvalidDocument


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0.93", 0.93),
        ("7", 7),
        ("true", True),
        ("null", None),
        ("010", "010"),
        ("no", "no"),
        ("xgboost", "xgboost"),
        ("", ""),
        ("why: because # not", "why: because # not"),
        ("s3://a#b", "s3://a#b"),
        ("- a", "- a"),
        ("*", "*"),
        ("a\nb\tc", "a\nb\tc"),
        ('"7"', "7"),
        ("'7'", "7"),
        ("[eu, 1, null]", ["eu", 1, None]),
        ("{a: 1, b: {c: [x]}}", {"a": 1, "b": {"c": ["x"]}}),
        ('{"a": 1.5}', {"a": 1.5}),
    ],
)
def test_what_is_typed_is_what_it_would_be_in_a_document(typed, value):
    read = decode_value(typed)

    assert (read, type(read)) == (value, type(value))


@pytest.mark.parametrize(
    "typed", ["[1, 2", "{a: 1", '"open', "{a: 1, a: 2}", "{a: *b}", "x\0y", "[1] [2]", "\ud800"]
)
def test_what_is_opened_must_be_closed(typed):
    with pytest.raises(InvalidDocument):
        decode_value(typed)


def test_metadata_may_be_yaml():
    assert load_mapping(b"# from train.py\nauc: 0.9\nparams:\n  - depth: 7\n") == {
        "auc": 0.9,
        "params": [{"depth": 7}],
    }


@pytest.mark.parametrize("options", [{}, {"indent": "\t"}, {"indent": 2, "ensure_ascii": False}])
def test_metadata_may_be_json_as_python_writes_it(options):
    value = {"fox": "🦊", "auc": [0.9, 1e400, -1e400], "n": None, "t": True, "u": "a/b\n", "empty": {}}

    assert load_mapping(json.dumps(value, **options).encode()) == value


def test_json_numbers_follow_the_same_rule():
    read = load_mapping(b'{"big": 99999999999999999999, "huge": 1e999, "one": 1.0, "nan": NaN}')

    assert read.pop("one") == 1.0
    assert math.isnan(read.pop("nan"))
    assert read == {"big": "99999999999999999999", "huge": "1e999"}


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"[1]", "meta.json:1: expected a mapping, found a list"),
        (b'{"a": 1, "a": 2}', "the key 'a' is repeated"),
        (b'{"a\\u0000": 1}', "a NUL in text"),
        (b'{"a": "\\ud800"}', "half a character"),
        (b'{"a": ' + b"[" * 17 + b"]" * 17 + b"}", "nested deeper than 16"),
        (b'{"a": ' + b"[" * 50_000 + b"]" * 50_000 + b"}", "nested deeper than 16"),
        (b'{"a": [' + b"1," * 30_000 + b"1]}", "more than 20,000 values"),
        (b'{"a\xe2\x80\xae": 1}', "hidden character"),
        (b" " * 300_000, "larger than 256 KiB"),
        (b"", "the document is empty"),
    ],
)
def test_a_file_that_breaks_the_strict_rules_is_refused(data, says):
    with pytest.raises(InvalidDocument) as refusal:
        load_mapping(data, "meta.json")

    assert says in str(refusal.value)
