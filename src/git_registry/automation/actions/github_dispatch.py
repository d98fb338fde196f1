"""A `repository_dispatch`, which starts workflows of a repository's default branch."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote

from git_registry.automation import payload
from git_registry.automation.happening import Happening, Placed
from git_registry.automation.outgoing import Outgoing
from git_registry.automation.telling import told
from git_registry.model.documents.automation import GithubDispatch
from git_registry.model.plain import as_json
from git_registry.model.templates import fill, text

_API = "https://api.github.com"
_HEADERS = {
    "Accept": "application/vnd.github+json",
    "Content-Type": "application/json",
    "X-GitHub-Api-Version": "2022-11-28",
}
_LONGEST_TYPE = 100
_TOP = ("delivery", "event", "path", "registry", "collection", "alias", "version", "selector", "commit")
"""What is at the top of `client_payload` besides `data`: GitHub takes ten keys there."""


def prepare(action: GithubDispatch, placed: Placed, happening: Happening, delivery: str) -> Outgoing:
    """Return the request; by default workflows find what the event is about in `client_payload`."""
    known = told(placed, happening, delivery)
    type_ = text(fill(action.event_type or "${event}", known))[:_LONGEST_TYPE]
    usual = _usual(known, payload.about(placed, happening, delivery))
    given = fill(action.payload, known) if action.payload else usual
    return Outgoing(
        url=f"{(action.api or _API).rstrip('/')}/repos/{quote(action.repository)}/dispatches",
        body=as_json({"event_type": type_, "client_payload": given}),
        headers=_HEADERS,
        bearer=action.token,
    )


def _usual(known: Mapping[str, object], data: Mapping[str, object]) -> Mapping[str, object]:
    return {**{name: known[name] for name in _TOP if known.get(name)}, "data": data}
