"""What W&B's scripts set up for its service, and what has nothing to do here."""

from __future__ import annotations

from types import SimpleNamespace


class Settings(SimpleNamespace):
    """Settings of W&B's client, taken and not looked at: there is no service they could be for."""


def login(
    key: str | None = None,
    relogin: bool | None = None,
    host: str | None = None,
    force: bool | None = None,
    timeout: int | None = None,
    verify: bool = True,
    referrer: str | None = None,
    prompt: bool = True,
    anonymous: object = None,
) -> bool:
    """Return True: who may do what is between Git and the remote, and there is no account to log in to."""
    del key, relogin, host, force, timeout, verify, referrer, prompt, anonymous
    return True
