"""May a pull or merge request be merged? The check that a forge without hooks runs (DESIGN §5)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from git_registry.catalog.catalog import Catalog
from git_registry.catalog.judging.found import Found
from git_registry.catalog.judging.found import verdict as verdict_on
from git_registry.catalog.judging.request import Judged, Request, judge_request
from git_registry.catalog.judging.ruling import rules_at
from git_registry.errors import NotFound, Refused, RegistryError, UsageError
from git_registry.model.documents.organization import Organization
from git_registry.model.names import PRINCIPAL
from git_registry.policy import identities
from git_registry.policy.account import Account
from git_registry.policy.explaining import Explained, explain
from git_registry.policy.rules import Rules
from git_registry.policy.verdict import Verdict
from git_registry.repository.revision import commit_named

HOSTS = identities.HOSTS
UNTOLD = "-"
"""Said of who merges a request that nobody has merged yet."""

PRESSER = "whoever presses the button"
"""Who that is, in words, which no account's name could be: they have what anybody has by `default_role`."""

_HERE = ("user", "service")
_NAMES = f"user:NAME, service:NAME, or {HOSTS[0]}:NAME and the like for an account of a host"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A request as a forge's pipeline tells of it. A name is `user:ana`, `github:ana-gh`, or `ana`.

    Attributes:
        base: the revision of the default branch that it is to be merged into.
        head: the revision that is to be merged.
        actor: who merges it, or would; `UNTOLD` if nobody knows.
        approved_by: who approved it, each perhaps with `@` and the full id of the commit that they saw.
        authors: who opened it, and who else pushed to it: it takes the role of each of them, or an approval.
        host: whose account a name without a kind is; empty if it is `user:<name>`.
        stepwise: may its own commits become steps of the default branch, by a fast-forward or a rebase?
    """

    base: str
    head: str
    actor: str
    approved_by: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    host: str = ""
    stepwise: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What the check says.

    Attributes:
        base, head: the commits.
        tree: what the merge makes.
        actor: who merges it, as a principal; `PRESSER` if nobody knows.
        approvers: whose approvals were looked at.
        uncounted: those that were not, and why, in sentences.
        events: what the merge does, and what each event takes.
        found: all that is wrong.
        is_merged: does the base hold it already, so that nothing would change?
    """

    base: str
    head: str
    tree: str
    actor: str
    approvers: tuple[str, ...]
    uncounted: tuple[str, ...]
    events: tuple[Explained, ...]
    found: tuple[Found, ...]
    is_merged: bool = False

    @property
    def verdict(self) -> Verdict:
        """Return the verdict on all of it."""
        return verdict_on(self.found)

    @property
    def is_misshapen(self) -> bool:
        """Is the format all that is wrong?"""
        return bool(self.found) and all(one.violation.rule == "format" for one in self.found)


def judgement(catalog: Catalog, told: Told) -> Judgement:
    """Judge a request by the rules at its base, and by nothing that it brings.

    Raises:
        Conflict: it can't be merged as it is.
        NotFound: a revision is not here, or history is cut off.
        Refused: whose an account is can't be told.
        UsageError: a name is none, or a revision two.
    """
    base, head = (_commit(catalog, revision) for revision in (told.base, told.head))
    rules = rules_at(catalog, base)
    people = _People(_organization(rules), told.host)
    actor = PRESSER if told.actor == UNTOLD else people.principal(told.actor)
    approvers, uncounted = people.approvers(told.approved_by, head)
    request = Request(
        base=base,
        head=head,
        merger=actor,
        approvers=approvers,
        owners=frozenset(map(people.owner, told.authors)),
        stepwise=told.stepwise,
        now=catalog.clock(),
    )
    judged = judge_request(catalog, rules, request)
    return Judgement(
        base=base,
        head=head,
        tree=judged.tree,
        actor=actor,
        approvers=approvers,
        uncounted=uncounted,
        events=tuple(_explained(rules, judged)),
        found=judged.found,
        is_merged=judged.is_merged,
    )


def _explained(rules: Rules, judged: Judged) -> Iterator[Explained]:
    if judged.result is not None:
        yield from explain(rules, judged.events, *judged.result.snapshots, judged.evidence)


def _commit(catalog: Catalog, revision: str) -> str:
    if catalog.repository.is_shallow:
        raise NotFound("the history is cut off", hint="fetch all of it: `git fetch --unshallow`")
    commit = commit_named(catalog.repository, catalog.reader, revision)
    if commit is None:
        raise NotFound(
            f"there is no commit {revision!r}",
            where=str(catalog.repository.gitdir),
            hint="fetch the default branch and the request's commits first",
        )
    return commit


def _organization(rules: Rules) -> Organization | None:
    """Return who we are by the rules; None where that can't be read, and so nobody is known."""
    try:
        return rules.organization()
    except RegistryError:
        return None


@dataclass(frozen=True)
class _People:
    """Whose the names are that a forge tells.

    Attributes:
        organization: whose identities are asked.
        host: whose account a name without a kind is; empty if it is a user's.
    """

    organization: Organization | None
    host: str

    def principal(self, name: str) -> str:
        """Return the principal that a name means.

        Raises:
            Refused: two principals claim the account.
            UsageError: it is no name of a person or service.
        """
        kind, _, rest = self._whole(name).partition(":")
        if kind in HOSTS:
            return identities.principal(self.organization, Account(host=kind, name=rest))
        if kind not in _HERE or PRINCIPAL.problem(f"{kind}:{rest}"):
            raise UsageError(
                f"{name!r} names no person, service or account",
                hint=_NAMES,
            )
        return f"{kind}:{rest}"

    def owner(self, name: str) -> str:
        """Return whose a request is: the account itself, where it is one that nobody's name could be."""
        whole = self._whole(name)
        return whole if whole.startswith(HOSTS) and PRINCIPAL.problem(whole) else self.principal(name)

    def approvers(self, told: tuple[str, ...], head: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return who approved a commit, and why others don't count."""
        counted: list[str] = []
        uncounted: list[str] = []
        for one in told:
            name, commit = _parted(one)
            try:
                principal = self.principal(name)
            except Refused as problem:
                uncounted.append(f"the approval by {name}: {problem}")
                continue
            if commit not in ("", head):
                uncounted.append(f"{principal} approved {commit[:8]}, which is not what would be merged")
            elif not principal.startswith("user:"):
                uncounted.append(_nobodys(principal))
            else:
                counted.append(principal)
        return tuple(dict.fromkeys(counted)), tuple(uncounted)

    def _whole(self, name: str) -> str:
        if not name.rpartition(":")[2]:
            raise UsageError(f"{name!r} is missing a name", hint=_NAMES)
        return name if ":" in name else f"{self.host or 'user'}:{name}"


def _nobodys(principal: str) -> str:
    """Return why the approval of one who is no user doesn't count, and what makes an account a user's."""
    said = f"{principal} approved it, and only a user's approval counts"
    host, _, account = principal.partition(":")
    if host not in HOSTS:
        return said
    whose = f"{{user:NAME: {{{host}: {account}}}}}"
    return (
        f"{said}: an organization admin says whose account it is, in organization.yaml: `identities: {whose}`"
    )


def _parted(approval: str) -> tuple[str, str]:
    """Return name and commit of `ana@<full id>`; a name may hold an `@` itself.

    Raises:
        UsageError: there is no name, or the id is cut short: a commit that begins like another is soon made.
    """
    name, at, commit = approval.rpartition("@")
    if not at or not re.fullmatch("[0-9A-Fa-f]{4,}", commit):
        name, commit = approval, ""
    if not name:
        raise UsageError(f"an approval is missing a name: {approval!r}", hint="NAME, or NAME@COMMIT")
    if commit and not re.fullmatch("[0-9a-f]{40}", commit):
        raise UsageError(
            f"{commit} is not the full id of a commit",
            where=approval,
            hint="NAME@COMMIT with all 40 letters and digits: `git rev-parse COMMIT`",
        )
    return name, commit
