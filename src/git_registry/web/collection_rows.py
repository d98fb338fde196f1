"""Collections of a registry as rows: what they are for, what their aliases name, what happened there last."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from git_registry.model.selector import of_version
from git_registry.web.addresses import Address, of
from git_registry.web.found import shortened

if TYPE_CHECKING:
    from git_registry.sdk.overview import CollectionOverview

_TITLED, _DESCRIBED = 120, 300
"""Letters of a title and of a description in a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    """An alias, and the version that it names.

    Attributes:
        there: that version's page; None if the alias names none.
        is_guarded: may only an admin move it?
    """

    name: str
    version: str
    there: Address | None
    is_guarded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionRow:
    """One row.

    Attributes:
        name: without its registry's.
        aliases: the protected ones first.
        latest: the latest version; None if there is none.
        changed: when anything happened there last.
        problem: why its document can't be read.
    """

    name: str
    there: Address
    title: str
    description: str
    type: str
    tags: Sequence[str]
    aliases: Sequence[Pointer]
    latest: Pointer | None
    versions: int
    changed: str
    problem: str


def row(one: CollectionOverview, guarded: Collection[str]) -> CollectionRow:
    """Return a collection as a row; `guarded` are its registry's protected aliases, without their case."""
    view, document = one.view, one.view.document
    aliases = [
        pointer(view.path, name, version, is_guarded=name.casefold() in guarded)
        for name, version in view.aliases.items()
    ]
    return CollectionRow(
        name=view.path.rpartition("/")[2],
        there=of(view.path),
        title=shortened((document and document.title) or "", _TITLED),
        description=shortened((document and document.description) or "", _DESCRIBED),
        type=document.type if document else "",
        tags=document.tags if document else (),
        aliases=sorted(aliases, key=lambda one: not one.is_guarded),
        latest=pointer(view.path, "latest", view.latest, is_guarded=False) if view.latest else None,
        versions=view.versions,
        changed=one.changed,
        problem=view.problem,
    )


def pointer(collection: str, name: str, version: str, *, is_guarded: bool) -> Pointer:
    """Return an alias with the page of the version it names: `v3`, `v3?`, `@3fa94c1b`."""
    there = of(of_version(collection, version)) if version not in ("", "@") else None
    return Pointer(name=name, version=version, there=there, is_guarded=is_guarded)
