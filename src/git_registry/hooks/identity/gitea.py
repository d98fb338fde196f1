"""Gitea and Forgejo: the pusher's name, but for a deploy key.

With a deploy key the name is that of the repository's owner, so the key comes first: its account is
`deploy+12`, and no request is made of what it pushes, for that would be the owner's. The variables for author
and committer hold what a person says of themselves.
"""

from __future__ import annotations

from git_registry.hooks.identity.pusher import Pusher, Request
from git_registry.hooks.identity.told import Told
from git_registry.policy.account import Account

HOST = "gitea"


def identify(told: Told) -> Pusher:
    """Return who pushes, and the pull request if it is merged."""
    key = told.number("GITEA_DEPLOY_KEY_ID")
    if key:
        return Pusher(account=Account(host=HOST, name=f"deploy+{key}"))
    request = Request() if _merges(told) else None
    return Pusher(account=told.person("GITEA_PUSHER_NAME", HOST), request=request, may_ask=True)


def _merges(told: Told) -> bool:
    # Over ssh Gitea sets no trigger, but GITEA_PR_ID to 0, and sshd the command that the client asked for:
    # so a trigger that a careless AcceptEnv let in stands alone.
    merges = told.text("GITEA_PUSH_TRIGGER") == "pr-merge-to-base"
    inside = told.text("SSH_ORIGINAL_COMMAND") == "gitea-internal"
    return merges and inside and bool(told.number("GITEA_PR_ID"))
