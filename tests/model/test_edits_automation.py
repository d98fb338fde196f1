"""Creating and removing automations, as pure steps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from git_registry.errors import Conflict, NotFound, UsageError
from git_registry.model.documents.automation import Action, Automation, Command
from git_registry.model.edits import automation as edits

from .example import FILES, files
from .memory import snapshot

DEPLOY = Automation(events=("alias-moved",), action=Action(command=Command(name="deploy")))


def test_one_is_created_in_a_registry_or_a_collection():
    now = snapshot(FILES)

    assert edits.create(now, "model", "notify", DEPLOY) == {"model/automations/notify.yaml": DEPLOY}
    assert edits.create(now, "model/churn", "notify", DEPLOY) == {
        "model/churn/automations/notify.yaml": DEPLOY
    }


@pytest.mark.parametrize(
    ("place", "name", "error"),
    [
        ("model", "deploy", Conflict),
        ("model", "Deploy", Conflict),
        ("models", "deploy", NotFound),
        ("model/fraud", "deploy", NotFound),
        ("model", "de/ploy", UsageError),
        ("model", "../deploy", UsageError),
        ("model", "", UsageError),
    ],
)
def test_not_twice_not_nowhere_and_not_by_any_name(place, name, error):
    now = snapshot(files({"model/automations/deploy.yaml": DEPLOY}))

    with pytest.raises(error):
        edits.create(now, place, name, DEPLOY)


def test_one_is_removed_even_if_nobody_can_read_it():
    now = snapshot(files({"model/automations/deploy.yaml": "what?"}))

    assert edits.remove(now, "model/automations/deploy.yaml") == {"model/automations/deploy.yaml": None}
    with pytest.raises(NotFound):
        edits.remove(now, "model/automations/others.yaml")


def test_one_is_changed_as_it_was_seen_and_moved():
    tell = replace(DEPLOY, enabled=False)
    now = snapshot(files({"model/automations/notify.yaml": DEPLOY}))

    assert edits.change(now, "model/automations/notify.yaml", DEPLOY, tell) == {
        "model/automations/notify.yaml": tell
    }
    assert edits.change(now, "model/automations/notify.yaml", DEPLOY, DEPLOY) == {}
    with pytest.raises(Conflict, match="meanwhile"):
        edits.change(now, "model/automations/notify.yaml", tell, DEPLOY)
    assert edits.move(now, "model/automations/notify.yaml", "model/churn", "notify") == {
        "model/automations/notify.yaml": None,
        "model/churn/automations/notify.yaml": DEPLOY,
    }


def test_what_one_said_is_replaced_whatever_it_was():
    now = snapshot(files({"model/automations/notify.yaml": DEPLOY, "model/automations/broken.yaml": "what?"}))

    assert edits.put(now, "model", "notify", DEPLOY) == {}
    assert edits.put(now, "model", "broken", DEPLOY) == {"model/automations/broken.yaml": DEPLOY}
    assert edits.put(now, "model", "new", DEPLOY) == {"model/automations/new.yaml": DEPLOY}
