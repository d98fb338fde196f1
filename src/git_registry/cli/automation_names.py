"""An automation as an argument: the shell completes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_registry.cli.completing import Completed

if TYPE_CHECKING:
    from git_registry.catalog.catalog import Catalog


def _known(catalog: Catalog, _: str) -> list[str]:
    """Return what automations are called: by their paths, and by the names that no two have."""
    from git_registry.sdk import automating

    views = automating.automations(catalog)
    names = [view.name for view in views]
    return [*(one for one in names if names.count(one) == 1), *(view.path for view in views)]


AUTOMATION = Completed("automation", _known)
"""What a person calls an automation: its path, or its name."""
