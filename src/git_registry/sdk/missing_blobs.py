"""Are the blobs there of what a proposal links, or lets aliases point at? A glance, and not a review."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from git_registry.catalog.catalog import Catalog
from git_registry.errors import RegistryError
from git_registry.model.events import Event
from git_registry.sdk.replacing import arriving
from git_registry.sdk.spot_checking import Look, Spots
from git_registry.sdk.under_review import UnderReview

_VERSIONS, _FILES, _SECONDS = 10, 20, 3.0


def tell_missing(catalog: Catalog, base: str, head: str, events: Iterable[Event]) -> None:
    """Tell which versions lack blobs, of the first few that events bring; of what can't be asked, nothing.

    Args:
        catalog: the clone.
        base: the commit by which versions have their numbers.
        head: a commit at which the versions are linked.
        events: what happens.
    """
    catalog = catalog.registries()
    seen = UnderReview(
        catalog=catalog.seen_from(catalog.branch, base),
        base=base,
        head=head,
        tree=catalog.reader.root(head),
    )
    spots = Spots(seen, Look.SIZES, most=_FILES, seconds=_SECONDS)
    try:
        views = [view for one in islice(arriving(events), _VERSIONS) if (view := seen.new(*one)) is not None]
        absent = [view.path for view in views if spots.checked(view).exists == "no"]
    except RegistryError:
        return
    if absent:
        catalog.notify(f"blobs are missing of {', '.join(absent)}: `git registry verify` tells which")
