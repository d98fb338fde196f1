"""What can happen in an organization: one class for each kind of event, in the past tense (DESIGN §4).

Events are never stored. `diff` derives them from two snapshots; policy, review, automations, history and
index all go by the same ones. A kind is a name for one of a few *shapes*, the dataclasses below, because
making a dataclass costs 0.3 ms at import and there are forty kinds.

Everywhere, `before` is what was and `after` what is: None where there was or is nothing. Of a field that
maps (`metrics`, `extra`) both hold the entries that changed and no others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import ClassVar, Generic, TypeVar

from git_registry.model.documents.access import Protection
from git_registry.model.documents.organization import Identity, Team
from git_registry.model.equality import same
from git_registry.model.snapshot import Entry

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Event:
    """Something that happened.

    Two events are equal if they are the same to the last value: NaN equals NaN, `true` is not `1`. So an
    approval that covers one event covers no other.

    Attributes:
        path: what it happened to, as a person names it: `model/churn`, `model`, or an empty text for the
            organization; the file itself for `file-changed`.
    """

    kind: ClassVar[str]

    path: str

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and all(
            same(getattr(self, part.name), getattr(other, part.name)) for part in fields(self)
        )

    def __hash__(self) -> int:
        values = (getattr(self, part.name) for part in fields(self))
        return hash((self.kind, *(value for value in values if isinstance(value, str))))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Change(Event, Generic[T]):
    """Shape: something has another value now."""

    before: T | None = None
    after: T | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Edit(Change[object]):
    """Shape: a field of a document changed.

    Attributes:
        field: its name in the document; `extra` for fields this version of the format doesn't know;
            `card` for the README.md beside it, whose before and after are the ids of the file's content.
    """

    field: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PrincipalChange(Change[T]):
    """Shape: a principal's role or identity changed."""

    principal: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TagChange(Event):
    """Shape: a tag came or went."""

    tag: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AliasChange(Change[str]):
    """Shape: an alias points elsewhere; before and after are ids of versions.

    Attributes:
        protected: was or is it protected by the registry's access document, before or after the step?
            For display: policy asks its own rules.
    """

    alias: str
    protected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NamedChange(Change[T]):
    """Shape: what a document keeps under a name changed.

    Attributes:
        name: the team's, protected alias's, automation's or run's.
    """

    name: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VersionChange(Change[str]):
    """Shape: a version's manifest came, moved, went or was rewritten.

    Attributes:
        version: its id.
        before, after: ids of the manifest's content: two manifests of the same files are two contents.
    """

    version: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VersionEdit(Edit):
    """Shape: a field of a version's notes changed."""

    version: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class VersionTagChange(TagChange):
    """Shape: a tag of a version came or went."""

    version: str


# About the organization.


class OrganizationChanged(Edit):
    """A field of `organization.yaml` other than the following three changed."""

    __slots__ = ()
    kind = "organization-changed"


class AdminAdded(PrincipalChange[str]):
    """The organization has one more admin."""

    __slots__ = ()
    kind = "admin-added"


class AdminRemoved(PrincipalChange[str]):
    """The organization has one admin less."""

    __slots__ = ()
    kind = "admin-removed"


class TeamChanged(NamedChange[Team]):
    """A team was made, changed or dropped."""

    __slots__ = ()
    kind = "team-changed"


class IdentityChanged(PrincipalChange[Identity]):
    """A principal's accounts, addresses or keys changed."""

    __slots__ = ()
    kind = "identity-changed"


# About a registry.


class RegistryCreated(Event):
    """A registry is there that wasn't."""

    __slots__ = ()
    kind = "registry-created"


class RegistryDeleted(Event):
    """A registry is no longer there."""

    __slots__ = ()
    kind = "registry-deleted"


class RegistryDescribed(Edit):
    """A registry's title, description or card changed, or a field yet unknown."""

    __slots__ = ()
    kind = "registry-described"


class TypesChanged(Change[tuple[str, ...]]):
    """A registry accepts other artifact types."""

    __slots__ = ()
    kind = "types-changed"


class VisibilityChanged(Change[str]):
    """A registry is for others to see."""

    __slots__ = ()
    kind = "visibility-changed"


class MemberAdded(PrincipalChange[str]):
    """A principal has a role of its own in a registry, `after`."""

    __slots__ = ()
    kind = "member-added"


class MemberRemoved(PrincipalChange[str]):
    """A principal has no role of its own in a registry any more."""

    __slots__ = ()
    kind = "member-removed"


class RoleChanged(PrincipalChange[str]):
    """A principal's role in a registry is another."""

    __slots__ = ()
    kind = "role-changed"


class ProtectionAdded(NamedChange[Protection]):
    """An alias, `name`, is protected in a registry from now on."""

    __slots__ = ()
    kind = "protection-added"


class ProtectionRemoved(NamedChange[Protection]):
    """An alias, `name`, is protected no longer."""

    __slots__ = ()
    kind = "protection-removed"


class GatesChanged(NamedChange[Protection]):
    """Moving a protected alias, `name`, asks for something else."""

    __slots__ = ()
    kind = "gates-changed"


# About a collection.


class CollectionCreated(Change[str]):
    """A collection is there that wasn't; `after` is its type."""

    __slots__ = ()
    kind = "collection-created"


class CollectionDeleted(Change[str]):
    """A collection is no longer there; `before` was its type."""

    __slots__ = ()
    kind = "collection-deleted"


class CollectionRenamed(Change[str]):
    """A collection moved from path `before` to path `after`, numbers and all."""

    __slots__ = ()
    kind = "collection-renamed"


class CollectionDescribed(Edit):
    """A collection's title, description or card changed, or a field yet unknown."""

    __slots__ = ()
    kind = "collection-described"


class CollectionTagged(TagChange):
    """A collection got a tag."""

    __slots__ = ()
    kind = "collection-tagged"


class CollectionUntagged(TagChange):
    """A collection lost a tag."""

    __slots__ = ()
    kind = "collection-untagged"


# About a version.


class VersionLinked(VersionChange):
    """A version is in a collection, for the first time or again."""

    __slots__ = ()
    kind = "version-linked"


class VersionUnlinked(VersionChange):
    """A version left a collection; its manifest is kept for its number."""

    __slots__ = ()
    kind = "version-unlinked"


class VersionPurged(VersionChange):
    """A manifest is gone for good."""

    __slots__ = ()
    kind = "version-purged"


class VersionRewritten(VersionChange):
    """A manifest has other content at the same id: never allowed."""

    __slots__ = ()
    kind = "version-rewritten"


class VersionDescribed(VersionEdit):
    """A version's description changed."""

    __slots__ = ()
    kind = "version-described"


class VersionAnnotated(VersionEdit):
    """A field of a version's notes other than description and tags changed."""

    __slots__ = ()
    kind = "version-annotated"


class VersionTagged(VersionTagChange):
    """A version got a tag."""

    __slots__ = ()
    kind = "version-tagged"


class VersionUntagged(VersionTagChange):
    """A version lost a tag."""

    __slots__ = ()
    kind = "version-untagged"


# About an alias.


class AliasAdded(AliasChange):
    """An alias is there that wasn't."""

    __slots__ = ()
    kind = "alias-added"


class AliasMoved(AliasChange):
    """An alias points at another version."""

    __slots__ = ()
    kind = "alias-moved"


class AliasRemoved(AliasChange):
    """An alias is no longer there."""

    __slots__ = ()
    kind = "alias-removed"


# About automations, and the rest; before and after are ids of a file's content.


class AutomationCreated(NamedChange[str]):
    """An automation, `name`, is there that wasn't."""

    __slots__ = ()
    kind = "automation-created"


class AutomationChanged(NamedChange[str]):
    """An automation, `name`, does something else, or on another trigger."""

    __slots__ = ()
    kind = "automation-changed"


class AutomationDeleted(NamedChange[str]):
    """An automation, `name`, is no longer there."""

    __slots__ = ()
    kind = "automation-deleted"


class ProjectChanged(Change[str]):
    """A project's own document changed."""

    __slots__ = ()
    kind = "project-changed"


class RunRecorded(NamedChange[str]):
    """A run, `name`, started, ended or was changed."""

    __slots__ = ()
    kind = "run-recorded"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FileChanged(Change[Entry]):
    """A file outside the format changed, or only the layout or spelling of one inside.

    Attributes:
        spelling: does the format know the file, and does it mean what it meant? Comments, order, quotes,
            a manifest moving between a flat and a spread directory: any member may. If not, org admins.
    """

    kind: ClassVar[str] = "file-changed"

    spelling: bool = False


KINDS: Mapping[str, type[Event]] = {
    kind.kind: kind
    for kind in tuple(globals().values())
    if isinstance(kind, type) and issubclass(kind, Event) and hasattr(kind, "kind")
}
"""Every kind of event by its name."""
