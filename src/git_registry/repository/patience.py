"""How long a remote may say nothing: git itself would wait for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SECONDS = 60
"""So long nothing comes, or a connection is being made. A server at work sends a sign of life every 5."""

_HTTP = ("http.lowSpeedLimit", "http.lowSpeedTime")
_HTTP_VARIABLES = ("GIT_HTTP_LOW_SPEED_LIMIT", "GIT_HTTP_LOW_SPEED_TIME")
_SSH_VARIABLES = ("GIT_SSH_COMMAND", "GIT_SSH")


def options(setting: Callable[[str], str | None], environ: Mapping[str, str]) -> tuple[str, ...]:
    """Return what goes before a command of git's that talks to a remote, unless the user has said it.

    Args:
        setting: gives a value of git's configuration.
        environ: what git is run with.
    """
    if any(map(setting, _HTTP)) or any(map(environ.get, _HTTP_VARIABLES)):
        return ()
    limit, time = _HTTP
    return ("-c", f"{limit}=1", "-c", f"{time}={SECONDS}")


def environment(setting: Callable[[str], str | None], environ: Mapping[str, str]) -> dict[str, str]:
    """Return what goes into such a command's environment, unless the user has said how ssh is called."""
    if setting("core.sshCommand") or any(map(environ.get, _SSH_VARIABLES)):
        return {}
    return {"GIT_SSH_COMMAND": f"ssh -o ConnectTimeout={SECONDS}"}
