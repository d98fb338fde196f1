"""A variable that a forced command sets: `env:REG_USER`.

`restrict,command="reg-shell alice" ssh-ed25519 …` in authorized_keys runs a shell of the server's admin,
which exports the name it was called with. sshd runs it instead of what the client asks for, and after it has
taken what AcceptEnv lets the client set, so no client can choose the name.
"""

from __future__ import annotations

from git_registry.hooks.identity.pusher import Pusher
from git_registry.hooks.identity.told import Told

# What clients set: headers of a request, push options and Git's own, and what Debian's sshd_config accepts.
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


def identify(told: Told) -> Pusher:
    """Return who pushes by the variable that the setting names."""
    variable = told.setting.partition(":")[2]
    if not (variable.isascii() and variable.isidentifier()):
        raise told.refusal("it has to name a variable", "such as registry.identity = env:REG_USER")
    if variable.startswith(_OF_CLIENTS):
        raise told.refusal(f"{variable} is set by the client", "have the forced command set one of its own")
    if variable in _OF_OTHERS:
        raise told.refusal(
            f"{variable} alone does not say it", f"use registry.identity = {_OF_OTHERS[variable]}"
        )
    return Pusher(account=told.account(variable))
