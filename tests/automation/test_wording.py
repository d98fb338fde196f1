"""What happened, in one line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from git_registry.automation.wording import summary
from git_registry.model import events as e

ONE, TWO = "a" * 32, "b" * 32

V2, V3 = {"previous": "v2"}, {"version": "v3"}
CHURN = "model/churn"

LINES = {
    "model/churn:live is v3 now, was v2": (
        e.AliasMoved(path=CHURN, alias="live", before=ONE, after=TWO),
        V2 | V3,
    ),
    "model/churn:live is v3 (protected)": (
        e.AliasAdded(path=CHURN, alias="live", after=TWO, protected=True),
        V3,
    ),
    "Removed model/churn:live, which was v2": (e.AliasRemoved(path=CHURN, alias="live", before=ONE), V2),
    "model/churn:live is @bbbbbbbb now, was @aaaaaaaa": (
        e.AliasMoved(path=CHURN, alias="live", before=ONE, after=TWO),
        {"id": TWO},
    ),
    "model/churn:v3: version linked": (e.VersionLinked(path=CHURN, version=TWO), V3),
    "model/churn@bbbbbbbb: version tagged eu": (
        e.VersionTagged(path=CHURN, version=TWO, tag="eu"),
        {"id": TWO},
    ),
    "model/churn: version unlinked": (e.VersionUnlinked(path=CHURN, version=TWO), {}),
    "model: role changed user:ana": (e.RoleChanged(path="model", principal="user:ana"), {}),
    "acme: admin added user:ana": (e.AdminAdded(path="", principal="user:ana"), {}),
    "model/churn: collection described title": (e.CollectionDescribed(path=CHURN, field="title"), {}),
}


@pytest.mark.parametrize("line", LINES)
def test_it_is_said_in_words(promoted, line):
    event, facts = LINES[line]

    assert summary(replace(promoted, event=event, facts=facts)) == line
