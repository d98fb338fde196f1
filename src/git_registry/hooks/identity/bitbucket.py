"""Bitbucket Data Center: the user's name, and what triggered the hook.

It also runs hooks to see whether a pull request could be merged (`BB_IS_DRY_RUN`). That is judged as the
merge would be; nothing here writes.
"""

from __future__ import annotations

from git_registry.hooks.identity.pusher import Pusher, Request
from git_registry.hooks.identity.told import Told

HOST = "bitbucket"


def identify(told: Told) -> Pusher:
    """Return who pushes, and the pull request if it is merged."""
    merges = told.text("BB_HOOK_TRIGGER_ID") == "pull-request-merge"
    return Pusher(account=told.account("BB_USER_NAME", HOST), request=Request() if merges else None)
