"""Merging a proposal where no forge does: by whoever may, if the verdict allows it (DESIGN §6)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.foreseeing import Foreseen
from git_registry.catalog.objections import Objection, objections
from git_registry.catalog.oneself import require
from git_registry.catalog.proposals import Proposal
from git_registry.catalog.publishing import catch_up, destination
from git_registry.catalog.transaction import require_clone
from git_registry.errors import Conflict, Refused, RegistryError
from git_registry.model.events import Event
from git_registry.repository import history, remote
from git_registry.repository.advance import Proposed, advance, written
from git_registry.repository.identity import authorship
from git_registry.repository.publish import publish
from git_registry.repository.tips import BRANCHES
from git_registry.sdk.allowing import Judged, may_remove
from git_registry.sdk.bringing import brought, require_standing, require_unmerged
from git_registry.sdk.crediting import APPROVED_BY, OBJECTED_BY
from git_registry.sdk.foreseeing import foreseen
from git_registry.sdk.looked_at import seen
from git_registry.sdk.missing_blobs import tell_missing
from git_registry.sdk.proposing import remove
from git_registry.sdk.weighing import counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What became of a merge.

    Attributes:
        proposal: what was merged.
        commit: the merge.
        base: the commit of the default branch that it was merged into.
        approvers: whose approvals counted: see `weighing.counted`.
        objected_by: who asked for changes of it nevertheless.
        events: what it does.
        is_published: is it on the remote?
        is_waiting: is there a remote that it is not on?
        is_removed: is the proposal's branch gone? Only its owner and an organization admin may remove it.
    """

    proposal: Proposal
    commit: str
    base: str
    approvers: tuple[str, ...]
    objected_by: tuple[str, ...]
    events: tuple[Event, ...]
    is_published: bool = False
    is_waiting: bool = False
    is_removed: bool = False


def merge(catalog: Catalog, name: str, commit: str = "", *, despite: bool = False) -> Merged:
    """Merge a proposal into the default branch, where that is published: in one commit, or not at all.

    Its message names whose proposal it is, who had approved it, and whoever asked for changes all the same.

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
        Refused: the remote does not take it, somebody asks for changes, or this is a server's own repository.
        UsageError: who we are is not known.
    """
    require_clone(catalog)
    principal = require(catalog)
    found = seen(catalog, name, commit)
    merged = _Merging(catalog.proposing(), found, principal, despite=despite).done()
    tell_missing(catalog, merged.base, merged.commit, merged.events)
    removes = not merged.is_waiting and may_remove(catalog.proposing(), found, principal, merged.base)
    return replace(merged, is_removed=removes and _removed(catalog, found))


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
        self._objections = tuple(objections(catalog, proposal.commit))
        self._despite = despite
        self._authorship = authorship(catalog.repository, catalog.clock())
        self._branch = catalog.written_branch()
        self._base, self._asked = "", 0
        self._approvers: tuple[str, ...] = ()
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
            objected_by=self._objected_by,
            events=self._events,
            is_published=upstream is not None,
            is_waiting=upstream is None and bool(remote.remotes(catalog.repository)),
        )

    @property
    def _objected_by(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(one.principal for one in self._objections))

    def _proposed(self, tip: str | None) -> Proposed:
        if tip is None:
            raise Conflict("there is nothing yet that it could be merged into", where=self._proposal.name)
        found = foreseen(self._catalog, self._proposal, tip)
        require_unmerged(found, self._proposal)
        self._asked += 1
        if self._asked > 1 and not self._catalog.waits:
            require_standing(found, self._proposal, self._branch)
        changes = brought(found, self._proposal, self._branch)
        if self._objections and not self._despite:
            raise _objected(self._proposal, self._objections)
        self._base, self._events = tip, found.events
        self._approvers = counted(found, self._principal)
        proposed = Proposed(changes=changes, message=self._message(), merges=self._proposal.commit)
        self._require_allowed(found, proposed)
        return proposed

    def _message(self) -> str:
        repository, proposal = self._catalog.repository, self._proposal
        subject = history.subject(history.message(repository, proposal.commit))
        trailers = (
            f"Proposed-by: {proposal.owner}",
            *(f"{APPROVED_BY}: {one}" for one in self._approvers),
            *(f"{OBJECTED_BY}: {one}" for one in self._objected_by),
        )
        return "\n".join((f"Merge {proposal.name}: {subject}", "", *trailers, ""))

    def _require_allowed(self, found: Foreseen, proposed: Proposed) -> None:
        """Check what the server would say, of the very commit that it will be given."""
        catalog, proposal, tip = self._catalog, self._proposal, found.base
        commit = written(catalog.repository, tip, proposed, self._authorship)
        if commit is None or catalog.reader.root(commit) != found.tree:
            raise Refused(
                "it brings files of a kind that is not merged here: links, programs, submodules",
                where=proposal.name,
                hint="merge it with git, who may",
            )
        judged = Judged(catalog=catalog, proposal=proposal, branch=self._branch, tip=tip, commit=commit)
        judged.require(self._principal)

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


def _objected(found: Proposal, asked: tuple[Objection, ...]) -> Refused:
    said = "; ".join(f"{one.principal}: {one.said.partition(chr(10))[0]}" for one in asked)
    return Refused(
        f"changes are asked for: {said}",
        where=found.name,
        hint="amend it, or `git registry merge --despite` if that is settled",
    )
