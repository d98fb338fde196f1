"""What an action makes of a promotion."""

from __future__ import annotations

import json

import pytest

from git_registry.automation.actions import prepared


@pytest.fixture
def outgoing(promoted, automation):
    """Return what an action, as its line in the document, makes of the promotion or of another event."""
    return lambda action, happening=promoted: prepared(automation(action=action), happening)


@pytest.fixture
def body(outgoing):
    """Return the JSON that is sent."""
    return lambda *given: json.loads(outgoing(*given).body)
