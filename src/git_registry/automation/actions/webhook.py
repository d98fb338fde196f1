"""A request to whoever waits for it, signed as Standard Webhooks has it."""

from __future__ import annotations

from git_registry.automation import payload
from git_registry.automation.happening import Happening, Placed
from git_registry.automation.outgoing import Outgoing
from git_registry.automation.telling import told
from git_registry.model.documents.automation import Webhook
from git_registry.model.plain import as_json
from git_registry.model.templates import fill

_JSON = "application/json"
_CLOUDEVENTS = "application/cloudevents+json; charset=utf-8"


def prepare(action: Webhook, placed: Placed, happening: Happening, delivery: str) -> Outgoing:
    """Return the request: our event, that as a CloudEvent, or the automation's own body."""
    return Outgoing(
        url=action.url or "",
        url_secret=action.url_secret or "",
        body=as_json(_body(action, placed, happening, delivery)),
        headers={"Content-Type": _CLOUDEVENTS if action.format == "cloudevents" else _JSON},
        secrets=tuple(name for name in (action.secret, action.previous_secret) if name),
        bearer=action.token or "",
        wandb_signature=action.wandb_signature or "",
    )


def _body(action: Webhook, placed: Placed, happening: Happening, delivery: str) -> object:
    if action.body is not None:
        return fill(action.body, told(placed, happening, delivery))
    make = payload.cloudevent if action.format == "cloudevents" else payload.event
    return make(placed, happening, delivery)
