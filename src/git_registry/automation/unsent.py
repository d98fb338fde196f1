"""Why something is not sent at all."""

from __future__ import annotations

from git_registry.errors import RegistryError


class Unsent(RegistryError):
    """It may not leave this server as it is. The message never holds a secret's value, nor a secret URL."""

    kind = "unsent"
