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

_BOT = "[bot]"


def identify(told: Told) -> Pusher:
    """Return who pushes, and the pull request if it is merged."""
    told.need("GITHUB_USER_LOGIN", "this hook has to be run by GitHub Enterprise Server")
    return Pusher(account=_account(told, "GITHUB_USER_LOGIN"), request=_merged(told))


def _merged(told: Told) -> Request | None:
    author = "GITHUB_PULL_REQUEST_AUTHOR_LOGIN"
    if told.text("GITHUB_VIA") not in MERGES or not told.text(author):
        return None
    return Request(author=_account(told, author))


def _account(told: Told, variable: str) -> Account:
    login = told.text(variable)
    if not login.endswith(_BOT):
        return told.person(variable, HOST)
    return replace(told.named(variable, f"{login.removesuffix(_BOT)}+bot", HOST), given=False)
