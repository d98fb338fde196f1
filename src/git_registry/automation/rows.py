"""A delivery as a row of the queue, and back."""

from __future__ import annotations

import json
from dataclasses import fields
from typing import Any

from git_registry.automation.outgoing import Outgoing
from git_registry.automation.queued import Queued

FIELDS = tuple(part.name for part in fields(Queued))
COLUMNS = ", ".join(f'"{name}"' for name in FIELDS)


def queued(row: tuple[Any, ...]) -> Queued:
    """Return the delivery that a row holds, its columns in order."""
    found = dict(zip(FIELDS, row, strict=True))
    return Queued(**{**found, "outgoing": _outgoing(found["outgoing"])})


def kept(outgoing: Outgoing) -> str:
    """Return what is to be sent as it is kept."""
    parts = {part.name: getattr(outgoing, part.name) for part in fields(outgoing)}
    return json.dumps({**parts, "headers": dict(outgoing.headers)})


def whole(text: str) -> str:
    """Return a text that can be kept, whatever a receiver answered."""
    return text.encode("utf-8", "replace").decode()


def _outgoing(kept: str) -> Outgoing:
    parts = json.loads(kept)
    return Outgoing(**{**parts, "secrets": tuple(parts["secrets"])})
