"""Which refs a push may write, and who writes them (DESIGN §5)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from enum import Enum
from typing import NamedTuple

from git_registry.errors import RegistryError
from git_registry.model.names import PLACE, Rule
from git_registry.policy import identities, projects, roles
from git_registry.policy.closed import closed
from git_registry.policy.roles import MEMBER, ORG_ADMIN
from git_registry.policy.rules import Rules
from git_registry.policy.verdict import Violation

_HEADS = "refs/heads/"
_OWN_DIRECTORIES = ("projects", "proposals")

PROPOSAL = Rule(
    "a proposal's name such as promote-churn (letters, digits, '.', '_', '-', '+', '='; no '/')",
    "[A-Za-z0-9_+=][A-Za-z0-9._+=-]*",
)
"""What a proposal may be called after its owner: one word, which a shell takes for nothing else.

People copy it into commands, and pipelines get it from whoever may propose. With a second slash,
`mallory/bob/nice` would read as Bob's.
"""


class Kind(Enum):
    """What a ref is for."""

    DEFAULT = "the default branch"
    PROJECT = "a project's branch"
    PROPOSAL = "a proposal"
    BRANCH = "a branch"
    APPROVAL = "an approval"
    OBJECTION = "an objection"
    REQUEST = "a commit that is to be reviewed"
    TAG = "a Git tag"
    OTHER = "no ref that anybody writes"


class Update(NamedTuple):
    """A ref that a push would move.

    Attributes:
        ref: its full name.
        old: what the repository itself says it holds, never what the client claims; None if it isn't there.
        new: what it shall hold; None if it shall go.
        forward: is what it holds on the first-parent line of what it shall hold? Of a new ref, yes.
        is_requested: does the host make a request of it, and move no ref?
    """

    ref: str
    old: str | None
    new: str | None
    forward: bool = True
    is_requested: bool = False


def kind_of(ref: str, default: str) -> tuple[Kind, str, str]:
    """Return what a ref is for, and two names in it: project; owner and proposal; reviewer and commit."""
    parts = ref.split("/")
    if ref == f"{_HEADS}{default}":
        return Kind.DEFAULT, "", ""
    match parts:
        case ["refs", "heads", "projects", project] if not PLACE.problem(project):
            return Kind.PROJECT, project, ""
        case ["refs", "heads", "proposals", owner, *name] if name:
            return Kind.PROPOSAL, owner, "/".join(name)
        case ["refs", "heads", first, *_] if first.casefold() not in _OWN_DIRECTORIES:
            # A server whose file system tells no case apart keeps `Main` where it keeps `main`.
            is_default = ref.casefold() == f"{_HEADS}{default}".casefold()
            return Kind.OTHER if is_default else Kind.BRANCH, "", ""
        case ["refs", "approvals", owner, commit] if re.fullmatch("[0-9a-f]{40}", commit):
            return Kind.APPROVAL, owner, commit
        case ["refs", "objections", owner, commit] if re.fullmatch("[0-9a-f]{40}", commit):
            return Kind.OBJECTION, owner, commit
        case ["refs", "for", _, *_]:
            return Kind.REQUEST, "", ""
        case ["refs", "tags", _, *_]:
            return Kind.TAG, "", ""
    return Kind.OTHER, "", ""


def may_write(rules: Rules, principal: str | None, update: Update, default: str) -> list[Violation]:
    """Return why a principal may not move a ref as such; what comes with it is judged besides.

    Rules that can't be read let nobody write, but the default branch by those who may mend them.
    """
    kind, owner, name = kind_of(update.ref, default)
    try:
        return list(_WRITING[kind](_Writing(rules, principal, update, owner, name)))
    except RegistryError as problem:
        return [closed(rules, problem)]


class _Writing(NamedTuple):
    rules: Rules
    principal: str | None
    update: Update
    owner: str
    name: str

    def no(self, message: str, hint: str = "", needed: str = "", held: str = "") -> Violation:
        """Return why not."""
        return Violation(
            rule="ref", message=message, path=self.update.ref, hint=hint, needed=needed, held=held
        )

    def is_own(self) -> bool:
        """Is the ref one of the principal's?"""
        return self.principal is not None and identities.ref_name(self.principal) == self.owner

    def who(self) -> str:
        """Return whom the errors speak of."""
        return self.principal or "whoever this is"


def _default(writing: _Writing) -> Iterator[Violation]:
    update = writing.update
    if update.new is None:
        yield writing.no("the default branch is never deleted", "it is the registry's history")
    elif update.old is None:
        if writing.principal not in writing.rules.rescue:
            named = ", ".join(sorted(writing.rules.rescue))
            yield writing.no(
                "the first push to an empty repository decides who may do what",
                f"only {named} may make it: registry.rescue of this server says so"
                if named
                else "on the server: git config registry.rescue user:NAME, who may make it",
            )
    elif not update.forward:
        yield _rewritten(writing)


def _rewritten(writing: _Writing) -> Violation:
    return writing.no(
        "what it holds is not on the first-parent line of what it would hold: versions would be renumbered",
        "`git registry sync`, or `git pull --rebase`, then push again",
    )


def _project(writing: _Writing) -> Iterator[Violation]:
    update = writing.update
    yield from projects.writes(writing.rules, writing.owner, writing.principal)
    if update.new is None:
        yield from _only_org_admins(writing, "deleting a project's branch")
    elif not update.forward and not _is_org_admin(writing):
        yield _rewritten(writing)


def _proposal(writing: _Writing) -> Iterator[Violation]:
    if writing.is_own() or (writing.update.new is None and _is_org_admin(writing)):
        problem = PROPOSAL.problem(writing.name)
        if problem and writing.update.new is not None:
            called = "-".join(re.findall("[A-Za-z0-9._+=-]+", writing.name)).lstrip("-.")
            yield writing.no(problem, f"call it proposals/{writing.owner}/{called or 'change'}")
        return
    own = identities.ref_name(writing.principal) if writing.principal else None
    yield writing.no(
        f"only its owner writes a proposal; {writing.who()} is not {identities.of_ref_name(writing.owner)}",
        f"yours are proposals/{own}/<name>" if own else "only users and services own proposals",
    )


def _branch(writing: _Writing) -> Iterator[Violation]:
    yield from _any_member(writing, "writing a branch")


def _approval(writing: _Writing) -> Iterator[Violation]:
    update = writing.update
    if not (writing.is_own() and writing.who().startswith("user:")):
        yield writing.no(
            f"only a user approves, and under their own name; {writing.who()} is not user:{writing.owner}"
        )
    elif update.new is None:
        return
    elif update.old is not None:
        yield writing.no("an approval is never moved", "an amended proposal is approved anew")
    elif update.new != writing.name:
        yield writing.no(
            f"an approval points at the commit that it names, not at {update.new[:8]}",
            f"git push <remote> {writing.name}:{update.ref}",
        )


def _objection(writing: _Writing) -> Iterator[Violation]:
    if not (writing.is_own() and writing.who().startswith("user:")):
        yield writing.no(
            f"only a user objects, and under their own name; {writing.who()} is not user:{writing.owner}"
        )


def _request(writing: _Writing) -> Iterator[Violation]:
    """As little as a proposal takes: what it does is judged when somebody merges it."""
    if not writing.update.is_requested or writing.update.new is None:
        yield from _other(writing)
    elif writing.principal is None or identities.ref_name(writing.principal) is None:
        yield writing.no(f"only users and services ask for review; {writing.who()} is neither")


def _tag(writing: _Writing) -> Iterator[Violation]:
    if writing.update.old is None:
        yield from _any_member(writing, "creating a Git tag")
    else:
        yield from _only_org_admins(writing, "moving or deleting a Git tag")


def _other(writing: _Writing) -> Iterator[Violation]:
    yield writing.no(
        "nobody writes such a ref",
        "branches, projects/<project>, proposals/<user>/<name>, tags, and refs/approvals/<user>/<commit> or "
        "refs/objections/<user>/<commit> are",
    )


def _any_member(writing: _Writing, what: str) -> Iterator[Violation]:
    held = roles.in_any(writing.rules, writing.principal)
    if not held.reaches(MEMBER):
        yield writing.no(
            f"{what} takes {MEMBER} of some registry or project; {writing.who()} has {held}",
            "a proposal takes no role: proposals/<user>/<name>",
            MEMBER,
            str(held),
        )


def _only_org_admins(writing: _Writing, what: str) -> Iterator[Violation]:
    if not _is_org_admin(writing):
        held = str(roles.in_organization(writing.rules, writing.principal))
        yield writing.no(f"{what} takes {ORG_ADMIN}; {writing.who()} has {held}", "", ORG_ADMIN, held)


def _is_org_admin(writing: _Writing) -> bool:
    return roles.in_organization(writing.rules, writing.principal).reaches(ORG_ADMIN)


_WRITING: Mapping[Kind, Callable[[_Writing], Iterator[Violation]]] = {
    Kind.DEFAULT: _default,
    Kind.PROJECT: _project,
    Kind.PROPOSAL: _proposal,
    Kind.BRANCH: _branch,
    Kind.APPROVAL: _approval,
    Kind.OBJECTION: _objection,
    Kind.REQUEST: _request,
    Kind.TAG: _tag,
    Kind.OTHER: _other,
}
