"""What a version was made from, and who linked it."""

from __future__ import annotations

from dataclasses import dataclass

from git_registry.catalog.catalog import Catalog
from git_registry.index.numbers import at_hand
from git_registry.model.documents.manifest import Input, RunReference
from git_registry.model.selector import of_version
from git_registry.repository import history
from git_registry.repository.identity import Signature
from git_registry.sdk.resolving import Resolved
from git_registry.sdk.views import named, shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where one version comes from.

    Attributes:
        path: a selector for it: `model/churn:v0`, by digits where history is not at hand.
        inputs: what its manifest says it was made from.
        run: the run that made it.
        linked: who linked it first, and when; None where history is not at hand.
    """

    path: str
    inputs: tuple[Input, ...]
    run: RunReference | None
    linked: Signature | None


def origin(resolved: Resolved) -> Origin:
    """Return where a version comes from; nothing is fetched for it."""
    collection, identifier = resolved.found.collection, resolved.found.id
    known = at_hand(resolved.seen)
    numbered = known.get(collection, identifier)
    return Origin(
        path=of_version(named(resolved.seen, collection), shown(known, collection, identifier)),
        inputs=resolved.manifest.inputs,
        run=resolved.manifest.run,
        linked=_author(resolved.seen, numbered.commit) if numbered else None,
    )


def _author(catalog: Catalog, commit: str) -> Signature | None:
    steps = history.steps(catalog.repository, commit, oldest_first=False, with_changes=False)
    step = next(steps, None)
    return step.author if step else None
