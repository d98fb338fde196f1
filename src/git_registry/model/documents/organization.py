"""The organization: who we are, who runs it, and where the blobs live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from git_registry.model.documents.record import Document, Record
from git_registry.model.names import Name, Place, Principal, RepositoryUrl, Role, Text, Uri, twins


@dataclass(frozen=True, slots=True, kw_only=True)
class Team(Record):
    """A named group of principals, and the host's team it mirrors."""

    members: tuple[Principal, ...] = ()
    github: Text | None = None
    gitlab: Text | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity(Record):
    """The host accounts, e-mail addresses and keys of one principal."""

    github: Text | None = None
    gitlab: Text | None = None
    gitea: Text | None = None
    bitbucket: Text | None = None
    gerrit: Text | None = None
    emails: tuple[Text, ...] = ()
    ssh: tuple[Text, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization(Document):
    """The Git repository as a whole.

    Attributes:
        store: the URI new blobs go to.
        references: URI prefixes besides the store that links may point at and readers may open.
        moved: URI prefixes that were moved, old → new; manifests are never rewritten for a move.
        default_role: of anyone authenticated and not among a registry's members; viewer if unset.
        repositories: further repositories of the organization, mount name → URL.
    """

    kind: ClassVar[str] = "organization"
    block: ClassVar[frozenset[str]] = frozenset({"teams", "projects", "identities"})

    name: Place
    store: Uri
    references: tuple[Uri, ...] = ()
    moved: Mapping[Uri, Uri] = field(default_factory=dict)
    admins: tuple[Principal, ...] = ()
    default_role: Role | None = None
    teams: Mapping[Name, Team] = field(default_factory=dict)
    projects: Mapping[Place, Mapping[Principal, Role]] = field(default_factory=dict)
    identities: Mapping[Principal, Identity] = field(default_factory=dict)
    repositories: Mapping[Place, RepositoryUrl] = field(default_factory=dict)

    def project(self, name: str) -> Mapping[str, str] | None:
        """Return principal → role of a project, whatever the case of its name; None if nobody listed it.

        A branch `projects/Churn` beside `projects/churn` could not be fetched everywhere.
        """
        wanted = name.casefold()
        listed = (members for one, members in self.projects.items() if one.casefold() == wanted)
        return next(listed, None)

    def problems(self) -> Iterator[tuple[str, str]]:
        """Yield the projects that are listed twice: whose members would those be?"""
        for name, other in twins(self.projects):
            yield "projects", f"{name!r} and {other!r} differ in case alone, so they are one project"
