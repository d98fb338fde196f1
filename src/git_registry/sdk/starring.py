"""Starred registries: whoever has this clone sees them first. They are nobody else's business."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from git_registry.catalog.catalog import Catalog
from git_registry.errors import Conflict, UsageError
from git_registry.sdk import mounts, selecting
from git_registry.sdk.mounts import Trust
from git_registry.sdk.views import named

STARRED = "registry.starred"
"""The setting in git config that names them, one value each."""


def starred(catalog: Catalog) -> tuple[str, ...]:
    """Return the registries that are starred here, by name; those that are there no more are left out.

    Of a mounted repository it is asked what was fetched last.
    """
    wanted = set(catalog.repository.config_all(STARRED))
    return tuple(sorted(wanted.intersection(_there(catalog, wanted)))) if wanted else ()


def _there(catalog: Catalog, wanted: set[str]) -> Iterator[str]:
    yield from selecting.registries(catalog).now().registries()
    above = {name.partition("/")[0] for name in wanted if "/" in name}
    trusted = (one for one in mounts.mounts(catalog) if one.trust is Trust.TRUSTED) if above else ()
    for one in trusted:
        there = mounts.as_fetched(catalog, one.name) if one.name in above else None
        if there is not None:
            yield from (f"{one.name}/{name}" for name in there.now().registries())


def star(catalog: Catalog, names: Sequence[str]) -> tuple[str, ...]:
    """Star registries, each by its name or title; git config of this clone remembers them.

    Returns:
        Their names, those that were starred before among them.

    Raises:
        NotFound: there is no such registry; the nearest name is suggested, and none is starred.
        UsageError: it is something else.
    """
    found = tuple(dict.fromkeys(_registry(catalog, name) for name in names))
    repository = catalog.repository
    for name in found:
        if name not in repository.config_all(STARRED):
            repository.git("config", "--local", "--add", STARRED, name)
    repository.forget_config()
    return found


def unstar(catalog: Catalog, names: Sequence[str]) -> tuple[str, ...]:
    """Star registries no more; they may be gone by now.

    Returns:
        Their names, those that were not starred among them.

    Raises:
        Conflict: the user's own configuration, which this leaves alone, stars one too.
        NotFound: it is not starred, and there is no such registry; the nearest name is suggested.
        UsageError: it is something else.
    """
    repository = catalog.repository
    known = repository.config_all(STARRED)
    found = tuple(dict.fromkeys(name if name in known else _registry(catalog, name) for name in names))
    for name in found:
        repository.git("config", "--local", "--unset-all", STARRED, _only(name), check=False)
    repository.forget_config()
    still = [name for name in found if name in repository.config_all(STARRED)]
    if still:
        raise Conflict(
            "your own git config stars it as well",
            where=still[0],
            hint=f"`git config --global --unset-all {STARRED} '{_only(still[0])}'`",
        )
    return found


def _only(name: str) -> str:
    """Return the pattern of git-config(1) that this value alone fits."""
    return f"^{re.escape(name)}$"


def _registry(catalog: Catalog, text: str) -> str:
    there, selector = selecting.place(catalog, text)
    if selector.collection is not None or selector.project:
        raise UsageError(f"{text} is no registry", hint="such as model")
    return named(there, selector.registry)
