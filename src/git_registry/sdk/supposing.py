"""An event that did not happen, so that an automation can be tried before anything does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from git_registry.automation.happening import Happening, Placed
from git_registry.catalog.catalog import Catalog
from git_registry.errors import UsageError
from git_registry.model.documents.automation import Automation
from git_registry.model.events import KINDS, AliasAdded, AliasChange, AliasRemoved, Event
from git_registry.model.snapshot import Snapshot
from git_registry.model.triggers import kinds
from git_registry.repository import history
from git_registry.sdk import selecting
from git_registry.sdk.happenings import Taken, told
from git_registry.sdk.selecting import Found

_TAG = "example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposed:
    """What shall be supposed.

    Attributes:
        version: a selector: it is this version that something happens to.
        alias: the alias that it is about, for kinds that have one; by default what the selector says.
        tag: the tag, for kinds that have one.
    """

    version: str
    alias: str = ""
    tag: str = _TAG


def suppose(catalog: Catalog, placed: Placed, supposed: Supposed) -> Iterator[Happening]:
    """Yield what an automation may start from, of each kind that a version can be told of, as if it happened.

    Args:
        catalog: the repository that the automation is in.
        placed: the automation.
        supposed: which version, and under which alias.

    Raises:
        NotFound: there is no such version.
        UsageError: it starts from nothing that happens to versions.
    """
    document = placed.document
    there, selector = selecting.place(catalog, supposed.version)
    found = selecting.version(there, selector, assume_latest=True)
    alias = supposed.alias or selector.alias or _aliased(document)
    wanted = [KINDS[kind] for kind in sorted(kinds(document.events))]
    events = [event for kind in wanted for event in _made(there.now(), kind, found, alias, supposed.tag)]
    if not events:
        raise UsageError(
            f"nothing that happens to a version is one of {', '.join(document.events)}",
            hint="leave the version out: what happened last is taken",
        )
    tip = there.tip()
    assert tip is not None
    step = next(history.steps(there.repository, tip, oldest_first=False, with_changes=False))
    yield from told(there, Taken(step, tuple(events)))


def _aliased(document: Automation) -> str:
    """Return the alias that is asked for, if it is asked for by its name."""
    asked = document.match.get("alias")
    return asked if isinstance(asked, str) else _ALIAS


_ALIAS = "production"


def _made(now: Snapshot, kind: type[Event], found: Found, alias: str, tag: str) -> Iterator[Event]:
    """Yield an event of a kind, if it can be one of a version or of its alias."""
    names = {part.name for part in fields(kind)}
    if issubclass(kind, AliasChange):
        protected = bool(now.access(found.collection.partition("/")[0]).protection(alias))
        before = found.id if kind is AliasRemoved else now.alias(found.collection, alias)
        yield kind(
            path=found.collection,
            alias=alias,
            before=None if kind is AliasAdded else before,
            after=None if kind is AliasRemoved else found.id,
            protected=protected,
        )
    elif "version" in names:
        values = {"version": found.id, "tag": tag, "field": "description"}
        yield kind(path=found.collection, **{name: one for name, one in values.items() if name in names})
