"""What a delivery is called."""

from __future__ import annotations

from dataclasses import replace

import pytest

from git_registry.automation.identity import delivery_id
from git_registry.model.events import AliasAdded, AliasMoved, RoleChanged, VersionTagged

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
