"""Which automations an event starts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from git_registry.automation.matching import starts
from git_registry.errors import UsageError
from git_registry.model.events import AdminAdded
from git_registry.model.filters import EVENT, VERSION


@pytest.mark.parametrize(
    ("place", "does"),
    [("model/churn", True), ("model", True), ("model/churn-2", False), ("mode", False), ("dataset", False)],
)
def test_it_is_started_by_what_happens_where_it_stands(promoted, automation, place, does):
    assert starts(promoted, automation(place=place)) == does


@pytest.mark.parametrize(("place", "does"), [("model", True), ("model/churn", False)])
def test_what_happens_to_the_organization_starts_those_of_registries(promoted, automation, place, does):
    added = replace(promoted, event=AdminAdded(path="", principal="user:eve", after="admin"), facts={})

    assert starts(added, automation(place=place, events="[admin-added]")) == does


@pytest.mark.parametrize(
    ("events", "does"),
    [
        ("[alias-moved]", True),
        ("[version-linked, alias-moved]", True),
        ("[ADD_ARTIFACT_ALIAS]", True),
        ("[alias-added, alias-removed]", False),
        ("[LINK_ARTIFACT]", False),
    ],
)
def test_its_events_may_have_the_names_that_people_know_from_wandb(promoted, automation, events, does):
    assert starts(promoted, automation(events=events)) == does


@pytest.mark.parametrize(
    ("match", "does"),
    [
        ("{alias: production}", True),
        ("{alias: staging}", False),
        ("{alias: {$regex: ^prod}, collection: {$regex: churn}}", True),
        ("{metrics.auc: {$gte: 0.9}}", True),
        ("{metrics.auc: {$gte: 0.95}}", False),
        ("{metrics.loss: {$lt: 1}}", False),
        ("{metadata.model.framework: xgboost, tags: eu, protected: true}", True),
        ("{$not: {previous: v2}}", False),
        ("{$or: [{$and: [{alias: production}]}]}", True),
        ("{event_type: alias-moved, number: {$gt: 2}}", True),
        ("{tag: eu}", False),
    ],
)
def test_its_match_asks_for_the_event_and_the_version(promoted, automation, match, does):
    assert starts(promoted, automation(f"match: {match}\n")) == does


@pytest.mark.parametrize(
    ("match", "does"),
    [
        ("{run: k3j2}", True),
        ("{run: churn/k3j2}", True),
        ("{run: {$regex: ^sunny}}", True),
        ("{run: churn}", False),
        ("{source: churn/xgb}", True),
        ("{source: churn/xgb@ab12}", True),
        ("{source: null}", False),
    ],
)
def test_run_and_source_are_asked_for_as_in_a_search(promoted, automation, match, does):
    run = {"project": "churn", "id": "k3j2", "name": "sunny-1", "job_type": "train"}
    source = {"project": "churn", "artifact": "xgb", "version": "ab12"}
    told = replace(promoted, facts={**promoted.facts, "run": run, "source": source})

    assert starts(told, automation(f"match: {match}\n")) == does
    assert not starts(promoted, automation(f"match: {match}\n")) or match == "{source: null}"


def test_what_a_version_and_its_event_both_have_is_asked_for_alike():
    """But alias and tag: the event's own, and all those of the version."""
    both = EVENT.kinds.keys() & VERSION.kinds.keys()

    assert {name for name in both if EVENT.kinds[name] != VERSION.kinds[name]} == {"alias", "tag"}


def test_one_that_is_switched_off_is_never_started(promoted, automation):
    assert not starts(promoted, automation("enabled: false\n"))
    assert starts(promoted, automation("enabled: true\n"))


def test_a_match_that_can_not_be_read_says_where(promoted, automation):
    with pytest.raises(UsageError, match="an event has no field 'alais'") as caught:
        starts(promoted, automation("match: {alais: production}\n"))

    assert caught.value.where == "model/churn/automations/deploy.yaml: alais"
    assert "alias" in caught.value.hint


def test_a_match_that_asks_too_much_starts_nothing(promoted, automation):
    asks = ", ".join(f"{{alias: {{$ne: a{number}}}}}" for number in range(51))

    assert starts(promoted, automation(f"match: {{$and: [{asks[: asks.rindex(', ')]}]}}\n"))
    with pytest.raises(UsageError, match="asks for 51 things"):
        starts(promoted, automation(f"match: {{$and: [{asks}]}}\n"))
