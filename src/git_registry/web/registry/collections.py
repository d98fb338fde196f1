"""Collections of a registry as rows: what they are for, what their aliases name, what happened there last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from git_registry.model.selector import of_version
from git_registry.web.addresses import Address, of
from git_registry.web.aliases import Pointer, Protected, pointers
from git_registry.web.shortening import shortened

if TYPE_CHECKING:
    from git_registry.model.snapshot import Snapshot
    from git_registry.sdk.overview import CollectionOverview
    from git_registry.sdk.views import CollectionView

_TITLED, _DESCRIBED = 120, 300
"""Letters of a title and of a description in a row."""


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


def row(now: Snapshot, one: CollectionOverview, which: Protected) -> CollectionRow:
    """Return a collection as a row.

    Args:
        now: the branch that it is on.
        one: the collection.
        which: its protected aliases.
    """
    view, document = one.view, one.view.document
    return CollectionRow(
        name=view.path.rpartition("/")[2],
        there=of(view.path),
        title=shortened((document and document.title) or "", _TITLED),
        description=shortened((document and document.description) or "", _DESCRIBED),
        type=document.type if document else "",
        tags=document.tags if document else (),
        aliases=pointers(now, view, which),
        latest=_latest(view),
        versions=view.versions,
        changed=one.changed,
        problem=view.problem,
    )


def _latest(view: CollectionView) -> Pointer | None:
    if not view.latest:
        return None
    there = of(of_version(view.path, view.latest))
    return Pointer(name="latest", is_protected=False, version=view.latest, there=there)
