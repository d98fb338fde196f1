"""Whom the organization's automations tell already: what W&B keeps as integrations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

from git_registry.catalog.catalog import Catalog
from git_registry.model.documents.automation import Slack, Webhook
from git_registry.sdk import automating
from git_registry.sdk.surface.automations.actions import SlackIntegration, WebhookIntegration

T = TypeVar("T")

_NAMED = (
    "a script names the first one itself: SendWebhook(url='https://…', secret='REG_WH_…'), "
    "SendNotification(url_secret='REG_WH_…'); the server has the secrets of these names"
)


def webhooks(catalog: Catalog) -> Sequence[WebhookIntegration]:
    """Return the receivers of webhooks, each once, named after the first automation that tells it."""
    found = {
        (one.url, one.url_secret, one.secret, one.token, one.wandb_signature): WebhookIntegration(
            name=name,
            url_endpoint=one.url,
            url_secret=one.url_secret,
            secret=one.secret,
            token=one.token,
            wandb_signature=one.wandb_signature,
        )
        for name, one in _latest_first(catalog)
        if isinstance(one, Webhook)
    }
    return list(found.values())[::-1]


def channels(catalog: Catalog) -> Sequence[SlackIntegration]:
    """Return the channels of Slack, each once, named after the first automation that tells it."""
    found = {
        one.url_secret: SlackIntegration(url_secret=one.url_secret, channel_name=name)
        for name, one in _latest_first(catalog)
        if isinstance(one, Slack)
    }
    return list(found.values())[::-1]


def chosen(catalog: Catalog, found: Sequence[T]) -> Iterator[T]:
    """Return what there is to choose from. Where there is nothing, it is told how a script names one."""
    if not found:
        catalog.notify(f"No automation tells anybody of that kind yet; {_NAMED}")
    return iter(found)


def _latest_first(catalog: Catalog) -> Iterator[tuple[str, object]]:
    # Of two that tell the same, the first shall give the name, and the last that is put there does.
    for view in reversed(automating.automations(catalog)):
        if view.document is not None:
            yield view.name, view.document.action.one[1]
