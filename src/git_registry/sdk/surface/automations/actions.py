"""What an automation does, by W&B's names and ours."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NoReturn, TypeAlias, cast, get_args

from git_registry.errors import UsageError
from git_registry.model.documents.automation import (
    Action,
    Command,
    GithubDispatch,
    GitlabPipeline,
    Slack,
    Webhook,
)
from git_registry.model.documents.record import Value
from git_registry.sdk.surface.failures import WrongType
from git_registry.sdk.surface.plain import plain

Payload: TypeAlias = Value | Mapping[str, object] | Sequence[object]
"""JSON, or what it says; None for our event."""

_SAME = ("url", "url_secret", "secret", "previous_secret", "token", "format", "wandb_signature")
"""What a webhook is told alike in a document and by a script."""

_NO_INTEGRATIONS = (
    "SendWebhook(url='https://…', secret='REG_WH_…'): secrets are names, and the server has their values"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WebhookIntegration:
    """A receiver that several automations send to. W&B keeps them; here a script names the first itself.

    Attributes:
        url_endpoint: where it is; or `url_secret` names the secret that is the URL.
        secret: the name of the key that requests are signed by.
        token: the name of a bearer token.
        wandb_signature: `hex` or `base64`, for a receiver that checks W&B's own signature.
    """

    name: str = ""
    url_endpoint: str | None = None
    url_secret: str | None = None
    secret: str | None = None
    token: str | None = None
    wandb_signature: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackIntegration:
    """A channel that several automations tell something.

    Attributes:
        url_secret: the name of the secret that is the channel's incoming webhook.
    """

    url_secret: str
    team_name: str = ""
    channel_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SendWebhook:
    """A request to whoever waits for it; the attributes are those of `webhook` in a document.

    Attributes:
        payload: what is sent instead of our event: JSON, or a mapping, with W&B's variables.
    """

    url: str | None = None
    url_secret: str | None = None
    secret: str | None = None
    previous_secret: str | None = None
    token: str | None = None
    format: str | None = None
    payload: Payload = None
    wandb_signature: str | None = None

    @classmethod
    def from_integration(cls, integration: WebhookIntegration, *, payload: Payload = None) -> SendWebhook:
        """Return a request to a receiver."""
        _require(integration, WebhookIntegration)
        return cls(
            url=integration.url_endpoint,
            url_secret=integration.url_secret,
            secret=integration.secret,
            token=integration.token,
            wandb_signature=integration.wandb_signature,
            payload=payload,
        )

    def document(self) -> Action:
        """Return what stands in the document.

        Raises:
            UsageError: the payload is no JSON.
        """
        same = {name: getattr(self, name) for name in _SAME}
        return Action(webhook=Webhook(**same, body=_body(self.payload)))


@dataclass(frozen=True, slots=True, kw_only=True)
class SendNotification:
    """A message in a channel of Slack.

    Attributes:
        url_secret: the name of the secret that is the channel's incoming webhook.
        title, text: with W&B's variables; by default what happened, in words.
        level: INFO, WARN or ERROR.
    """

    url_secret: str
    title: str = ""
    text: str = ""
    level: str = "INFO"

    @classmethod
    def from_integration(
        cls, integration: SlackIntegration, *, title: str = "", text: str = "", level: str = "INFO"
    ) -> SendNotification:
        """Return a message in a channel."""
        _require(integration, SlackIntegration)
        return cls(url_secret=integration.url_secret, title=title, text=text, level=level)

    def document(self) -> Action:
        """Return what stands in the document."""
        level = str(getattr(self.level, "value", self.level)).upper()
        return Action(
            slack=Slack(
                url_secret=self.url_secret, title=self.title or None, text=self.text or None, level=level
            )
        )


@dataclass(frozen=True, slots=True)
class DoNothing:
    """W&B's action that does nothing. It can be composed, and not be created."""

    def document(self) -> NoReturn:
        """Refuse.

        Raises:
            UsageError: always; it says what to do instead.
        """
        raise UsageError(
            "an automation does something here",
            hint="enabled=False switches one off; `git registry automation test` shows what it would send",
        )


class SendPromptToAria:
    """Not here: W&B's own agent is asked something.

    Raises:
        UsageError: always; it says what to do instead.
    """

    def __init__(self, **_named: object) -> None:
        raise UsageError("there is no agent here to be asked", hint="SendWebhook(url=…) asks yours")


Act: TypeAlias = (
    SendWebhook | SendNotification | DoNothing | Webhook | Slack | GithubDispatch | GitlabPipeline | Command
)
"""What may follow: W&B's actions, and those of our documents."""

_FIELDS: Mapping[type, str] = {
    Webhook: "webhook",
    Slack: "slack",
    GithubDispatch: "github_dispatch",
    GitlabPipeline: "gitlab_pipeline",
    Command: "command",
}


def checked(action: object) -> Act:
    """Return an action.

    Raises:
        UsageError: it is none; a `TypeError`, too.
    """
    if isinstance(action, get_args(Act)):
        return cast("Act", action)
    raise WrongType(f"Expected a valid action, got: {type(action).__name__!r}", hint=_NO_INTEGRATIONS)


def document(action: Act) -> Action:
    """Return what stands in a document for an action.

    Raises:
        UsageError: nothing does.
    """
    if isinstance(action, SendWebhook | SendNotification | DoNothing):
        return action.document()
    return Action(**{_FIELDS[type(action)]: action})  # type: ignore[arg-type]


def action(stands: Action) -> Act:
    """Return what a document does, as scripts have it: by W&B's name where there is one."""
    _, one = stands.one
    if isinstance(one, Webhook):
        return SendWebhook(**{name: getattr(one, name) for name in _SAME}, payload=one.body)
    if isinstance(one, Slack):
        return SendNotification(
            url_secret=one.url_secret, title=one.title or "", text=one.text or "", level=one.level or "INFO"
        )
    assert isinstance(one, GithubDispatch | GitlabPipeline | Command)
    return one


def _require(integration: object, kind: type) -> None:
    if not isinstance(integration, kind):
        raise WrongType(
            f"expected a {kind.__name__}, got: {type(integration).__name__!r}", hint=_NO_INTEGRATIONS
        )


def _body(payload: object) -> Value:
    if isinstance(payload, str):
        try:
            payload = json.loads(payload)
        except (ValueError, RecursionError) as wrong:
            raise UsageError(f"the payload is no JSON: {wrong}", where="payload") from None
    return plain(payload, name="payload")
