"""What happened in one line, as a message in a channel begins, and the versions it is about."""

from __future__ import annotations

from git_registry.automation.happening import Happening
from git_registry.model.events import AliasChange
from git_registry.model.selector import of_version

_DETAILS = ("tag", "principal", "name", "field")
_DIGITS = 8


def summary(happening: Happening) -> str:
    """Return what happened: `model/churn:production is v3 now, was v2`."""
    event = happening.event
    if isinstance(event, AliasChange):
        return _alias(event, happening)
    chosen = selector(happening) if hasattr(event, "version") else ""
    about = chosen or event.path or happening.organization
    details = [str(getattr(event, name)) for name in _DETAILS if hasattr(event, name)]
    return " ".join([f"{about}:", *event.kind.split("-"), *details])


def selector(happening: Happening) -> str:
    """Return what selects the version it is about, `model/churn:v3`; empty if it is about none."""
    after = version(happening)
    return of_version(happening.event.path, after) if after else ""


def version(happening: Happening) -> str:
    """Return the version as it is now, `v3`, or by its first digits, `@3fa94c1b`; empty if there is none."""
    return _shown(happening.facts.get("version"), happening.facts.get("id"))


def previous(happening: Happening) -> str:
    """Return the version that an alias pointed at before; empty if there is none."""
    return _shown(happening.facts.get("previous"), getattr(happening.event, "before", None))


def _shown(name: object, identifier: object) -> str:
    if name:
        return str(name)
    return f"@{str(identifier)[:_DIGITS]}" if identifier else ""


def _alias(event: AliasChange, happening: Happening) -> str:
    name = f"{event.path}:{event.alias}"
    protected = " (protected)" if event.protected else ""
    before, after = previous(happening), version(happening)
    if event.after is None:
        return f"Removed {name}, which was {before}{protected}"
    return f"{name} is {after}{f' now, was {before}' if before else ''}{protected}"
