"""What strict YAML refuses, and that it does so quickly: the hostile inputs of the access study, and more."""

import time

import pytest

from git_registry.codec import decode, load_mapping, strict
from git_registry.errors import InvalidDocument
from git_registry.model.documents.collection import Collection

LAUGHS = "\n".join(
    ["a0: &a0 [x,x,x,x,x,x,x,x,x]"]
    + [f"a{i}: &a{i} [" + ",".join([f"*a{i - 1}"] * 9) + "]" for i in range(1, 10)]
)
MERGES = "\n".join(
    ["m0: &m0 {k: v}"] + [f"m{i}: &m{i}\n  <<: [" + ",".join([f"*m{i - 1}"] * 9) + "]" for i in range(1, 8)]
)

REFUSED = {
    "billion laughs": (LAUGHS, "anchors are not allowed"),
    "merge-key bomb": (MERGES, "anchors are not allowed"),
    "100 000 open brackets": ("[" * 100_000, "nested deeper than 16"),
    "9 000 brackets": ("[" * 9_000 + "]" * 9_000, "nested deeper than 16"),
    "block nesting 20 000": ("- " * 20_000 + "x", "nested deeper than 16"),
    "recursive alias": ("&a [*a]", "anchors are not allowed"),
    "python tag": ("!!python/object/apply:os.system ['echo']", "tags such as"),
    "hex integer of 400 000 digits": ("n: 0x" + "f" * 400_000, "larger than 256 KiB"),
    "repeated key": ("alias: prod\nalias: dev", "'alias' is repeated; it stands in line 1"),
    "escaped NUL": ('a: "x\\0y"', "a NUL in text"),
    "control character": ("b: 'z\x07'", "control character U+0007"),
    "invisible key": ("prod\u200buction: v1", "hidden character '\\u200b'"),
    "bidirectional key": ("\u202eevil: x", "hidden character '\\u202e'"),
    "100 000 keys": ("\n".join(f"k{i}: v" for i in range(100_000)), "larger than 256 KiB"),
    "20 000 keys": ("\n".join(f"k{i}: v" for i in range(20_000)), "more than 20,000 values"),
    "20 000 empty lists": ("a: [" + "[]," * 20_000 + "]", "more than 20,000 values"),
    "complex key": ("? [a, b]\n: c", "a list as a key"),
    "two documents": ("a: 1\n---\na: 2", "more than one document"),
    "tab as indentation": ("a:\n\t- b", "a tab"),
    "tab between": ("a:\tb", "a tab"),
    "merge key": ("<<: {a: 1}", "merge keys"),
    "merge key in flow": ("a: {<<: {a: 1}}", "merge keys"),
    "alias": ("a: *b", ""),
    "tag on a scalar": ("a: !!str 1", "tags such as"),
    "empty tag": ("a: ! 1", "tags such as"),
    "verbatim tag": ("a: !<x> [1]", "tags such as"),
    "directive": ("%YAML 1.1\n---\na: 1", "directives"),
    "unknown directive": ("%FOO bar\n---\na: 1", ""),
    "empty": ("", "the document is empty"),
    "only a comment": ("# nothing\n", "the document is empty"),
    "top level a list": ("- a", "expected a mapping, found a list"),
    "top level text": ("just words", "expected a mapping, found text"),
    "byte order mark": ("\ufeffa: 1", "byte order mark"),
    "next line": ("a: b\x85c: d", "control character U+0085"),
    "line separator": ("a: b\u2028c: d", "control character U+2028"),
    "lone carriage return": ("a: b\rc: d", "carriage return"),
    "integer as a key": ("a: {1: x}", "the key 1 is not text"),
    "null as a key": ("null: x", "the key null is not text"),
    "key of 600 characters": (f"{'k' * 600}: x", "a key longer than 500"),
    "conflict markers": ("<<<<<<< ours\na: 1\n=======\na: 2\n>>>>>>> theirs\n", "merge conflict markers"),
    "colon in plain text": ("a: b: c", "mapping values are not allowed"),
}


@pytest.fixture(params=["libyaml", "pure Python"])
def parser(request, monkeypatch):
    """Read with either of PyYAML's parsers: an installation may lack libyaml."""
    if request.param == "pure Python":
        from yaml import BaseLoader

        monkeypatch.setattr(strict, "_parser", BaseLoader)


@pytest.mark.parametrize("name", REFUSED)
def test_it_is_refused_at_once(name, parser):
    text, says = REFUSED[name]
    start = time.perf_counter()

    with pytest.raises(InvalidDocument) as refusal:
        load_mapping(text.encode())

    assert time.perf_counter() - start < 5
    assert says in str(refusal.value)


@pytest.mark.parametrize("data", [b"a: \xff", b"\xed\xa0\x80: 1", b"\xff\xfea\x00:\x00"])
def test_bytes_that_are_not_utf8_are_refused(data):
    with pytest.raises(InvalidDocument, match="not UTF-8"):
        load_mapping(data)


def test_half_a_character_is_refused(parser):
    with pytest.raises(InvalidDocument):
        load_mapping(b'a: "\\ud800"')


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("9" * 10_000, "9" * 10_000),
        (":".join(["59"] * 4000), ":".join(["59"] * 4000)),
        ("1e999999", "1e999999"),
        ("no", "no"),
        ("on", "on"),
        ("010", "010"),
        ("1.10", 1.1),
        ("1_000", "1_000"),
        ("0o10", "0o10"),
        ("0x1F", "0x1F"),
        ("2024-01-01", "2024-01-01"),
        ("1_" * 50_000 + "x", "1_" * 50_000 + "x"),
        ("True", "True"),
        ("~", "~"),
        ("", ""),
        ("null", None),
        ("true", True),
        (".inf", float("inf")),
        ("-.inf", float("-inf")),
        ("+.inf", "+.inf"),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
        ("9223372036854775808", "9223372036854775808"),
        ("-9223372036854775809", "-9223372036854775809"),
        ("1e5", 100000.0),
        ("-0.5E-3", -0.0005),
        ("1.", "1."),
        (".5", ".5"),
        ("+1", "+1"),
        ("'1'", "1"),
        ('"no"', "no"),
        ('"\\u00e9\\n"', "é\n"),
    ],
)
def test_a_scalar_means_the_same_to_everybody(text, value, parser):
    read = load_mapping(f"k: {text}\n".encode())["k"]

    assert (read, type(read)) == (value, type(value))


def test_the_text_of_a_typed_field_is_what_was_typed():
    read = decode(Collection, b"format: 1\ntype: 010\ntitle: no\ndescription: 1.10\ntags: [1e5, null]\n")

    assert (read.type, read.title, read.description, read.tags) == ("010", "no", "1.10", ("1e5", "null"))


def test_sixteen_levels_are_read_and_seventeen_are_not():
    sixteen = "a: " + "[" * 15 + "]" * 15 + "\n"

    assert load_mapping(sixteen.encode())
    with pytest.raises(InvalidDocument, match="deeper"):
        load_mapping(sixteen.replace("[]", "[[]]").encode())


def test_block_text_comments_and_windows_line_ends_are_read(parser):
    text = "a: |\n  one # two\n  three\nb: x # y\n---\n".removesuffix("---\n").replace("\n", "\r\n")

    assert load_mapping(text.encode()) == {"a": "one # two\nthree\n", "b": "x"}


def test_every_mistake_of_a_text_is_told():
    with pytest.raises(InvalidDocument) as refusal:
        load_mapping(b"a: &x 1\nb: !!str 2\na: 3\n1: x\n", "meta.yaml")

    assert [str(problem) for problem in refusal.value.problems] == [
        "meta.yaml:1: anchors are not allowed: &x",
        "meta.yaml:2: tags such as !!str are not allowed",
        "meta.yaml:3: the key 'a' is repeated; it stands in line 1 already",
        "meta.yaml:4: the key 1 is not text",
    ]
