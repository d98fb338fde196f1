"""W&B Registry's matrix of roles, row by row, and where ours is another."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.policy.acme import EXAMPLES, HOLDERS, judge, on_production, rules

RV, V, M, A, ORG = "restricted_viewer", "viewer", "member", "admin", "organization admin"

ALIAS = ("alias-added", "alias-moved", "alias-removed")

WRITING = {
    "Create automation for a collection": (M, ["automation-created", "automation-changed"]),
    "Turn on Slack notification for new linked version": (M, ["automation-created"]),
    "Create a collection": (M, ["collection-created"]),
    "Create a registry": (M, ["registry-created"]),
    "Edit a collection card (description)": (M, ["collection-described"]),
    "Edit a linked artifact's description": (M, ["version-described"]),
    "Add/delete a collection's tag": (M, ["collection-tagged", "collection-untagged"]),
    "Add/delete an alias on a linked artifact": (M, ALIAS),
    "Link a new artifact": (M, ["version-linked"]),
    "Unlink an artifact": (M, ["version-unlinked"]),
    "Edit allowed-types list": (M, ["types-changed"]),
    "Edit registry name": (M, ["registry-described"]),
    "Delete a collection": (M, ["collection-deleted"]),
    "Delete an automation": (M, ["automation-deleted"]),
    "Add/delete a protected alias on a version": (A, ALIAS),
    "Create/delete a protected alias definition": (A, ["protection-added", "protection-removed"]),
    "Edit accepted artifact types": (A, ["types-changed"]),
    "Change visibility": (A, ["visibility-changed"]),
    "Add users / teams": (A, ["member-added", "member-removed"]),
    "Assign / change roles": (A, ["role-changed"]),
}
"""Action → the least role by W&B, and the events that it is here."""

READING = {
    "View a collection's details": RV,
    "View a linked artifact's details": RV,
    "Search a registry": RV,
    "View registry settings and user list": RV,
    "Use artifact in a run (`use_artifact`)": V,
    "Download a linked artifact": V,
    "Download from the file viewer": V,
}
"""Action → the least role by W&B. Here whoever may fetch reads, and the store's credentials download."""

DEVIATIONS = {
    "Create automation for a collection": (A, "an automation runs with the server's secrets"),
    "Turn on Slack notification for new linked version": (A, "it is an automation"),
    "Create a registry": (ORG, "a registry's first admin is whoever creates it"),
    "Edit allowed-types list": (A, "W&B says both; the other row is for admins"),
    "Delete an automation": (A, "as for creating one"),
}
"""Action → our least role, and why it is another."""


def events(action):
    of = on_production if "protected alias on" in action else EXAMPLES.__getitem__
    return [of(kind) for kind in WRITING[action][1]]


def allowed(action, role):
    return all(judge(rules(), [one], HOLDERS[role]).is_allowed for one in events(action))


def test_all_rows_are_there():
    assert len(WRITING) + len(READING) == 27
    assert set(DEVIATIONS) < set(WRITING)


@pytest.mark.parametrize("action", WRITING)
def test_who_may_write(action):
    theirs, _ = WRITING[action]
    ours, _ = DEVIATIONS.get(action, (theirs, ""))

    enough = [role for role in HOLDERS if allowed(action, role)]

    assert enough == list(HOLDERS)[list(HOLDERS).index(ours) :]


@pytest.mark.parametrize("action", DEVIATIONS)
def test_a_deviation_asks_for_more_and_never_for_less(action):
    ours, reason = DEVIATIONS[action]

    assert list(HOLDERS).index(ours) > list(HOLDERS).index(WRITING[action][0])
    assert reason


def test_a_collection_that_holds_a_protected_alias_is_not_deleted_by_a_member():
    gone = replace(EXAMPLES["alias-removed"], alias="production")

    verdict = judge(rules(), [EXAMPLES["collection-deleted"], EXAMPLES["version-unlinked"], gone], "user:mia")

    assert [one.event for one in verdict.violations] == [gone]
