"""A web server in front of `git http-backend`: whom it asked for a password.

nginx fills `$remote_user` from the request's header even where it asks nobody (`auth_basic off`), so
REMOTE_USER alone is what the client says. AUTH_TYPE is to be set where a password was asked for, and only
there; Apache and lighttpd do so by themselves.
"""

from __future__ import annotations

from git_registry.hooks.identity.pusher import Pusher
from git_registry.hooks.identity.told import Told


def identify(told: Told) -> Pusher:
    """Return who pushes, by the web server's name for them."""
    told.not_by_sshd()
    if not told.need("GATEWAY_INTERFACE", "this hook has to be run below a web server").startswith("CGI/"):
        raise told.refusal("GATEWAY_INTERFACE is not as a web server sets it")
    told.need("AUTH_TYPE", "let the web server set AUTH_TYPE where it asks for a password, and only there")
    return Pusher(account=told.account("REMOTE_USER"))
