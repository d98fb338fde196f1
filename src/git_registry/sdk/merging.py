"""Merging a proposal where no forge does: by whoever may, if the verdict allows it (DESIGN §6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from git_registry.catalog import proposals
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.found import Found
from git_registry.catalog.judging.push import Push, Pushed, judge
from git_registry.catalog.judging.ruling import rules_at
from git_registry.catalog.oneself import myself
from git_registry.catalog.proposals import Objection, Proposal
from git_registry.catalog.publishing import catch_up, destination
from git_registry.errors import Conflict, Refused, RegistryError, UsageError
from git_registry.model.diff import diff
from git_registry.model.events import Event
from git_registry.model.snapshot import Snapshot
from git_registry.policy import identities
from git_registry.policy.verdict import Verdict
from git_registry.repository import history
from git_registry.repository.advance import Proposed, advance, written
from git_registry.repository.changes import changed
from git_registry.repository.identity import Authorship, authorship
from git_registry.repository.merged import merged_tree
from git_registry.repository.objects import BlobId
from git_registry.repository.publish import publish
from git_registry.repository.tips import BRANCHES
from git_registry.sdk.proposing import remove

_DEEPEST, _MOST = 128, 10_000_000
"""What a proposal holds besides documents may lie as deep as anybody likes; the hook has its own limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What became of a merge.

    Attributes:
        proposal: what was merged.
        commit: the merge.
        base: the commit of the default branch that it was merged into.
        approvers: who had approved it.
        events: what it does.
        is_removed: is the proposal's branch gone? Only its owner may remove it.
    """

    proposal: Proposal
    commit: str
    base: str
    approvers: tuple[str, ...]
    events: tuple[Event, ...]
    is_removed: bool = False


def merge(catalog: Catalog, name: str, *, despite: bool = False) -> Merged:
    """Merge a proposal into the default branch, where that is published: in one commit, or not at all.

    Args:
        catalog: the clone.
        name: the proposal's.
        despite: merge it though somebody asks for changes?

    Raises:
        Conflict: it is merged already, or can't be merged as it is; or others moved the branch every time.
        NotFound: there is no such proposal.
        Refused: the rules, or the remote, don't allow it; or somebody asks for changes.
        UsageError: who we are is not known.
    """
    principal = myself(catalog)
    if principal is None:
        raise UsageError("who you are here is not known", hint="git config registry.user user:NAME")
    proposals.refresh(catalog)
    found = proposals.find(catalog.repository, name)
    objected = () if despite else tuple(proposals.objections(catalog, found.commit))
    if objected:
        raise _objected(found, objected)
    merging = _Merging(catalog.proposing(), found, principal)
    merged = merging.done()
    own = identities.ref_name(principal) == found.name.partition("/")[0]
    return replace(merged, is_removed=own and _removed(catalog, found))


def _objected(found: Proposal, objections: tuple[Objection, ...]) -> Refused:
    said = "; ".join(f"{one.principal}: {one.text}" for one in objections)
    return Refused(
        f"changes are asked for: {said}",
        where=found.name,
        hint="amend it, or `git registry merge --despite` if that is settled",
    )


def _removed(catalog: Catalog, found: Proposal) -> bool:
    try:
        remove(catalog, found)
    except RegistryError as problem:
        catalog.notify(f"merged; its branch stays: {problem}")
        return False
    return True


class _Merging:
    """One merge, made again for each commit that the default branch turns out to be at."""

    def __init__(self, catalog: Catalog, proposal: Proposal, principal: str) -> None:
        self._catalog, self._proposal, self._principal = catalog, proposal, principal
        self._approvers = tuple(proposals.approvers(catalog.repository, proposal.commit))
        self._authorship: Authorship = authorship(catalog.repository, catalog.clock())
        self._base = ""
        self._events: tuple[Event, ...] = ()

    def done(self) -> Merged:
        catalog = self._catalog
        branch = catalog.written_branch()
        upstream = destination(catalog.repository, branch)
        if upstream is not None:
            commit, _ = publish(catalog.repository, upstream, self._proposed, self._authorship)
            self._follow()
        else:
            commit = advance(catalog.repository, branch, self._proposed, self._authorship)
        assert commit is not None
        return Merged(
            proposal=self._proposal,
            commit=commit,
            base=self._base,
            approvers=self._approvers,
            events=self._events,
        )

    def _proposed(self, tip: str | None) -> Proposed:
        repository, head = self._catalog.repository, self._proposal.commit
        if tip is None:
            raise Conflict("there is nothing yet that it could be merged into", where=self._proposal.name)
        if history.is_ancestor(repository, head, tip):
            raise Conflict("it is merged already", where=self._proposal.name)
        tree = merged_tree(repository, tip, head)
        changes = dict(self._changes(tip, tree))
        if not changes:
            raise Conflict("merging it would change nothing", where=self._proposal.name)
        proposed = Proposed(changes=changes, message=self._message(), merges=head)
        commit = written(repository, tip, proposed, self._authorship)
        if commit is None or self._catalog.reader.root(commit) != tree:
            raise Refused(
                "it brings files of a kind that is not merged here: links, programs, submodules",
                where=self._proposal.name,
                hint="merge it with git, who may",
            )
        self._require_allowed(tip, commit)
        self._base = tip
        self._events = diff(*(Snapshot(self._catalog.tree(one)) for one in (tip, commit)))
        return proposed

    def _changes(self, tip: str, tree: str) -> Iterator[tuple[str, BlobId | None]]:
        reader = self._catalog.reader
        for change in changed(reader, reader.root(tip), tree, depth=_DEEPEST, entries=_MOST):
            yield change.path, BlobId(change.after.id) if change.after else None

    def _message(self) -> str:
        repository, proposal = self._catalog.repository, self._proposal
        subject = repository.git("log", "-1", "--format=%s", proposal.commit, "--").text
        trailers = (f"Proposed-by: {proposal.owner}", *(f"Approved-by: {one}" for one in self._approvers))
        return "\n".join((f"Merge {proposal.name}: {subject}", "", *trailers, ""))

    def _require_allowed(self, tip: str, commit: str) -> None:
        """Check what the server would say, before it is asked."""
        found = list(self._judged(tip, commit))
        if not found:
            return
        verdict = Verdict(tuple(one.violation for one in found))
        first = min(verdict.violations, key=lambda one: one.liftable)
        raise Refused(
            f"{self._proposal.name}: {first}",
            hint=first.hint or f"git registry review {self._proposal.name}",
        )

    def _judged(self, tip: str, commit: str) -> Iterator[Found]:
        catalog = self._catalog
        branch = catalog.written_branch()
        holds: Mapping[str, str] = {BRANCHES + branch: tip}
        push = Push(
            catalog=catalog,
            rules=rules_at(catalog, tip),
            default=branch,
            pushed=Pushed(principal=self._principal, now=catalog.clock()),
            holds=holds.get,
            proposals=proposals.below(catalog.repository),
        )
        return judge(push, [(BRANCHES + branch, commit)])

    def _follow(self) -> None:
        """Let the branch here follow. Whatever keeps it from that, what was asked for is done."""
        catalog = self._catalog
        if catalog.repository.branch(catalog.written_branch()) is None:
            return
        try:
            catch_up(catalog)
        except RegistryError as problem:
            catalog.notify(f"merged; the branch here stays behind: {problem}")
