"""What a delivery may tell."""

from __future__ import annotations

from dataclasses import replace

from git_registry.automation.payload import about
from git_registry.automation.telling import told
from git_registry.model.events import AdminAdded
from git_registry.model.filters import EVENT
from git_registry.model.selector import parse
from git_registry.model.templates import VARIABLES, fill


def test_templates_know_all_of_it(promoted, automation):
    assert told(automation(), promoted, "msg_x").keys() <= VARIABLES.kinds.keys()


def test_and_what_they_know_besides_an_events_fields_is_told(promoted, automation):
    """But of W&B's runs and their metrics, from which nothing starts here."""
    ours = VARIABLES.kinds.keys() - EVENT.kinds.keys() - told(automation(), promoted, "msg_x").keys()

    assert all(name.startswith(("metric_", "run_")) for name in ours)


def test_an_automation_is_called_what_people_call_it(promoted, automation):
    known = told(automation(), promoted, "msg_x")

    assert known["automation"] == "model/churn/automations/deploy"
    assert fill("${automation_name}", known) == "deploy"


def test_its_selectors_select(promoted, automation):
    known = told(automation(), promoted, "msg_x")

    assert parse(known["selector"]) == parse(known["artifact_version_string"], organization="acme")
    assert parse(known["selector"]).number == 3
    assert parse(known["pinned"]).digits == "b" * 32


def test_where_there_is_no_version_there_is_nothing_to_select(promoted, automation):
    known = told(automation(), replace(promoted, event=AdminAdded(path="", principal="x"), facts={}), "msg_x")

    assert {known[name] for name in ("selector", "pinned", "artifact_version_string")} == {""}


def test_what_a_body_says_is_called_so_in_templates(promoted, automation):
    """But what was and is, of which `previous` and `version` are the names there, and when it was created."""
    said = about(automation(), replace(promoted, facts={**promoted.facts, "created_at": "x"}), "msg_x")

    assert said.keys() - VARIABLES.kinds.keys() == {"before", "after", "created"}
