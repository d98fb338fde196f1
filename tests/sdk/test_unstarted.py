"""What is said of an automation that waits for what does not come."""

from __future__ import annotations

import pytest
from tests.model.example import FILES
from tests.model.memory import snapshot
from tests.policy.acme import EXAMPLES

from git_registry.model.documents.automation import Action, Automation, Command
from git_registry.model.triggers import KINDS
from git_registry.sdk.unstarted import doubts

ACTION = Action(command=Command(name="deploy"))


def said(events, match=None, place="model/churn"):
    automation = Automation(events=tuple(events), match=match or {}, action=ACTION)
    return list(doubts(snapshot(FILES), place, automation))


@pytest.mark.parametrize(
    ("events", "match", "place"),
    [
        (["alias-moved"], {"alias": "production", "protected": True, "previous": "v1"}, "model/churn"),
        (["ADD_ARTIFACT_ALIAS"], {"alias": {"$regex": "^never"}}, "model/churn"),
        (["version-linked"], {"aliases": "canary", "metrics.auc": {"$gte": 0.9}}, "model/churn"),
        (["version-linked", "alias-moved"], {"alias": "production"}, "model/churn"),
        (["member-added", "gates-changed"], {"principal": "user:eve"}, "model"),
        (["collection-tagged"], {"tag": "eu"}, "model"),
    ],
)
def test_of_what_may_come_nothing(events, match, place):
    assert said(events, match, place) == []


@pytest.mark.parametrize(
    ("events", "match", "place", "words"),
    [
        (["admin-added"], {}, "model/churn", "model/churn is a collection"),
        (["gates-changed"], {}, "model/churn", "model/churn is a collection"),
        (["version-linked"], {"alias": "production"}, "model", "those of its version are aliases"),
        (["version-linked"], {"$not": {"tag": "eu"}}, "model", "those of its version are tags"),
        (["alias-moved"], {"principal": "user:eve"}, "model", "alias-moved has no principal to ask for"),
        (["alias-moved"], {"alias": "prodution"}, "model", "did you mean production?"),
    ],
)
def test_of_what_does_not_come_why(events, match, place, words):
    (found,) = said(events, match, place)

    assert words in found


def test_where_a_registry_is_told_everything_happens():
    assert [kind for kind in sorted(KINDS) if said([kind], place="model")] == []


def test_where_a_collection_is_told_what_happens_above_it_does_not():
    told = {kind for kind in KINDS if said([kind])}

    assert told == {kind for kind in KINDS if "/" not in EXAMPLES[kind].path} - {"automation-created"}
