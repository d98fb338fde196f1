"""The pushes that a server noted, judged once more: by the rules of their time, or by others.

What the server knew is in its push log. What nobody wrote down can't be known again: who pushed where no host
said so, a commit that is gone, an approval that was withdrawn. Approvals are those that refs hold now.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.disk import DiskTree
from git_registry.catalog.judging import push as judging
from git_registry.catalog.judging.approving import APPROVALS
from git_registry.catalog.judging.found import Found, verdict
from git_registry.catalog.judging.push import Pushed
from git_registry.catalog.judging.ruling import rules_at, rules_in
from git_registry.catalog.push_lines import CERTAIN, Push
from git_registry.catalog.pushes import LOG, Strange, noted
from git_registry.errors import NotFound, Refused, RegistryError
from git_registry.policy import identities
from git_registry.policy.rules import Rules
from git_registry.repository import remote
from git_registry.repository.tips import BRANCHES

OBEYS, VIOLATES, NOBODY, UNKNOWN = "obeys", "violates", "identity unknown", "can't be known"

RulesBefore = Callable[[str | None], Rules]
"""Gives the rules for a push, by the commit that the default branch was at before it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """One push, judged again.

    Attributes:
        push: what the server noted.
        principal: who that is by the rules that it is judged by; None if nobody can tell.
        outcome: `obeys`, `violates`, `identity unknown` or `can't be known`.
        found: what is wrong with it by those rules.
        unknown: why it can't be known; empty if it can.
    """

    push: Push
    principal: str | None
    outcome: str
    found: tuple[Found, ...] = ()
    unknown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """All that was noted.

    Attributes:
        pushes: the oldest first.
        strange: what is on the log and is not the server's.
    """

    pushes: tuple[Replayed, ...]
    strange: tuple[Strange, ...]


def replay(catalog: Catalog, rules: RulesBefore | None = None, *, since: datetime | None = None) -> Replay:
    """Judge every push that the server noted.

    Args:
        catalog: the server's repository, or a clone into which the log was fetched.
        rules: those to judge by; by default each push is judged by those of its time.
        since: leave out what was pushed before.

    Raises:
        NotFound: there is no push log.
    """
    if catalog.repository.ref(LOG) is None:
        raise NotFound(
            "there is no push log",
            where=LOG,
            hint=f"the server writes it; in a clone, if the server shows it: git fetch <remote> {LOG}:{LOG}",
        )
    every = list(noted(catalog.repository))
    pushes = [one for one in every if isinstance(one, Push)]
    default = _default(catalog)
    before = _tips(pushes, f"{BRANCHES}{default}", catalog.repository.branch(default))
    rescue = frozenset(catalog.repository.config_all("registry.rescue"))
    of_their_time = cache(lambda tip: rules_at(catalog, tip, rescue=rescue))
    replaying = _Replaying(catalog, default, rules or of_their_time, _gone(catalog, pushes))
    return Replay(
        pushes=tuple(
            replaying.judged(push, tip)
            for push, tip in zip(pushes, before, strict=True)
            if since is None or push.at >= since
        ),
        strange=tuple(one for one in every if isinstance(one, Strange)),
    )


def rules_of(catalog: Catalog, revision: str) -> RulesBefore:
    """Return the rules at a commit, for every push; raise `NotFound` if there is none."""
    commit = catalog.reader.commit(revision)
    if commit is None:
        raise NotFound(f"there is no commit {revision!r}", where=str(catalog.repository.gitdir))
    rules = rules_at(catalog, commit)
    return lambda _tip: rules


def rules_on_disk(directory: Path) -> RulesBefore:
    """Return the rules as they are in a work tree, for every push; raise `NotFound` if there are none."""
    rules = rules_in(DiskTree(directory))
    rules.organization()
    return lambda _tip: rules


def _default(catalog: Catalog) -> str:
    head = catalog.repository.head().branch
    return head if catalog.repository.is_bare and head else remote.default_branch(catalog.repository)


def _tips(pushes: Sequence[Push], default: str, now: str | None) -> list[str | None]:
    """Return what the default branch was at before each push, as far as the log tells."""
    moves = [next((moved for moved in push.refs if moved.ref == default), None) for push in pushes]
    first = next((moved for moved in moves if moved is not None), None)
    tip = first.old if first else now
    tips: list[str | None] = []
    for moved in moves:
        tips.append(moved.old if moved else tip)
        tip = moved.new if moved else tip
    return tips


def _gone(catalog: Catalog, pushes: Sequence[Push]) -> frozenset[str]:
    """Return the commits that somebody approved by a ref which isn't here: withdrawn, or not fetched."""
    given = (moved for push in pushes for moved in push.refs if moved.ref.startswith(APPROVALS) and moved.new)
    return frozenset(moved.new for moved in given if moved.new and catalog.repository.ref(moved.ref) is None)


@dataclass(frozen=True)
class _Replaying:
    """What all pushes are judged by.

    Attributes:
        gone: commits that somebody approved by a ref which isn't here.
    """

    catalog: Catalog
    default: str
    rules: RulesBefore
    gone: frozenset[str]

    def judged(self, push: Push, tip: str | None) -> Replayed:
        """Return how a push is judged that came when the default branch was at `tip`."""
        lost = next(self._lost(push, tip), None)
        if lost is not None:
            return Replayed(
                push=push, principal=None, outcome=UNKNOWN, unknown=f"the commit {lost[:8]} is gone"
            )
        rules = self.rules(tip)
        try:
            principal = _principal(rules, push)
        except Refused as problem:
            return Replayed(push=push, principal=None, outcome=NOBODY, unknown=str(problem))
        if principal is None:
            return Replayed(push=push, principal=None, outcome=NOBODY, unknown="the host named nobody")
        found = tuple(self._found(push, rules, principal, first=tip is None))
        unknown = self._doubt(push, found)
        outcome = UNKNOWN if unknown else VIOLATES if found else OBEYS
        return Replayed(push=push, principal=principal, outcome=outcome, found=found, unknown=unknown)

    def _doubt(self, push: Push, found: tuple[Found, ...]) -> str:
        """Return why it can't be known whether that was wrong; empty if it can."""
        if any(one.violation.rule == NotFound.kind for one in found):
            return "a commit or file that it takes is gone"
        if verdict(found).word == "needs approval":
            if push.merges:
                return "it takes an approval, which may have been given on the forge"
            if self._brings(push) & self.gone:
                return "it takes an approval, and one that was given is gone"
        return ""

    def _brings(self, push: Push) -> set[str]:
        """Return the commits that it brought to the default branch, by whichever parent."""
        branch = f"{BRANCHES}{self.default}"
        for moved in push.refs if self.gone else ():
            if moved.ref == branch and moved.new:
                stop = [f"^{moved.old}"] if moved.old else []
                return set(self.catalog.repository.git("rev-list", moved.new, *stop, "--").text.split())
        return set()

    def _lost(self, push: Push, tip: str | None) -> Iterator[str]:
        named = [tip, *(commit for moved in push.refs for commit in (moved.new, moved.old))]
        yield from (one for one in named if one is not None and not self._is_there(one))

    def _is_there(self, name: str) -> bool:
        asked = self.catalog.repository.git("cat-file", "-e", name, check=False)
        return asked.code == 0

    def _found(self, push: Push, rules: Rules, principal: str, *, first: bool) -> Iterator[Found]:
        if first:  # whom the server's admin lets make the first push is not in the repository
            rules = Rules(None, rescue=frozenset({principal}))
        pushed = Pushed(
            principal=principal,
            now=push.at,
            merges_request=bool(push.merges) and self._leaves_approvals_to_the_forge(),
            must_merge=push.merges != CERTAIN,
        )
        there = {moved.ref: moved.old for moved in push.refs}
        asked = judging.Push(
            catalog=self.catalog, rules=rules, default=self.default, pushed=pushed, holds=there.get
        )
        yield from judging.judge(asked, [(moved.ref, moved.new) for moved in push.refs])

    def _leaves_approvals_to_the_forge(self) -> bool:
        return self.catalog.repository.config("registry.approvals") == "forge"


def _principal(rules: Rules, push: Push) -> str | None:
    """Return who pushed by some rules; raise `Refused` if they can't tell."""
    if push.account is None:
        return push.principal
    try:
        organization = rules.organization()
    except RegistryError:
        return push.principal
    return identities.principal(organization, push.account)
