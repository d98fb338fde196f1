"""A change on a branch of its own, cut from what was published, for others to review (DESIGN §6).

The work tree, and the branch that is checked out, stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256

from git_registry.catalog import pending
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.approving import approval
from git_registry.catalog.judging.limits import Limits
from git_registry.catalog.judging.stepping import difference
from git_registry.catalog.oneself import require
from git_registry.catalog.review_refs import PROPOSALS
from git_registry.errors import Conflict, NetworkError, Refused, RegistryError, UsageError
from git_registry.model.diff import meaning
from git_registry.model.diff.step import Step
from git_registry.model.layout import PROJECTS
from git_registry.model.names import PRINCIPAL
from git_registry.policy import identities
from git_registry.policy.coverage import covering
from git_registry.policy.refs import PROPOSAL
from git_registry.repository import history, merged, remote, worktree
from git_registry.repository.advance import Proposed, refuse_elsewhere, written
from git_registry.repository.identity import Authorship
from git_registry.repository.refs import move, queue
from git_registry.repository.repository import Repository
from git_registry.repository.tips import BRANCHES
from git_registry.repository.upstream import Upstream

_FIRST, _LAST, _DIGITS = 24, 48, 6
_LONGEST = _FIRST + _LAST + _DIGITS + 2
"""Letters of a name; of one that is longer, those that begin it, those that end it, and digits between."""

_NO_OPTIONS = "does not support push options"
_NUMBERS = re.compile(r"(?:\bto )?(?<![\w./-])v\d+(?![\w-])|@[0-9a-f]{8,}")
"""Versions in a subject."""

_MOVES = ("Promote ", "Roll back ")
"""How a subject begins of which another version for the same alias is the same proposal, brought up to date.

What is done to a version itself is another proposal for another version.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """What became of a proposal.

    Attributes:
        branch: its short name, `proposals/bob/promote-churn`.
        commit: the commit it is at; None where there was nothing to propose.
        replaced: the commit it was at before, if that was another.
        is_published: is it on the remote?
        is_as_it_was: was it at this commit before?
        said: what the remote said when it took it.
    """

    branch: str
    commit: str | None
    replaced: str | None = None
    is_published: bool = False
    is_as_it_was: bool = False
    said: str = ""


def propose(
    catalog: Catalog, build: Callable[[str | None], Proposed | None], authorship: Authorship
) -> Placed:
    """Propose what `build` makes of what was published.

    Proposing again brings the proposal up to date. One that still does the same stays as it is, as approvals
    name its commit; unless those would not count, because the versions have other notes by now.

    Raises:
        Conflict: the proposal is checked out, or was written by somebody else in this moment.
        NetworkError, Refused: the remote can't be reached, or does not take it.
        UsageError: who we are is not known, or who that is proposes nothing.
    """
    repository, base = catalog.repository, catalog.tip()
    proposed = build(base)
    if proposed is None:
        return Placed(branch=catalog.written_branch(), commit=None)
    if not catalog.waits:
        pending.require_none_in(repository, proposed.changes)
    branch = named(catalog, catalog.proposal or name_of(proposed.message))
    commit = written(repository, base, proposed, authorship)
    if commit is None or commit == base:
        return Placed(branch=branch, commit=None)
    standing = at(catalog, branch)
    if base and standing and _says(catalog, standing) and _does_the_same(catalog, base, standing, commit):
        return _placed(catalog, branch, standing)
    return _placed(catalog, branch, commit)


def put(catalog: Catalog, name: str, commit: str) -> Placed:
    """Propose a commit that exists already; raise as `propose` does."""
    return _placed(catalog, named(catalog, name), commit)


def at(catalog: Catalog, branch: str) -> str | None:
    """Return the commit that a proposal is at, as far as is known here."""
    where = _destination(catalog, branch)
    there = catalog.repository.ref(where.tracking) if where else None
    return there if where and not catalog.waits else catalog.repository.branch(branch) or there


def named(catalog: Catalog, name: str) -> str:
    """Return the branch of our own proposal of this name.

    Raises:
        UsageError: who we are is not known, or no proposal may be called that.
    """
    own = owner(catalog)
    wanted = name.removeprefix("proposals/").removeprefix(f"{own}/")
    branch = f"{PROPOSALS.removeprefix(BRANCHES)}{own}/{wanted}"
    done = catalog.repository.git("check-ref-format", "--branch", branch, check=False)
    if done.code != 0 or PROPOSAL.problem(wanted):
        raise UsageError(
            f"a proposal can't be called {name!r}",
            hint="one word of letters, digits and hyphens, such as promote-churn",
        )
    return branch


def owner(catalog: Catalog) -> str:
    """Return how we are written in the refs that only we may write.

    Raises:
        UsageError: who we are is not known, or who that is owns no refs.
    """
    principal = require(catalog)
    found = identities.ref_name(principal)
    if found is None or PRINCIPAL.problem(principal):
        raise UsageError(
            f"{principal} proposes nothing: users and services do",
            where="registry.user",
            hint="git config registry.user user:NAME",
        )
    return found


def require_registries(branch: str) -> None:
    """Raise `UsageError` if a branch is a project's: nobody decides about what is logged."""
    if branch.startswith(PROJECTS):
        raise UsageError(
            "what is logged to a project is not proposed, and what is linked from there can be",
            where=branch,
            hint="`git registry sync` publishes it, `git registry link --propose` proposes to link it",
        )


def name_of(message: str) -> str:
    """Return what a change is called that nobody named: its subject as a part of a ref; see `_MOVES`.

    A long one is cut in the middle: an alias is what a subject ends with. What was cut goes into the digits.
    """
    subject = message.partition("\n")[0]
    subject = _NUMBERS.sub("", subject) if subject.startswith(_MOVES) else subject
    name = "-".join(re.findall("[a-z0-9]+", subject.lower()))
    if len(name) <= _LONGEST:
        return name or "change"
    first = name[: _FIRST + 1].rpartition("-")[0] or name[:_FIRST]
    last = name[-_LAST - 1 :].partition("-")[2] or name[-_LAST:]
    return f"{first}-{sha256(name.encode()).hexdigest()[:_DIGITS]}-{last}"


def _says(catalog: Catalog, standing: str) -> bool:
    """Does what stands say why it is proposed, if anybody says that now?"""
    return catalog.why in ("", history.body(history.message(catalog.repository, standing)))


def _does_the_same(catalog: Catalog, base: str, standing: str, commit: str) -> bool:
    """Would merging what stands make what is proposed now, and would an approval of it count for all that?"""
    repository = catalog.repository
    if history.merge_base(repository, base, standing) is None:
        return False
    try:
        tree = merged.merged_tree(repository, base, standing)
        return catalog.reader.root(commit) == tree and _is_covered(catalog, base, standing, tree)
    except RegistryError:
        return False  # it can't be merged, or is more than anybody looks at


def _is_covered(catalog: Catalog, base: str, standing: str, tree: str) -> bool:
    """Would an approval of what stands count for all that it does to what is published by now?"""
    limits = Limits()
    given = approval(catalog, "", standing, (base,), limits)
    step = difference(catalog, catalog.reader.root(base), tree, limits)
    before, after = step.snapshots
    return all(
        any(covering([given], event, after)) for event in meaning(Step(before, after, step.changes)).events
    )


def _placed(catalog: Catalog, branch: str, commit: str) -> Placed:
    repository, where = catalog.repository, _destination(catalog, branch)
    standing = at(catalog, branch)
    placed = Placed(
        branch=branch,
        commit=commit,
        replaced=standing if standing != commit else None,
        is_as_it_was=standing == commit,
    )
    if where is not None and not catalog.waits:
        said = "" if placed.is_as_it_was else _push(catalog, where, standing, commit)
        return replace(placed, is_published=True, said=said)
    here = repository.branch(branch)
    if here != commit:
        _move(repository, branch, here, commit)
    return replace(placed, is_published=where is not None and repository.ref(where.tracking) == commit)


class _Where(Upstream):
    """Where a proposal is published; it has a ref here that remembers it."""

    tracking: str


def _destination(catalog: Catalog, branch: str) -> _Where | None:
    found = remote.destination(catalog.repository, remote.default_branch(catalog.repository))
    if found is None:
        return None
    ref = BRANCHES + branch
    tracking = remote.tracking(catalog.repository, found.remote, ref)
    if tracking is None:
        raise UsageError(
            f"what {found.remote} has on branches is not fetched, so nobody could say what becomes of it",
            where=f"remote.{found.remote}.fetch",
            hint=f"git config --add remote.{found.remote}.fetch "
            f"'+refs/heads/*:refs/remotes/{found.remote}/*'",
        )
    return _Where(found.remote, ref, tracking)


def _move(repository: Repository, branch: str, old: str | None, new: str) -> None:
    with queue(repository):
        refuse_elsewhere(repository, branch)
        if worktree.is_checked_out(repository, branch):
            raise Conflict(
                "it is checked out here",
                where=branch,
                hint="commit to it as to any branch, then `git registry propose`",
            )
        move(repository, BRANCHES + branch, old=old, new=new, reason="registry: propose")


def _push(catalog: Catalog, where: _Where, standing: str | None, commit: str) -> str:
    """Push a proposal, unless it is at another commit than was seen; return what the remote said."""
    repository = catalog.repository
    branch = where.ref.removeprefix(BRANCHES)
    options = catalog.announced(catalog, branch, commit) if catalog.announced else ()
    push = partial(
        remote.push, repository, where.remote, [f"{commit}:{where.ref}"], expect={where.ref: standing}
    )
    try:
        done = push(push_options=options)
    except NetworkError as problem:
        if not options or _NO_OPTIONS not in problem.message:
            raise
        done = push()
    if done.refused:
        raise Refused(
            f"{done.refuser} refused the proposal; nothing was published", where=where.name, hint=done.said
        )
    if not done.ok:
        raise Conflict(
            "the proposal was changed there meanwhile",
            where=where.name,
            hint="look at it, and propose again",
        )
    return done.said
