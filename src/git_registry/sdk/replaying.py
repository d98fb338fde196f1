"""The pushes that a server noted, judged once more: by the rules of their time, or by others.

What the server knew is in its push log. What nobody wrote down can't be known again: who pushed where no host
said so, a commit that is gone. Approvals and proposals are those that stood then, by what was pushed before;
of those that came before the log began, what stands now. What came past the hook is no push; where a ref went
so is told besides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from git_registry import __version__
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.disk import DiskTree
from git_registry.catalog.judging.ruling import rules_at, rules_in
from git_registry.catalog.judging.standing import moves
from git_registry.catalog.push_lines import Push, line
from git_registry.catalog.pushes import LOG, Strange, noted
from git_registry.errors import NotFound
from git_registry.repository import bulk, remote
from git_registry.repository.revision import commit_named
from git_registry.repository.tips import BRANCHES
from git_registry.sdk.rejudging import OBEYS, VIOLATES, Replayed, Replaying, RulesBefore, named
from git_registry.sdk.remembering import Key, Memory
from git_registry.sdk.unnoted import Unnoted, unnoted

_KEPT = 64
"""The rules of so many commits are kept: between pushes that move the default branch others come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """All that was noted.

    Attributes:
        pushes: the oldest first.
        strange: what is on the log and is not the server's.
        unnoted: where a judged ref went though no push says so.
        doubts: what can't be known of that, in sentences.
    """

    pushes: tuple[Replayed, ...]
    strange: tuple[Strange, ...]
    unnoted: tuple[Unnoted, ...] = ()
    doubts: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        """Was nothing found that no rule allows, and that no push accounts for?"""
        violates = any(one.outcome == VIOLATES for one in self.pushes)
        return not violates and not self.strange and not self.unnoted


def replay(
    catalog: Catalog,
    rules: RulesBefore | None = None,
    *,
    since: datetime | None = None,
    memory: Memory | None = None,
) -> Replay:
    """Judge every push that the server noted.

    Args:
        catalog: the server's repository, or a clone into which the log was fetched.
        rules: those to judge by; by default each push is judged by those of its time.
        since: leave out what was pushed before.
        memory: pushes that an interrupted run found to obey are in it, and are not judged again. Only for the
            rules of their time.

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
    asked = [
        (push, place, tip)
        for place, (push, tip) in enumerate(zip(pushes, before, strict=True))
        if since is None or push.at >= since
    ]
    replaying = Replaying(
        catalog=catalog,
        default=default,
        rules=rules or _of_their_time(catalog),
        there=_there(catalog, asked),
        moves=moves(catalog.repository, pushes),
    )
    done = tuple(_judged(replaying, memory, *one) for one in asked)
    gaps, doubts = unnoted(catalog.repository, pushes, default)
    return Replay(
        pushes=done,
        strange=tuple(one for one in every if isinstance(one, Strange)),
        unnoted=tuple(one for one in gaps if since is None or one.until is None or one.until >= since),
        doubts=doubts,
    )


def _judged(replaying: Replaying, memory: Memory | None, push: Push, place: int, tip: str | None) -> Replayed:
    if memory is None:
        return replaying.judged(push, place, tip)
    key = _key(replaying.default, push, tip)
    if key in memory:
        return Replayed(push=push, principal=push.principal, outcome=OBEYS)
    done = replaying.judged(push, place, tip)
    if done.outcome == OBEYS:
        memory.add([key])
    return done


def _key(default: str, push: Push, tip: str | None) -> Key:
    """Return what a push is remembered by: all that was judged, since whoever could change it is judged."""
    text = f"{__version__} {default} {tip} {line(push)}"
    return f"sha256:{sha256(text.encode()).hexdigest()}", LOG, None


def _of_their_time(catalog: Catalog) -> RulesBefore:
    return lru_cache(_KEPT)(lambda tip, rescue: rules_at(catalog, tip, rescue=rescue))


def rules_of(catalog: Catalog, revision: str) -> RulesBefore:
    """Return the rules at a commit, for every push; raise `NotFound` if there is none."""
    commit = commit_named(catalog.repository, catalog.reader, revision)
    if commit is None:
        raise NotFound(f"there is no commit {revision!r}", where=str(catalog.repository.gitdir))
    rules = rules_at(catalog, commit)
    return lambda _tip, _rescue: rules


def rules_on_disk(directory: Path) -> RulesBefore:
    """Return the rules as they are in a work tree, for every push; raise `NotFound` if there are none."""
    rules = rules_in(DiskTree(directory))
    rules.organization()
    return lambda _tip, _rescue: rules


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


def _there(catalog: Catalog, asked: Iterable[tuple[Push, int, str | None]]) -> frozenset[str]:
    """Return the objects that are here, of all that pushes name."""
    every = {one for push, _, tip in asked for one in named(push, tip)}
    return frozenset(name for name, kind, _ in bulk.sizes(catalog.repository, sorted(every)) if kind)
