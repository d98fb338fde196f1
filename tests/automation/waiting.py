"""Deliveries as they are put into a queue."""

from __future__ import annotations

from typing import Any

from git_registry.automation.outgoing import Outgoing
from git_registry.automation.queued import Queued

DEPLOY = "model/churn/automations/deploy.yaml"
NOTIFY = "model/automations/notify.yaml"
COPY = "dataset/automations/copy.yaml"


def delivery(name: str, automation: str = DEPLOY, **told: Any) -> Queued:
    """Return what an automation is to have sent after a promotion, with whatever else is told of it."""
    about = {"event": "alias-moved", "path": "model/churn", "subject": "alias=production"}
    about |= {"commit": "4be1" * 10, "at": "2026-11-22T20:28:34.000Z", "outgoing": Outgoing()}
    place = automation.partition("/automations/")[0]
    return Queued(**{"id": f"msg_{name}", "automation": automation, "place": place, **about, **told})
