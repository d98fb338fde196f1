"""An event as a body."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.policy.acme import EXAMPLES

from git_registry.automation import payload
from git_registry.model.events import VersionAnnotated
from git_registry.model.filters import EVENT
from git_registry.model.plain import as_json

DELIVERY = "msg_x"


@pytest.fixture
def data(automation, promoted):
    """Return the data of an event with these facts."""

    def about(event=promoted.event, **facts):
        happening = replace(promoted, event=event, facts={**promoted.facts, **facts})
        return json.loads(as_json(payload.about(automation(), happening, DELIVERY)))

    return about


@pytest.mark.parametrize("kind", EXAMPLES)
def test_every_kind_of_event_has_one(automation, promoted, kind):
    happening = replace(promoted, event=EXAMPLES[kind], facts={"event": kind})

    body = json.loads(as_json(payload.event(automation(), happening, DELIVERY)))

    assert body["type"] == f"registry.{kind}"
    assert body["data"]["event"] == kind
    assert body["data"]["summary"]


def test_it_says_what_was_and_what_is(data):
    metrics = VersionAnnotated(
        path="model/churn",
        version="b" * 32,
        field="metrics",
        before={"auc": 0.9},
        after={"auc": float("nan")},
    )

    said = data(metrics)

    assert (said["before"], said["after"]) == ({"auc": 0.9}, {"auc": "NaN"})


def test_it_says_as_all_json_does_who_made_it_and_when(data):
    said = data(created_at="2026-11-01T08:00:00.000Z", author="Ada <3 Lovelace <ada@acme.example>")

    assert said["author"] == {"name": "Ada <3 Lovelace", "email": "ada@acme.example"}
    assert (said["created"], said["time"]) == ("2026-11-01T08:00:00.000Z", "2026-11-22T20:28:34.000Z")
    assert not {"created_at", "previous"} & said.keys()


def test_what_happened_to_the_organization_has_no_subject(automation, promoted):
    happening = replace(promoted, event=EXAMPLES["admin-added"], facts={})

    assert "subject" not in payload.cloudevent(automation(), happening, DELIVERY)


def test_what_is_long_is_left_out_and_named(data):
    said = data(metadata={"log": "x" * 20_000}, description="y" * 15_000)

    assert said["left_out"] == ["metadata"]
    assert "metadata" not in said
    assert len(said["description"]) == 15_000
    assert said["version"] == "v3"


def test_of_what_is_short_nothing_is_left_out(data):
    assert "left_out" not in data()


LONG = st.builds(str.__mul__, st.text(min_size=1, max_size=3), st.sampled_from((1, 9, 3_000)))
VALUES = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | LONG,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=4,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
@given(
    st.sampled_from(list(EXAMPLES.values())),
    st.dictionaries(st.sampled_from(list(EVENT.kinds)), VALUES, max_size=8),
)
def test_whatever_is_known_it_is_small_and_json(automation, promoted, event, facts):
    """Standard Webhooks asks for less than 20 kB."""
    happening = replace(promoted, event=event, facts=facts)

    for make in (payload.event, payload.cloudevent):
        body = as_json(make(automation(), happening, DELIVERY))

        assert len(body.encode()) < 20_000
        assert json.loads(body, parse_constant=pytest.fail)["data"]["commit"] == promoted.commit
