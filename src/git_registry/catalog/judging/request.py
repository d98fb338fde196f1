"""What a pull or merge request would do to the default branch, judged before a forge merges it.

A forge without hooks runs a check instead. What it may do is what a push of the same may: the step that the
merge would make is judged, and unless the forge makes no other, each that a fast-forward or a rebase would.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.approving import approval
from git_registry.catalog.judging.found import Found, misshapen
from git_registry.catalog.judging.gathering import Gathered
from git_registry.catalog.judging.judging import Policy, decision, judged, step_violations
from git_registry.catalog.judging.limits import Limits
from git_registry.catalog.judging.line import Commit, line, read_commit
from git_registry.catalog.judging.stepping import Stepped, difference
from git_registry.catalog.names import Names
from git_registry.errors import Conflict, InvalidDocument, RegistryError
from git_registry.model.diff import meaning
from git_registry.model.diff.step import Step
from git_registry.model.events import Event
from git_registry.policy.evidence import Approval
from git_registry.policy.rules import Rules
from git_registry.policy.verdict import Verdict, Violation
from git_registry.repository import history
from git_registry.repository.merged import merged_tree
from git_registry.repository.objects import EMPTY_TREE


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is asked for.

    Attributes:
        base: the commit that the default branch is at.
        head: the commit that is to be merged into it.
        merger: who merges it, or would; None if nobody knows.
        approvers: principals who approved `head`, and nothing older.
        owners: who opened it, and who else pushed to it; empty if nobody can say.
        stepwise: may its own commits become steps of the default branch?
    """

    base: str
    head: str
    merger: str | None
    approvers: tuple[str, ...] = ()
    owners: frozenset[str] = frozenset()
    stepwise: bool = True
    now: datetime
    limits: Limits = field(default_factory=Limits)

    @property
    def doers(self) -> tuple[str | None, ...]:
        """Return whose roles it takes, all: who pushed to another's request has them merge it."""
        return (self.merger, *sorted(self.owners - {self.merger}))


@dataclass(frozen=True)
class Judged:
    """What was found.

    Attributes:
        tree: what the merge makes; empty if the request can't even be looked at.
        result: the step that the merge is; None in that case.
        events: what it does.
        evidence: what it was judged by, besides the rules: for who merges it, and for each who pushed to it.
        found: all that is wrong; what only a commit of the request does wrong names that.
        is_merged: does the base hold it already?
    """

    tree: str = ""
    result: Stepped | None = None
    events: tuple[Event, ...] = ()
    evidence: tuple[Gathered, ...] = ()
    found: tuple[Found, ...] = ()
    is_merged: bool = False


def judge_request(catalog: Catalog, rules: Rules, request: Request) -> Judged:
    """Return what is wrong with a request; nothing, if it may be merged.

    Raises:
        Conflict: it can't be merged as it is, or shares no history with the branch.
    """
    fork = history.merge_base(catalog.repository, request.base, request.head)
    if fork is None:
        raise Conflict("it shares no history with the default branch", where=request.head[:8])
    if fork == request.head:  # nothing is left to merge
        return Judged(tree=catalog.reader.root(request.base), is_merged=True)
    judging = _Judging(catalog, rules, request)
    try:
        # Looked at within limits first: git's merge knows none.
        told = tuple(judging.approvals())
    except RegistryError as problem:
        return Judged(found=(Found(violation=misshapen(problem), commit=request.head),))
    return judging.whole(merged_tree(catalog.repository, request.base, request.head), told)


@dataclass(frozen=True)
class _Judging:
    catalog: Catalog
    rules: Rules
    request: Request

    def approvals(self) -> Iterator[Approval]:
        """Yield what was approved, by whom."""
        request = self.request
        seen = approval(self.catalog, "", request.head, (request.base,), request.limits)
        for one in request.approvers:
            yield replace(
                seen, principal=one, owners=request.owners, unowned="--author says whose request it is"
            )

    def whole(self, tree: str, told: tuple[Approval, ...]) -> Judged:
        """Return what is wrong with the merge, and with each step that it might bring."""
        request, reader = self.request, self.catalog.reader
        merge = Commit("", tree, (request.base, request.head), 0, b"")
        evidence = tuple(self._evidence(merge, told))
        try:
            result = difference(self.catalog, reader.root(request.base), tree, request.limits)
            events = meaning(Step(*result.snapshots, result.changes)).events
            found = [("", one) for one in step_violations(result, Names(), self._policy(told, merge))]
        except RegistryError as problem:
            return Judged(tree=tree, found=(Found(violation=misshapen(problem), commit=request.head),))
        if request.stepwise:
            found += self._steps(told)
        return Judged(tree, result, events, evidence, tuple(_once(found)))

    def _steps(self, told: tuple[Approval, ...]) -> Iterator[tuple[str, Violation]]:
        request, repository = self.request, self.catalog.repository
        try:
            if history.is_ancestor(repository, request.base, request.head):
                yield from self._forward(told)
                return
            for before, steps in self._stretches():
                yield from judged(self.catalog, before, steps, self._policy(told), request.limits)
        except RegistryError as problem:
            yield request.head, misshapen(problem)

    def _forward(self, told: tuple[Approval, ...]) -> Iterator[tuple[str, Violation]]:
        """Yield what is wrong with the steps of a fast-forward, as a hook would judge its push.

        Each is held against its first parent, whatever else it merges: all that the branch would go through.
        """
        request, catalog = self.request, self.catalog
        found = line(catalog.reader, request.head, request.base, request.limits)
        if found.forward:
            yield from judged(catalog, found.before, found.steps, self._policy(told), request.limits)
        else:
            yield request.head, _OVERTAKEN

    def _stretches(self) -> Iterator[tuple[str, tuple[Commit, ...]]]:
        """Yield the request's own first-parent line, in parts that follow from a tree.

        No fast-forward can bring it, only a rebase. Where it merges what was published meanwhile, a part
        begins with that: what others did is not laid to this request, and what the merge adds is.
        """
        request, reader = self.request, self.catalog.reader
        own = history.first_parents(self.catalog.repository, request.head, until=request.base)
        steps: list[Commit] = []
        before = ""
        if len(own) > request.limits.commits:
            raise InvalidDocument(f"it has more than {request.limits.commits} commits", hint="ask in parts")
        for name in reversed(own):
            commit = read_commit(reader, name, request.limits)
            published = next(filter(self._is_published, commit.parents[1:]), None)
            if published is not None or not before:
                if steps:
                    yield before, tuple(steps)
                since = published or next(iter(commit.parents), None)
                steps, before = [], reader.root(since) if since else EMPTY_TREE
            steps.append(commit)
        if steps:
            yield before, tuple(steps)

    def _is_published(self, commit: str) -> bool:
        """Is a commit on the first-parent line of the base? What else it reaches was nobody's step."""
        stops = f"{commit}^@"
        return commit in history.first_parents(self.catalog.repository, self.request.base, until=stops)

    def _policy(self, told: tuple[Approval, ...], merge: Commit | None = None) -> Policy:
        def policy(step: Stepped, events: tuple[Event, ...]) -> Verdict:
            said: dict[tuple[str, str, str], Violation] = {}
            for evidence in self._evidence(merge or step.commit, told):
                for one in decision(self.rules, step, events, evidence).violations:
                    known = said.setdefault((one.rule, one.path, one.message), one)
                    # None of those who made it may approve what its author may not.
                    able = tuple(name for name in known.able if name in one.able)
                    said[one.rule, one.path, one.message] = replace(known, able=able)
            return Verdict(tuple(said.values()))

        return policy

    def _evidence(self, commit: Commit | None, told: tuple[Approval, ...]) -> Iterator[Gathered]:
        for principal in self.request.doers:
            yield Gathered(
                catalog=self.catalog,
                commit=commit,
                principal=principal,
                now=self.request.now,
                limits=self.request.limits,
                told=told,
                by_refs=False,  # no hook there says who may write them
            )


_OVERTAKEN = Violation(
    rule="ref",
    message="what the default branch holds is not on the first-parent line of what it would hold: "
    "versions would be renumbered",
    hint="rebase it; or, where every merge makes a commit of its own, tell the check so: --merge or --squash",
)


def _once(found: list[tuple[str, Violation]]) -> Iterator[Found]:
    """Yield each thing that is wrong, and of a commit nothing that the merge does wrong as well."""
    said: set[tuple[str, str, str]] = set()
    for at, one in found:
        words = (one.rule, one.path, one.message)
        if not at:
            said.add(words)
        if not at or words not in said:
            yield Found(violation=one, commit=at)
