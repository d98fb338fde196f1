"""Which commit is shown now: a page that is looked at asks for it again and again."""

from __future__ import annotations

from git_registry.web.page import Data
from git_registry.web.site import Site


def tip(site: Site) -> Data:
    """Return the commit."""
    return Data({"tip": site.catalog.tip()})
