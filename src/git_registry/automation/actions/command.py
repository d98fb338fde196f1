"""A command on the server, which reads the event on its standard input."""

from __future__ import annotations

from git_registry.automation import payload
from git_registry.automation.happening import Happening, Placed
from git_registry.automation.outgoing import Outgoing
from git_registry.model.documents.automation import Command
from git_registry.model.plain import as_json


def prepare(action: Command, placed: Placed, happening: Happening, delivery: str) -> Outgoing:
    """Return the command's name and its input; what it is called by is the server's own configuration."""
    return Outgoing(command=action.name, body=as_json(payload.event(placed, happening, delivery)))
