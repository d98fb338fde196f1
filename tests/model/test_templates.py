"""Templates: what stands in the places of their variables, and what is wrong with one."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from git_registry.model.templates import LARGEST, LONGEST, MOST, VARIABLES, fill, problems, text, variables

FACTS = {
    "event": "alias-moved",
    "registry": "model",
    "collection": "churn",
    "author": "Ada <ada@acme.example>",
    "alias": "production",
    "protected": True,
    "number": 3,
    "pinned": "model/churn@3fa9",
    "artifact_version_string": "acme/model/churn:v3",
    "organization": "acme",
    "automation": "model/churn/automations/deploy",
    "automation_name": "deploy",
    "tags": ("eu", "needs review"),
    "metrics": {"auc": 0.93, "val.auc": 0.9, "loss": float("nan")},
    "metadata": {"model": {"framework": "xgboost"}, "layers": [{"size": 1}, {"size": 2}], "note": None},
    "run": {"project": "churn", "id": "k3j2", "name": "sunny-1"},
}

FILLED = {
    "no variable, $5, {x}, $": "no variable, $5, {x}, $",
    "${alias}": "production",
    "${registry}/${collection}:${alias}": "model/churn:production",
    "${number}": "3",
    "${protected}": "true",
    "${tags}": "eu,needs review",
    "${metrics.auc}": "0.93",
    "${metrics.val.auc}": "0.9",
    "${metrics.loss}": "NaN",
    "${metadata.model.framework}": "xgboost",
    "${metadata.model}": '{"framework":"xgboost"}',
    "${metadata.layers.1.size}": "2",
    "${metadata.layers.size}": "[1,2]",
    "${metadata.note}": "",
    "${metadata.nothing}": "",
    "[${tag}]": "[]",
    "${unclosed": "${unclosed",
    # as W&B has them
    "${entity_name}/${project_name}": "acme/model",
    "${event_type} by ${event_author}": "alias-moved by Ada <ada@acme.example>",
    "${artifact_collection_name}": "churn",
    "${artifact_metadata.model}": '{"framework":"xgboost"}',
    "${artifact_version}": "model/churn@3fa9",
    "${artifact_version_string}": "acme/model/churn:v3",
    "${artifact_version_index}": "3",
    "${automation_name}": "deploy",
    "${run_name}${run_status}": "sunny-1",
    "${run.project}/${run.id}": "churn/k3j2",
    "${metric_name}${metric_values}${metric_filter}${metric_filter_short}${metric_current_status}": "",
}


@pytest.mark.parametrize("template", FILLED)
def test_a_variable_stands_for_what_is_known_of_the_event(template):
    assert fill(template, FACTS) == FILLED[template]


@pytest.mark.parametrize("template", sorted(FILLED.keys() - {"${unclosed"}))
def test_every_variable_is_known(template):
    assert list(problems(template)) == []


def test_texts_are_filled_wherever_they_stand_and_nothing_else_is_touched():
    template = {"${alias}": 1, "a": ["${alias}", True, None, 0.5], "b": {"c": "x ${alias}"}}

    assert fill(template, FACTS) == {
        "${alias}": 1,
        "a": ["production", True, None, 0.5],
        "b": {"c": "x production"},
    }
    assert list(variables(template)) == ["alias", "alias"]


def test_what_was_filled_in_is_not_looked_into():
    """Or whoever may write a description writes templates."""
    assert fill("${description}", {"description": "${author} ${REG_WH_X}", "author": "x"}) == (
        "${author} ${REG_WH_X}"
    )


def test_a_long_value_is_cut():
    assert len(text("x" * 10_000)) == LONGEST
    assert text("x" * LONGEST) == "x" * LONGEST
    assert text("x" * 10_000).endswith("x…")


WRONG = {
    "${REG_WH_DEPLOY}": "REG_WH_DEPLOY is no field of an event, and a secret never goes into a body",
    "${ACCESS_TOKEN}": "ACCESS_TOKEN is no field of an event, and a secret never goes into a body",
    "${SECRET_NAME}": "SECRET_NAME is no field of an event, and a secret never goes into a body",
    "${PATH}": "PATH is no field of an event, and a secret never goes into a body",
    "${alais}": "an event has no field 'alais'",
    "${}": "an event has no field ''",
    "${ alias }": "an event has no field ' alias '",
    "${alias.x}": "an event has no field 'alias.x'",
    "${metadata.}": "'metadata.' has an empty key",
    f"${{metadata.{'a.' * 100}a}}": "a variable's name has at most 200 characters",
    "${alias": "a '${' has no '}'",
    "${${alias}}": "a '${' has no '}'",
}


@pytest.mark.parametrize("template", WRONG)
def test_what_nobody_could_fill_is_a_problem(template):
    (found,) = problems({"a": [template]}, "body")

    assert found.message == WRONG[template]
    assert found.where == "body.a[0]"


@pytest.mark.parametrize("template", WRONG)
def test_and_is_empty_where_nobody_looked(template):
    """So no secret's name becomes its value, whoever let it in."""
    filled = fill(template, FACTS | {"REG_WH_DEPLOY": "whsec_x"})

    assert "whsec_x" not in filled


def test_a_key_has_no_variables():
    (found,) = problems({"a": {"x ${alias}": 1}}, "payload")

    assert str(found) == "payload.a: the key 'x ${alias}' has a variable; keys stay as they are"


def test_it_ends_somewhere():
    many = ["${alias}"] * MOST

    assert list(problems(many)) == []
    assert [one.message for one in problems([*many, "${alias}"])] == [f"more than {MOST} variables"]
    assert [one.message for one in problems("x" * LARGEST)] == [f"longer than {LARGEST:,} characters"]


TEXT = st.text(st.sampled_from("${}a.x "), max_size=12) | st.sampled_from(
    [f"${{{name}}}" for name in VARIABLES.kinds]
)
JSON = st.recursive(
    TEXT | st.none() | st.booleans() | st.integers() | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=6,
)


@given(JSON, st.dictionaries(st.sampled_from(list(VARIABLES.kinds)), JSON, max_size=4))
def test_whatever_it_is_it_is_filled_and_keeps_its_shape(template, facts):
    filled = fill(template, facts)

    assert _shape(filled) == _shape(template)
    assert all(isinstance(one.message, str) for one in problems(template))


def _shape(value):
    if isinstance(value, dict):
        return {key: _shape(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_shape(one) for one in value]
    return "text" if isinstance(value, str) else json.dumps(value)
