"""What a delivery is called: always the same for the same commit, event and automation.

Whoever derives it again, after a crash or elsewhere, gets the same id, so that a receiver who remembers ids
acts once.
"""

from __future__ import annotations

from base64 import b32encode
from hashlib import sha256

from git_registry.automation.happening import Happening

_BYTES = 15  # 24 letters, none of them padding


def delivery_id(happening: Happening, automation: str) -> str:
    """Return the `webhook-id` of what an automation, by its path, sends because of an event."""
    event = happening.event
    parts = (happening.commit, event.kind, event.path, happening.subject, automation)
    digest = sha256("\n".join(part.replace("\n", "\n ") for part in parts).encode()).digest()
    return f"msg_{b32encode(digest[:_BYTES]).decode().lower()}"
