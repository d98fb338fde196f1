"""A delivery as a row of the queue, and back."""

from __future__ import annotations

import json
import re
from dataclasses import fields
from typing import Any

from git_registry.automation.outgoing import Outgoing
from git_registry.automation.queued import Queued

FIELDS = tuple(part.name for part in fields(Queued))
UNREADABLE = Outgoing()
"""What stands for one that somebody damaged; nothing else goes nowhere."""

_HALF = re.compile("[\ud800-\udfff]")
"""Half of a letter, which no file can hold as text."""

COLUMNS = ", ".join(f'"{name}"' for name in FIELDS)


def queued(row: tuple[Any, ...]) -> Queued:
    """Return the delivery that a row holds, its columns in order; what it sends may be `UNREADABLE`."""
    found = dict(zip(FIELDS, row, strict=True))
    return Queued(**{**found, "outgoing": _outgoing(found["outgoing"])})


def kept(outgoing: Outgoing) -> str:
    """Return what is to be sent as it is kept: letters as they are, for escapes take three times as much."""
    parts = {part.name: getattr(outgoing, part.name) for part in fields(outgoing)}
    text = json.dumps({**parts, "headers": dict(outgoing.headers)}, ensure_ascii=False)
    return _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", text)


def whole(text: str) -> str:
    """Return a text that can be kept, whatever a receiver answered."""
    return text.encode("utf-8", "replace").decode()


def _outgoing(kept: str) -> Outgoing:
    try:
        parts = json.loads(kept)
        found = Outgoing(**{**parts, "secrets": tuple(parts["secrets"])})
    except (ValueError, TypeError, LookupError, RecursionError):
        return UNREADABLE
    return found if _is_as_it_was(found) else UNREADABLE


def _is_as_it_was(found: Outgoing) -> bool:
    """Is each of its parts what such a part is?"""
    texts = (*found.secrets, *found.headers, *getattr(found.headers, "values", tuple)())
    return all(isinstance(one, str) for one in texts) and all(
        type(getattr(found, part.name)) is type(getattr(UNREADABLE, part.name)) for part in fields(found)
    )
