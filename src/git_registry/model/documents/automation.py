"""What follows by itself when something happens: triggers, a condition, and one action (DESIGN §8)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar

from git_registry.model.documents.record import Document, Record, Value
from git_registry.model.names import URI, Name, Rule, Text
from git_registry.model.triggers import Trigger

SECRET = Rule(
    "the name of a secret, such as REG_WH_DEPLOY (never the secret itself)",
    r"REG_WH_[A-Z0-9_]{1,64}",
    secret=True,
)
"""What is not called so is never read: else whoever may write an automation could ask for any variable."""


def _climbing_problem(text: str) -> str:
    climbs = {".", ".."} & set(text.split("/"))
    return "a part of it is '.' or '..', which would be another address" if climbs else ""


def _api_problem(text: str) -> str:
    found = {"?", "#"} & set(text)
    return "an API has neither '?' nor '#' in its address" if found else URI.further(text)


def _url_problem(text: str) -> str:
    if re.match(_A_KEY_ITSELF, text, re.IGNORECASE):
        return "the URL itself is the secret: who has it may send there"
    return URI.further(text)


def _instead(text: str) -> str:
    if not _url_problem(text):
        return ""
    return "name the secret that is the URL: `--webhook REG_WH_…` (url_secret), or `--slack REG_WH_…`"


_A_KEY_ITSELF = (
    r"https?://((hooks\.slack(-gov)?|[\w.-]+\.webhook\.office)\.com\.?(:\d*)?([/?#]|$)"
    r"|([\w-]+\.)?discord(app)?\.com\.?(:\d*)?/api/(v\d+/)?webhooks(/|$))"
)
"""Receivers that ask for nothing but a URL that they made: Slack, Teams and Discord."""

URL = Rule(
    "a URL such as https://deploy.acme.example/hook",
    r"https?://[^\s]+",
    _url_problem,
    secret=True,
    hint=_instead,
)
API = Rule("a URL such as https://git.acme.example/api/v4", URL.pattern, _api_problem, secret=True)

SecretName = Annotated[str, SECRET]
Url = Annotated[str, URL]
_Api = Annotated[str, API]
_Format = Annotated[str, Rule("event or cloudevents", "event|cloudevents")]
_Encoding = Annotated[str, Rule("hex or base64", "hex|base64")]
_Level = Annotated[str, Rule("INFO, WARN or ERROR", "INFO|WARN|ERROR")]
_Repository = Annotated[
    str, Rule("a repository such as acme/deploy", r"[\w.-]{1,100}/[\w.-]{1,100}", _climbing_problem)
]
_Project = Annotated[
    str, Rule("a project such as acme/deploy, or its id", r"[\w.-]+(/[\w.-]+)*", _climbing_problem)
]
_Variable = Annotated[str, Rule("a variable such as MODEL_VERSION", r"[A-Za-z_][A-Za-z0-9_]{0,254}")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook(Record):
    """A request to whoever waits for it, signed as Standard Webhooks has it.

    Attributes:
        url: where it goes; or `url_secret` names the secret that is the URL, for those with a key in them.
        secret: the name of the key that it is signed by.
        previous_secret: the name of the one before, as long as a receiver may still have that.
        token: the name of a bearer token.
        format: what the body is: our event, or that in the CloudEvents envelope.
        body: a template for it instead: JSON with `${…}`, W&B's variables or a field's name.
        wandb_signature: how W&B's own signature is written beside ours, for receivers that check that.
    """

    url: Url | None = None
    url_secret: SecretName | None = None
    secret: SecretName | None = None
    previous_secret: SecretName | None = None
    token: SecretName | None = None
    format: _Format | None = None
    body: Value = None
    wandb_signature: _Encoding | None = None

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield what does not go together."""
        if (self.url is None) == (self.url_secret is None):
            yield "", "a webhook has either url or url_secret"
        if self.format is not None and self.body is not None:
            yield "body", "a body of one's own has no format"
        if isinstance(self.body, str):
            yield "body", "expected a mapping or a list: JSON inside a text is sent as that text"
        if self.secret is None and (self.previous_secret is not None or self.wandb_signature is not None):
            yield "", "a signature takes a secret"


@dataclass(frozen=True, slots=True, kw_only=True)
class Slack(Record):
    """A message in a channel.

    Attributes:
        url_secret: the name of the secret that is the channel's incoming webhook.
        title, text: templates; by default what happened, in words.
    """

    url_secret: SecretName
    title: Text | None = None
    text: Text | None = None
    level: _Level | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GithubDispatch(Record):
    """A `repository_dispatch`, which starts workflows of a repository's default branch.

    Attributes:
        token: the name of a token that may do that.
        event_type: what workflows wait for, a template; by default the event's kind.
        payload: a template for `client_payload`, at most ten keys; by default what the event is about.
        api: its API, `https://github.acme.example/api/v3`, if it is not github.com.
    """

    repository: _Repository
    token: SecretName
    event_type: Text | None = None
    payload: Mapping[str, Value] = field(default_factory=dict)
    api: _Api | None = None

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield that the payload has more than GitHub takes."""
        if len(self.payload) > 10:
            yield "payload", f"GitHub takes at most 10 keys, found {len(self.payload)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class GitlabPipeline(Record):
    """A pipeline of a project.

    Attributes:
        ref: the branch or tag it runs on.
        token: the name of the project's trigger token.
        variables: templates, by the variable's name; by default what the event is about.
        api: its API, `https://gitlab.acme.example/api/v4`, if it is not gitlab.com.
    """

    project: _Project
    ref: Text
    token: SecretName
    variables: Mapping[_Variable, Text] = field(default_factory=dict)
    api: _Api | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Record):
    """A command on the server, by the name under which the server's own configuration allows it."""

    name: Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Action(Record):
    """What is done; exactly one field is set."""

    webhook: Webhook | None = None
    slack: Slack | None = None
    github_dispatch: GithubDispatch | None = None
    gitlab_pipeline: GitlabPipeline | None = None
    command: Command | None = None

    @property
    def one(self) -> tuple[str, Record]:
        """Return the action's name, and the action."""
        named = {name: getattr(self, name) for name in ACTIONS}
        return next((name, one) for name, one in named.items() if one is not None)

    @property
    def templates(self) -> Mapping[str, Value]:
        """Return what is filled with what is known of an event, by its place in the document."""
        name, one = self.one
        return {f"{name}.{part}": getattr(one, part) for part in ACTIONS[name]}

    @property
    def secrets(self) -> tuple[str, ...]:
        """Return the names of the secrets that it takes, each once."""
        named = (getattr(self.one[1], part, None) for part in _SECRETS)
        return tuple(dict.fromkeys(name for name in named if name))

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield a problem unless it is exactly one."""
        if sum(getattr(self, name) is not None for name in ACTIONS) != 1:
            yield "", f"an action is one of {', '.join(ACTIONS)}"


ACTIONS: Mapping[str, tuple[str, ...]] = {
    "webhook": ("body",),
    "slack": ("title", "text"),
    "github_dispatch": ("event_type", "payload"),
    "gitlab_pipeline": ("variables",),
    "command": (),
}
"""What can be done, and which fields of it are templates."""

_SECRETS = ("url_secret", "secret", "previous_secret", "token")
"""Fields that name one, whatever is done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Automation(Document):
    """What follows by itself, in a registry or in one of its collections.

    Attributes:
        events: what it starts from; W&B's names are taken too.
        match: a MongoDB-style filter over the event and its version, see `filters.EVENT`.
        enabled: does it start at all?
    """

    kind: ClassVar[str] = "automation"
    block: ClassVar[frozenset[str]] = frozenset({"action"})

    description: Text | None = None
    events: tuple[Trigger, ...]
    match: Mapping[str, Value] = field(default_factory=dict)
    action: Action
    enabled: bool = True

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield that nothing starts it."""
        if not self.events:
            yield "events", "it starts from at least one event"
