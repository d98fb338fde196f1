"""What a delivery may tell: the event's facts, and which commit, organization and automation it is of."""

from __future__ import annotations

from collections.abc import Mapping

from git_registry.automation.happening import Happening, Placed
from git_registry.automation.wording import selector, summary


def told(placed: Placed, happening: Happening, delivery: str) -> Mapping[str, object]:
    """Return what templates are filled with, by the names of `templates.VARIABLES`. None of it is secret."""
    selected = selector(happening)
    return {
        **happening.facts,
        "delivery": delivery,
        "automation": placed.selector,
        "automation_name": placed.name,
        "commit": happening.commit,
        "time": happening.at,
        "organization": happening.organization,
        "repository": happening.repository,
        "summary": summary(happening),
        "selector": selected,
        "pinned": _pinned(happening),
        "artifact_version_string": f"{happening.organization}/{selected}" if selected else "",
    }


def _pinned(happening: Happening) -> str:
    identifier = happening.facts.get("id")
    return f"{happening.event.path}@{identifier}" if identifier else ""
