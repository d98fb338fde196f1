"""Addresses of repositories that somebody else wrote down, and that git may be given.

Git takes much else for one (gitprotocol, GIT URLS in git-fetch(1)): `ext::` runs a command, a path names what
only this user may read, `-u…` is an option. So what may be one is said here, and nothing else is.
"""

from __future__ import annotations

import re

_USER = r"[A-Za-z0-9_][A-Za-z0-9_.+-]*"
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?"
_PATH = r"[A-Za-z0-9._~/+%@=,-]"
_URL = rf"(?:https|ssh)://(?:{_USER}@)?(?:{_HOST}|\[[0-9A-Fa-f:]+\])(?::[0-9]{{1,5}})?/{_PATH}+"
# Without a user, a host of one letter is a drive on Windows. A second slash would make a URL of it.
_SHORT = rf"(?:{_USER}@{_HOST}|{_HOST}(?<=..)):(?!-|//){_PATH}+"
_FILE = rf"file:///{_PATH}+"


def is_remote(text: str) -> bool:
    """Does a text name a repository on another machine: `https://…`, `ssh://…` or `git@host:path`?"""
    return re.fullmatch(f"{_URL}|{_SHORT}", text) is not None


def is_file(text: str) -> bool:
    """Does a text name a repository on this machine by a URL, `file:///srv/acme.git`?"""
    return re.fullmatch(_FILE, text) is not None
