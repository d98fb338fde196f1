"""What holds for every filter, and that it says what a plain reading of the document says."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from git_registry.errors import UsageError
from git_registry.model.filters import COLLECTION, VERSION, Fields, matches, parse, parse_json
from git_registry.model.filters.document import DEEPEST
from git_registry.model.filters.expression import All, Any, Nor, Not, Test
from git_registry.model.filters.operators import READERS

FIELDS = Fields("a thing", {"a": "text", "t": "texts", "n": "tree", "metadata": "tree"}, {"b": "a"})
"""`n` is a number, but may be asked for anything: a field of that kind refuses an order beside texts."""

NAMES = st.sampled_from(
    ["a", "t", "n", "metadata.x", "metadata.x.y", "metadata.x.0", "metadata.x.y.x", "metadata"]
)
PLAIN = st.sampled_from([None, True, False, 0, 1, 1.0, 2, -1.5, "", "a", "ab", "b", "1", float("inf")])
VALUES = st.recursive(
    PLAIN,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["x", "y", "x.y", "0"]), inner, max_size=2)
    ),
    max_leaves=6,
)
FACTS = st.fixed_dictionaries(
    {},
    optional={
        "a": st.sampled_from(["", "a", "ab", "b", "Ab"]),
        "t": st.lists(st.sampled_from(["a", "ab", "b", "1"]), max_size=3).map(tuple),
        "n": st.sampled_from([0, 1, 1.0, 2, -1.5, float("nan")]),
        "metadata": st.dictionaries(st.sampled_from(["x", "y", "x.y"]), VALUES, max_size=2),
    },
)
ORDERABLE = st.sampled_from([0, 1, 1.0, -1.5, "", "a", "ab", "1"])
TESTS = st.one_of(
    st.tuples(st.sampled_from(["$eq", "$ne"]), VALUES),
    st.tuples(st.sampled_from(["$gt", "$gte", "$lt", "$lte"]), ORDERABLE),
    st.tuples(st.sampled_from(["$in", "$nin", "$all"]), st.lists(VALUES, max_size=3)),
    st.tuples(st.just("$exists"), st.booleans()),
    st.tuples(st.just("$size"), st.integers(0, 3)),
    st.tuples(st.just("$contains"), st.sampled_from([0, 1.0, True, "", "a", "b"])),
    st.tuples(st.just("$regex"), st.sampled_from(["a", "^a$", "b?", "[ab]{2}", "(?i)A"])),
)
OPERATORS = st.recursive(
    st.lists(TESTS, min_size=1, max_size=2).map(dict),
    lambda inner: inner.map(lambda one: {"$not": one}),
    max_leaves=2,
)
CONDITIONS = st.dictionaries(NAMES, PLAIN | st.lists(PLAIN, max_size=2) | OPERATORS, max_size=3)


def levels(value):
    match value:
        case dict():
            return 1 + max(map(levels, value.values()), default=0)
        case list() | tuple():
            return 1 + max(map(levels, value), default=0)
    return 0


DOCUMENTS = st.recursive(
    CONDITIONS,
    lambda inner: st.one_of(
        st.builds(
            lambda name, parts, more: {**more, name: parts},
            st.sampled_from(["$and", "$or", "$nor"]),
            st.lists(inner, min_size=1, max_size=3),
            CONDITIONS,
        ),
        inner.map(lambda one: {"$not": one}),
    ),
    max_leaves=5,
).filter(lambda document: levels(document) <= DEEPEST - 4)


# The plain reading: straight from the document, nothing prepared, every operator said in its own words.


def holds(document, facts):
    return all(item_holds(name, operand, facts) for name, operand in document.items())


def item_holds(name, operand, facts):
    match name:
        case "$and":
            return all(holds(part, facts) for part in operand)
        case "$or":
            return any(holds(part, facts) for part in operand)
        case "$nor":
            return all(not holds(part, facts) for part in operand)
        case "$not":
            return not holds(operand, facts)
    if not isinstance(operand, dict) or not any(key[:1] == "$" for key in operand):
        operand = {"$eq": operand}
    return all(test_holds(reach(facts, name.split(".")), key, value) for key, value in operand.items())


def reach(value, path):
    """Return a list of what a path comes to; the empty tuple in a list stands for nothing there."""
    if not path:
        return [(value,)]
    if isinstance(value, dict):
        splits = [(".".join(path[:end]), path[end:]) for end in range(1, len(path) + 1)]
        ways = [reach(value[key], rest) for key, rest in splits if key in value]
        return [end for way in ways for end in way] if ways else [()]
    if isinstance(value, list | tuple):
        items = [end for item in value if isinstance(item, dict) for end in reach(item, path)]
        chosen = [str(index) for index in range(len(value))]
        return items + (reach(value[int(path[0])], path[1:]) if path[0] in chosen else [])
    return [()]


def test_holds(ends, operator, operand):
    there = [end[0] for end in ends if end]
    items = [item for value in there for item in (value if isinstance(value, list | tuple) else ())] + there
    match operator:
        case "$eq":
            return (operand is None and () in ends) or form(operand) in [form(item) for item in items]
        case "$ne":
            return not test_holds(ends, "$eq", operand)
        case "$in":
            return True in [test_holds(ends, "$eq", one) for one in operand]
        case "$nin":
            return True not in [test_holds(ends, "$eq", one) for one in operand]
        case "$all":
            return operand != [] and False not in [test_holds(ends, "$eq", one) for one in operand]
        case "$not":
            return not all(test_holds(ends, key, value) for key, value in operand.items())
        case "$exists":
            return operand == (there != [])
        case "$size":
            return operand in [len(value) for value in there if isinstance(value, list | tuple)]
        case "$contains":
            texts = [value for value in there if isinstance(value, str)]
            lists = [item for value in there if isinstance(value, list | tuple) for item in value]
            return any(isinstance(operand, str) and text.count(operand) for text in texts) or form(
                operand
            ) in map(form, lists)
        case "$regex":
            return any(re.search(operand, item) for item in items if isinstance(item, str))
    return any(ordered(item, operator, operand) for item in items if form(item)[0] == form(operand)[0])


test_holds.__test__ = False


def ordered(item, operator, operand):
    return {"$gt": item > operand, "$gte": item >= operand, "$lt": item < operand, "$lte": item <= operand}[
        operator
    ]


def form(value):
    """Return a value with its type, so that Python's `==` tells what a filter shall tell."""
    match value:
        case bool() | None:
            return ("constant", str(value))
        case int() | float():
            return ("number", value if value == value else object())
        case str():
            return ("text", value)
        case dict():
            return ("mapping", {key: form(item) for key, item in value.items()})
    return ("list", [form(item) for item in value])


@given(DOCUMENTS, FACTS)
@example({"metadata.x": None}, {"metadata": {"x": []}})
@example({"metadata.x.y": {"$exists": False}}, {"metadata": {"x": [{"y": 1}, {}]}})
def test_a_filter_says_what_the_document_says(document, facts):
    assert matches(parse(document, FIELDS), facts) == holds(document, facts)


@given(DOCUMENTS, DOCUMENTS, FACTS)
def test_neither_is_not_either(one, other, facts):
    neither = matches(parse({"$nor": [one, other]}, FIELDS), facts)

    assert neither == (not matches(parse({"$or": [one, other]}, FIELDS), facts))
    assert neither == matches(parse({"$and": [{"$not": one}, {"$not": other}]}, FIELDS), facts)
    assert neither == matches(parse({"$and": [{"$nor": [one]}, {"$nor": [other]}]}, FIELDS), facts)


@given(NAMES, OPERATORS, FACTS)
def test_not_is_the_opposite(name, operators, facts):
    passes = matches(parse({name: operators}, FIELDS), facts)

    assert matches(parse({name: {"$not": operators}}, FIELDS), facts) != passes
    assert matches(parse({name: {"$not": {"$not": operators}}}, FIELDS), facts) == passes


@given(NAMES, st.lists(VALUES, min_size=1, max_size=4), FACTS)
def test_in_is_one_of_several_equals(name, values, facts):
    several = {"$or": [{name: {"$eq": value}} for value in values]}
    passes = matches(parse({name: {"$in": values}}, FIELDS), facts)

    assert matches(parse(several, FIELDS), facts) == passes
    assert matches(parse({name: {"$nin": values}}, FIELDS), facts) != passes


@given(DOCUMENTS)
def test_what_is_written_in_json_is_the_same_filter(document):
    text = json.dumps(document).replace("Infinity", "1e999")

    assert repr(parse_json(text, FIELDS)) == repr(parse(document, FIELDS))


@given(DOCUMENTS)
def test_a_filter_can_be_written_down_again(document):
    read = parse(document, FIELDS)
    again = written(read)
    assume(levels(again) <= DEEPEST)

    assert parse(again, FIELDS) == read


def written(read):
    match read:
        case Test(field, operator, operand):
            return {field: {operator: operand}}
        case Not(part):
            return {"$not": written(part)}
        case All(parts):
            return {"$and": [written(part) for part in parts]} if parts else {}
        case Any(()):
            return {"a": {"$all": []}}
        case Any(parts):
            return {"$or": [written(part) for part in parts]}
        case Nor(parts):
            return {"$nor": [written(part) for part in parts]}


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from([*READERS, "$options"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["$and", "$or", "$nor", "$options", *READERS, "tag", "id", "metadata.a", "size", "linked_at"]
            )
            | st.text(max_size=3),
            inner,
            max_size=3,
        )
    ),
    max_leaves=15,
)


@given(JSON, st.sampled_from([VERSION, COLLECTION]))
def test_nothing_ends_in_anything_but_a_usage_error(document, fields):
    try:
        read = parse(document, fields)
    except UsageError:
        return
    assert matches(read, {"tag": ("a",), "id": "0", "metadata": {"a": 1}}) in (True, False)


@given(st.text(st.sampled_from('{}[]",:$taginor01.e \\u\n'), max_size=25))
def test_no_text_ends_in_anything_but_a_usage_error(text):
    try:
        parse_json(text, VERSION)
    except UsageError:
        return
    assert isinstance(json.loads(text), dict)


@pytest.mark.parametrize("operator", sorted({"$eq", "$gt", "$gte", "$lt", "$lte", "$in", "$contains"}))
@given(operand=st.sampled_from([0, -1.5, float("inf"), -float("inf"), "", "nan"]))
def test_nan_passes_no_comparison(operator, operand):
    document = {"n": {operator: [operand] if operator == "$in" else operand}}

    assert not matches(parse(document, FIELDS), {"n": float("nan")})
