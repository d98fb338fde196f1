"""The adapters, one module each, and the one question they answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module

from git_registry.errors import Refused
from git_registry.hooks.identity.pusher import Pusher
from git_registry.hooks.identity.told import Told
from git_registry.policy.settings import ACCOUNTS, ADAPTERS, GIVEN, IDENTITY, adapter_of, is_adapter, known

_MODULES = {"env": "variable", "http": "smart_http"}
"""Those that are not called like their adapter."""


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
    possible = ADAPTERS[adapter]
    chosen = accounts or possible[0]
    if chosen not in possible:
        raise Refused(
            f"{chosen!r} is not possible with {IDENTITY} {setting!r}",
            where=ACCOUNTS,
            hint=f"it may be {' or '.join(possible)} there",
        )
    module = import_module(f"{__package__}.{_MODULES.get(adapter, adapter.replace('-', '_'))}")
    found: Pusher = module.identify(
        Told(setting=setting, environ=environ, arguments=arguments, given=chosen == GIVEN)
    )
    return found


def _adapter(setting: str) -> str:
    if not is_adapter(setting):
        raise Refused(
            f"there is no adapter {setting!r}" if setting else "the server does not say who pushes",
            where=IDENTITY,
            hint=f"the server's admin sets it in this repository's git config there: one of {known()}",
        )
    return adapter_of(setting)
