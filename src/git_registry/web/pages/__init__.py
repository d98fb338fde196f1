"""One module a kind of page; here is which of them makes the page at an address."""

from __future__ import annotations

from git_registry.web.pages import as_typed, fresh, home, search, version
from git_registry.web.routes import Route

ROUTES = (
    Route("", home.page),
    Route("-/tip.json", fresh.tip),
    Route("-/search", search.page),
    Route("-/search/found.json", as_typed.found),
    Route("-/search/index.json", as_typed.index),
    Route("projects/{project}/{artifact}/{version}/lineage.json", version.graph),
    Route("{registry}/{collection}/{version}/lineage.json", version.graph),
)
"""The first that fits makes the page; what is ours begins with `-`, which no name does."""
