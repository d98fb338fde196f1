"""Which adapters there are, and the one question they answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import NamedTuple

from git_registry.errors import Refused
from git_registry.hooks.identity.pusher import Pusher
from git_registry.hooks.identity.told import Told

GIVEN, SIGNUP = "given", "signup"


class Adapter(NamedTuple):
    """How one kind of host says who pushes.

    Attributes:
        module: has the function `identify`, which reads what the host told; imported where it is named.
        accounts: what `registry.accounts` may say there, the default first. Where no field of an identity
            holds a host's names, or only a key is known, there is no choice.
    """

    module: str
    accounts: tuple[str, ...]

    def identify(self, told: Told) -> Pusher:
        """Return who pushes; raise `Refused` if what that takes is missing, or not as the host sets it."""
        found: Pusher = import_module(f"{__package__}.{self.module}").identify(told)
        return found


ADAPTERS: Mapping[str, Adapter] = {
    "env": Adapter("variable", (GIVEN,)),
    "exposed-auth": Adapter("exposed_auth", (SIGNUP,)),
    "gitolite": Adapter("gitolite", (GIVEN,)),
    "http": Adapter("smart_http", (GIVEN,)),
    "gitlab": Adapter("gitlab", (SIGNUP, GIVEN)),
    "gitea": Adapter("gitea", (SIGNUP, GIVEN)),
    "github": Adapter("github", (SIGNUP, GIVEN)),
    "bitbucket": Adapter("bitbucket", (SIGNUP, GIVEN)),
    "gerrit": Adapter("gerrit", (SIGNUP, GIVEN)),
    "signed-push": Adapter("signed_push", (SIGNUP,)),
}
"""By the name that `registry.identity` has; for `env` a variable's name follows, `env:REG_USER`."""


def identify(
    setting: str, environ: Mapping[str, str], accounts: str | None = None, arguments: Sequence[str] = ()
) -> Pusher:
    """Return who pushes, by the adapter that `registry.identity` names.

    Args:
        setting: what `registry.identity` says; empty if it isn't set.
        environ: the hook's environment.
        accounts: what `registry.accounts` says, if it is set.
        arguments: the hook's, without its own name; Gerrit tells by them.

    Raises:
        Refused: there is no such adapter, or what it needs is missing, or not as its host would set it.
    """
    adapter = _adapter(setting)
    chosen = accounts or adapter.accounts[0]
    if chosen not in adapter.accounts:
        raise Refused(
            f"{chosen!r} is not possible with registry.identity {setting!r}",
            where="registry.accounts",
            hint=f"it may be {' or '.join(adapter.accounts)} there",
        )
    return adapter.identify(
        Told(setting=setting, environ=environ, arguments=arguments, given=chosen == GIVEN)
    )


def _adapter(setting: str) -> Adapter:
    name, colon, _ = setting.partition(":")
    adapter = ADAPTERS.get(name)
    if adapter is None or bool(colon) != (name == "env"):
        known = ", ".join("env:NAME" if one == "env" else one for one in ADAPTERS)
        raise Refused(
            f"there is no adapter {setting!r}" if setting else "the server does not say who pushes",
            where="registry.identity",
            hint=f"the server's admin sets it in this repository's git config there: one of {known}",
        )
    return adapter
