"""One push that a server noted, judged again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging import push as judging
from git_registry.catalog.judging.found import Found, verdict
from git_registry.catalog.judging.push import Pushed
from git_registry.catalog.judging.standing import Standing, Stands
from git_registry.catalog.push_lines import CERTAIN, Push
from git_registry.errors import NotFound, Refused, RegistryError
from git_registry.policy import identities
from git_registry.policy.rules import Rules
from git_registry.policy.settings import APPROVALS, FOR_REVIEW, FORGE, REVIEWING

OBEYS, VIOLATES, NOBODY, UNKNOWN = "obeys", "violates", "identity unknown", "can't be known"

_REQUESTED = (f"{FOR_REVIEW}/", "refs/pull/")

RulesBefore = Callable[[str | None, frozenset[str]], Rules]
"""Gives the rules for a push: by the commit that the default branch was at before it, and whom it rescued."""


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


@dataclass(frozen=True, kw_only=True)
class Replaying:
    """What all pushes are judged by.

    Attributes:
        there: the objects that are here, of those that pushes name.
        moves: where refs of approvals and proposals were, by commit.
    """

    catalog: Catalog
    default: str
    rules: RulesBefore
    there: frozenset[str]
    moves: Mapping[str, Sequence[Stands]]

    def judged(self, push: Push, place: int, tip: str | None) -> Replayed:
        """Return how the push at a place in the log is judged; the default branch was at `tip`."""
        lost = next((one for one in named(push, tip) if one not in self.there), None)
        if lost is not None:
            return _unknown(push, f"the commit {lost[:8]} is gone")
        try:
            return self._judged(push, place, tip)
        except RegistryError as problem:
            return _unknown(push, str(problem))

    def _judged(self, push: Push, place: int, tip: str | None) -> Replayed:
        rules = self.rules(tip, _rescued(push))
        try:
            principal = _principal(rules, push)
        except Refused as problem:
            return Replayed(push=push, principal=None, outcome=NOBODY, unknown=str(problem))
        if principal is None:
            return Replayed(push=push, principal=None, outcome=NOBODY, unknown="the host named nobody")
        if tip is None:  # whom the server's admin lets make the first push is not in the repository
            rules = Rules(None, rescue=frozenset() if push.rescued is False else frozenset({principal}))
        found = tuple(self._found(push, place, rules, principal))
        unknown = self._doubt(push, rules, found)
        outcome = UNKNOWN if unknown else VIOLATES if found else OBEYS
        return Replayed(push=push, principal=principal, outcome=outcome, found=found, unknown=unknown)

    def _doubt(self, push: Push, rules: Rules, found: tuple[Found, ...]) -> str:
        """Return why it can't be known whether that was wrong; empty if it can."""
        if any(one.violation.rule == NotFound.kind for one in found):
            return "a commit or file that it takes is gone"
        if found and push.rescued is None and _unread(rules):
            return "the policy of its time can't be read, and the push log does not say who might mend it"
        if verdict(found).word == "needs approval" and push.merges and push.forge is None:
            return "it takes an approval, which may have been given on the forge"
        return ""

    def _found(self, push: Push, place: int, rules: Rules, principal: str) -> Iterator[Found]:
        pushed = Pushed(
            principal=principal,
            now=push.at,
            merges_request=bool(push.merges) and self._leaves_approvals_to_the_forge(push),
            must_merge=push.merges != CERTAIN,
        )
        there = {moved.ref: moved.old for moved in push.refs}
        asked = judging.Push(
            catalog=self.catalog,
            rules=rules,
            default=self.default,
            pushed=pushed,
            holds=there.get,
            then=Standing(self.moves, place),
        )
        written = [one for one in push.refs if not _is_request(push, one.ref)]
        yield from judging.judge(asked, [(moved.ref, moved.new) for moved in written])

    def _leaves_approvals_to_the_forge(self, push: Push) -> bool:
        if push.forge is not None:
            return push.forge
        return self.catalog.repository.config(APPROVALS) == FORGE


def named(push: Push, tip: str | None) -> Iterator[str]:
    """Yield the objects that a push takes to be judged, and the tip of the default branch before it."""
    every = (tip, *(commit for moved in push.refs for commit in (moved.new, moved.old)))
    return (one for one in every if one is not None)


def _is_request(push: Push, ref: str) -> bool:
    """Is it what a host made of a push for review, and wrote itself? That push was judged as such."""
    return push.adapter == REVIEWING and ref.startswith(_REQUESTED)


def _unknown(push: Push, why: str) -> Replayed:
    return Replayed(push=push, principal=None, outcome=UNKNOWN, unknown=why)


def _rescued(push: Push) -> frozenset[str]:
    return frozenset({push.principal}) if push.rescued and push.principal else frozenset()


def _unread(rules: Rules) -> bool:
    try:
        rules.organization()
    except RegistryError:
        return True
    return False


def _principal(rules: Rules, push: Push) -> str | None:
    """Return who pushed by some rules; raise `Refused` if they can't tell."""
    return push.principal if push.account is None else identities.who(rules, push.account)
