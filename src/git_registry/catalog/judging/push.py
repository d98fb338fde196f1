"""A whole push, judged: every ref by who may write it, and what comes with it by the format and the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging import ref_names
from git_registry.catalog.judging.found import Found, misshapen
from git_registry.catalog.judging.gathering import Gathered
from git_registry.catalog.judging.judging import Policy, dated_ahead, decision, judged
from git_registry.catalog.judging.limits import Limits
from git_registry.catalog.judging.line import Line, line, require_sound
from git_registry.catalog.judging.stepping import Stepped
from git_registry.catalog.review_refs import PROPOSALS
from git_registry.errors import InvalidDocument, RegistryError
from git_registry.model.events import Event
from git_registry.policy import projects
from git_registry.policy.account import Account
from git_registry.policy.refs import Kind, Update, kind_of, may_write
from git_registry.policy.rules import Rules
from git_registry.policy.verdict import Verdict, Violation
from git_registry.repository import bulk, listed
from git_registry.repository.objects import EMPTY_TREE
from git_registry.repository.tips import BRANCHES

if TYPE_CHECKING:
    from git_registry.catalog.judging.standing import Standing

_AT_ONCE = 5_000


class Pushed(NamedTuple):
    """Who pushes, as far as judging asks.

    Attributes:
        principal: None if nobody knows.
        merges_request: does the host say that a person merges a request there, and does its admin leave
            approvals to it (`registry.approvals = forge`)?
        must_merge: does it take a merge commit besides to believe that?
        account: what the host says of them; None if nobody asks again.
        may_ask: does the host make a request of what they push for review, and move no ref?
    """

    principal: str | None
    now: datetime
    merges_request: bool = False
    must_merge: bool = False
    account: Account | None = None
    may_ask: bool = False
    limits: Limits = Limits()


@dataclass(frozen=True)
class Push:
    """What is judged.

    Attributes:
        catalog: the repository, seen from its default branch.
        rules: those that held when the push began.
        default: the default branch's short name.
        holds: gives the commit that a ref is at where it is pushed to; by default that is this repository.
        at_server: is this that repository? Then it is known what else refs there are called.
        proposals: below which refs proposals are in this repository.
        then: which approvals and proposals stood, if it is not about now.
    """

    catalog: Catalog
    rules: Rules
    default: str
    pushed: Pushed
    holds: Callable[[str], str | None] | None = None
    at_server: bool = False
    proposals: str = PROPOSALS
    then: Standing | None = None


def judge(push: Push, wanted: Sequence[tuple[str, str | None]]) -> Iterator[Found]:
    """Yield all that is wrong with a push; nothing if it may be.

    Args:
        push: who pushes what where, and by which rules.
        wanted: each ref's full name, and the id it shall hold; None if it shall go. What it holds now is
            asked of the repository, never of who pushes: see `Push.holds`.
    """
    mistakable = ref_names.Mistakable(
        push.catalog.repository, push.default, (ref for ref, new in wanted if new is not None)
    )
    for ref, new in wanted:
        kind, name, _ = kind_of(ref, push.default)
        try:
            yield from (Found(violation=one, ref=ref) for one in _named(push, kind, ref, new, mistakable))
            yield from (
                Found(violation=one, ref=ref, commit=at) for at, one in _ref(push, kind, name, ref, new)
            )
        except RegistryError as problem:
            yield Found(violation=misshapen(problem), ref=ref)


def _named(
    push: Push, kind: Kind, ref: str, new: str | None, mistakable: ref_names.Mistakable
) -> Iterator[Violation]:
    if not push.at_server:
        return  # what else is called so is known there
    yield from ref_names.stands_for(push.catalog.repository, ref)
    if new is not None and kind in _NAMED_FREELY and push.catalog.repository.ref(ref) is None:
        yield from mistakable.problems(ref)


_NAMED_FREELY = (Kind.PROJECT, Kind.PROPOSAL, Kind.BRANCH, Kind.TAG)


def _ref(push: Push, kind: Kind, name: str, ref: str, new: str | None) -> Iterator[tuple[str, Violation]]:
    old = (push.holds or push.catalog.repository.ref)(ref)
    steps = _line(push, kind, old, new)
    forward = steps is None or steps.forward
    update = Update(ref=ref, old=old, new=new, forward=forward, is_requested=push.pushed.may_ask)
    if kind is not Kind.DEFAULT and push.at_server and push.catalog.repository.branch(push.default) is None:
        from git_registry.catalog.judging import founding  # once in a repository's life

        yield "", founding.elsewhere(push.default)
        return
    refused = may_write(push.rules, push.pushed.principal, update, push.default)
    yield from (("", one) for one in refused)
    if new is None or (refused and kind not in _JUDGED_ANYWAY):
        return
    if kind in (Kind.DEFAULT, Kind.PROJECT):
        if steps is not None:
            yield from (("", one) for one in _by_other_parents(push, steps, old))
        if steps is not None and steps.forward:
            policy = policy_on(push, kind, name)
            yield from judged(push.catalog, steps.before, steps.steps, policy, push.pushed.limits)
            if kind is Kind.DEFAULT and old is None and push.pushed.account is not None and not refused:
                from git_registry.catalog.judging import founding  # once in a repository's life

                yield from (("", one) for one in founding.locked_out(push.catalog, new, push.pushed.account))
        elif not refused:  # an organization admin may rewrite a project: all of it is judged
            whole = line(push.catalog.reader, new, None, push.pushed.limits)
            yield from (("", one) for one in _by_other_parents(push, whole, old))
            yield from judged(
                push.catalog, EMPTY_TREE, whole.steps, _on_project(push, name), push.pushed.limits
            )
    else:
        if kind is Kind.PROPOSAL:
            # Most pushes propose nothing.
            from git_registry.catalog.judging.proposed_elsewhere import Elsewhere

            elsewhere = Elsewhere(push.catalog, push.default, push.proposals, push.then)
            yield from (("", one) for one in elsewhere.problems(push.pushed.principal, ref, new))
        yield from (("", one) for one in _too_much(push, new))


_JUDGED_ANYWAY = (Kind.DEFAULT,)
"""Of these all that is wrong is told at once: who may not push learns what else would be refused."""


def _line(push: Push, kind: Kind, old: str | None, new: str | None) -> Line | None:
    if new is None or kind not in (Kind.DEFAULT, Kind.PROJECT):
        return None
    if push.catalog.reader.commit(new) != new:
        raise InvalidDocument(f"{new[:8]} is no commit")
    return line(push.catalog.reader, new, old, push.pushed.limits)


def policy_on(push: Push, kind: Kind, project: str) -> Policy:
    """Return what judges a step of a branch: the default one, a project's, or another."""
    if kind is Kind.DEFAULT:
        return _on_default(push)
    return _on_project(push, project) if kind is Kind.PROJECT else lambda _step, _events: Verdict()


def _on_default(push: Push) -> Policy:
    pushed = push.pushed

    def policy(step: Stepped, events: tuple[Event, ...]) -> Verdict:
        merges = step.commit is not None and step.commit.is_merge
        evidence = Gathered(
            catalog=push.catalog,
            commit=step.commit,
            principal=pushed.principal,
            now=pushed.now,
            limits=pushed.limits,
            forge=pushed.merges_request and (merges or not pushed.must_merge),
            proposals=push.proposals,
            then=push.then,
        )
        return decision(push.rules, step, events, evidence)

    return policy


def _on_project(push: Push, project: str) -> Policy:
    def policy(step: Stepped, events: tuple[Event, ...]) -> Verdict:
        late = Verdict(tuple(dated_ahead(step, push.pushed.now, push.pushed.limits)))
        return late + projects.evaluate(push.rules, project, events, push.pushed.principal)

    return policy


def _by_other_parents(push: Push, found: Line, old: str | None) -> Iterator[Violation]:
    """Yield why what merges bring besides steps is not taken: nobody judges it, and everybody fetches it."""
    if any(step.is_merge for step in found.steps):
        holds = push.holds or push.catalog.repository.ref
        known = [one for one in (old, holds(f"{BRANCHES}{push.default}")) if one is not None]
        tip = found.steps[-1].id
        yield from _too_much(push, tip)
        require_sound(push.catalog, tip, known, push.pushed.limits, steps=found.steps)


def _too_much(push: Push, new: str) -> Iterator[Violation]:
    """Yield why what a branch or a tag brings is more than a repository should be made to keep."""
    limits, repository = push.pushed.limits, push.catalog.repository
    paths: dict[str, str] = {}
    for count, (name, path) in enumerate(listed.brought(repository, new)):
        if count >= limits.objects:
            yield Violation(rule="limit", message=f"it brings more than {limits.objects} objects")
            return
        if path.count("/") > limits.depth:
            yield Violation(
                rule="limit", message=f"directories are nested more than {limits.depth} deep", path=path[:200]
            )
            return
        paths[name] = path
        if len(paths) >= _AT_ONCE:
            yield from _too_large(push, paths)
            paths.clear()
    yield from _too_large(push, paths)


def _too_large(push: Push, paths: Mapping[str, str]) -> Iterator[Violation]:
    limits = push.pushed.limits
    for name, kind, size in bulk.sizes(push.catalog.repository, list(paths)):
        at_most = limits.commit if kind in ("commit", "tag") else limits.file
        if size > at_most:
            yield Violation(
                rule="limit",
                message=f"a {kind} has {size} bytes; at most {at_most} are taken",
                path=paths[name] or name[:8],
            )
