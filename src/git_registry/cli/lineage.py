"""What a version was made from and who linked it, in a line."""

from __future__ import annotations

from collections.abc import Iterator

from git_registry.catalog.catalog import Catalog
from git_registry.cli.answers.show import input_named
from git_registry.index.numbers import at_hand
from git_registry.repository import history
from git_registry.sdk.resolving import Resolved
from git_registry.sdk.views import shown

ARROW = "←"


def lineage(catalog: Catalog, resolved: Resolved) -> str:
    """Return `model/churn:v0 ← dataset/customers:v0, linked by Ada Lovelace on 2026-11-22`."""
    collection, identifier = resolved.found.collection, resolved.found.id
    known = at_hand(catalog)
    name = shown(known, collection, identifier)
    made_from = ", ".join(input_named(one, known) for one in resolved.manifest.inputs)
    run = resolved.manifest.run
    parts = [made_from] if made_from else []
    parts += [f"run {run.project}/{run.name or run.id}"] if run else []
    numbered = known.get(collection, identifier)
    parts += _linked_by(catalog, numbered.commit) if numbered else []
    subject = f"{collection}{name if name.startswith('@') else f':{name}'}"
    return f"{subject} {ARROW} {', '.join(parts) or 'nothing is known of its making'}"


def _linked_by(catalog: Catalog, commit: str) -> Iterator[str]:
    step = next(history.steps(catalog.repository, commit, oldest_first=False, with_changes=False), None)
    if step:
        yield f"linked by {step.author.name} on {step.author.at.date().isoformat()}"
