"""Who commits, and as of when, as git would say it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from git_registry.errors import UsageError

if TYPE_CHECKING:
    from git_registry.repository.repository import Repository

CRUD = "".join(map(chr, range(33))) + ".,:;<>\"\\'"
"""What git strips from both ends of a name or address (`crud()` in its ident.c)."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A name, an address and a moment (aware), as a commit records them."""

    name: str
    email: str
    at: datetime

    def __post_init__(self) -> None:
        assert self.at.tzinfo is not None, "a signature's time needs its zone"

    @property
    def line(self) -> str:
        """Return it as in a commit object: `Ada <ada@example.org> 1767225600 +0100`."""
        return f"{self.name} <{self.email}> {self.date}"

    @property
    def date(self) -> str:
        """Return its moment in Git's internal format: `1767225600 +0100`."""
        offset = self.at.utcoffset() or timedelta()
        sign, minutes = ("-", -offset) if offset < timedelta() else ("+", offset)
        hours, rest = divmod(int(minutes.total_seconds()) // 60, 60)
        return f"{int(self.at.timestamp())} {sign}{hours:02}{rest:02}"


@dataclass(frozen=True, slots=True)
class Authorship:
    """Who made a change, and who commits it."""

    author: Signature
    committer: Signature


def author(repository: Repository, at: datetime) -> Signature:
    """Return the author of a commit made at this moment; see `committer`."""
    return _signature(repository, "author", at)


def committer(repository: Repository, at: datetime) -> Signature:
    """Return the committer of a commit made at this moment.

    As in git-commit(1): `GIT_COMMITTER_NAME`, `_EMAIL` and `_DATE`, then `committer.*`, then `user.*`,
    then `EMAIL`. Raises `UsageError` where git would guess from host and account names: an audit
    trail is no place for a guess.
    """
    return _signature(repository, "committer", at)


def authorship(repository: Repository, at: datetime) -> Authorship:
    """Return author and committer of a commit made at this moment; see `committer`."""
    return Authorship(author(repository, at), committer(repository, at))


def parse_date(text: str) -> datetime:
    """Return the moment that `1767225600 +0100` names; what history holds broken is read as best it can."""
    seconds, _, zone = text.strip().partition(" ")
    try:
        hours, minutes = int(zone[:-2]), int(zone[0] + zone[-2:])
        return datetime.fromtimestamp(int(seconds), timezone(timedelta(hours=hours, minutes=minutes)))
    except (ValueError, OverflowError, OSError, IndexError):
        digits = seconds.removeprefix("-")
        moment = int(seconds) if digits.isdecimal() and len(digits) < 12 else 0
        return datetime.fromtimestamp(moment, UTC)


def _signature(repository: Repository, role: str, at: datetime) -> Signature:
    variable = f"GIT_{role.upper()}_"
    name = _first(repository, variable + "NAME", f"{role}.name", "user.name")
    email = _first(repository, variable + "EMAIL", f"{role}.email", "user.email")
    email = email or os.environ.get("EMAIL", "")
    if not email:
        hint = "git config --global user.email you@example.org"
        raise UsageError("who you are is not known: no e-mail is set", hint=hint)
    if not name:
        hint = 'git config --global user.name "Your Name"'
        raise UsageError("who you are is not known: no name is set", hint=hint)
    if os.environ.get(variable + "DATE"):
        # Git reads many forms of dates; only git reads them as git does.
        own = {variable + "NAME": "x", variable + "EMAIL": "x"}
        at = parse_date(repository.git("var", variable + "IDENT", env=own).text.rpartition("> ")[2])
    return Signature(_clean(name), _clean(email), at)


def _first(repository: Repository, variable: str, *keys: str) -> str:
    given = os.environ.get(variable) or next(filter(None, map(repository.config, keys)), "")
    return given if _clean(given) else ""


def _clean(text: str) -> str:
    return "".join(letter for letter in text.strip(CRUD) if letter not in "<>\n")
