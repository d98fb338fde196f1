"""A message in a channel, by an incoming webhook of Slack, Mattermost or Rocket.Chat."""

from __future__ import annotations

from git_registry.automation.happening import Happening, Placed
from git_registry.automation.outgoing import Outgoing
from git_registry.automation.telling import told
from git_registry.model.documents.automation import Slack
from git_registry.model.plain import as_json
from git_registry.model.templates import fill, text

_COLOURS = {"INFO": "good", "WARN": "warning", "ERROR": "danger"}
_TITLE = "${summary}"
_TEXT = "${author}\n${commit}"


def prepare(action: Slack, placed: Placed, happening: Happening, delivery: str) -> Outgoing:
    """Return the message: by default what happened, who did it, and in which commit."""
    known = told(placed, happening, delivery)
    below = {
        "color": _COLOURS[action.level or "INFO"],
        "text": fill(action.text or _TEXT, known, _escaped),
        "mrkdwn_in": ["text"],
    }
    message = {"text": fill(action.title or _TITLE, known, _escaped), "attachments": [below]}
    return Outgoing(
        url_secret=action.url_secret, body=as_json(message), headers={"Content-Type": "application/json"}
    )


def _escaped(value: object) -> str:
    # Or an author whose name is `<!channel>` rings for everybody, and one with `<https://…|here>` fools them.
    return text(value).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
