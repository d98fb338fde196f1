"""One line of steps, judged: each by the format and by the rules, and none by what comes after it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from git_registry.catalog import wellformed
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.found import misshapen
from git_registry.catalog.judging.gathering import Gathered
from git_registry.catalog.judging.limits import Limits
from git_registry.catalog.judging.line import Commit
from git_registry.catalog.judging.stepping import Stepped, stepped
from git_registry.catalog.names import Names
from git_registry.catalog.rolling import Rolling
from git_registry.errors import InvalidDocument, RegistryError
from git_registry.model.diff import meaning
from git_registry.model.diff.step import Step
from git_registry.model.events import Event
from git_registry.model.snapshot import Snapshot
from git_registry.policy import roles
from git_registry.policy.evaluate import evaluate
from git_registry.policy.rules import Rules
from git_registry.policy.verdict import Verdict, Violation

Policy = Callable[[Stepped, tuple[Event, ...]], Verdict]
"""Says whether a step may do what it does; it knows whose step it is."""


def judged(
    catalog: Catalog, before: str, steps: tuple[Commit, ...], policy: Policy, limits: Limits
) -> Iterator[tuple[str, Violation]]:
    """Yield what is wrong with steps from a tree on, each with its commit.

    The first that can't be looked at whole ends it.
    """
    names = Names()
    at = ""
    try:
        for step in stepped(catalog, before, steps, limits):
            at = step.commit.id if step.commit else ""
            yield from ((at, one) for one in step_violations(step, names, policy))
    except RegistryError as problem:
        yield at, misshapen(problem)


def step_violations(step: Stepped, names: Names, policy: Policy) -> Iterator[Violation]:
    """Yield what is wrong with one step: its names, the format, and what the policy says."""
    for problem in names.problems(step.before.entries, step.after.entries, step.changes):
        yield misshapen(problem)
    found = meaning(Step(*step.snapshots, step.changes))
    said: set[str] = set()
    for problem in (*_shape(step, found.events), *found.problems):
        for one in problem.problems:
            if str(one) not in said:
                said.add(str(one))
                yield misshapen(one)
    yield from policy(step, found.events).violations


def _shape(step: Stepped, events: Iterable[Event]) -> Iterator[InvalidDocument]:
    before, after = step.before, step.after
    paths = [path for path, _, _ in step.changes]
    yield from wellformed.left_behind(before, after, step.changes)
    yield from wellformed.stranded(before, after, paths)
    yield from wellformed.forbidden(after, events)
    known = {was.id for _, was, _ in step.changes if was is not None}
    for path, _, now in step.changes:
        if now is None:
            continue
        found = list(wellformed.at(after, path))
        if found and (now.id in known or _had_unknown(before, path)):
            # A field that a newer version wrote is kept, in what moves unread and in what an older one edits.
            found = list(wellformed.at(after, path, strict=False))
        yield from found


def _had_unknown(before: Rolling, path: str) -> bool:
    return Snapshot(before).entry(path) is not None and wellformed.has_unknown(before, path)


def dated_ahead(step: Stepped, now: datetime, limits: Limits) -> Iterator[Violation]:
    """Yield that a commit is dated in the future: looking back by date would see it for ever."""
    if step.commit is None:
        return
    latest = now + timedelta(seconds=limits.ahead)
    if step.commit.committed > latest.timestamp():
        yield Violation(
            rule="date",
            message="the commit is dated in the future, which looking back by date goes by",
            path=step.commit.id[:8],
            hint="set the clock, then `git commit --amend --reset-author`",
        )


def decision(rules: Rules, step: Stepped, events: tuple[Event, ...], evidence: Gathered) -> Verdict:
    """Return what is said of a step of the default branch, besides its form, wherever that is asked."""
    said = [*dated_ahead(step, evidence.now, evidence.limits)]
    if not events:
        said += _idle(rules, evidence.principal)
    return Verdict(tuple(said)) + evaluate(rules, events, *step.snapshots, evidence)


def _idle(rules: Rules, principal: str | None) -> Iterator[Violation]:
    """Yield that a step which changes nothing is still history, and a message for everybody to read."""
    held = roles.in_any(rules, principal)
    if not held.reaches(roles.MEMBER):
        yield Violation(
            rule="role",
            message=f"a commit that changes nothing takes {roles.MEMBER} of some registry or project; "
            f"{principal or 'whoever this is'} has {held}",
            needed=roles.MEMBER,
            held=str(held),
            hint="leave it out: `git rebase`",
        )
