"""Pull and push, replaying local commits when others were first."""

from __future__ import annotations

from dataclasses import dataclass, replace

from git_registry.catalog import pending, wellformed
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.replay import replay
from git_registry.catalog.review_refs import MIRRORED
from git_registry.errors import Conflict, InvalidDocument, NotFound, Refused, UsageError
from git_registry.model.diff import changed_paths
from git_registry.model.layout import PROJECTS
from git_registry.repository import history, remote
from git_registry.repository.adopt import adopt
from git_registry.repository.repository import Repository
from git_registry.repository.turns import Rejected, take_turns
from git_registry.repository.upstream import Upstream


@dataclass(frozen=True, slots=True, kw_only=True)
class Synced:
    """What a sync did.

    Attributes:
        fetched: commits that came from the upstream.
        replayed: local commits that were made anew on top of them.
        pushed: commits that were published.
        to: where they went, `origin/main`.
        notes: what should be said about the replay.
    """

    fetched: int = 0
    replayed: int = 0
    pushed: int = 0
    to: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A branch on a remote, and the ref here that remembers it."""

    upstream: Upstream
    tracking: str


def sync(catalog: Catalog) -> Synced:
    """Bring the branch up to date with its upstream, and publish what is waiting.

    What was committed here is re-applied on top of what others published. If the upstream moves on
    while this pushes, it starts over, a bounded number of times. A clone that only follows is brought what
    others published, and has nothing to publish.

    Raises:
        InvalidDocument: what is waiting does not follow the format. Nothing was pushed.
        Conflict: something here disagrees with what others published, or an alias names a version that is
            not linked. Nothing was pushed or changed.
        Refused: the remote's hooks refuse the push, or what is waiting names blobs that wait here, too.
        NetworkError: the remote can't be reached.
    """
    repository, where = catalog.repository, line(catalog)
    if _only_follows(catalog):
        return Synced(fetched=_fetch(repository, where), to=where.upstream.name)
    done = Synced()

    def attempt() -> Synced:
        nonlocal done
        done = _pull(catalog, where, done)
        return replace(done, pushed=_push(catalog, where), to=where.upstream.name)

    return take_turns(repository, where.upstream, attempt)


def _only_follows(catalog: Catalog) -> bool:
    """Is it without a work tree, and without the branch?

    So is the clone of a URL until something is committed to it. No branch is made that could fall behind.
    """
    repository = catalog.repository
    return repository.is_bare_at_heart and repository.branch(catalog.written_branch()) is None


def line(catalog: Catalog) -> Line:
    """Return where a branch's commits are published; from now on it follows that.

    Raises:
        UsageError: there is no remote, or it is not fetched from.
    """
    repository, branch = catalog.repository, catalog.written_branch()
    found = remote.destination(repository, branch)
    if found is None:
        raise UsageError("there is no remote to sync with", where=branch, hint="`git remote add origin URL`")
    if found.tracking is None:
        raise UsageError(
            f"the remote {found.remote} does not fetch {found.ref}",
            hint="look at remote.*.fetch in git config",
        )
    if remote.upstream(repository, branch) != found:
        repository.set_config(f"branch.{branch}.remote", found.remote)
        repository.set_config(f"branch.{branch}.merge", found.ref)
    return Line(found, found.tracking)


def _fetch(repository: Repository, where: Line) -> int:
    """Return how many commits came. Who approved them comes along."""
    before = repository.ref(where.tracking)
    # What was approved may lie below where a shallow clone ends, and would bring its whole history.
    also = () if repository.is_shallow else MIRRORED
    remote.fetch(repository, where.upstream.remote, also=also)
    theirs = repository.ref(where.tracking)
    return 0 if theirs in (None, before) else len(history.first_parents(repository, theirs, until=before))


def _pull(catalog: Catalog, where: Line, done: Synced) -> Synced:
    repository, branch = catalog.repository, catalog.written_branch()
    done = replace(done, fetched=done.fetched + _fetch(repository, where))
    theirs = repository.ref(where.tracking)
    if theirs is None:
        return done

    def choose(mine: str | None) -> str:
        nonlocal done
        if mine is None or history.is_ancestor(repository, mine, theirs):
            return theirs
        _require_kept(repository, where, mine)
        if _is_on_line(repository, theirs, mine):
            return mine
        base = history.merge_base(repository, mine, theirs)
        if base is None and not branch.startswith(PROJECTS):
            # A project may have been begun in two places at once; what was done here is put on top of theirs.
            raise Conflict("the upstream's history shares nothing with the one here", where=where.tracking)
        if base == theirs:
            raise Conflict(
                "the upstream's commits came in by a merge whose first parent is yours; "
                "pushing that would renumber what is published",
                where=branch,
                hint=f"`git rebase {where.tracking}`, then `git registry sync` again",
            )
        again = replay(catalog, base=base, local=mine, onto=theirs)
        done = replace(done, replayed=again.commits, notes=again.notes)
        return again.tip

    adopt(repository, branch, choose, reason="registry sync")
    return done


def _require_kept(repository: Repository, where: Line, mine: str) -> None:
    """Raise `Conflict` if the upstream dropped what it had published: replaying would bring it back.

    What it had is remembered by the tracking ref's reflog (git-merge-base(1), `--fork-point`).
    """
    fork = repository.git("merge-base", "--fork-point", where.tracking, mine, check=False).text
    if fork and not history.is_ancestor(repository, fork, where.tracking):
        raise Conflict(
            f"the upstream's history was rewritten: {fork[:8]} was published and is gone",
            where=where.tracking,
            hint="`git pull --rebase` puts what is only yours on top; versions may be numbered otherwise now",
        )


def _is_on_line(repository: Repository, published: str, tip: str) -> bool:
    """Does the first-parent line of `tip` lead to what is published?"""
    waiting = next(history.steps(repository, tip, since=published, with_changes=False), None)
    return waiting is None or waiting.parents[:1] == (published,)


def _push(catalog: Catalog, where: Line) -> int:
    """Return how many commits were published; raise `Rejected` if somebody else was faster."""
    repository = catalog.repository
    mine, theirs = catalog.tip(), repository.ref(where.tracking)
    if mine is None:
        raise NotFound("the branch has no commits yet", where=catalog.written_branch())
    if mine == theirs:
        return 0
    _require_wellformed(catalog, theirs, mine)
    known = theirs or catalog.published_tip()
    pending.require_none(repository, mine, since=known)
    waiting = len(history.first_parents(repository, mine, until=known))
    result = remote.push(repository, where.upstream.remote, [f"{mine}:{where.upstream.ref}"])
    if result.refused:
        raise Refused(
            f"{result.refuser} refused the push; what is waiting is committed here",
            where=where.upstream.remote,
            hint=result.said,
        )
    if not result.ok:
        raise Rejected(result.said, where=where.upstream.name)
    return waiting


def _require_wellformed(catalog: Catalog, theirs: str | None, mine: str) -> None:
    """Stop what was committed or merged by hand and does not follow the format others read by."""
    before, after = catalog.tree(theirs), catalog.tree(mine)
    paths = [path for path, _, _ in changed_paths(before, after)]
    wellformed.require_aliases(before, after, paths)
    found = list(wellformed.problems(after, paths, before=before))
    if found:
        raise InvalidDocument(
            found[0].message, where=found[0].where, hint=found[0].hint, problems=tuple(found)
        )
