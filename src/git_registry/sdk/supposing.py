"""An event that did not happen, so that an automation can be tried before anything does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace

from git_registry.automation.happening import Happening, Placed
from git_registry.catalog.catalog import Catalog
from git_registry.catalog.overlay import Overlay
from git_registry.errors import UsageError
from git_registry.model.diff import examine
from git_registry.model.documents.automation import Automation
from git_registry.model.edits import alias as edits
from git_registry.model.edits.change import Changes
from git_registry.model.edits.version import retag
from git_registry.model.events import (
    KINDS,
    AliasChange,
    AliasRemoved,
    Event,
    VersionDescribed,
    VersionTagged,
)
from git_registry.model.snapshot import Snapshot
from git_registry.model.triggers import kinds
from git_registry.repository import history
from git_registry.sdk import selecting
from git_registry.sdk.happenings import Taken, around, between
from git_registry.sdk.selecting import Found

_TAG = "example"


@dataclass(frozen=True, slots=True, kw_only=True)
class Supposed:
    """What shall be supposed.

    Attributes:
        version: a selector: it is this version that something happens to.
        alias: the alias that it is about, for kinds that have one; by default what the automation asks for,
            or what the selector says.
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
        UsageError: it starts from nothing that happens to versions, or that can happen as things are.
    """
    document = placed.document
    there, selector = selecting.place(catalog, supposed.version)
    found = selecting.version(there, selector, assume_latest=True)
    alias = supposed.alias or _aliased(document) or selector.alias or _ALIAS
    wanted = [KINDS[kind] for kind in sorted(kinds(document.events))]
    made = [one for kind in wanted for one in _made(there, kind, found, replace(supposed, alias=alias))]
    if not made:
        raise _impossible(document, wanted, f"{found.collection}:{alias}")
    tip = there.tip()
    assert tip is not None
    step = next(history.steps(there.repository, tip, oldest_first=False, with_changes=False))
    for event, after in made:
        one = Taken(step, (event,))
        yield from between(there, one, replace(around(there, one), before=there.now(), after=after))


def _impossible(document: Automation, wanted: Sequence[type[Event]], alias: str) -> UsageError:
    events = ", ".join(document.events)
    if any(issubclass(kind, AliasChange) for kind in wanted):
        return UsageError(
            f"as things are, {events} can't happen to {alias} and this version",
            hint="alias-added happens where there is none, alias-moved where it is another version's, "
            "alias-removed where it is this one's; leave the version out, and what happened last is taken",
        )
    return UsageError(
        f"nothing that happens to a version is one of {events}",
        hint="leave the version out: what happened last is taken",
    )


def _aliased(document: Automation) -> str:
    """Return the alias that is asked for, if it is asked for by its name."""
    asked = document.match.get("alias")
    return asked if isinstance(asked, str) else ""


_ALIAS = "production"


def _made(
    catalog: Catalog, kind: type[Event], found: Found, supposed: Supposed
) -> Iterator[tuple[Event, Snapshot]]:
    """Yield an event of a kind, if it can be one of a version or of its alias, and what it would lead to."""
    now = catalog.now()
    names = {part.name for part in fields(kind)}
    if issubclass(kind, AliasChange):
        after = _led_to(catalog, _of_alias(now, kind, found, supposed.alias))
        yield from ((event, after) for event in examine(now, after).events if type(event) is kind)
    elif "version" in names:
        field = "description" if kind is VersionDescribed else "metadata"
        values = {"version": found.id, "tag": supposed.tag, "field": field}
        event = kind(path=found.collection, **{name: one for name, one in values.items() if name in names})
        tagged = retag(now, found.collection, found.id, add=[supposed.tag]) if kind is VersionTagged else {}
        yield event, _led_to(catalog, tagged)


def _of_alias(now: Snapshot, kind: type[AliasChange], found: Found, alias: str) -> Changes:
    """Return what sets the alias to a version, or takes it from that."""
    if kind is not AliasRemoved:
        return edits.point(now, found.collection, alias, found.id)
    is_there = edits.named(now, found.collection, alias) == found.id
    return edits.remove(now, found.collection, alias) if is_there else {}


def _led_to(catalog: Catalog, changes: Changes) -> Snapshot:
    """Return what there would be after changes, which nobody writes."""
    after = Overlay(catalog.tree(catalog.tip()), drop_comments=True)
    after.lay(changes)
    return Snapshot(after)
