"""Who may approve what is changed below which path, by accounts of a host: the lines of a CODEOWNERS file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from git_registry.errors import Refused
from git_registry.model import layout
from git_registry.policy import roles
from git_registry.policy.roles import ADMIN, MEMBER, ORG_ADMIN, RANK, TEAM, VIEWER
from git_registry.policy.rules import Rules
from git_registry.sdk.through_teams import people

PLACES = {
    "github": (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS"),
    "gitlab": ("CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS"),
    "gitea": ("CODEOWNERS", "docs/CODEOWNERS", ".gitea/CODEOWNERS"),
}
"""Host → where it looks for the file; the first that is there is read, and no other."""

LARGEST = 3_000_000
"""Bytes. GitHub ignores a larger file, and so asks nobody."""

MADE = "# Made by `git registry codeowners"
"""What begins a file that was made here."""

_ANYWHERE = (".gitattributes", ".gitmodules", ".lfsconfig", ".mailmap", ".gitignore")
"""Files that steer Git wherever they are, inside a registry, too."""

_AT_TOP = (".github/", ".gitlab/", ".gitlab-ci.yml", ".gitea/", ".forgejo/", layout.ORGANIZATION)

_ACCOUNT = re.compile(r"@?([A-Za-z0-9][A-Za-z0-9._-]*)")
_HOST_TEAM = re.compile(r"@?([A-Za-z0-9][A-Za-z0-9._-]*(?:/[A-Za-z0-9][A-Za-z0-9._-]*)+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Who owns what.

    Attributes:
        path: from the top, `*` for one name; a directory ends in `/`; empty for everything.
        anywhere: is it a name at any depth?
        owners: accounts and teams of the host, each with its `@`; at least one, or the path would be unowned.
    """

    path: str
    owners: tuple[str, ...]
    anywhere: bool = False


@dataclass
class Ownership:
    """The lines for one host, and what could not be said in them.

    Attributes:
        told: who may approve and is not named, because they have no account there, and the like.
    """

    rules: Rules
    host: str
    told: dict[str, None] = field(default_factory=dict)

    def lines(self) -> Iterator[Line]:
        """Yield the lines, the most special last, for the last that matches counts.

        Raises:
            Refused: no organization admin has an account there, so nobody could own what is theirs.
            InvalidDocument: `organization.yaml` can't be read.
        """
        above = self._owners(roles.able(self.rules, ORG_ADMIN, ()))
        if not above:
            raise Refused(
                f"no organization admin has an account on {self.host}, so what is theirs would be unowned",
                where=layout.ORGANIZATION,
                hint=f"identities: {{{self._an_admin()}: {{{self.host}: <account>}}}}",
            )
        yield Line(path="", owners=above)
        for registry in self.rules.registries():
            yield from self._registry(registry, above)
        yield from (Line(path=path, owners=above) for path in (*_AT_TOP, *sorted(PLACES[self.host])))
        yield from (Line(path=name, owners=above, anywhere=True) for name in _ANYWHERE)

    def _an_admin(self) -> str:
        admins = people(self.rules, ORG_ADMIN, ())
        return next((one for one in admins if one.startswith("user:")), "user:NAME")

    def _registry(self, registry: str, above: tuple[str, ...]) -> Iterator[Line]:
        problem = self.rules.closing(registry)
        if problem is not None:
            self.told[f"{registry} is closed, so only organization admins own it: {problem}"] = None
            yield Line(path=f"{registry}/", owners=above)
            return
        self._tell_of_default(registry)
        members = self._owners(roles.able(self.rules, MEMBER, (registry,)))
        yield Line(path=f"{registry}/", owners=members)
        admins = self._owners(roles.able(self.rules, ADMIN, (registry,)))
        yield from (Line(path=path, owners=admins) for path in self._for_admins(registry))

    def _for_admins(self, registry: str) -> Iterator[str]:
        yield layout.access_path(registry)
        yield f"{registry}/automations/"
        yield f"{registry}/*/automations/"
        for alias in sorted(self.rules.access(registry).protected_aliases):
            yield layout.alias_path(f"{registry}/*", alias)

    def _tell_of_default(self, registry: str) -> None:
        default = self.rules.organization().default_role or VIEWER
        if RANK[default] >= RANK[MEMBER]:
            said = f"by default_role anybody may approve below {registry}/; only who is listed is named"
            self.told[said] = None

    def _owners(self, able: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted({owner for one in able for owner in self._accounts(one)}, key=str.casefold))

    def _accounts(self, principal: str) -> Iterator[str]:
        organization = self.rules.organization()
        if principal.startswith(TEAM):
            team = organization.teams.get(principal.removeprefix(TEAM))
            known = self._spelled(principal, getattr(team, self.host, None), _HOST_TEAM)
            if known:
                yield known
            else:
                yield from (
                    account for one in (team.members if team else ()) for account in self._person(one)
                )
        else:
            yield from self._person(principal)

    def _person(self, principal: str) -> Iterator[str]:
        """Yield the account of a person; a service approves nothing, and a team in a team is nobody."""
        if not principal.startswith("user:"):
            return
        identity = self.rules.organization().identities.get(principal)
        account = getattr(identity, self.host) if identity else None
        known = self._spelled(principal, account, _ACCOUNT)
        if known:
            yield known
        elif account is None:
            self.told[f"{principal} has no account on {self.host} in `identities`, and is not named"] = None

    def _spelled(self, principal: str, account: str | None, rule: re.Pattern[str]) -> str | None:
        """Return an account as an owner; None if there is none, or if it would be read as something else."""
        if account is None:
            return None
        found = rule.fullmatch(account)
        if found is None:
            self.told[f"{principal}: {account!r} is no account on {self.host}, and is not named"] = None
            return None
        return f"@{found[1]}"


def spelled(host: str, lines: Sequence[Line]) -> str:
    """Return a CODEOWNERS file.

    Raises:
        Refused: it is larger than hosts read.
    """
    pattern = _expression if host == "gitea" else _glob
    rows = [f"{pattern(one)} {' '.join(one.owners)}" for one in lines]
    text = "\n".join([*_header(host), "", *rows, ""])
    if len(text.encode()) >= LARGEST:
        raise Refused(
            f"the file would have {len(text.encode())} bytes, and is ignored from {LARGEST} on",
            hint=f"name teams of the host: teams: {{nlp: {{{host}: acme/nlp}}}} is one owner for all in it",
        )
    return text


def _header(host: str) -> Iterator[str]:
    yield f"{MADE} --for {host}` from organization.yaml and access.yaml files."
    yield "# Don't edit it: make it anew when they change; with --check it tells whether they did."
    yield "# It says whom to ask for a review. What is allowed is judged by hooks and `git registry check`."
    if host == "gitea":
        yield "# Gitea asks everybody of whom any line matches, and requires none of them."
    else:
        yield "# The last line that matches a path counts."


def _glob(line: Line) -> str:
    if not line.path:
        return "*"
    return line.path if line.anywhere else f"/{line.path}"


def _expression(line: Line) -> str:
    path = line.path.replace(".", "[.]").replace("*", "[^/]*")
    if line.anywhere:
        return f"(.*/)?{path}"
    return f"{path}.*" if path.endswith("/") or not path else path
