"""The settings of a repository that others push to, in its own Git config."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from git_registry.errors import UsageError
from git_registry.model.names import PRINCIPAL
from git_registry.policy.settings import (
    ACCOUNTS,
    ADAPTERS,
    APPROVALS,
    IDENTITY,
    RESCUE,
    adapter_of,
    is_adapter,
    known,
    unfit,
)
from git_registry.repository import hooks
from git_registry.repository.repository import Repository

HIDDEN = "refs/registry"
SIGNED = "signed-push"
BY_KEY = ("exposed-auth", SIGNED)
"""Adapters that know keys, and no names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Believed:
    """Whom a server believes, and in what.

    Attributes:
        identity: the adapter that says who pushes; None leaves what is set.
        accounts: `given` or `signup`: who hands out its names; None leaves it to the adapter.
        rescue: principals, or keys where only those are known, that may make the first push, and mend a
            policy that can't be read.
        approvals: `forge` where approvals are given in the host's own pull requests.
    """

    identity: str | None = None
    accounts: str | None = None
    rescue: Sequence[str] = ()
    approvals: str | None = None

    def __post_init__(self) -> None:
        if self.identity is not None and not is_adapter(self.identity):
            raise UsageError(
                f"there is no adapter {self.identity!r}",
                where=IDENTITY,
                hint=f"one of {known()}",
            )
        why = unfit(self.identity or "")
        if why is not None:
            raise UsageError(why.problem, where=f"{IDENTITY} {self.identity!r}", hint=why.hint)
        self._require_possible_accounts()
        for rescuer in self.rescue:
            if not is_key(rescuer):
                PRINCIPAL.check(rescuer)

    def _require_possible_accounts(self) -> None:
        if self.identity is None or self.accounts is None:
            return
        possible = ADAPTERS[adapter_of(self.identity)]
        if self.accounts not in possible:
            raise UsageError(
                f"{self.accounts!r} is not possible with {self.identity!r}",
                where=ACCOUNTS,
                hint=f"it may be {' or '.join(possible)} there",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What we would set, and why.

    Attributes:
        value: makes it, as some are a secret.
        is_met: do the values that are there do as well? By default one does that says the same.
        secret: is its value nobody's business?
        among_others: does it have many values, so that one more takes nothing away?
        else_by: the setting that counts where this one is not set; empty if there is none.
    """

    key: str
    value: Callable[[], str]
    why: str
    is_met: Callable[[Sequence[str]], bool]
    secret: bool = False
    among_others: bool = False
    else_by: str = ""

    def there(self, repository: Repository) -> Sequence[str]:
        """Return the values that count."""
        return repository.config_all(self.key) or repository.config_all(self.else_by)


class Became(Enum):
    """What became of a setting."""

    WRITTEN = "set"
    THERE = "there already"
    OTHERWISE = "set otherwise, and left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A setting, and what became of it; its value is empty if it is secret.

    Attributes:
        was: what it said before, if that was something else.
    """

    key: str
    value: str
    became: Became
    why: str = ""
    was: Sequence[str] = ()

    @property
    def gone(self) -> Sequence[str]:
        """Return what was said before, and is no longer."""
        return [one for one in self.was if one not in self.value.split()]


def is_key(text: str) -> bool:
    """Is it the fingerprint of an ssh key? Where only keys are known, one may rescue."""
    return re.fullmatch(r"SHA256:[A-Za-z0-9+/]{43}", text) is not None


def is_true(values: Sequence[str]) -> bool:
    """Does Git read the value that counts as yes?"""
    return bool(values) and values[-1].lower() in ("true", "yes", "on", "1", "always")


def hides(values: Sequence[str]) -> bool:
    """Is the push log hidden by these? A later value that begins with `!` shows again (git-config(1))."""
    hidden = False
    for value in values:
        pattern = value.removeprefix("!").removeprefix("^").rstrip("/")
        if pattern == HIDDEN or HIDDEN.startswith(f"{pattern}/"):
            hidden = not value.startswith("!")
    return hidden


def recommended(identity: str | None) -> tuple[Setting, ...]:
    """Return what a repository should have set whose pushers are told by this adapter."""
    return (*_RECOMMENDED, *([_SEED] if identity == SIGNED else []))


def _yes(key: str, why: str, else_by: str = "") -> Setting:
    return Setting(key=key, value=lambda: "true", why=why, is_met=is_true, else_by=else_by)


_RECOMMENDED = (
    _yes("receive.fsckObjects", "refuses trees and commits that no Git would make", "transfer.fsckObjects"),
    _yes("receive.advertisePushOptions", "without it a push with options fails at the client"),
    _yes("core.logAllRefUpdates", "keeps where each branch was"),
    Setting(
        key="receive.maxInputSize",
        value=lambda: "50m",
        why="ends a push that is too large; blobs go to the store",
        is_met=lambda values: bool(values) and values[-1] != "0",
    ),
    Setting(
        key="transfer.hideRefs",
        value=lambda: HIDDEN,
        why="the push log is the server's own",
        is_met=hides,
        among_others=True,
    ),
)

_SEED = Setting(
    key="receive.certNonceSeed",
    value=lambda: secrets.token_hex(32),
    why="a signed push counts once",
    is_met=any,
    secret=True,
)


def recommend(repository: Repository, identity: str | None) -> Iterable[Written]:
    """Set what is recommended, but nothing that somebody has set; yield each."""
    for setting in recommended(identity):
        there = setting.there(repository)
        if setting.is_met(there):
            yield _written(setting, there[-1], Became.THERE)
        elif there and not setting.among_others:
            yield _written(setting, there[-1], Became.OTHERWISE)
        else:
            value = setting.value()
            repository.git("config", "--local", "--add", setting.key, value)
            yield _written(setting, value, Became.WRITTEN)
    _settle(repository)


def believe(repository: Repository, wanted: Believed) -> Iterable[Written]:
    """Write whom the server believes; what is not said stays as it is. Yield what was said.

    Who is said to rescue are all who may: those that were there and are not said go, as with any setting.
    """
    said = {
        IDENTITY: (wanted.identity,) if wanted.identity else (),
        ACCOUNTS: (wanted.accounts,) if wanted.accounts else (),
        RESCUE: tuple(wanted.rescue),
        APPROVALS: (wanted.approvals,) if wanted.approvals else (),
    }
    for key, values in said.items():
        if values:
            there = repository.config_all(key)
            same = there == values
            if not same:
                _replace(repository, key, values)
            became = Became.THERE if same else Became.WRITTEN
            yield Written(key=key, value=" ".join(values), became=became, was=() if same else there)
    _settle(repository)


def _replace(repository: Repository, key: str, values: Sequence[str]) -> None:
    """Set all values of a key: one command each, so the first says less than is wanted, never more."""
    repository.git("config", "--local", "--replace-all", key, values[0])
    for value in values[1:]:
        repository.git("config", "--local", "--add", key, value)


def _written(setting: Setting, value: str, became: Became) -> Written:
    return Written(key=setting.key, value="" if setting.secret else value, became=became, why=setting.why)


def _settle(repository: Repository) -> None:
    """Let the file belong to whom the repository belongs to: Git has made it anew."""
    hooks.give(repository.common_dir / "config", repository.common_dir)
    repository.forget_config()
