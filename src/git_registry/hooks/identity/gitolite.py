"""gitolite: it takes the name from authorized_keys or the web server, and sets GL_USER itself.

GitLab's variables begin with GL_ as well. One that they share a name with could be taken for the other's.
"""

from __future__ import annotations

from git_registry.hooks.identity.pusher import Pusher
from git_registry.hooks.identity.told import Told

_OF_GITLAB = ("GL_ID", "GL_USERNAME", "GL_PROTOCOL", "GL_PROJECT_PATH")


def identify(told: Told) -> Pusher:
    """Return who pushes, by gitolite's name for them."""
    told.need("GL_BINDIR", "this hook has to be run by gitolite")
    for variable in _OF_GITLAB:
        if told.text(variable):
            raise told.refusal(f"{variable} is set, as by GitLab", "use registry.identity = gitlab")
    if told.text("GATEWAY_INTERFACE") or told.text("REQUEST_URI"):
        # Without it gitolite passes on who nobody has authenticated: `anonymous`, or what nginx reads.
        told.need("AUTH_TYPE", "let the web server ask for a password there, and hand on AUTH_TYPE")
    return Pusher(account=told.account("GL_USER"))
