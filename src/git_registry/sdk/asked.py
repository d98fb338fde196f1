"""What somebody asks about: the event that a verb means, where it would happen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import MISSING, dataclass, fields, replace
from typing import Any

from git_registry.catalog.catalog import Catalog
from git_registry.errors import NotFound, UsageError
from git_registry.model import selector as selectors
from git_registry.model.edits.alias import named as pointed
from git_registry.model.events import KINDS, AliasChange, Event
from git_registry.model.layout import PROJECTS
from git_registry.model.names import ALIAS, PLACE
from git_registry.model.selector import Selector
from git_registry.model.snapshot import Snapshot
from git_registry.sdk import selecting
from git_registry.sdk.views import named

_REGISTRY, _COLLECTION, _VERSION, _PROJECT = "a registry", "a collection", "a version", "a project"

VERBS: Mapping[str, Mapping[str, str]] = {
    "promote": {_COLLECTION: "alias-moved"},
    "rollback": {_COLLECTION: "alias-moved"},
    "alias": {_COLLECTION: "alias-added"},
    "link": {_COLLECTION: "version-linked"},
    "unlink": {_COLLECTION: "version-unlinked"},
    "log": {_PROJECT: "version-linked", _COLLECTION: "version-linked"},
    "annotate": {_COLLECTION: "version-annotated"},
    "tag": {_COLLECTION: "collection-tagged", _VERSION: "version-tagged"},
    "create": {_REGISTRY: "registry-created", _COLLECTION: "collection-created"},
    "edit": {
        _REGISTRY: "registry-described",
        _COLLECTION: "collection-described",
        _VERSION: "version-described",
    },
    "delete": {_REGISTRY: "registry-deleted", _COLLECTION: "collection-deleted"},
    "rename": {_COLLECTION: "collection-renamed"},
    "purge": {_COLLECTION: "version-purged"},
    "grant": {_REGISTRY: "member-added"},
    "revoke": {_REGISTRY: "member-removed"},
    "protect": {_REGISTRY: "protection-added"},
    "unprotect": {_REGISTRY: "protection-removed"},
}
"""What people say → the kind of event that it is, by what it is done to."""


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asks about, as they say it.

    Attributes:
        what: a verb, or a kind of event: `promote`, or `alias-moved`.
        path: to what: a registry, a collection, something in a project, a file; empty for the organization.
        alias: which one, if it is about one; it may stand in the path.
    """

    what: str
    path: str = ""
    alias: str | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """The event that a question is about.

    Attributes:
        catalog: the repository where it would happen.
        event: empty but for where, and for the version that an alias is to point at, if one is named.
        version: names the version that it is done to; None if it is done to none, or to whichever.
        project: the project on whose branch it would be; empty if it is none.
    """

    catalog: Catalog
    event: Event
    version: Selector | None = None
    project: str = ""

    @property
    def registry(self) -> str:
        """Return the registry it is about; an empty text if it is about none."""
        return "" if self.project else self.event.path.partition("/")[0]

    @property
    def path(self) -> str:
        """Return where it would happen as a person names it."""
        return named(self.catalog, f"{PROJECTS if self.project else ''}{self.event.path}")

    def along(self, now: Snapshot) -> Iterator[Event]:
        """Yield what goes along with the event in an organization as it is now: aliases lose what they name.

        Raises:
            UsageError: a version is named by digits that fit several.
        """
        collection, aliases = self.event.path, now.alias_names(self.event.path)
        if self.event.kind == "version-unlinked":
            version = self._version()
            aliases = [one for one in aliases if version and pointed(now, collection, one) == version]
        elif self.event.kind != "collection-deleted":
            return
        yield from (probe("alias-removed", collection, one) for one in aliases)

    def _version(self) -> str | None:
        with suppress(NotFound):
            return selecting.version(self.catalog, self.version).id if self.version else None
        return None


def asked(catalog: Catalog, question: Question) -> Asked:
    """Return the event that a verb, or the name of a kind, means where it is done to something.

    Raises:
        UsageError: there is no such verb or event, or it is not done to that.
        NotFound: there is no such registry, or no such version for an alias to point at.
    """
    what, path = question.what, question.path
    if what not in VERBS and what not in KINDS:
        near = selecting.nearest(what, [*VERBS, *KINDS])
        raise UsageError(f"there is no verb or event {what!r}", hint=near or f"verbs: {', '.join(VERBS)}")
    if what == "file-changed":
        return Asked(selecting.registries(catalog), probe(what, path))
    if what in KINDS and not _is_placed(what):
        return Asked(selecting.registries(catalog), probe(what, ""))
    if not path:
        raise UsageError(f"{what} is done to something", hint=f"such as `{what} model/churn`")
    if "registry-created" in (what, *VERBS.get(what, {}).values()) and "/" not in path:
        return Asked(selecting.registries(catalog), probe("registry-created", PLACE.check(path)))
    return _placed(catalog, question)


def _is_placed(kind: str) -> bool:
    return not kind.startswith(("organization-", "admin-", "team-", "identity-"))


def _placed(catalog: Catalog, question: Question) -> Asked:
    what, path = question.what, question.path
    if path.startswith(PROJECTS):
        there, selector = selecting.registries(catalog), selectors.parse(path)
    else:
        there, selector = selecting.place(catalog, path)
    kind = what if what in KINDS else _meant(what, _depth(selector), path)
    aliases = issubclass(KINDS[kind], AliasChange)
    name = question.alias or selector.alias or ""
    if aliases and not name:
        raise UsageError(
            f"{what} is done to an alias", hint=f"name it: {path}:production, or {path} production"
        )
    event = probe(kind, selector.path, ALIAS.check(name) if aliases else "")
    version = selector if selector.names_version else None
    if isinstance(event, AliasChange) and kind != "alias-removed" and question.alias and version:
        event = _pointing(there, event, version)
    return Asked(there, event, version, selector.registry if selector.project else "")


def _pointing(catalog: Catalog, event: AliasChange, version: Selector) -> Event:
    """Return how an alias would come to point at the version that is named."""
    before = pointed(catalog.now(), event.path, event.alias)
    return replace(event, before=before, after=selecting.version(catalog, version).id)


def _depth(selector: Selector) -> str:
    if selector.collection is None:
        return _PROJECT if selector.project else _REGISTRY
    return _VERSION if _names_number(selector) else _COLLECTION


def _names_number(selector: Selector) -> bool:
    return selector.names_version and selector.alias is None


def _meant(verb: str, depth: str, path: str) -> str:
    kinds = VERBS[verb]
    kind = kinds.get(depth) or (kinds.get(_COLLECTION) if depth == _VERSION else None)
    if kind is None:
        raise UsageError(f"{verb} is done to {' or '.join(kinds)}, and {path} is {depth}")
    return kind


def probe(kind: str, path: str, alias: str = "") -> Event:
    """Return an event of a kind, empty but for where it happens: what its least role goes by."""
    shape = KINDS[kind]
    empty: dict[str, Any] = {part.name: "" for part in fields(shape) if part.default is MISSING}
    if issubclass(shape, AliasChange):
        empty["alias"] = alias
    if kind == "collection-renamed":
        empty |= {"before": path, "after": path}
    return shape(**(empty | {"path": path}))
