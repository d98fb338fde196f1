"""Merging a proposal where no forge does: by whoever may, if the verdict allows it (DESIGN §6)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from git_registry.catalog import pending, proposals
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.found import Found
from git_registry.catalog.judging.push import Push, Pushed, judge
from git_registry.catalog.judging.ruling import rules_at
from git_registry.catalog.oneself import require
from git_registry.catalog.proposals import Objection, Proposal
from git_registry.catalog.publishing import catch_up, destination
from git_registry.errors import Conflict, Refused, RegistryError
from git_registry.model.diff import diff
from git_registry.model.events import Event
from git_registry.model.snapshot import Snapshot
from git_registry.policy.refs import Update, may_write
from git_registry.policy.verdict import Verdict
from git_registry.repository import history, remote
from git_registry.repository.advance import Proposed, advance, written
from git_registry.repository.changes import changed
from git_registry.repository.identity import Authorship, authorship
from git_registry.repository.merged import merged_tree
from git_registry.repository.objects import BlobId
from git_registry.repository.publish import publish
from git_registry.repository.tips import BRANCHES
from git_registry.sdk.looked_at import seen
from git_registry.sdk.missing_blobs import tell_missing
from git_registry.sdk.proposing import remove

_TOLD = 20
"""Reasons that are told; of the rest, how many there are."""

_DONE = "nothing is left to do; its owner removes it: `git registry propose --withdraw NAME`"

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
        is_published: is it on the remote? Where there is none, or nothing shall be published, it is here.
        is_removed: is the proposal's branch gone? Only its owner and an organization admin may remove it.
    """

    proposal: Proposal
    commit: str
    base: str
    approvers: tuple[str, ...]
    events: tuple[Event, ...]
    is_published: bool = False
    is_removed: bool = False


class NotAllowed(Refused):
    """A proposal may not be merged as things are.

    Attributes:
        problems: that, and then each reason, once; of many, the first.
    """

    def __init__(self, message: str, *, where: str, hint: str, found: Iterable[Found]) -> None:
        super().__init__(message, where=where, hint=hint)
        wrong = list(dict.fromkeys((str(one.violation), one.violation.hint) for one in found))
        told = [Refused(said, hint=further) for said, further in wrong[:_TOLD]]
        more = [Refused(f"and {len(wrong) - _TOLD} more reasons")] if len(wrong) > _TOLD else []
        self.problems = (self, *told, *more)


def merge(catalog: Catalog, name: str, commit: str = "", *, despite: bool = False) -> Merged:
    """Merge a proposal into the default branch, where that is published: in one commit, or not at all.

    Args:
        catalog: the clone.
        name: the proposal's.
        commit: the id of the commit that was seen; by default the one reviewed here, or proposed from here.
        despite: merge it though somebody asks for changes?

    Raises:
        Conflict: it is at another commit than was seen, or was not reviewed here; it is merged already, can't
            be merged as it is, or was amended meanwhile; or others moved the branch every time.
        NotAllowed: the rules don't allow it; each reason is told.
        NotFound: there is no such proposal.
        Refused: the remote does not take it, or somebody asks for changes.
        UsageError: who we are is not known.
    """
    principal = require(catalog)
    found = seen(catalog, name, commit)
    merging = _Merging(catalog.proposing(), found, principal, despite=despite)
    merged = merging.done()
    tell_missing(catalog, merged.base, merged.commit, merged.events)
    removes = merged.is_published == _is_remote(catalog) and merging.may_remove()
    return replace(merged, is_removed=removes and _removed(catalog, found))


def _is_remote(catalog: Catalog) -> bool:
    return bool(remote.remotes(catalog.repository))


def _objected(found: Proposal, objections: tuple[Objection, ...]) -> Refused:
    said = "; ".join(f"{one.principal}: {one.text.partition(chr(10))[0]}" for one in objections)
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

    def __init__(self, catalog: Catalog, proposal: Proposal, principal: str, *, despite: bool) -> None:
        self._catalog, self._proposal, self._principal = catalog, proposal, principal
        self._objections = () if despite else tuple(proposals.objections(catalog, proposal.commit))
        self._approvers = tuple(proposals.approvers(catalog.repository, proposal.commit))
        self._authorship: Authorship = authorship(catalog.repository, catalog.clock())
        self._branch = catalog.written_branch()
        self._base, self._asked = "", 0
        self._events: tuple[Event, ...] = ()

    def done(self) -> Merged:
        catalog, branch = self._catalog, self._branch
        upstream = None if catalog.waits else destination(catalog.repository, branch)
        if upstream is not None:
            beside = {BRANCHES + self._proposal.branch: self._proposal.commit}
            commit, _ = publish(catalog.repository, upstream, self._proposed, self._authorship, beside=beside)
            self._follow(commit)
        else:
            commit = advance(catalog.repository, branch, self._proposed, self._authorship)
        assert commit is not None
        return Merged(
            proposal=self._proposal,
            commit=commit,
            base=self._base,
            approvers=self._approvers,
            events=self._events,
            is_published=upstream is not None,
        )

    def may_remove(self) -> bool:
        """May who merges remove the proposal's branch?"""
        ref = BRANCHES + self._proposal.branch
        gone = Update(ref=ref, old=self._proposal.commit, new=None)
        return not may_write(rules_at(self._catalog, self._base), self._principal, gone, self._branch)

    def _proposed(self, tip: str | None) -> Proposed:
        repository, head, name = self._catalog.repository, self._proposal.commit, self._proposal.name
        if tip is None:
            raise Conflict("there is nothing yet that it could be merged into", where=name)
        if history.is_ancestor(repository, head, tip):
            raise Conflict("it is merged already", where=name, hint=_DONE)
        self._require_as_it_was()
        pending.require_none(repository, head, since=tip)
        tree = self._tree(tip)
        changes = dict(self._changes(tip, tree))
        if not changes:
            raise Conflict(
                f"there is nothing to merge: {self._branch} has all that it does", where=name, hint=_DONE
            )
        if self._objections:
            raise _objected(self._proposal, self._objections)
        proposed = Proposed(changes=changes, message=self._message(), merges=head)
        commit = written(repository, tip, proposed, self._authorship)
        if commit is None or self._catalog.reader.root(commit) != tree:
            raise Refused(
                "it brings files of a kind that is not merged here: links, programs, submodules",
                where=name,
                hint="merge it with git, who may",
            )
        self._require_allowed(tip, commit)
        self._base = tip
        self._events = diff(*(Snapshot(self._catalog.tree(one)) for one in (tip, commit)))
        return proposed

    def _require_as_it_was(self) -> None:
        """Check, where this is asked again, that the proposal still is at the commit which is merged."""
        self._asked += 1
        where = destination(self._catalog.repository, self._branch)
        if self._asked == 1 or where is None or self._catalog.waits:
            return
        ref = BRANCHES + self._proposal.branch
        now = remote.remote_tip(self._catalog.repository, where.remote, ref)
        if now != self._proposal.commit:
            raise Conflict(
                "it was amended meanwhile" if now else "it was withdrawn meanwhile",
                where=self._proposal.name,
                hint=f"git registry review {self._proposal.name}" if now else "",
            )

    def _tree(self, tip: str) -> str:
        try:
            return merged_tree(self._catalog.repository, tip, self._proposal.commit)
        except Conflict as problem:
            raise Conflict(
                problem.message,
                where=self._proposal.name,
                hint=f"{self._proposal.owner} proposes it again, on what {self._branch} is by now: "
                "the same command with --propose, or `git rebase` and `git registry propose`",
            ) from None

    def _changes(self, tip: str, tree: str) -> Iterator[tuple[str, BlobId | None]]:
        reader = self._catalog.reader
        for change in changed(reader, reader.root(tip), tree, depth=_DEEPEST, entries=_MOST):
            yield change.path, BlobId(change.after.id) if change.after else None

    def _message(self) -> str:
        repository, proposal = self._catalog.repository, self._proposal
        subject = history.subject(history.message(repository, proposal.commit))
        trailers = (f"Proposed-by: {proposal.owner}", *(f"Approved-by: {one}" for one in self._approvers))
        return "\n".join((f"Merge {proposal.name}: {subject}", "", *trailers, ""))

    def _require_allowed(self, tip: str, commit: str) -> None:
        """Check what the server would say, before it is asked."""
        found = list(self._judged(self._principal, tip, commit))
        if not found:
            return
        verdict, name = Verdict(tuple(one.violation for one in found)), self._proposal.name
        if self._is_spent(found) and (other := self._other(tip, commit)):
            message = f"you approved it: let {other}, or anybody who is not among its approvers, merge it"
        elif verdict.word == "needs approval":
            message = f"it needs approval, by {' or '.join(verdict.able) or 'somebody who is not there'}"
        else:
            message = "it may not be merged"
        raise NotAllowed(message, where=name, hint=self._else(tip, commit), found=found)

    def _else(self, tip: str, commit: str) -> str:
        """Return what to do where we may not merge: its owner may, or it is to be reviewed."""
        name, other = self._proposal.name, self._other(tip, commit)
        return f"{other} may: `git registry merge {name}`" if other else f"git registry review {name}"

    def _other(self, tip: str, commit: str) -> str:
        """Return its owner if they may merge it, and we are not they; else an empty text."""
        owner = self._proposal.owner
        return owner if owner != self._principal and not any(self._judged(owner, tip, commit)) else ""

    def _is_spent(self, found: Iterable[Found]) -> bool:
        """Did we approve it, where a gate counts no approval by who merges?"""
        asks = any(one.violation.rule == "gate approvals" for one in found)
        return asks and self._principal in self._approvers

    def _judged(self, principal: str, tip: str, commit: str) -> Iterator[Found]:
        catalog, branch = self._catalog, self._branch
        holds: Mapping[str, str] = {BRANCHES + branch: tip}
        push = Push(
            catalog=catalog,
            rules=rules_at(catalog, tip),
            default=branch,
            pushed=Pushed(principal=principal, now=catalog.clock()),
            holds=holds.get,
            proposals=proposals.below(catalog.repository),
        )
        return judge(push, [(BRANCHES + branch, commit)])

    def _follow(self, commit: str | None) -> None:
        """Let the branch here follow. Whatever keeps it from that, what was asked for is done."""
        catalog = self._catalog
        if commit is None or catalog.repository.branch(self._branch) is None:
            return
        try:
            catch_up(catalog)
        except RegistryError as problem:
            catalog.notify(f"merged; the branch here stays behind: {problem}")
            return
        here = catalog.repository.branch(self._branch)
        if here and not history.is_ancestor(catalog.repository, commit, here):
            catalog.notify(f"merged; {self._branch} here has commits of its own: `git registry sync`")
