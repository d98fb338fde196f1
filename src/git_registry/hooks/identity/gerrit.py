"""Gerrit's hooks plugin: the arguments say who uploads, or who submits.

Of `--uploader "Ana (ana@acme.example)"` everybody chooses their own words; `--uploader-username` is Gerrit's.
So flags are only looked for where a flag stands: before each value.
"""

from __future__ import annotations

from git_registry.hooks.identity.pusher import Pusher, Request
from git_registry.hooks.identity.told import Told

HOST = "gerrit"
NAMES = ("--uploader-username", "--submitter-username")


def identify(told: Told) -> Pusher:
    """Return who pushes, or who submits a change."""
    said = _flags(told)
    found = [flag for flag in NAMES if flag in said]
    if len(found) != 1:
        raise told.refusal(
            f"the arguments hold {len(found)} of {' and '.join(NAMES)}",
            "hand on the arguments of Gerrit's hook ref-update, commit-received or submit as they are",
        )
    # ref-updated tells of a submitter, too, who may just have pushed; only submit says of what change.
    submits = found[0] == "--submitter-username" and "--patchset" in said
    account = told.named(found[0], said[found[0]], HOST)
    return Pusher(account=account, request=Request() if submits else None)


def _flags(told: Told) -> dict[str, str]:
    flags, values = told.arguments[0::2], told.arguments[1::2]
    said = dict(zip(flags, values, strict=False))
    if len(said) != len(values) or len(flags) != len(values) or not all(one.startswith("--") for one in said):
        raise told.refusal("the arguments are not pairs of a flag and a value, each flag once")
    return said
