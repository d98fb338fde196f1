"""A variable that a forced command sets: `env:REG_USER`.

`restrict,command="reg-shell alice" ssh-ed25519 …` in authorized_keys runs a shell of the server's admin,
which exports the name it was called with. sshd runs it instead of what the client asks for, and after it has
taken what AcceptEnv lets the client set, so no client can choose the name.
"""

from __future__ import annotations

from git_registry.hooks.identity.pusher import Pusher
from git_registry.hooks.identity.told import Told
from git_registry.policy.settings import unfit


def identify(told: Told) -> Pusher:
    """Return who pushes by the variable that the setting names."""
    why = unfit(told.setting)
    if why is not None:
        raise told.refusal(why.problem, why.hint)
    variable = told.setting.partition(":")[2]
    name = told.need(variable, f"the forced command has to export {variable}, and to run git with it")
    return Pusher(account=told.named(variable, name))
