"""GitHub Enterprise Server: the login, and what it was done by, in words.

An app's login is `name[bot]`; its account is `name+bot`, for no principal's name has brackets, and no login
a plus sign.
"""

from __future__ import annotations

from dataclasses import replace

from git_registry.hooks.identity.pusher import Pusher, Request
from git_registry.hooks.identity.told import Told
from git_registry.policy.account import Account

HOST = "github"
MERGES = frozenset({"pull request merge button", "pull request merge api"})
"""What GITHUB_VIA says of a merged pull request. `merge api` merges branches, without one."""

_LOGIN = "GITHUB_USER_LOGIN"
_BOT = "[bot]"


def identify(told: Told) -> Pusher:
    """Return who pushes, and the pull request if it is merged."""
    told.need(_LOGIN, "this hook has to be run by GitHub Enterprise Server")
    merges = told.text("GITHUB_VIA") in MERGES and told.text("GITHUB_PULL_REQUEST_AUTHOR_LOGIN")
    return Pusher(account=_account(told), request=Request() if merges else None)


def _account(told: Told) -> Account:
    login = told.text(_LOGIN)
    if not login.endswith(_BOT):
        return told.person(_LOGIN, HOST)
    return replace(told.named(_LOGIN, f"{login.removesuffix(_BOT)}+bot", HOST), given=False)
