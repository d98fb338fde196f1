"""What a version was made from and who linked it, in a line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from git_registry.wording.naming import input_named

if TYPE_CHECKING:
    from git_registry.index.numbers import Numbers
    from git_registry.sdk.origin import Origin


def told(origin: Origin, known: Numbers) -> str:
    """Return `model/churn:v0 ← dataset/customers:v0, linked by Ada Lovelace on 2026-11-22`."""
    inputs = ", ".join(input_named(one, known) for one in origin.inputs)
    run, linked = origin.run, origin.linked
    parts = [
        inputs,
        f"run {run.project}/{run.name or run.id}" if run else "",
        f"linked by {linked.name} on {linked.at.date().isoformat()}" if linked else "",
    ]
    return f"{origin.path} ← {', '.join(filter(None, parts)) or 'nothing is known of its making'}"
