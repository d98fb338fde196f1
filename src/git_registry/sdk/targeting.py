"""What a verb is about as a whole: a registry, a collection that may not exist yet, several things in one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from git_registry.catalog.catalog import Catalog
from git_registry.errors import UsageError
from git_registry.model import selector as selectors
from git_registry.model.selector import Selector
from git_registry.model.snapshot import Snapshot
from git_registry.sdk import mounts, selecting
from git_registry.sdk.placing import by_its_name
from git_registry.sdk.selecting import Place


def registry_of(catalog: Catalog, target: str) -> tuple[Catalog, str]:
    """Return the registry that is meant, and the repository that has it.

    Raises:
        NotFound: there is none.
        UsageError: it is something else.
    """
    there, selector = selecting.place(catalog, target)
    if selector.project or selector.collection is not None:
        raise UsageError(
            f"expected a registry such as model, found {target!r}",
            hint="who writes to a project stands in `projects` of organization.yaml"
            if selector.project
            else f"such as {selector.above}{selector.registry}",
        )
    return there, selector.registry


def target(catalog: Catalog, text: str) -> Place:
    """Read a selector of a registry's collection, which need not exist yet.

    Raises:
        UsageError: it names a version, only a registry, or something in a project.
        NotFound: there is no such registry.
    """
    there, below = mounts.entered(selecting.registries(catalog), text)
    with by_its_name(there):
        return Place(there, _target(there, below or text))


def _target(there: Catalog, text: str) -> Selector:
    now = there.now()
    selector = replace(selectors.parse(text, organization=selecting.own_name(now)), mount=there.mount)
    if selector.project:
        raise UsageError(
            f"expected a collection such as model/churn, found {text!r}, which is in a project",
            hint="`git registry log` logs into projects; registries are what is linked into",
        )
    selector = selecting.in_registry(now, selector, selecting.meant if there.mount else _nearest_or_new)
    if selector.collection is None or selector.names_version:
        raise UsageError(f"expected a collection such as model/churn, found {text!r}")
    return selector


def _nearest_or_new(now: Snapshot, word: str) -> str:
    return selecting.nearest(word, now.registries()) or f"`git registry create {word}` creates it"


def together(catalog: Catalog, texts: Sequence[str]) -> tuple[Catalog, list[Selector]]:
    """Return what several selectors name, for one commit, and the clone seen from the branch they are on.

    Raises:
        UsageError: they are on several branches, or in several repositories.
    """
    places = [selecting.place(catalog, text) for text in texts]
    there = places[0].catalog if places else selecting.registries(catalog)
    for other in places:
        if other.catalog.mount != there.mount:
            raise _apart(places[0], other, "in different repositories", "is in one repository")
        if other.catalog.branch != there.branch:
            raise _apart(places[0], other, "on different branches", "is on one branch")
    return there, [one.selector for one in places]


def _apart(one: Place, other: Place, how: str, why: str) -> UsageError:
    return UsageError(
        f"{one.selector} and {other.selector} are {how}",
        hint=f"one commit {why}: run it once for each",
    )
