"""An automation made of what people type."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from git_registry import codec
from git_registry.cli import values
from git_registry.errors import UsageError
from git_registry.model import filters
from git_registry.model.documents.automation import (
    SECRET,
    Action,
    Automation,
    Command,
    GithubDispatch,
    GitlabPipeline,
    Slack,
    Webhook,
)

_ACTIONS = ("webhook", "slack", "github", "gitlab", "command")
_TOGETHER: Mapping[str, tuple[str, ...]] = {
    "secret": ("webhook",),
    "previous_secret": ("webhook",),
    "token": ("webhook", "github", "gitlab"),
    "body": ("webhook",),
    "cloudevents": ("webhook",),
    "ref": ("gitlab",),
}
"""An option that says more of some actions → of which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """An automation as the options of `automation create` and `edit` ask for it."""

    file: str | None = None
    events: tuple[str, ...] = ()
    where: tuple[str, ...] = ()
    match: str | None = None
    webhook: str | None = None
    slack: str | None = None
    github: str | None = None
    gitlab: str | None = None
    command: str | None = None
    secret: str | None = None
    previous_secret: str | None = None
    token: str | None = None
    body: str | None = None
    cloudevents: bool = False
    ref: str | None = None
    description: str | None = None
    disabled: bool = False

    def automation(self) -> Automation:
        """Return the automation.

        Raises:
            InvalidDocument: the file is none.
            NotFound: the file can't be read.
            UsageError: something is missing, too much or can't be read.
        """
        if self.file is not None:
            return self._from_file(self.file)
        if not self.events:
            raise UsageError("what does it start from?", where="--on", hint="such as `--on alias-moved`")
        return Automation(
            description=self.description,
            events=tuple(dict.fromkeys(self.events)),
            match=self._match(),
            action=self._action(),
            enabled=not self.disabled,
        )

    def over(self, before: Automation) -> Automation:
        """Return an automation that says what is typed, and else what it said before.

        Raises:
            UsageError: nothing is typed, or something is missing, too much or can't be read.
        """
        if self == Typed():
            raise UsageError("what shall be changed?", hint="pass --on, --where, --description or an action")
        asks = self.match is not None or bool(self.where)
        acts = any(getattr(self, option) for option in (*_ACTIONS, *_TOGETHER))
        about = before.description if self.description is None else self.description
        return replace(
            before,
            description=about or None,
            events=tuple(dict.fromkeys(self.events)) or before.events,
            match=self._match() if asks else before.match,
            action=self._action() if acts else before.action,
        )

    def _from_file(self, name: str) -> Automation:
        if self != Typed(file=self.file):
            raise UsageError("the file says all of it", where="--file", hint="leave the other options out")
        return codec.decode(Automation, values.content(name), where=name, strict=True)

    def _match(self) -> Any:  # noqa: ANN401 - as JSON has it; it is held against the format when it is written
        if self.match is None:
            return _conditions(" and ".join(self.where)) if self.where else {}
        if self.where:
            raise UsageError("--match and --where both say what it asks for; take one of them")
        return _json(self.match, "--match")

    def _action(self) -> Action:
        wanted = [name for name in _ACTIONS if getattr(self, name) is not None]
        if len(wanted) != 1:
            listed = ", ".join(f"--{name}" for name in _ACTIONS)
            raise UsageError(f"what does it do? One of {listed}", hint="or --file with all of it")
        for option, of in _TOGETHER.items():
            if getattr(self, option) and wanted[0] not in of:
                raise UsageError(f"--{option.replace('_', '-')} says nothing of --{wanted[0]}")
        make: Mapping[str, Callable[[], Action]] = {
            "webhook": self._webhook,
            "slack": lambda: Action(slack=Slack(url_secret=self.slack or "")),
            "github": self._github,
            "gitlab": self._gitlab,
            "command": lambda: Action(command=Command(name=self.command or "")),
        }
        return make[wanted[0]]()

    def _webhook(self) -> Action:
        names = not SECRET.problem(self.webhook or "")
        return Action(
            webhook=Webhook(
                url=None if names else self.webhook,
                url_secret=self.webhook if names else None,
                secret=self.secret,
                previous_secret=self.previous_secret,
                token=self.token,
                format="cloudevents" if self.cloudevents else None,
                body=_json(self.body, "--body") if self.body else None,
            )
        )

    def _github(self) -> Action:
        return Action(
            github_dispatch=GithubDispatch(repository=self.github or "", token=self._required("token"))
        )

    def _gitlab(self) -> Action:
        return Action(
            gitlab_pipeline=GitlabPipeline(
                project=self.gitlab or "", ref=self._required("ref"), token=self._required("token")
            )
        )

    def _required(self, option: str) -> str:
        found: str | None = getattr(self, option)
        if not found:
            raise UsageError(f"--{option} is missing", hint="such as `--token REG_WH_DEPLOY --ref main`")
        return found


def _conditions(clauses: str) -> dict[str, object]:
    try:
        return filters.conditions(clauses, filters.EVENT)
    except UsageError as problem:
        where = problem.where.replace("where", "--where", 1)
        raise UsageError(problem.message, where=where, hint=problem.hint) from None


def _json(text: str, option: str) -> Any:  # noqa: ANN401
    content = values.content(text[1:]).decode("utf-8", "replace") if text.startswith("@") else text
    try:
        return json.loads(content)
    except (ValueError, RecursionError) as problem:
        raise UsageError(f"not JSON: {problem}", where=option, hint="a file is @NAME") from None
