"""What a server's admin says in a repository's git config, by its names: hooks read it, install writes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

IDENTITY = "registry.identity"
"""The adapter that says who pushes."""

ACCOUNTS = "registry.accounts"
"""Who hands out the names of accounts, where that is not as the adapter has it."""

RESCUE = "registry.rescue"
"""Who may make the first push, and mend a policy that can't be read; may be there many times."""

APPROVALS = "registry.approvals"
"""Where approvals are given, if not in the repository."""

HOOK_SECONDS = "registry.hookSeconds"
"""How long judging a push may take."""

PROC_RECEIVE = "receive.procReceiveRefs"
"""Git's own: refs that a program of the host's deals with, and git does not move."""

FOR_REVIEW = "refs/for"
"""Where Gitea and Forgejo take a commit to make a request of it (AGit); no ref of that name comes to be."""

REVIEWING = "gitea"
"""The adapter of the hosts that do so; where they keep what is requested is `refs/pull/`."""

AUTOMATIONS = "registry.automations"
"""Who answers a push by what automations say, if not the hook."""

TIMER = "timer"
"""What `registry.automations` may say: a timer runs `git registry automation run`, no push starts it."""

GIVEN, SIGNUP = "given", "signup"
"""What `registry.accounts` may say: the server's admin hands out names, or whoever wants one takes it."""

FORGE = "forge"
"""What `registry.approvals` may say: they are given in the host's own requests."""

ADAPTERS: Mapping[str, Sequence[str]] = {
    "env": (GIVEN,),
    "exposed-auth": (SIGNUP,),
    "gitolite": (GIVEN,),
    "http": (GIVEN,),
    "gitlab": (SIGNUP, GIVEN),
    "gitea": (SIGNUP, GIVEN),
    "github": (SIGNUP, GIVEN),
    "bitbucket": (SIGNUP, GIVEN),
    "gerrit": (SIGNUP, GIVEN),
    "signed-push": (SIGNUP,),
}
"""By the name that `registry.identity` has, what `registry.accounts` may say there, the default first.

After `env` a variable's name follows, `env:REG_USER`. Where no field of an identity holds a host's names, or
only a key is known, there is no choice. What each does is a module of `hooks.identity`.
"""

# Headers of a request, push options and Git's own, and what Debian's sshd_config accepts.
_OF_CLIENTS = ("HTTP_", "GIT_", "SSH_", "LC_", "LANG")

_OF_OTHERS = {
    "REMOTE_USER": "http",
    "GL_USER": "gitolite",
    "GL_USERNAME": "gitlab",
    "GL_ID": "gitlab",
    "GITEA_PUSHER_NAME": "gitea",
    "GITHUB_USER_LOGIN": "github",
    "BB_USER_NAME": "bitbucket",
}
"""Variables that mean little without the others which their own adapter looks at."""


class Unfit(NamedTuple):
    """Why a variable can't say who pushes, and what to do instead."""

    problem: str
    hint: str


def is_adapter(setting: str) -> bool:
    """Is this what `registry.identity` may say, so far as the adapter's name goes?"""
    name, colon, _ = setting.partition(":")
    return name in ADAPTERS and bool(colon) == (name == "env")


def adapter_of(setting: str) -> str:
    """Return the adapter that `registry.identity` names, without the variable it reads."""
    return setting.partition(":")[0]


def known() -> str:
    """Return the names of all adapters, as they are typed."""
    return ", ".join("env:VARIABLE" if name == "env" else name for name in ADAPTERS)


def unfit(setting: str) -> Unfit | None:
    """Return why the variable that a setting names can't say who pushes; None if it can, or none is named."""
    name, _, variable = setting.partition(":")
    if name != "env":
        return None
    if not (variable.isascii() and variable.isidentifier()):
        return Unfit("it has to name a variable", f"such as {IDENTITY} = env:REG_USER")
    if variable.startswith(_OF_CLIENTS):
        return Unfit(f"{variable} is set by the client", "have the forced command set one of its own")
    if variable in _OF_OTHERS:
        return Unfit(f"{variable} alone does not say it", f"use {IDENTITY} = {_OF_OTHERS[variable]}")
    return None
