"""Automations, what they would send and what they sent, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from git_registry.automation import request
from git_registry.automation.outgoing import host
from git_registry.model.documents.automation import (
    Action,
    Command,
    GithubDispatch,
    GitlabPipeline,
    Slack,
    Webhook,
)

if TYPE_CHECKING:
    from git_registry.automation.outgoing import Outgoing
    from git_registry.automation.queued import Attempt, Paused
    from git_registry.sdk.automating import AutomationView
    from git_registry.sdk.rehearsing import Rehearsal


def state(view: AutomationView, paused: Mapping[str, Paused]) -> str:
    """Return whether it starts, and whether what it starts is sent from here."""
    if view.document is None:
        return "unreadable"
    if not view.document.enabled:
        return "off"
    return "paused" if view.file in paused else "on"


def receiver(action: Action) -> str:
    """Return what is done and who is asked; of a URL no more than its host, for a path may hold a key."""
    name, one = action.one
    match one:
        case Webhook() | Slack():
            return f"{name} {one.url_secret or host(getattr(one, 'url', None) or '')}"
        case GithubDispatch():
            return f"{name} {one.repository}"
        case GitlabPipeline():
            return f"{name} {one.project}"
    assert isinstance(one, Command)
    return f"{name} {one.name}"


def answer(attempt: Attempt) -> str:
    """Return what a try came to, and how long it took if somebody answered."""
    took = f" in {attempt.seconds:.2f} s" if attempt.status or not attempt.problem else ""
    return f"{attempt.problem or attempt.status or 'done'}{took}"


def subject(path: str, parts: str) -> str:
    """Return what an event is about; the organization has no path."""
    return " ".join(filter(None, (path, *subject_parts(parts).values())))


def subject_parts(parts: str) -> dict[str, str]:
    """Return what tells an event from its like: `{"alias": "production"}`, `{"version": "@3fa94c1b"}`."""
    named = (part.partition("=") for part in parts.split("\0") if part)
    return {name: f"@{value[:8]}" if name == "version" else value for name, _, value in named}


def about(one: Rehearsal) -> str:
    """Return because of what it would be sent."""
    event = one.happening.event
    of = subject(event.path, one.happening.subject)
    return f"because of {event.kind} {of} in {one.happening.commit[:8]}"


def request_lines(sent: Outgoing, delivery: str) -> Iterator[str]:
    """Yield the exact request, as it goes over the wire but for what is secret; or a command's input."""
    seal = request.ByName(delivery)
    body = request.body(sent, seal)
    if sent.command:
        yield f"command {sent.command}, which reads:"
    else:
        yield f"POST {sent.url or f'<{sent.url_secret}>'}"
        yield from (f"{name}: {value}" for name, value in request.headers(sent, seal, body).items())
    yield ""
    yield body
