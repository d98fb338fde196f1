"""Addresses that people type though no page links to them: `model/churn/production/` and `latest`."""

from __future__ import annotations

from collections.abc import Iterator

from git_registry.sdk.views import CollectionView
from git_registry.web.addresses import Address, of
from git_registry.web.page import Page

_LATEST = "latest"


def aliases(page: Page) -> Iterator[Address]:
    """Yield where the aliases of a collection lead on, if this is the page of one."""
    view = page.values.get("view")
    if isinstance(view, CollectionView):
        names = [*view.aliases, *([_LATEST] if view.latest else [])]
        yield from (of(view.path).below(name) for name in names)
