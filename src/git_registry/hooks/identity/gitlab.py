"""GitLab, self-managed: GL_ID says what was let in, GL_USERNAME whose it is.

A deploy key is `key-4`; its account is `key+4`. Over ssh, though, GitLab tells a hook of the user who made
the deploy key instead, and nothing of the key: there it may do what that user may. (GitLab's own protected
branches treat it so, too.)

All these are just names to an sshd. GitLab's own hands the push on to Gitaly, in whose environment it is not.

GL_PROTOCOL is `web` for a merge, but also for an edit on the web or by the API.
"""

from __future__ import annotations

from git_registry.hooks.identity.pusher import Pusher, Request
from git_registry.hooks.identity.told import Told, is_number
from git_registry.policy.account import Account

HOST = "gitlab"


def identify(told: Told) -> Pusher:
    """Return who pushes, and that it may be a merge if it was done on the web."""
    told.not_by_sshd()
    if told.text("GL_BINDIR"):
        raise told.refusal("GL_BINDIR is set, as by gitolite", "use registry.identity = gitolite")
    kind, _, number = told.need("GL_ID", "this hook has to be run by GitLab").partition("-")
    if kind not in ("user", "key") or not is_number(number):
        raise told.refusal("GL_ID is neither a user's nor a key's")
    if kind == "key":
        return Pusher(account=Account(host=HOST, name=f"key+{number}"))
    request = Request(certain=False) if told.text("GL_PROTOCOL") == "web" else None
    return Pusher(account=told.person("GL_USERNAME", HOST), request=request)
