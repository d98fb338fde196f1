"""What a delivery is called."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace

import pytest
from hypothesis import given, settings
from tests.model.memory import snapshot
from tests.model.test_laws import step
from tests.repeating import times

from git_registry.automation.happening import Happening
from git_registry.automation.identity import delivery_id
from git_registry.model.diff import examine
from git_registry.model.events import KINDS, AliasAdded, AliasMoved, RoleChanged, VersionTagged
from git_registry.model.triggers import OUTSIDE

PATH = "model/churn/automations/deploy.yaml"


def test_it_is_the_same_whoever_asks(promoted):
    """It goes by nothing else, and no release calls it otherwise."""
    first = delivery_id(promoted, PATH)

    assert first == "msg_nqflzf5jjgn7hncfqwch4lpf"
    assert first == delivery_id(replace(promoted, facts={}, at=""), PATH)


@pytest.mark.parametrize(
    "event",
    [
        AliasAdded(path="model/churn", alias="production", after="b" * 32),
        AliasMoved(path="model/churn", alias="staging", after="b" * 32),
        AliasMoved(path="model/spam", alias="production", after="b" * 32),
        VersionTagged(path="model/churn", version="b" * 32, tag="eu"),
        VersionTagged(path="model/churn", version="b" * 32, tag="us"),
        VersionTagged(path="model/churn", version="a" * 32, tag="eu"),
        RoleChanged(path="model", principal="user:ana", before="viewer", after="member"),
        RoleChanged(path="model", principal="user:bob", before="viewer", after="member"),
    ],
)
def test_another_event_commit_or_automation_is_another(promoted, event):
    one = delivery_id(replace(promoted, event=event), PATH)
    others = {
        delivery_id(promoted, PATH),
        delivery_id(replace(promoted, event=event, commit="0" * 40), PATH),
        delivery_id(replace(promoted, event=event), "model/automations/deploy.yaml"),
    }

    assert len(others) == 3
    assert one not in others


SAID = {"path", "before", "after", "protected"}
"""What an event says of what happened; the rest says to what."""


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - OUTSIDE))
def test_whatever_an_event_is_about_tells_it_from_its_like(promoted, kind):
    about = {part.name for part in fields(KINDS[kind])} - SAID
    event = KINDS[kind](path="model/churn", **dict.fromkeys(about, "one"))

    subjects = {replace(promoted, event=replace(event, **{name: "another"})).subject for name in about}

    assert len(subjects | {replace(promoted, event=event).subject}) == 1 + len(about)


@given(step())
@settings(max_examples=times(30, 2000))
def test_no_two_events_of_a_step_are_taken_for_one(files):
    before, after = map(snapshot, files)

    happened = [one for one in examine(before, after).events if one.kind not in OUTSIDE]

    told = [Happening(event=one, commit="", at="", facts={}) for one in happened]
    names = Counter((one.event.kind, one.event.path, one.subject) for one in told)
    assert [name for name, count in names.items() if count > 1] == []
